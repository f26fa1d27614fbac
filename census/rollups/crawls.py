"""30-day counts by source and day, and the crawls that these days belong to."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import iso
from census.history.observed_rows import ObservedRows
from census.rollups.published_days import RECENT_DAYS

Whole = NDArray[np.int64]
Pair = tuple[int, int]

# On an offered day one source counted at least this many models of the scope.
LEAST_MODELS = 100
# Sources of this kind are selections made on some days; the others count every day.
SELECTION = "import"


class DayCounts(NamedTuple):
    """The 30-day counts that are taken of models on a day, in order of models.

    Four columns of one length; `seen_on` is when the source saw the model.
    """

    models: Whole
    sources: Whole
    seen_on: Whole
    downloads_30d: Whole


class Offered(NamedTuple):
    """A day that is offered for a scope, and the source that counted most of its models."""

    day: int
    source: int


class Crawls:
    """The crawls of every source, each with the last of its days, and what they counted."""

    def __init__(
        self, connection: sqlite3.Connection, rows: ObservedRows, inexact: Collection[Pair]
    ) -> None:
        """Find the crawls in the observations of a database.

        `inexact` are the (source, day) pairs whose counts are not of that day to the digit.
        """
        sources = connection.execute("select id, kind from sources order by preference, id")
        kinds: dict[int, str] = dict(sources.fetchall())
        self._preference = list(kinds)
        self._counts = _by_source_and_day(rows)
        days: dict[int, list[int]] = defaultdict(list)
        for source, day in self._counts:
            if (source, day) not in inexact:
                days[source].append(day)
        self._days = {
            source: self._joined(source, days[source], kinds[source]) for source in sorted(days)
        }

    def offered(
        self, members: Mapping[str, Collection[int]], least: int
    ) -> dict[str, list[Offered]]:
        """Return the days on which one source counted enough models of each scope, in order."""
        most: dict[str, dict[int, tuple[int, int]]] = {scope: {} for scope in members}
        in_scope = {scope: np.array(sorted(models)) for scope, models in members.items()}
        for source, days_of_crawls in self._days.items():
            for day, parts in days_of_crawls.items():
                counted_models = np.unique(
                    np.concatenate([self._models(source, part) for part in parts])
                )
                for scope, models in in_scope.items():
                    counted = int(np.isin(counted_models, models, assume_unique=True).sum())
                    # Of two sources that count equally many models the first is named.
                    if counted >= least and counted > most[scope].get(day, (0, 0))[0]:
                        most[scope][day] = (counted, source)
        return {
            scope: [Offered(day, source) for day, (_, source) in sorted(best_source.items())]
            for scope, best_source in most.items()
        }

    def counts(self, day: int) -> DayCounts:
        """Return the counts of the crawls that end on a day: those of the preferred source."""
        parts = [
            (source, part)
            for source in self._preference
            for part in self._days.get(source, {}).get(day, ())
        ]
        counts = [self._counts[part] for part in parts]
        lengths = [len(models) for models, _ in counts]
        models = np.concatenate([models for models, _ in counts])
        # A model's counts are in the order of preference, and the first is taken.
        once, first = np.unique(models, return_index=True)
        sources, seen_on = (
            np.repeat(column, lengths)[first] for column in zip(*parts, strict=True)
        )
        return DayCounts(once, sources, seen_on, np.concatenate([d for _, d in counts])[first])

    def _models(self, source: int, day: int) -> Whole:
        return self._counts[source, day][0]

    def _joined(self, source: int, days: Sequence[int], kind: str) -> dict[int, tuple[int, ...]]:
        """Return the days of each crawl of a source, by the last of these days.

        A selection that has no model in common with that of the day after is the first part of a
        crawl over several days.
        """
        joined: list[tuple[int, ...]] = []
        for day in days:
            goes_on = bool(joined) and joined[-1][-1] == day - 1 and kind == SELECTION
            if goes_on and self._are_apart(source, joined[-1], day):
                joined[-1] = (*joined[-1], day)
            else:
                joined.append((day,))
        crawls = {parts[-1]: parts for parts in joined}
        return crawls if kind == SELECTION else _thinned(crawls)

    def _are_apart(self, source: int, parts: Sequence[int], day: int) -> bool:
        """Return whether a source listed none of a day's models in the parts before."""
        before = np.concatenate([self._models(source, part) for part in parts])
        return not np.isin(self._models(source, day), before).any()


def _by_source_and_day(rows: ObservedRows) -> dict[Pair, tuple[Whole, Whole]]:
    """Return the models and their 30-day counts of each source and day, all in order."""
    counted = rows.where(rows.in_30d >= 0)
    counted = counted.where(np.lexsort((counted.models, counted.days, counted.sources)))
    sources, days = counted.sources, counted.days
    begins = np.flatnonzero(
        (np.diff(sources, prepend=-1) != 0) | (np.diff(days, prepend=np.int32(-1)) != 0)
    )
    models = np.split(counted.models.astype(np.int64), begins[1:])
    downloads = np.split(counted.in_30d, begins[1:])
    pairs = zip(sources[begins].tolist(), days[begins].tolist(), strict=True)
    return dict(zip(pairs, zip(models, downloads, strict=True), strict=True))


def _thinned(crawls: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """Return the days of a source that counts daily: each month's last, and the newest ones."""
    newest = max(crawls)
    last_of_month = {iso(day)[:7]: day for day in sorted(crawls)}
    kept_days = {day for day in crawls if day > newest - RECENT_DAYS} | {*last_of_month.values()}
    return {day: parts for day, parts in crawls.items() if day in kept_days}
