"""The command that asks other channels than the Hub: `collect-channels`."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from census.cli.options import data_option

if TYPE_CHECKING:
    from census.channels.collecting import Collector, Taken

OPENROUTER = "openrouter"
KEYS = {OPENROUTER: "OPENROUTER_API_KEY"}


def collectors() -> dict[str, Collector]:
    """Return the collectors whose keys the environment has, by name."""
    from census.channels.openrouter import ENDPOINT, OpenRouter

    key = os.environ.get(KEYS[OPENROUTER], "")
    endpoint = os.environ.get("CENSUS_OPENROUTER_ENDPOINT", ENDPOINT).rstrip("/")
    return {OPENROUTER: OpenRouter(key, endpoint)} if key else {}


def said(taken: Taken) -> str:
    """Return what a collector added in one line."""
    return (
        f"{taken.source}: {taken.days} days added, {taken.rows} rows, {taken.there} there already"
    )


def backfill_channel(data: Path, name: str, since: date | None, until: date | None) -> str:
    """Add past days of a channel; return what was added. Raises ClickException."""
    from census.channels.collecting import CollectorError, collect_days

    collector = collectors().get(name)
    if collector is None:
        raise click.ClickException(f"{name} needs a key: set {KEYS[name]}")
    try:
        return said(collect_days(data, collector, since or collector.begins, until))
    except CollectorError as error:
        raise click.ClickException(str(error)) from None


@click.command("collect-channels")
@data_option
@click.option("--strict", is_flag=True, help="End with status 1 where a collector failed.")
def collect_channels_command(data: Path, strict: bool) -> None:
    """Add the missing days of other channels, each whole or not at all.

    A collector without its key is left out. One that fails is told as a warning and blocks nothing,
    unless --strict: the site says of each channel how old its figures are.
    """
    from census.channels.collecting import CollectorError, collect_days

    failed = False
    ready = collectors()
    for name, key in KEYS.items():
        if name not in ready:
            click.echo(f"{name}: not asked, {key} is not set")
            continue
        try:
            click.echo(said(collect_days(data, ready[name])))
        except CollectorError as error:
            failed = True
            # GitHub shows a line that begins so on the page of the run.
            mark = "::warning::" if os.environ.get("GITHUB_ACTIONS") else "warning: "
            click.echo(f"{mark}{error}", err=True)
    if failed and strict:
        raise SystemExit(1)


COMMANDS = (collect_channels_command,)
