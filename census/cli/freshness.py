"""The commands on the age of data: `record-ages`, `freshness` and `watch`."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from census.base.csv_files import DataError, Problem
from census.cli.options import DAY, data_option, db_option

allow_option = click.option(
    "--allow-stale",
    envvar="CENSUS_ALLOW_STALE",
    show_envvar=True,
    is_flag=True,
    help="A stale source is said and no fault: for a rebuild of old data.",
)


@click.command("record-ages")
@click.option("--date", "day", type=DAY, help="The day of the run; today in UTC by default.")
@data_option
def record_ages_command(day: datetime | None, data: Path) -> None:
    """Keep in data/ages.csv how new the sources and the published figures are today.

    It runs before the build, so that the database has it; the record goes back ninety days.
    """
    from census.base import file_changes
    from census.channels.capability import FOLDER as SCORES
    from census.channels.files import FOLDER as CHANNELS
    from census.database.status import LAST_BUILD, read_status
    from census.store.freshness import FIGURES, RECORD, add_to_record, read_freshness
    from census.store.observations import FOLDER, read_manifest

    today = day.date() if day else datetime.now(UTC).date()
    with file_changes.locked(data):
        problems: list[Problem] = []
        last_days: dict[str, str] = {}
        for folder in (FOLDER, CHANNELS, SCORES):
            for file in read_manifest(data, problems, folder):
                last_days[file.source] = max(last_days.get(file.source, ""), file.day.isoformat())
        # The names of sources are checked by the build.
        freshness = read_freshness(data, _declared(data), problems)
        if problems:
            raise DataError(problems)
        promised = [row["source"] for row in freshness.declared if row["stale_after_days"]]
        through = {name: last_days[name] for name in promised if name in last_days}
        if (data / LAST_BUILD).is_file():
            figures_through = read_status(data / LAST_BUILD)["through"].get("frontier")
            through |= {FIGURES: figures_through} if figures_through else {}
        content = add_to_record(freshness.record, today, through)
        if content != (data / RECORD).read_bytes():
            file_changes.apply(data, {RECORD: content})
    for what, last_day in sorted(through.items()):
        click.echo(f"{what:<12} to {last_day}")


def _declared(data: Path) -> list[str]:
    from census.base.csv_files import read_rows
    from census.store.freshness import FILE, FRESHNESS_FILE

    return [row["source"] for row in read_rows(data / FILE, FRESHNESS_FILE.columns, [])]


@click.command("freshness")
@db_option
@click.option("--url", default="", help="Ask this site instead of the database that is built here.")
@allow_option
def freshness_command(db: Path, url: str, allow_stale: bool) -> None:
    """Say how old each source is; end with status 1 where one is stale that blocks.

    In a workflow what is stale is an annotation of the run, and in its summary.
    """
    from census.publish.watching import WatchError, ages_of

    if url:
        try:
            rows = ages_of(url)["sources"]
        except WatchError as error:
            raise click.ClickException(str(error)) from None
    else:
        rows = _built(db, datetime.now(UTC).date())
    _say_ages(rows, allow_stale)


def _built(db: Path, today: date) -> list[dict[str, Any]]:
    from census.base.databases import open_readonly
    from census.pages.freshness import source_rows
    from census.store.freshness import read_ages

    if not db.is_file():
        raise DataError([Problem(str(db), 0, "the database is missing; build it first")])
    with open_readonly(db) as connection:
        return source_rows(read_ages(connection), today)


def _say_ages(rows: list[dict[str, Any]], allow_stale: bool) -> None:
    from census.pages.freshness import stale_lines
    from census.store.freshness import BLOCK, WARN

    for row in rows:
        click.echo(f"{'STALE' if row['stale'] else 'ok':<6} {row['source']:<26} {row['said']}")
    blocking, warnings = stale_lines(rows, BLOCK), stale_lines(rows, WARN)
    _annotate("warning", warnings + (blocking if allow_stale else []))
    if not allow_stale:
        _annotate("error", blocking)
    for line in [*blocking, *warnings]:
        click.echo(f"stale: {line}", err=True)
    if blocking and not allow_stale:
        raise click.ClickException(
            f"{len(blocking)} source(s) too old to publish; if that is as it should be, allow it"
            " with --allow-stale or CENSUS_ALLOW_STALE=1"
        )


def _annotate(level: str, lines: list[str]) -> None:
    """Put lines where a workflow's run shows them, whether it is green or not."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in lines:
            click.echo(f"::{level} title=Stale source::{line}")
    if lines and (path := os.environ.get("GITHUB_STEP_SUMMARY")):
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"- Stale: {line}\n" for line in lines)


@click.command("watch")
@click.argument("url", envvar="CENSUS_SITE_URL")
@click.option(
    "--tries", type=click.IntRange(min=1), default=4, show_default=True, help="Before it is down."
)
@click.option(
    "--pause",
    envvar="CENSUS_WATCH_PAUSE",
    show_envvar=True,
    type=click.FloatRange(min=0),
    default=20.0,
    show_default=True,
    help="Seconds between two tries.",
)
@click.option("--report", is_flag=True, help="Open an issue on trouble, close it when it is over.")
def watch_command(url: str, tries: int, pause: float, report: bool) -> None:
    """Ask the public site from outside whether it answers and is new; status 1 where it is not.

    It knows nothing of the runs that publish, so it also sees that none has run.
    """
    from census.publish.reporting import (
        WATCH_TITLE,
        ReportError,
        close_report,
        report_once,
        run_url,
    )
    from census.publish.watching import watch

    findings = watch(url, tries, pause)
    for line in findings.lines:
        click.echo(line)
    _annotate("error", findings.faults)
    _annotate("warning", findings.warnings)
    try:
        if report and findings.faults:
            body = "\n\n".join(
                [f"{url}:", *findings.faults, run_url(os.environ), "See `docs/runbook.md`."]
            )
            click.echo(report_once(WATCH_TITLE, body) or "an issue is open already")
        elif report:
            body = f"It is well again. {run_url(os.environ)}".strip()
            click.echo(close_report(WATCH_TITLE, body) or "no issue is open")
    except ReportError as error:
        raise click.ClickException(str(error)) from None
    if findings.faults:
        raise click.ClickException("; ".join(findings.faults))


COMMANDS = (record_ages_command, freshness_command, watch_command)
