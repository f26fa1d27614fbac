"""The command that takes in observations from a file: `import`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from census.base.csv_files import DataError, Problem
from census.cli.options import DAY, data_option

# As `census.collect.importing` has them, which no other command is to load.
OUR_COLUMNS = (
    "model_id, hub_id, observed_on, downloads_30d, downloads_all_time, likes, created_at,"
    " last_modified, pipeline_tag, library_name, license, gated, parameters, base_models"
)


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--source", help="A source of data/sources.csv.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="OURS=THEIRS",
    help=f"The file's name for a column of ours; ours are {OUR_COLUMNS}.",
)
@click.option("--date", "day", type=DAY, help="The day of the counts, when no column says it.")
@click.option("--date-basis", default="", help="How the day is known.")
@click.option("--source-url", default="", help="Where the file can be found.")
@click.option("--commit", default="", help="The version of the file there.")
@click.option("--retrieved-at", type=DAY, help="The day on which it was retrieved (today).")
@click.option(
    "--undo",
    type=(str, DAY),
    metavar="SOURCE DATE",
    help="Take back a day that was imported by mistake, unless it was pushed.",
)
@data_option
def import_command(
    file: Path | None,
    source: str | None,
    columns: tuple[str, ...],
    day: datetime | None,
    date_basis: str,
    source_url: str,
    commit: str,
    retrieved_at: datetime | None,
    undo: tuple[str, datetime] | None,
    data: Path,
) -> None:
    """Take in observations from a CSV (also .gz) or Parquet FILE: every row or none.

    Rows of namespaces that are not registered, and rows without a count, are left out and counted.
    """
    from census.collect.importing import FileOrigin, import_file, undo_import
    from census.inputs.registry import load_registry

    problems: list[Problem] = []
    registry = load_registry(data, problems)
    if undo:
        if file:
            raise click.UsageError("--undo SOURCE DATE takes back a day; leave FILE out")
        undone = undo_import(data, undo[0], undo[1].date(), registry)
        click.echo(
            f"took back {undone.rows:,} observations of {undo[0]} of {undo[1].date()} and"
            f" {undone.models:,} models that only they had"
        )
        if undone.kept_models:
            click.echo(
                f"{undone.kept_models:,} models keep what the file said of them in models.csv"
            )
        return
    if not file or not source:
        raise click.UsageError("name the FILE and its --source; see --help")
    if problems:
        raise DataError(problems)
    if retrieved_at and retrieved_at.date() > datetime.now(UTC).date():
        raise click.BadParameter("is in the future", param_hint="--retrieved-at")
    mapping: dict[str, str] = {}
    for pair in columns:
        our_name, equals, name_in_file = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} is not OURS=THEIRS", param_hint="--column")
        if our_name in mapping:
            raise click.BadParameter(f"{our_name!r} is named twice", param_hint="--column")
        mapping[our_name] = name_in_file
    origin = FileOrigin(
        source=source,
        day=day.date() if day else None,
        date_basis=date_basis,
        source_url=source_url,
        commit=commit,
        retrieved_at=retrieved_at.date().isoformat() if retrieved_at else "",
    )
    imported = import_file(data, file, origin, mapping, registry)
    days = imported.days
    span = f"{days[0]} to {days[-1]}" if days else "no day"
    click.echo(
        f"{imported.rows:,} observations on {len(days)} days ({span}), {imported.new_models:,} new"
        " models"
    )
    for reason, rows in imported.left_out.most_common():
        click.echo(f"left out: {rows:,} rows {reason}")


COMMANDS = (import_command,)
