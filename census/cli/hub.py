"""The commands that ask the Hub: `collect`, `backfill` and `review`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from census.cli.channels import backfill_channel, collectors_with_past
from census.cli.options import DAY, F, backoff_option, data_option, endpoint_option, with_options

if TYPE_CHECKING:
    from census.collect.collecting import Collected
    from census.collect.hub import Listing
    from census.collect.hub_transport import HubSettings

# The modules behind the commands are loaded when a command runs: huggingface_hub takes half a
# second, which `build` need not spend.

SHOWN_LINES = 10

HUB_OPTIONS = (
    endpoint_option,
    click.option(
        "--timeout",
        envvar="CENSUS_HUB_TIMEOUT",
        show_envvar=True,
        type=click.FloatRange(min=0, min_open=True),
        default=15.0,
        show_default=True,
        help="Seconds that a request may wait for the Hub.",
    ),
    click.option(
        "--tries",
        envvar="CENSUS_HUB_TRIES",
        show_envvar=True,
        type=click.IntRange(min=1),
        default=5,
        show_default=True,
        help="How often a request is sent before it has failed.",
    ),
    backoff_option,
    click.option(
        "--threads",
        envvar="CENSUS_HUB_THREADS",
        show_envvar=True,
        type=click.IntRange(min=1, max=32),
        default=8,
        show_default=True,
        help="How many requests are under way at once.",
    ),
)


def hub_options(command: F) -> F:
    """Add the options that say where the Hub is and how patient to be."""
    return with_options(command, HUB_OPTIONS)


def _settings(
    endpoint: str, timeout: float, tries: int, backoff: float, threads: int
) -> HubSettings:
    from census.collect.hub_transport import HubSettings

    if not re.fullmatch(r"https?://[^\s/]\S*", endpoint):
        raise click.BadParameter(
            f"{endpoint!r} is not an address such as https://huggingface.co",
            param_hint="--endpoint",
        )
    return HubSettings(
        endpoint=endpoint.rstrip("/"),
        token=os.environ.get("HF_TOKEN") or None,
        timeout=timeout,
        tries=tries,
        backoff=backoff,
        threads=threads,
    )


@contextmanager
def _clear_errors() -> Iterator[None]:
    """End with one message and status 1 where the Hub or its answers are at fault."""
    from census.collect.collecting import RefusedDayError
    from census.collect.hub_transport import HubError

    try:
        yield
    except (RefusedDayError, HubError) as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def _progress(length: int) -> Iterator[Callable[[Listing], None]]:
    """Give the progress display of namespaces: a bar on a terminal, a line each in a log."""
    if sys.stderr.isatty():
        with click.progressbar(length=length, label="Asking the Hub", file=sys.stderr) as bar:

            def step(_listing: Listing) -> None:
                bar.update(1)

            yield step
    else:

        def line(listing: Listing) -> None:
            outcome = listing.error or f"{len(listing.models)} models"
            click.echo(f"{listing.namespace}: {outcome}", err=True)

        yield line


@click.command("collect")
@data_option
@click.option("--date", "day", type=DAY, help="The day of the counts; today in UTC by default.")
@click.option("--replace", metavar="REASON", default="", help="Replace the day; recorded.")
@click.option("--accept", metavar="REASON", default="", help="Admit a refused day; recorded.")
@click.option(
    "--from",
    "refused",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --accept: the file that the refused run kept.",
)
@click.option(
    "--aside",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where a refused run keeps what it got; `refused` beside the data by default.",
)
@hub_options
def collect_command(
    data: Path,
    day: datetime | None,
    replace: str,
    accept: str,
    refused: Path | None,
    aside: Path | None,
    **hub: Any,
) -> None:
    """Write today's counts of every model of the registered namespaces, whole or not at all.

    A day that is there already stays as it is. HF_TOKEN is used when it is set.
    """
    from census.collect.collecting import accept as accept_day
    from census.collect.collecting import collect
    from census.inputs.registry import load_registry

    if bool(accept) != bool(refused):
        raise click.UsageError("--accept REASON and --from FILE go together")
    with _clear_errors():
        if refused:
            if day:
                raise click.UsageError("the file states its day; leave --date out")
            _report(accept_day(data, refused, accept, replace=replace))
            return
        namespaces = load_registry(data, []).namespaces.values()
        with _progress(sum(not row["renamed_to"] for row in namespaces)) as on_listing:
            collected = collect(
                data,
                _settings(**hub),
                day.date() if day else None,
                replace=replace,
                aside=aside,
                on_listing=on_listing,
            )
        _report(collected)


def _report(collected: Collected) -> None:
    if not collected.written:
        click.echo(f"{collected.day}: already collected; nothing changed (see --replace)")
        return
    click.echo(f"{collected.day}: {collected.models} models written, {len(collected.new)} new")
    for former_name, present_name in list(collected.renamed.items())[:SHOWN_LINES]:
        click.echo(f"renamed: {former_name} is now {present_name}")
    for name, status in list(collected.unlisted.items())[:SHOWN_LINES]:
        click.echo(f"{status}: {name}")
    if collected.falls:
        click.echo(f"{collected.falls} all-time counts fell; see quality_ledger.csv")
    if collected.empty:
        click.echo(f"namespaces without a model: {', '.join(collected.empty)}")


@click.command("backfill")
@click.argument("archive", required=False)
@data_option
@click.option("--since", type=DAY, help="The first day to take.")
@click.option("--until", type=DAY, help="The last day to take; yesterday by default.")
@click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A Parquet or CSV file with the archive's columns, instead of a download.",
)
@click.option("--date", "day", type=DAY, help="With --file: its day, where no column says it.")
@hub_options
def backfill_command(
    archive: str | None,
    data: Path,
    since: datetime | None,
    until: datetime | None,
    path: Path | None,
    day: datetime | None,
    **hub: Any,
) -> None:
    """Add past days from a public archive: `modelpulse` or `hub-stats`, or `openrouter`.

    `openrouter` is another channel: its days since 2026-08-20, and with OPENROUTER_API_KEY those
    since 2025-01-01.

    Days that are there already stay as they are, so that an interrupted run can be started again.
    """
    from census.collect.archives import ARCHIVES, DaySpan, backfill, backfill_file, is_over

    first = since.date() if since else None
    last = until.date() if until else None
    for name, option_day in (("--until", until), ("--date", day)):
        if option_day and not is_over(option_day.date()):
            raise click.UsageError(
                f"{name} {option_day.date()} is not over yet (UTC); take it later"
            )
    if first and last and first > last:
        raise click.UsageError(f"--since {first} is after --until {last}")
    if archive not in ARCHIVES:
        channels = collectors_with_past(data)
        if archive not in channels:
            raise click.UsageError(f"ARCHIVE is one of {', '.join((*ARCHIVES, *channels))}")
        if path or day:
            raise click.UsageError(
                f"{archive} is always asked directly; leave --file and --date out"
            )
        click.echo(backfill_channel(data, channels[archive], first, last))
        return
    with _clear_errors():
        span = DaySpan(first, last)
        if path:
            result = backfill_file(data, path, archive, day.date() if day else None, span)
        else:
            result = backfill(
                data,
                archive,
                _settings(**hub),
                span,
                lambda text: click.echo(text, err=True),
            )
    click.echo(
        f"{archive}: {len(result.days)} days added, {result.existing} there already,"
        f" {result.rows} observations, {result.unusable} rows that cannot be used"
    )
    for note in result.notes[:SHOWN_LINES]:
        click.echo(note)


@click.command("review")
@data_option
@click.option("--date", "day", type=DAY, help="The last day of the week; the newest by default.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option(
    "--threshold",
    type=click.IntRange(min=0),
    default=1_000_000,
    show_default=True,
    help="30-day downloads from which an unregistered publisher is listed.",
)
@click.option(
    "--top",
    type=click.IntRange(min=0),
    default=3000,
    show_default=True,
    help="How many of the Hub's most downloaded models are asked for; 0 asks for none.",
)
@hub_options
def review_command(
    data: Path, day: datetime | None, out: Path | None, threshold: int, top: int, **hub: Any
) -> None:
    """Write the weekly report (Markdown): new models, those left out and why, new publishers."""
    from census.collect.review import review

    with _clear_errors():
        last = day.date() if day else None
        report = review(data, _settings(**hub), last, threshold, top, datetime.now(UTC))
    if out:
        out.write_text(report, encoding="utf-8")
        click.echo(f"wrote {out}")
    else:
        click.echo(report)


COMMANDS = (collect_command, backfill_command, review_command)
