"""The command that keeps what is published: `record-vintage`."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import click

from census.base.databases import open_readonly
from census.cli.options import DAY, data_option, db_option, write_output


@click.command("record-vintage")
@click.option(
    "--method",
    default="",
    help="A sentence that says how the series is made; with --if-needed the last one's by default.",
)
@click.option(
    "--if-needed",
    is_flag=True,
    help="Only if there is none of this month yet, or the rules are not those of the last one.",
)
@click.option(
    "--date",
    "day",
    type=DAY,
    help="The day of recording; today in UTC by default.",
)
@data_option
@db_option
def record_vintage_command(
    method: str, if_needed: bool, day: datetime | None, data: Path, db: Path
) -> None:
    """Keep what the database publishes today as a vintage that never changes.

    By country, region and the largest labs, in scope frontier, into data/vintages. A second one of
    a day is DAY-2; none is ever overwritten. Build again afterwards: the database has them too.
    """
    from census.base import file_changes
    from census.base.csv_files import DataError, Problem
    from census.store.recordings import FOLDER

    today = day.date() if day else datetime.now(UTC).date()
    method_words = " ".join(method.split())
    if if_needed:
        reason, last_method = _why_due(data, today)
        write_output("recorded", "true" if reason else "false")
        if not reason:
            click.echo("this month has its recording, and the rules are those of it")
            return
        click.echo(f"a recording is due: {reason}")
        method_words = method_words or last_method
    if not method_words:
        raise click.BadParameter("say in a sentence how the series is made", param_hint="--method")
    if not db.is_file():
        raise DataError([Problem(str(db), 0, "the database is missing; build it first")])
    with file_changes.locked(data):
        file, rows = _record(data, db, today, method_words)
    click.echo(f"{FOLDER}/{file}: {rows:,} rows recorded")


def _why_due(data: Path, today: date) -> tuple[str, str]:
    """Return why a recording is due, empty where none is, and how its method is said."""
    from census.base.csv_files import DataError, Problem
    from census.store.recordings import method_now, read_manifest, recording_due
    from census.store.rules_digest import rules_digest

    problems: list[Problem] = []
    recordings = read_manifest(data, problems)
    if problems:
        raise DataError(problems)
    digest = rules_digest(data)
    method = method_now(recordings[-1], digest) if recordings else ""
    return recording_due(recordings, today, digest), method


def _record(data: Path, db: Path, day: date, method: str) -> tuple[str, int]:
    """Write the recording of a day; return its file and its number of rows."""
    from census.base import file_changes
    from census.base.csv_files import DataError, Problem
    from census.store.published import published_points, published_through
    from census.store.recordings import MANIFEST, add_recording
    from census.store.rules_digest import rules_digest

    with open_readonly(db) as connection:
        try:
            _check_current(data, db, connection)
            points = list(published_points(connection))
            through = published_through(connection)
        except sqlite3.DatabaseError as error:
            raise DataError([Problem(str(db), 0, f"{error}; build it again")]) from None
    if not points or through is None:
        raise DataError([Problem(str(db), 0, "there is no series to record")])
    try:
        recording, files = add_recording(
            data, day, points, method=method, through=through, rules_digest=rules_digest(data)
        )
    except ValueError as error:
        raise DataError([Problem(str(data / MANIFEST), 0, str(error))]) from None
    file_changes.apply(data, files)
    return recording.file, len(points)


def _check_current(data: Path, db: Path, connection: sqlite3.Connection) -> None:
    """Raise DataError where a database was not built from the observations of `data`."""
    from census.base.csv_files import DataError, Problem
    from census.store.observations import read_manifest

    problems: list[Problem] = []
    manifest_files = {(file.path, file.sha256) for file in read_manifest(data, problems)}
    if not problems and manifest_files != set(
        connection.execute("select path, sha256 from observation_files")
    ):
        reason = "it was not built from the observations of this data directory; build it first"
        problems.append(Problem(str(db), 0, reason))
    if problems:
        raise DataError(problems)


COMMANDS = (record_vintage_command,)
