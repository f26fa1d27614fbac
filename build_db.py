"""The command line of the Open Model Census: `python build_db.py` builds census.db from data/."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from census.building import build
from census.changes import BusyError
from census.checks import failed_checks, failed_gates
from census.commands_calibrate import COMMANDS as CALIBRATE_COMMANDS
from census.commands_export import COMMANDS as EXPORT_COMMANDS
from census.commands_hub import COMMANDS as HUB_COMMANDS
from census.commands_publish import COMMANDS as PUBLISH_COMMANDS
from census.commands_record import COMMANDS as RECORD_COMMANDS
from census.importing import NAMED, Origin, import_file, take_back
from census.registry import load_registry
from census.status import StepTimes, write_status
from census.tables import DataError, Problem

ROOT = Path(__file__).parent
DAY = click.DateTime(["%Y-%m-%d"])
# Steps of a build; drawing the charts is one more.
STEPS = 8
# More than this many problems are a fault of the whole file, not something to read line by line.
SHOWN_PROBLEMS = 200
SHOWN_MODELS = 3

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=ROOT / "data",
    show_default="data",
    help="Directory of the hand-edited data and the observations.",
)
db_option = click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=ROOT / "census.db",
    show_default="census.db",
    help="The database file.",
)


class Census(click.Group):
    """Commands that end with one clear message for bad input, never a traceback.

    Without a command `build` runs, with the options given.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `build` before options that are not the group's own."""
        if not args or (args[0].startswith("-") and args[0] != "--help"):
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a fault of the data is printed and ends with status 1."""
        try:
            return super().invoke(ctx)
        except DataError as error:
            for problem in error.problems[:SHOWN_PROBLEMS]:
                click.echo(str(problem), err=True)
            more = len(error.problems) - SHOWN_PROBLEMS
            if more > 0:
                click.echo(f"… and {more} more", err=True)
            click.echo(
                f"{len(error.problems)} problem(s); nothing was changed. Mend them and try again.",
                err=True,
            )
            sys.exit(1)
        except BusyError as error:
            click.echo(str(error), err=True)
            sys.exit(1)


@click.group(cls=Census)
def cli() -> None:
    """Build the Open Model Census and keep its data; `build` is what runs without a command."""


@cli.command("build")
@data_option
@db_option
@click.option("--as-of", type=DAY, help="Use only observations retrieved by this day.")
@click.option("--charts/--no-charts", default=True, help="Draw the charts of the default pages.")
def build_command(data: Path, db: Path, as_of: datetime | None, charts: bool) -> None:
    """Build the database from data/, offline; the old one stays if anything is wrong."""
    started = time.perf_counter()
    times = StepTimes()
    steps = STEPS + charts
    with click.progressbar(length=steps, label="Building", file=sys.stderr) as bar:

        def step(name: str) -> None:
            times.begin(name)
            bar.label = name.ljust(34)
            # The bar counts what is done: a step is when the next one begins.
            bar.update(int(bar.pos < times.begun - 1))

        summary = build(data, db, as_of.date() if as_of else None, step)
        if charts:
            from census.charts.render import prebuild  # vl-convert takes a second to load

            step("Drawing the charts")
            prebuild(db, db.parent / "charts")
        bar.update(1)
    write_status(db, summary.rows, summary.through, summary.sha256, times.seconds())
    for table, rows in summary.rows.items():
        click.echo(f"{table:<20} {rows:>10,}")
    for scope, through in summary.through.items():
        click.echo(f"scope {scope:<14} {through or 'no series':>10}")
    for name, models in summary.unmatched.items():
        shown = ", ".join(models[:SHOWN_MODELS])
        click.echo(
            f"{name}: {len(models)} rows correct no model of models.csv, such as {shown};"
            " all are in the weekly review",
            err=True,
        )
    click.echo(f"sha256 {summary.sha256}")
    click.echo(f"built {db.name} in {time.perf_counter() - started:.1f} s")


@cli.command("check")
@db_option
def check_command(db: Path) -> None:
    """Check what must hold of a database before it is published."""
    if not db.is_file():
        raise DataError([Problem(str(db), 0, "the database is missing; build it first")])
    failures = failed_checks(db) + failed_gates(db)
    if failures:
        raise DataError([Problem(db.name, 0, failure) for failure in failures])
    click.echo(f"{db.name}: every check holds")


@cli.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--source", help="A source of data/sources.csv.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="OURS=THEIRS",
    help=f"The file's name for a column of ours; ours are {', '.join(NAMED)}.",
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
    problems: list[Problem] = []
    registry = load_registry(data, problems)
    if undo:
        if file:
            raise click.UsageError("--undo SOURCE DATE takes back a day; leave FILE out")
        taken = take_back(data, undo[0], undo[1].date(), registry)
        click.echo(
            f"took back {taken.rows:,} observations of {undo[0]} of {undo[1].date()} and"
            f" {taken.models:,} models that only they had"
        )
        if taken.kept:
            click.echo(f"{taken.kept:,} models keep what the file said of them in models.csv")
        return
    if not file or not source:
        raise click.UsageError("name the FILE and its --source; see --help")
    if problems:
        raise DataError(problems)
    if retrieved_at and retrieved_at.date() > datetime.now(UTC).date():
        raise click.BadParameter("is in the future", param_hint="--retrieved-at")
    mapping: dict[str, str] = {}
    for pair in columns:
        ours, equals, theirs = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} is not OURS=THEIRS", param_hint="--column")
        if ours in mapping:
            raise click.BadParameter(f"{ours!r} is named twice", param_hint="--column")
        mapping[ours] = theirs
    origin = Origin(
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


for command in (
    *HUB_COMMANDS,
    *CALIBRATE_COMMANDS,
    *RECORD_COMMANDS,
    *PUBLISH_COMMANDS,
    *EXPORT_COMMANDS,
):
    cli.add_command(command)


if __name__ == "__main__":
    cli()
