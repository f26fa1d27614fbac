"""The command that asks other channels than the Hub, and lists of scores: `collect-channels`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from census.cli.options import data_option

if TYPE_CHECKING:
    from census.channels.collecting import CollectedDays, Collector


def collectors(data: Path) -> dict[str, Collector]:
    """Return the collectors by the names of their sources."""
    from census.channels.collectors import collectors

    return collectors(os.environ, data)


def collectors_with_past(data: Path) -> dict[str, Collector]:
    """Return the collectors of sources that have past days."""
    return {
        name: collector
        for name, collector in collectors(data).items()
        if collector.begins is not None
    }


def summary_line(collected: CollectedDays) -> str:
    """Return one line that says what a collector added."""
    counts = (
        f"{collected.days} days added, {collected.rows} rows, {collected.existing} there already"
    )
    return f"{collected.source}: {counts}"


def backfill_channel(
    data: Path, collector: Collector, since: date | None, until: date | None
) -> str:
    """Add past days of a channel; return what was added. Raises ClickException."""
    from census.channels.collecting import CollectorError, collect_days

    begins = collector.begins
    if begins and ((since and since < begins) or (until and until < begins)):
        hint = f"; {collector.hint}" if collector.hint else ""
        raise click.ClickException(f"{collector.source} begins on {begins}{hint}")
    try:
        return summary_line(collect_days(data, collector, since or begins, until))
    except CollectorError as error:
        raise click.ClickException(str(error)) from None


@click.command("collect-channels")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@data_option
@click.option("--strict", is_flag=True, help="End with status 1 where a collector failed.")
@click.option(
    "--accept",
    is_flag=True,
    help="Take what SOURCE shows though it shrank; a person has seen that it is so.",
)
def collect_channels_command(names: Sequence[str], data: Path, strict: bool, accept: bool) -> None:
    """Add what is missing of other channels and lists of scores, each whole or not at all.

    Without SOURCE all are asked. One that fails is told as a warning and blocks nothing, unless
    --strict: the site says of each source how old its figures are.
    """
    from census.channels.collecting import CollectorError, collect_days

    by_source = collectors(data)
    if unknown := [name for name in names if name not in by_source]:
        raise click.UsageError(
            f"{unknown[0]} is not a source that can be asked; there are: {', '.join(by_source)}"
        )
    if accept and not names:
        raise click.UsageError("--accept needs the SOURCE that was looked at")
    failed = False
    for name in names or by_source:
        try:
            click.echo(summary_line(collect_days(data, by_source[name], accept=accept)))
        except Exception as error:  # Nothing of one source may stop the others.
            failed = True
            reason = error if isinstance(error, CollectorError) else f"{name}: {error!r}"
            # GitHub shows a line that begins so on the page of the run.
            prefix = "::warning::" if os.environ.get("GITHUB_ACTIONS") else "warning: "
            click.echo(f"{prefix}{reason}", err=True)
    if failed and strict:
        raise SystemExit(1)


COMMANDS = (collect_channels_command,)
