"""Downloads of the last 30 days on the days when a source counted them, exact, with their weight.

A 30-day count is the Hub's own; counts of one day are added over models, never over days. What a
day lacks is said by its coverage: the part of all known recent downloads in the models counted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from census.base.days import iso
from census.history.model_counts import ModelCounts
from census.history.observed_rows import ObservedRows
from census.rollups.coverage import weights
from census.rollups.crawls import LEAST_MODELS, Crawls, DayCounts, Offered, Pair
from census.rollups.keys import Cut, SeriesKey, cuts_of_scopes

Counts = NDArray[np.int64]

DIMENSIONS = ("country", "lab", "family")


def load_recent(
    connection: sqlite3.Connection,
    rows: ObservedRows,
    counts_by_model: Mapping[int, ModelCounts],
    members: Mapping[str, Collection[int]],
    inexact: Collection[Pair],
    flagged: Collection[Pair],
    least: int = LEAST_MODELS,
) -> None:
    """Fill recent_days, recent_counts and recent_series from all that was observed.

    `members` are the models of each scope, `inexact` the (source, day) pairs whose counts are not
    of that day to the digit, `flagged` the (model, day) pairs of counts with a quality event. A day
    is offered for a scope if one source counted at least `least` of its models.
    """
    crawls = Crawls(connection, rows, inexact)
    offered = crawls.offered(members, least)
    days = sorted(
        {
            offered_day.day
            for offered_in_scope in offered.values()
            for offered_day in offered_in_scope
        }
    )
    counts = {day: crawls.counts(day) for day in days}
    are_flagged = {day: _are_flagged(counts[day], flagged) for day in days}
    for day, day_counts in counts.items():
        columns = day_counts.models, day_counts.sources, day_counts.downloads_30d, are_flagged[day]
        connection.executemany(
            f"insert into recent_counts values ('{iso(day)}', ?, ?, ?, ?)",  # noqa: S608
            zip(*(column.tolist() for column in columns), strict=True),
        )
    slugs = dict(connection.execute("select id, slug from sources"))
    summing = _Summing(connection, counts_by_model, counts, are_flagged, flagged)
    cuts = cuts_of_scopes(connection, offered, DIMENSIONS)
    for scope, offered_in_scope in offered.items():
        _insert_days(connection, scope, offered_in_scope, counts, members[scope], slugs)
        for cut, keys in cuts[scope]:
            _insert_series(connection, cut, keys, offered_in_scope, summing)


def _are_flagged(counts: DayCounts, flagged: Collection[Pair]) -> NDArray[np.bool_]:
    """Say which counts of a day have a quality event."""
    pairs = zip(counts.models.tolist(), counts.seen_on.tolist(), strict=True)
    return np.array([pair in flagged for pair in pairs], dtype=np.bool_)


def _insert_days(
    connection: sqlite3.Connection,
    scope: str,
    offered: Sequence[Offered],
    counts: Mapping[int, DayCounts],
    models: Collection[int],
    slugs: Mapping[int, str],
) -> None:
    """Fill recent_days for a scope; of each month the day with most downloads is marked."""
    in_scope = np.array(sorted(models))
    counts_of_scope = {
        offered_day: counts[offered_day.day].downloads_30d[
            np.isin(counts[offered_day.day].models, in_scope)
        ]
        for offered_day in offered
    }
    downloads = {
        offered_day: int(counts_of_day.sum())
        for offered_day, counts_of_day in counts_of_scope.items()
    }
    heaviest_day: dict[str, Offered] = {}
    for offered_day in offered:
        month = iso(offered_day.day)[:7]
        # Of two that weigh the same the later is taken.
        if month not in heaviest_day or downloads[offered_day] >= downloads[heaviest_day[month]]:
            heaviest_day[month] = offered_day
    connection.executemany(
        "insert into recent_days values (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                scope,
                iso(offered_day.day),
                iso(offered_day.day)[:7],
                slugs[offered_day.source],
                len(counts_of_scope[offered_day]),
                downloads[offered_day],
                heaviest_day[iso(offered_day.day)[:7]] == offered_day,
            )
            for offered_day in offered
        ),
    )


class _Summing:
    """Counts and weights of all models on the offered days, to be summed over keys."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        counts_by_model: Mapping[int, ModelCounts],
        counts: Mapping[int, DayCounts],
        are_flagged: Mapping[int, NDArray[np.bool_]],
        flagged: Collection[Pair],
    ) -> None:
        names = dict(connection.execute("select id, name from models"))
        self.names = np.array([names[model] for model in counts_by_model], dtype=object)
        self.days = np.array([iso(day) for day in counts], dtype=object)
        self.column = {day: place for place, day in enumerate(counts)}
        self.row = {model: row for row, model in enumerate(counts_by_model)}
        shape = (len(counts_by_model), len(counts))
        # -1 is not counted.
        self.downloads: Counts = np.full(shape, -1, dtype=np.int64)
        self.flagged: Counts = np.zeros(shape, dtype=np.int64)
        for place, (day, day_counts) in enumerate(counts.items()):
            rows = [self.row[model] for model in day_counts.models.tolist()]
            self.downloads[rows, place] = day_counts.downloads_30d
            self.flagged[rows, place] = np.where(are_flagged[day], day_counts.downloads_30d, 0)
        self.weights: Counts = np.maximum(weights(counts_by_model, [*counts], flagged), 0)

    def values(self, key: SeriesKey, days: Sequence[int]) -> list[list[int] | list[str]]:
        """Return the columns of a key on those days on which one of its models was counted."""
        rows: Counts = np.array([self.row[model] for model in key.models if model in self.row])
        if not len(rows):
            return []
        offered = np.array([self.column[day] for day in days], dtype=np.intp)
        columns_of_days = offered[self.downloads[np.ix_(rows, offered)].max(axis=0) >= 0]
        chosen = np.ix_(rows, columns_of_days)
        downloads = self.downloads[chosen]
        counted = downloads >= 0
        largest = downloads.argmax(axis=0)
        weight = self.weights[chosen]
        before = (
            self.days[columns_of_days],
            counted.sum(axis=0),
            np.where(counted, downloads, 0).sum(axis=0),
            self.names[rows[largest]],
        )
        behind = (
            downloads.max(axis=0),
            self.flagged[chosen].sum(axis=0),
            np.where(counted, weight, 0).sum(axis=0),
            weight.sum(axis=0),
        )
        return [column.tolist() for column in (*before, *behind)]


def _insert_series(
    connection: sqlite3.Connection,
    cut: Cut,
    keys: Sequence[SeriesKey],
    offered: Sequence[Offered],
    summing: _Summing,
) -> None:
    days = [offered_day.day for offered_day in offered]
    connection.executemany(
        """
        insert into recent_series (
            scope, attribution, basis, dimension, key, label,
            counted_on, models, downloads, largest_model, largest, flagged, covered, coverable
        )
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        chain.from_iterable(
            zip(*map(repeat, (*cut, key.key, key.label)), *columns, strict=False)
            for key in keys
            if (columns := summing.values(key, days))
        ),
    )
