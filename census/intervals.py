"""When something happened, as far as bounds tell: crossings, round numbers and new leaders.

Every function takes the lowest and highest value that the observations allow in each month, and
returns months between which it must have happened; the best estimate decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple


class Bounds(NamedTuple):
    """The lowest and the highest value that the observations allow, and the best estimate."""

    low: int
    high: int
    best: int


class Interval(NamedTuple):
    """Something happened in a month from `earliest` to `latest`, both of which count.

    `known_before`: whether the opposite is certain for the month before `earliest`; without that
    it may have been so from the beginning.
    """

    earliest: str
    latest: str
    known_before: bool


class Change(NamedTuple):
    """A new leader: `key` after `before`, which is None for the first leader that is certain."""

    key: str
    before: str | None
    interval: Interval


NOTHING = Bounds(0, 0, 0)


def crossings(
    first: Mapping[str, Bounds], second: Mapping[str, Bounds], months: Sequence[str]
) -> Iterator[Interval]:
    """Yield when the first series passed the second one, for each time that this is certain.

    In a month the first is certainly ahead when its lowest value is above the other's highest one.
    A month that a series lacks is nothing downloaded yet; nothing is not passed.
    """
    behind: int | None = None
    possible: int | None = None
    ahead = False
    for place, month in enumerate(months):
        one, other = first.get(month, NOTHING), second.get(month, NOTHING)
        if one.high > other.low and month in second and possible is None:
            possible = place
        if one.high < other.low:
            behind, possible, ahead = place, None, False
        elif one.low > other.high and month in second and not ahead:
            begins = place if possible is None else possible
            yield Interval(months[begins], month, behind is not None)
            ahead = True


def was_behind(
    first: Mapping[str, Bounds], second: Mapping[str, Bounds], months: Sequence[str]
) -> bool:
    """Return whether the observations allow that the first series ever was behind the second."""
    return any(first.get(month, NOTHING).low < second.get(month, NOTHING).high for month in months)


def reached(series: Mapping[str, Bounds], value: int, months: Sequence[str]) -> Interval | None:
    """Return when a cumulative series reached a value, or None if that is not certain."""
    latest = next((m for m in months if series.get(m, NOTHING).low >= value), None)
    if latest is None:
        return None
    earliest = next(m for m in months if series.get(m, NOTHING).high >= value)
    return Interval(earliest, latest, known_before=earliest > months[0])


def leaders(series: Mapping[str, Mapping[str, Bounds]], months: Sequence[str]) -> Iterator[Change]:
    """Yield each new leader that is certain: its lowest value is above all others' highest."""
    before: str | None = None
    last_certain: int | None = None
    for place, month in enumerate(months):
        leader = _leader(series, month)
        if leader is None:
            continue
        if leader != before:
            begins = 0 if last_certain is None else last_certain + 1
            while not _may_lead(series, leader, months[begins]):
                begins += 1
            yield Change(leader, before, Interval(months[begins], month, before is not None))
        before, last_certain = leader, place


def _leader(series: Mapping[str, Mapping[str, Bounds]], month: str) -> str | None:
    values = {key: bounds[month] for key, bounds in series.items() if month in bounds}
    if not values:
        return None
    key = max(values, key=lambda name: (values[name].low, name))
    others = (bounds.high for name, bounds in values.items() if name != key)
    return key if values[key].low > max(others, default=0) else None


def _may_lead(series: Mapping[str, Mapping[str, Bounds]], key: str, month: str) -> bool:
    lows = (bounds[month].low for bounds in series.values() if month in bounds)
    highest = series[key].get(month, NOTHING).high
    return highest > 0 and highest >= max(lows, default=0)


def estimated_crossing(
    first: Mapping[str, Bounds], second: Mapping[str, Bounds], months: Sequence[str]
) -> str | None:
    """Return the month from which on the best estimate of the first is the larger, if any."""
    since = None
    for month in months:
        ahead = first.get(month, NOTHING).best > second.get(month, NOTHING).best
        since = (since or month) if ahead else None
    return since


def share_band(
    series: Mapping[str, Bounds], others_low: int, others_high: int, month: str
) -> float:
    """Return how many points wide the share of a series is in a month: high less low share."""
    own = series.get(month, NOTHING)
    highest = 100 * own.high / (own.high + others_low) if own.high + others_low else 0.0
    lowest = 100 * own.low / (own.low + others_high) if own.low + others_high else 0.0
    return highest - lowest
