"""When something happened in the draws of the series: who passed whom, who came first, and when.

Every event is decided draw by draw; an interval leaves out the earliest and the latest 5 % of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import day_number, iso
from census.base.speech import VERY_LIKELY, may_say_month
from census.rollups.drawn_sums import Double, DrawnSums, Mask
from census.rollups.keys import SeriesKey, keys_of
from census.rollups.summaries import LEFT_OUT, passing_days, probability

# Labs that name no single base have no place that could pass another.
NO_PLACE = "XX"


class EventTime(NamedTuple):
    """When something happened, in days since 1970-01-01: the middle 90 % of the draws.

    `known_before`: whether the opposite holds before `earliest`; otherwise it may have been so from
    the beginning, and there is no `estimate`. `between`: whether `earliest` is stated too, which
    needs keys whose models all have an all-time count. `p` is the part of the draws in which the
    statement holds.
    """

    earliest: int
    estimate: int | None
    latest: int
    known_before: bool
    between: bool
    p: float


@dataclass(frozen=True)
class Key:
    """One key: its draws (draws, days), and in which columns they are good enough to be stated.

    `missing` is the least that its models without an all-time count have; `complete` says that
    there are none. `low` and `high` are the hard bounds, by day.
    """

    key: str | None
    label: str
    draws: Double
    certain: Mask
    missing: int
    complete: bool
    low: Double
    high: Double
    models: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cut:
    """The keys of one scope and dimension, counted for publishers, and their days."""

    scope: str
    scope_label: str
    dimension: str
    days: NDArray[np.int64]
    keys: tuple[Key, ...]
    total: Key

    def find_key(self, key: str) -> Key | None:
        """Return a key by its name, None where no model of it is counted."""
        return next((candidate for candidate in self.keys if candidate.key == key), None)

    def column(self, month: str) -> int | None:
        """Return the column of a month, None where the series do not reach it."""
        for column in range(len(self.days) - 1, -1, -1):
            if iso(int(self.days[column]))[:7] == month:
                return column
        return None


def keys_once(
    connection: sqlite3.Connection, sums: DrawnSums, scope: str, dimension: str
) -> list[SeriesKey]:
    """Return the series of a dimension, which are read when they are first asked for."""
    return sums.once(("keys", scope, dimension), lambda: keys_of(connection, scope, dimension))


def read_cut(connection: sqlite3.Connection, sums: DrawnSums, scope: str, dimension: str) -> Cut:
    """Return the keys of a dimension with their draws, up to the last day of the scope."""
    return sums.once(
        ("cut", scope, dimension), lambda: _read_cut(connection, sums, scope, dimension)
    )


def _read_cut(connection: sqlite3.Connection, sums: DrawnSums, scope: str, dimension: str) -> Cut:
    label, through = connection.execute(
        "select label, through from scopes where scope = ?", (scope,)
    ).fetchone()
    columns = sums.columns(day_number(date.fromisoformat(through)))
    least = least_of_uncounted(connection)
    series_keys = keys_once(connection, sums, scope, dimension)
    keys = [
        drawn_key(sums, least, key, columns)
        for key in series_keys
        if key.key is not None and key.key != NO_PLACE and sums.counted(key.models)
    ]
    keys.sort(key=lambda key: (-float(np.median(key.draws[:, -1])), str(key.key)))
    everything = tuple(model for key in series_keys for model in key.models)
    total = SeriesKey(None, "All models of the scope", everything)
    return Cut(
        scope,
        label,
        dimension,
        sums.days[columns],
        tuple(keys),
        drawn_key(sums, least, total, columns),
    )


def least_of_uncounted(connection: sqlite3.Connection) -> dict[int, int]:
    """Return the least that each model without an all-time count has."""
    query = "select id, at_least from models where at_least is not null"
    return dict(connection.execute(query).fetchall())


def drawn_key(
    sums: DrawnSums, least: Mapping[int, int], series_key: SeriesKey, columns: Sequence[int]
) -> Key:
    """Return the draws of a set of models under the name of a key."""
    return Key(
        series_key.key,
        series_key.label,
        sums.level(series_key.models, columns),
        sums.certain(series_key.models, columns),
        sum(least.get(model, 0) for model in series_key.models),
        len(sums.counted(series_key.models)) == len(series_key.models),
        *sums.bounds(series_key.models, columns),
        series_key.models,
    )


def joint_key(
    connection: sqlite3.Connection, sums: DrawnSums, cut: Cut, names: Sequence[str]
) -> Key | None:
    """Return several keys of a cut as one, None where none of them is counted."""
    keys = [key for key in map(cut.find_key, names) if key is not None]
    if len(keys) < 2:
        return keys[0] if keys else None
    models = tuple(model for key in keys for model in key.models)
    label = " and ".join(key.label for key in keys)
    columns = sums.columns(int(cut.days[-1]))
    least = least_of_uncounted(connection)
    return drawn_key(sums, least, SeriesKey("+".join(names), label, models), columns)


def when_passed(cut: Cut, first: Key, second: Key) -> EventTime | None:
    """Return when one key passed another, to stay ahead; None where that is not very likely.

    To be ahead, it must exceed the other key together with the least that the other's models
    without an all-time count have.
    """
    return _event_time(
        cut.days,
        passing_days(first.draws, second.draws, cut.days),
        passing_days(first.draws, second.draws + second.missing, cut.days),
        was_behind(first.draws, second.draws),
        first.certain & second.certain,
        first.complete and second.complete,
    )


def was_behind(first: Double, second: Double) -> Mask:
    """Mark the draws in which the first was ever smaller than the second."""
    behind: Mask = np.any(first < second, axis=1)
    return behind


def when_reached(cut: Cut, key: Key, number: int) -> EventTime | None:
    """Return when the downloads of a key reached a number; None where that is not very likely."""
    below = np.full(key.draws.shape, number - 0.5)
    when = passing_days(key.draws, below, cut.days)
    return _event_time(cut.days, when, when, np.isfinite(when), key.certain, key.complete)


class Chance(NamedTuple):
    """The least and the greatest part of the draws in which something can hold."""

    least: float
    most: float


def chance_ahead(first: Key, second: Key, column: int) -> Chance | None:
    """Return how probably one key is ahead of another in a column; 1 and 0 by hard bounds alone.

    Models without an all-time count may add to either key: to the second for the least chance, to
    the first for the most. None where a key's draws are not good enough to be stated.
    """
    lead = first.draws[:, column] - second.draws[:, column]
    low, high = first.low[column] - second.high[column], first.high[column] - second.low[column]
    if low > second.missing:
        return Chance(1.0, 1.0)
    if high + first.missing <= 0:
        return Chance(0.0, 0.0)
    if not (first.certain[column] and second.certain[column]):
        return None
    return Chance(probability(lead > second.missing), probability(lead + first.missing > 0))


def chance_passed_in_month(cut: Cut, first: Key, second: Key, month: str) -> Chance | None:
    """Return how probably one key passed another within a month, whether it stayed ahead or not.

    It was not ahead at the end of the month before, and is at its end. None where that may not be
    stated, or where the series lack one of the two days.
    """
    after = cut.column(month)
    if not after:
        return None
    before = after - 1
    chance_before, chance_after = (
        chance_ahead(first, second, before),
        chance_ahead(first, second, after),
    )
    if chance_before == (1.0, 1.0) or chance_after == (0.0, 0.0):
        return Chance(0.0, 0.0)
    if chance_before is None or chance_after is None:
        return None
    lead = first.draws - second.draws
    strictly = (lead[:, before] + first.missing <= 0) & (lead[:, after] > second.missing)
    loosely = (lead[:, before] <= second.missing) & (lead[:, after] + first.missing > 0)
    return Chance(probability(strictly), probability(loosely))


def _event_time(
    days: NDArray[np.int64],
    early: Double,
    late: Double,
    was_not: Mask,
    certain: Mask,
    complete: bool,
) -> EventTime | None:
    """Return the interval of an event from the day of each draw, None where it has no end.

    `early` is its day among the counted models, `late` the day from which on it also holds with
    the least that the other models have. `was_not` says in which draws the opposite was true
    before, `certain` which days may be stated: where `early` is before one that may not, the
    interval has no beginning, and where `late` is, it ends on the next day that may.
    """
    left_out, uncertain_days = int(LEFT_OUT * len(late)), days[~certain]
    first = np.sort(early)[left_out]
    begun = bool(
        np.isfinite(first)
        and np.mean(was_not) >= VERY_LIKELY
        and not (uncertain_days.size and uncertain_days[-1] >= first)
    )
    # An event with a beginning has not happened in a draw in which it always was so.
    late = np.where(was_not, late, np.inf) if begun else late
    late_days = np.sort(late)
    middle, last = late_days[len(late_days) // 2], late_days[len(late_days) - 1 - left_out]
    if last == np.inf or not certain[-1]:
        return None
    # What held in every draw from the start held on the first day.
    last = max(last, days[0])
    if uncertain_days.size and uncertain_days[-1] >= last:
        last = days[days > uncertain_days[-1]][0]
    earliest, latest = int(first) if np.isfinite(first) else int(days[0]), int(last)
    # The end alone is stated, unless the beginning may be stated too.
    between = complete and begun and may_say_month(iso(earliest))
    holds = late <= latest
    if between:
        holds &= early >= earliest
    estimate = int(np.clip(middle, earliest, latest)) if begun else None
    return EventTime(earliest, estimate, latest, begun, between, round(float(np.mean(holds)), 2))


def when_took_lead(cut: Cut, key: Key, before: Key | None, last: int) -> EventTime | None:
    """Return when a key took the first place that it still had in column `last`."""
    draws_of_key = key.draws[:, : last + 1]
    other_keys = [other for other in cut.keys if other is not key]
    most_of_others, most_with_missing = np.zeros_like(draws_of_key), np.zeros_like(draws_of_key)
    for other in other_keys:
        np.maximum(most_of_others, other.draws[:, : last + 1], out=most_of_others)
        np.maximum(
            most_with_missing, other.draws[:, : last + 1] + other.missing, out=most_with_missing
        )
    days = cut.days[: last + 1]
    return _event_time(
        days,
        passing_days(draws_of_key, most_of_others, days),
        passing_days(draws_of_key, most_with_missing, days),
        was_behind(draws_of_key, most_of_others),
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
        leader = cut.keys[place] if leads and cut.keys[place].certain[column] else None
        if leading is not None and leader is not leading:
            yield column - 1, leading
        leading = leader
    if leading is not None:
        yield len(cut.days) - 1, leading
