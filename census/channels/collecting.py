"""Collecting days of other channels: whole and checked, or refused; never in the Hub's way.

A collector asks one source for days; what is common to all is here: which days are missing, that
every asked day came, and that files are written all together and never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from census.base import file_changes
from census.base.csv_files import Problem
from census.channels.definitions import read_definitions
from census.channels.files import FOLDER, ChannelDay, add_channel_days
from census.inputs.registry import load_sources
from census.store.observations import read_manifest

# Without a day to go on from, so many days are asked for.
FIRST_DAYS = 30
LOCK_WAIT = 600.0


class CollectorError(Exception):
    """A source did not answer as it should, or gave what cannot be; nothing was written."""


class Collector(Protocol):
    """What asks one source of a channel for whole days."""

    @property
    def source(self) -> str:
        """The short name of the source."""

    @property
    def channel(self) -> str:
        """The channel that it counts."""

    @property
    def begins(self) -> date:
        """The first day that the source has."""

    @property
    def days_at_once(self) -> int:
        """How many days one request may ask for."""

    def fetch(self, first: date, last: date) -> Mapping[date, ChannelDay]:
        """Return the days from `first` to `last`; raises CollectorError."""


class Taken(NamedTuple):
    """What a run added: days and rows, and how many days were there already."""

    source: str
    days: int
    rows: int
    there: int


def collect_days(
    data: Path,
    collector: Collector,
    since: date | None = None,
    until: date | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Taken:
    """Add the days that are missing up to yesterday; raises CollectorError.

    Without `since` it goes on from the newest day of the channel. Days that are there stay as they
    are. What was asked for and did not come whole is not written at all.
    """
    over = now().date() - timedelta(days=1)
    last = min(until or over, over)
    with file_changes.locked(data, LOCK_WAIT):
        problems: list[Problem] = []
        sources = {row["source"]: row["channel"] for row in load_sources(data, problems)}
        metric = read_definitions(data, problems).metrics.get(collector.channel)
        files = read_manifest(data, problems, FOLDER)
        if problems or metric is None or sources.get(collector.source) != collector.channel:
            reason = str(problems[0]) if problems else f"{collector.source} is not in sources.csv"
            raise CollectorError(reason)
        own = {file.day for file in files if file.source == collector.source}
        known = {file.day for file in files if sources.get(file.source) == collector.channel}
        first = since or _next_day(known, last)
        first = max(first, collector.begins)
        asked = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        missing = [day for day in asked if day not in own]
        days: dict[date, ChannelDay] = {}
        for place in range(0, len(missing), collector.days_at_once):
            span = missing[place : place + collector.days_at_once]
            got = collector.fetch(span[0], span[-1])
            if absent := [day for day in span if day not in got]:
                raise CollectorError(
                    f"{collector.source}: {len(absent)} of {len(span)} days did not come,"
                    f" such as {absent[0]}; nothing was written"
                )
            days.update((day, got[day]) for day in span)
        try:
            changed = add_channel_days(data, days.values(), metric, problems)
        except ValueError as error:
            raise CollectorError(f"{collector.source}: {error}; nothing was written") from None
        file_changes.apply(data, changed)
    rows = sum(len(day.counts) for day in days.values())
    return Taken(collector.source, len(days), rows, len(asked) - len(missing))


def _next_day(known: set[date], last: date) -> date:
    """Return the day after the newest known one, or a month before the last day without any."""
    if known:
        return max(known) + timedelta(days=1)
    return last - timedelta(days=FIRST_DAYS - 1)
