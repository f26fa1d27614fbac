"""Downloads of the last 30 days on the days when a source counted them, exact, with their weight.

A 30-day count is the Hub's own; counts of one day are added over models, never over days. What a
day lacks is said by its coverage: the part of all known recent downloads in the models counted.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import iso
from census.history.known import Known
from census.rollups.coverage import weights
from census.rollups.keys import Cut, SeriesKey, cuts_of
from census.rollups.published_days import RECENT_DAYS

Counts = NDArray[np.int64]
Pair = tuple[int, int]

# On an offered day one source counted at least this many models of the scope.
LEAST_MODELS = 100
# Sources of this kind are selections made on some days; the others count every day.
SELECTION = "import"
DIMENSIONS = ("country", "lab", "family")


class Count(NamedTuple):
    """The 30-day count that is taken of a model on a day; `seen_on` is when the source saw it."""

    model: int
    source: int
    seen_on: int
    downloads_30d: int


class Offered(NamedTuple):
    """A day that is offered for a scope, and the source that counted most of its models."""

    day: int
    source: int


def load_recent(
    connection: sqlite3.Connection,
    known: Mapping[int, Known],
    members: Mapping[str, Collection[int]],
    inexact: Collection[Pair],
    flagged: Collection[Pair],
    least: int = LEAST_MODELS,
) -> None:
    """Fill recent_days, recent_counts and recent_series.

    `members` are the models of each scope, `inexact` the (source, day) pairs whose counts are not
    of that day to the digit, `flagged` the (model, day) pairs of counts with a quality event. A day
    is offered for a scope if one source counted at least `least` of its models.
    """
    crawls = _crawls(connection, inexact)
    offered = _offered(connection, crawls, members, least)
    days = sorted({one.day for of_scope in offered.values() for one in of_scope})
    counts = {day: _counts(connection, crawls, day) for day in days}
    connection.executemany(
        "insert into recent_counts values (?, ?, ?, ?, ?)",
        (
            (iso(day), c.model, c.source, c.downloads_30d, (c.model, c.seen_on) in flagged)
            for day in days
            for c in counts[day]
        ),
    )
    slugs = dict(connection.execute("select id, slug from sources"))
    summing = _Summing(connection, known, days, counts, flagged)
    for scope, of_scope in offered.items():
        _insert_days(connection, scope, of_scope, counts, frozenset(members[scope]), slugs)
        for cut, keys in cuts_of(connection, scope, DIMENSIONS):
            _insert_series(connection, cut, keys, of_scope, summing)


def _crawls(
    connection: sqlite3.Connection, inexact: Collection[Pair]
) -> dict[int, dict[int, tuple[int, ...]]]:
    """Return the days of each source's crawls by the last of them: source -> last day -> days.

    A selection that has no model in common with that of the day after is the first part of a crawl
    over several days.
    """
    query = """
        select h.source, s.kind, h.day
        from history as h
        inner join sources as s on h.source = s.id
        where h.downloads_30d is not null
        group by h.source, h.day
        order by h.source, h.day
    """
    by_source: dict[tuple[int, str], list[int]] = defaultdict(list)
    for source, kind, day in connection.execute(query):
        if (source, day) not in inexact:
            by_source[source, kind].append(day)
    crawls: dict[int, dict[int, tuple[int, ...]]] = {}
    for (source, kind), days in by_source.items():
        joined: list[tuple[int, ...]] = []
        for day in days:
            goes_on = bool(joined) and joined[-1][-1] == day - 1 and kind == SELECTION
            if goes_on and _are_apart(connection, source, joined[-1], day):
                joined[-1] = (*joined[-1], day)
            else:
                joined.append((day,))
        of_source = {parts[-1]: parts for parts in joined}
        crawls[source] = of_source if kind == SELECTION else _thinned(of_source)
    return crawls


def _are_apart(connection: sqlite3.Connection, source: int, parts: Sequence[int], day: int) -> bool:
    """Return whether a source listed none of a day's models in the parts of the crawl before."""
    before = {model for part in parts for model in _models(connection, source, part)}
    return before.isdisjoint(_models(connection, source, day))


