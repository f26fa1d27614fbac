"""The commands that hand the census out: `export`, and `moved` for the changelog."""

from __future__ import annotations

from pathlib import Path

import click

# The modules behind the commands are loaded when one runs: DuckDB takes a while.

ROOT = Path(__file__).resolve().parents[1]


@click.command("export")
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=ROOT / "census.db",
    show_default="census.db",
    help="The database file.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "exports",
    show_default="exports",
    help="The folder, which is replaced as a whole.",
)
@click.option(
    "--url",
    envvar="CENSUS_URL",
    show_envvar=True,
    default="",
    help="Where the dataset lives, for its Croissant description.",
)
def export_command(db: Path, out: Path, url: str) -> None:
    """Write everything as files: SQLite, CSV, Parquet, data package, Croissant, checksums."""
    from census.exports import export

    files = export(db, out, ROOT / "metadata.yml", url, lambda step: click.echo(step, err=True))
    size = sum(file.bytes for file in files) / 1e6
    click.echo(f"{len(files)} files, {size:,.1f} MB, in {out}")


COMMANDS = (export_command,)
