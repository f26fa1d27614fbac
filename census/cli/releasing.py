"""The command that makes a dated release of the raw observations: `release-observations`."""

from __future__ import annotations

from pathlib import Path

import click

from census.cli.options import ROOT, data_option


@click.command("release-observations")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "exports/observations",
    show_default="exports/observations",
    help="The folder that the archive and CITATION.cff go into.",
)
@click.option(
    "--doi",
    envvar="CENSUS_DOI",
    show_envvar=True,
    default="",
    help="A DOI that was reserved for the release, for its citation file.",
)
@data_option
def release_observations_command(out: Path, doi: str, data: Path) -> None:
    """Write all raw observations as one dated archive with a citation file, for a lasting archive.

    Every day is compared with its SHA-256 first. The same observations give the same bytes.
    """
    from census.publish.observations_release import write_release

    try:
        release = write_release(data, out, doi.strip())
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--doi") from None
    click.echo(
        f"{release.archive}: {release.days:,} days, {release.rows:,} rows,"
        f" {release.first} to {release.last}, {release.archive.stat().st_size:,} bytes\n"
        f"sha256 {release.sha256}"
    )


COMMANDS = (release_observations_command,)