def _thinned(crawls: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """Return the days of a source that counts daily: each month's last, and the newest ones."""
    newest = max(crawls)
    last_of_month = {iso(day)[:7]: day for day in sorted(crawls)}
    kept = {day for day in crawls if day > newest - RECENT_DAYS} | {*last_of_month.values()}
    return {day: parts for day, parts in crawls.items() if day in kept}


def _offered(
    connection: sqlite3.Connection,
    crawls: Mapping[int, Mapping[int, tuple[int, ...]]],
    members: Mapping[str, Collection[int]],
    least: int,
) -> dict[str, list[Offered]]:
    """Return the days on which one source counted enough models of each scope, in order of days."""
    most: dict[str, dict[int, tuple[int, int]]] = {scope: {} for scope in members}
    for source, of_source in crawls.items():
        for day, parts in of_source.items():
            seen = {model for part in parts for model in _models(connection, source, part)}
            for scope, models in members.items():
                counted = len(seen & frozenset(models))
                # Of two sources that count as many the one that comes first is named.
                if counted >= least and counted > most[scope].get(day, (0, 0))[0]:
                    most[scope][day] = (counted, source)
    return {
        scope: [Offered(day, source) for day, (_, source) in sorted(of_scope.items())]
        for scope, of_scope in most.items()
    }


def _models(connection: sqlite3.Connection, source: int, day: int) -> list[int]:
    """Return the models that a source counted on a day."""
    query = "select model from history where day = ? and source = ? and downloads_30d is not null"
    return [model for (model,) in connection.execute(query, (day, source))]


def _counts(
    connection: sqlite3.Connection, crawls: Mapping[int, Mapping[int, tuple[int, ...]]], day: int
) -> list[Count]:
    """Return the counts of a day in order of models: of several those of the preferred source."""
    taken: dict[int, Count] = {}
    order = connection.execute("select id from sources order by preference, id").fetchall()
    for (source,) in order:
        for part in crawls.get(source, {}).get(day, ()):
            rows = connection.execute(
                "select model, downloads_30d from history"
                " where day = ? and source = ? and downloads_30d is not null",
                (part, source),
            )
            for model, downloads in rows:
                taken.setdefault(model, Count(model, source, part, downloads))
    return [taken[model] for model in sorted(taken)]


def _insert_days(
    connection: sqlite3.Connection,
    scope: str,
    offered: Sequence[Offered],
    counts: Mapping[int, Sequence[Count]],
    models: frozenset[int],
    slugs: Mapping[int, str],
) -> None:
    """Fill recent_days for a scope; of each month the day with most downloads is marked."""
    of_scope = {
        one: [c.downloads_30d for c in counts[one.day] if c.model in models] for one in offered
    }
    most: dict[str, Offered] = {}
    for one in offered:
        month = iso(one.day)[:7]
        # Of two that weigh the same the later is taken.
        if month not in most or sum(of_scope[one]) >= sum(of_scope[most[month]]):
            most[month] = one
    connection.executemany(
        "insert into recent_days values (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                scope,
                iso(one.day),
                iso(one.day)[:7],
                slugs[one.source],
                len(of_scope[one]),
                sum(of_scope[one]),
                most[iso(one.day)[:7]] == one,
            )
            for one in offered
        ),
    )


class _Summing:
    """Counts and weights of all models on the offered days, to be summed over keys."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        known: Mapping[int, Known],
        days: Sequence[int],
        counts: Mapping[int, Sequence[Count]],
        flagged: Collection[Pair],
    ) -> None:
        self.names = dict(connection.execute("select id, name from models"))
        self.column = {day: place for place, day in enumerate(days)}
        self.row = {model: row for row, model in enumerate(known)}
        self.models = [*known]
        shape = (len(known), len(days))
        # -1 is not counted.
        self.downloads: Counts = np.full(shape, -1, dtype=np.int64)
        self.flagged: Counts = np.zeros(shape, dtype=np.int64)
        for day, of_day in counts.items():
            for count in of_day:
                place = self.row[count.model], self.column[day]
                self.downloads[place] = count.downloads_30d
                if (count.model, count.seen_on) in flagged:
                    self.flagged[place] = count.downloads_30d
        self.weights: Counts = np.maximum(weights(known, days, flagged), 0)

    def values(self, key: SeriesKey, days: Sequence[int]) -> Iterator[tuple[int | str, ...]]:
        """Yield the values of a key on each day on which one of its models was counted."""
        rows = [self.row[model] for model in key.models if model in self.row]
        if not rows:
            return
        columns = [self.column[day] for day in days]
        downloads = self.downloads[rows][:, columns]
        counted = downloads >= 0
        models = counted.sum(axis=0)
        sums = np.where(counted, downloads, 0).sum(axis=0)
        largest = downloads.argmax(axis=0)
        flagged = self.flagged[rows][:, columns].sum(axis=0)
        weight = self.weights[rows][:, columns]
        covered, coverable = np.where(counted, weight, 0).sum(axis=0), weight.sum(axis=0)
        for place, day in enumerate(days):
            if models[place]:
                yield (
                    iso(day),
                    int(models[place]),
                    int(sums[place]),
                    self.names[self.models[rows[largest[place]]]],
                    int(downloads[largest[place], place]),
                    int(flagged[place]),
                    int(covered[place]),
                    int(coverable[place]),
                )


def _insert_series(
    connection: sqlite3.Connection,
    cut: Cut,
    keys: Sequence[SeriesKey],
    offered: Sequence[Offered],
    summing: _Summing,
) -> None:
    days = [one.day for one in offered]
    connection.executemany(
        """
        insert into recent_series (
            scope, attribution, basis, dimension, key, label,
            counted_on, models, downloads, largest_model, largest, flagged, covered, coverable
        )
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            (*cut, key.key, key.label, *values)
            for key in keys
            for values in summing.values(key, days)
        ),
    )
