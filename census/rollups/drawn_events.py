"""When something happened in the draws of the series: who passed whom, who came first, and when.

Every event is decided draw by draw; an interval leaves out the earliest and the latest 5 % of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import iso
from census.base.speech import VERY_LIKELY, may_say_month
from census.rollups.drawn_sums import Double, DrawnSums, Mask
from census.rollups.keys import SeriesKey, keys_of
from census.rollups.summaries import LEFT_OUT, passing_days

# Labs that name no single base are no place that could pass another.
NO_PLACE = "XX"


class When(NamedTuple):
    """When something happened, in days since 1970-01-01: the middle 90 % of the draws.

    `known_before`: whether the opposite holds before `earliest`; without that it may have been so
    from the beginning, and there is no `estimate`. `between`: whether the beginning is said, which
    takes keys without a model that lacks an all-time count. `p` is the part of the draws in which
    what is said holds.
    """

    earliest: int
    estimate: int | None
    latest: int
    known_before: bool
    between: bool
    p: float


@dataclass(frozen=True)
class Key:
    """One key: its draws (draws, days), and in which columns they are good enough to be said.

    `missing` is the least that its models without an all-time count have; `complete` says that
    there are none.
    """

    key: str | None
    label: str
    draws: Double
    certain: Mask
    missing: int
    complete: bool


@dataclass(frozen=True)
class Cut:
    """The keys of one scope and dimension, counted for publishers, and their days."""

    scope: str
    scope_label: str
    dimension: str
    days: NDArray[np.int64]
    keys: tuple[Key, ...]
    total: Key

    def named(self, key: str) -> Key | None:
        """Return a key by its name, None where no model of it is counted."""
        return next((one for one in self.keys if one.key == key), None)


def read_cut(
    connection: sqlite3.Connection, sums: DrawnSums, scope: str, end: int, dimension: str
) -> Cut:
    """Return the keys of a dimension with their draws; `end` is the last day of the scope."""
    columns = sums.columns(end)
    least = dict(
        connection.execute("select id, at_least from models where at_least is not null").fetchall()
    )
    label = connection.execute("select label from scopes where scope = ?", (scope,)).fetchone()[0]

    def key_of(of: SeriesKey) -> Key:
        return Key(
            of.key,
            of.label,
            sums.level(of.models, columns),
            sums.certain(of.models, columns),
            sum(least.get(model, 0) for model in of.models),
            len(sums.counted(of.models)) == len(of.models),
        )

    found = keys_of(connection, scope, dimension)
    everything = tuple(model for key in found for model in key.models)
    keys = [
        key_of(key)
        for key in found
        if key.key is not None and key.key != NO_PLACE and sums.counted(key.models)
    ]
    keys.sort(key=lambda key: (-float(np.median(key.draws[:, -1])), str(key.key)))
    total = key_of(SeriesKey(None, "All models of the scope", everything))
    return Cut(scope, label, dimension, sums.days[columns], tuple(keys), total)


def passed(cut: Cut, first: Key, second: Key) -> When | None:
    """Return when one key passed another, to stay ahead; None where that is not very likely.

    It is ahead only where it also exceeds what the other's models without an all-time count have
    at the least.
    """
    return _when(
        cut.days,
        passing_days(first.draws, second.draws, cut.days),
        passing_days(first.draws, second.draws + second.missing, cut.days),
        was_behind(first.draws, second.draws),
        first.certain & second.certain,
        first.complete and second.complete,
    )


def was_behind(first: Double, second: Double) -> Mask:
    """Return in which draws the first was ever smaller than the second."""
    behind: Mask = np.any(first < second, axis=1)
    return behind


def reached(cut: Cut, key: Key, number: int) -> When | None:
    """Return when the downloads of a key reached a number; None where that is not very likely."""
    below = np.full(key.draws.shape, number - 0.5)
    when = passing_days(key.draws, below, cut.days)
    return _when(cut.days, when, when, np.isfinite(when), key.certain, key.complete)


def _when(
    days: NDArray[np.int64],
    early: Double,
    late: Double,
    was_not: Mask,
    certain: Mask,
    complete: bool,
) -> When | None:
    """Return the interval of an event from the day of each draw, None where it has no end.

    `early` is its day among the counted models, `late` the day from which on it also holds with
    what the others have at the least. `was_not` says in which draws the opposite was true before,
    `certain` which days may be said: an interval that leaves them begins in the open and ends on
    the next such day.
    """
    out, unsure = int(LEFT_OUT * len(late)), days[~certain]
    first = np.sort(early)[out]
    begun = bool(
        np.isfinite(first)
        and np.mean(was_not) >= VERY_LIKELY
        and not (unsure.size and unsure[-1] >= first)
    )
    # What began has not happened in a draw in which it always was so.
    late = np.where(was_not, late, np.inf) if begun else late
    ends = np.sort(late)
    middle, last = ends[len(ends) // 2], ends[len(ends) - 1 - out]
    if not np.isfinite(last) or not certain[-1]:
        return None
    if unsure.size and unsure[-1] >= last:
        last = days[days > unsure[-1]][0]
    earliest, latest = int(first) if np.isfinite(first) else int(days[0]), int(last)
    # What is said is the end alone, unless the beginning is said too.
    between = complete and begun and may_say_month(iso(earliest))
    holds = late <= latest
    if between:
        holds &= early >= earliest
    estimate = int(np.clip(middle, earliest, latest)) if begun else None
    return When(earliest, estimate, latest, begun, between, round(float(np.mean(holds)), 2))


def took_the_lead(cut: Cut, key: Key, before: Key | None, last: int) -> When | None:
    """Return when a key took the first place that it still had in column `last`."""
    own = key.draws[:, : last + 1]
    rest = [other for other in cut.keys if other is not key]
    counted, most = np.zeros_like(own), np.zeros_like(own)
    for other in rest:
        np.maximum(counted, other.draws[:, : last + 1], out=counted)
        np.maximum(most, other.draws[:, : last + 1] + other.missing, out=most)
    days = cut.days[: last + 1]
    return _when(
        days,
        passing_days(own, counted, days),
        passing_days(own, most, days),
        was_behind(own, counted),
        key.certain[: last + 1],
        key.complete and (before is None or before.complete),
    )


def reigns(cut: Cut) -> Iterator[tuple[int, Key]]:
    """Yield who is first in 95 % of the draws, with the last column of each such time."""
    if not cut.keys:
        return
    draws = np.stack([key.draws for key in cut.keys])
    at_most = draws + np.array([key.missing for key in cut.keys])[:, None, None]
    leading: Key | None = None
    for column in range(len(cut.days)):
        place = int(np.argmax(np.median(draws[:, :, column], axis=1)))
        rivals = np.delete(at_most[:, :, column], place, axis=0)
        rival = rivals.max(axis=0, initial=0)
        leads = np.mean(draws[place, :, column] > rival) >= VERY_LIKELY
        now = cut.keys[place] if leads and cut.keys[place].certain[column] else None
        if leading is not None and now is not leading:
            yield column - 1, leading
        leading = now
    if leading is not None:
        yield len(cut.days) - 1, leading
