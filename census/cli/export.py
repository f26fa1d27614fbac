"""The commands `export`, which writes the census as files, and `moved` for the changelog."""

from __future__ import annotations

from pathlib import Path

import click

from census.cli.options import ROOT, dataset_option, db_option, endpoint_option

# The modules behind the commands are loaded when one runs: DuckDB takes a while.


@click.command("export")
@db_option
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
@click.option(
    "--publish",
    is_flag=True,
    help="Put them, the database and data/ into the dataset repository, in one commit (HF_TOKEN).",
)
@dataset_option
@endpoint_option
def export_command(
    db: Path, out: Path, url: str, publish: bool, dataset: str, endpoint: str
) -> None:
    """Write everything as files: SQLite, CSV, Parquet, data package, Croissant, checksums."""
    from census.export.export import export

    if publish and out.resolve() != db.resolve().parent / "exports":
        raise click.UsageError("--publish takes the folder exports beside the database")
    files = export(db, out, ROOT / "metadata.yml", url, lambda step: click.echo(step, err=True))
    size = sum(file.bytes for file in files) / 1e6
    click.echo(f"{len(files)} files, {size:,.1f} MB, in {out}")
    if publish:
        from census.cli.publish import publish_build

        publish_build(
            db.resolve().parent, endpoint=endpoint, dataset=dataset, space="", backoff=1.0
        )


@click.command("moved")
@click.argument("before", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.argument("after", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def moved_command(before: Path, after: Path) -> None:
    """Say by how many points the headline differs between two databases, for data/changelog.csv."""
    from census.findings.changelog import headline_moves

    for move in headline_moves(before, after):
        share_before = "none" if move.before is None else f"{move.before:.4f}"
        share_after = "none" if move.after is None else f"{move.after:.4f}"
        click.echo(f"{move.label:<24} {share_before:>9} {share_after:>9} {move.points:>+9.4f}")


COMMANDS = (export_command, moved_command)
