"""Which days of an estimate are drawn and quoted, and how firm each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from census.base.speech import COUNTED, FIRST_MONTH_SAID, WIDEST_SAID
from census.charts.figures import Point

# Nothing before this day is said.
FIRST_DAY = f"{FIRST_MONTH_SAID}-01"
# So many of the largest keys with an interval decide where a drawing starts.
LARGEST = 2
# A centre is dashed where models counted on the day hold less than this percentage of it.
FIRM = 50.0

ChartKey = tuple[str | None, str]
Totals = Mapping[str, float]


def totals_of(points: Sequence[Point], unit: str) -> dict[str, float]:
    """Return each day's total; the width of an interval is told in points of it."""
    totals: dict[str, float] = {}
    for point in points:
        totals[point.x] = totals.get(point.x, 0.0) + point.y
    return dict.fromkeys(totals, 100.0) if unit == "%" else totals


def width_of(point: Point, total: float) -> float | None:
    """Return the width of the 90 % interval in percent of a whole, None without an interval."""
    if point.interval is None:
        return None
    low, high = point.interval
    return 0.0 if high == low else 100 * (high - low) / total if total else None


def quotable(points: Sequence[Point], unit: str, dayless: bool) -> list[Point]:
    """Return estimates with `wide` where none may be quoted; others as they are.

    A share is judged by the points of its interval, a count by percent of itself. Ranked values and
    values by age are `dayless`: they have no day that could be too early to be quoted.
    """
    return [
        replace(
            point,
            wide=not is_narrow(width_of(point, 100.0 if unit == "%" else point.y))
            or not (dayless or point.x >= FIRST_DAY),
        )
        if point.rests_on
        else point
        for point in points
    ]


def is_narrow(width: float | None) -> bool:
    """Return whether there is an interval, narrow enough to be put into words."""
    return width is not None and width <= WIDEST_SAID


class DrawnEstimates(NamedTuple):
    """The estimates that are drawn over time: points, first quotable day, days to be hatched."""

    points: list[Point]
    start: str
    hatched_days: frozenset[str]


def drawn_estimates(
    kind: str, points: Sequence[Point], drawn_keys: Sequence[ChartKey], unit: str, early: bool
) -> DrawnEstimates:
    """Return the part of the estimates that a chart over time draws.

    Areas draw only days that may be quoted. Other kinds start where the largest keys may be quoted.
    Days before that are drawn as well if `early` says so, to be shown pale; so are all days where
    nothing may be quoted.
    """
    totals = totals_of(points, unit)
    if kind == "areas":
        days = set(quotable_days(points, drawn_keys, totals))
        quotable = [point for point in points if point.x in days]
        shares = counted_shares(quotable)
        return DrawnEstimates(
            quotable, "", frozenset(day for day, part in shares.items() if part < FIRM)
        )
    start = first_quotable_day(points, drawn_keys, totals)
    first = start or FIRST_DAY
    late = [point for point in points if point.x >= first]
    quotable = list(points) if early or not late else late
    return DrawnEstimates(quotable, start or max(point.x for point in points), frozenset())


def widths_by_day(
    points: Sequence[Point], totals: Totals
) -> dict[str, dict[ChartKey, float | None]]:
    """Return the widths of the intervals of each day that may be said, by key, earliest first."""
    widths: dict[str, dict[ChartKey, float | None]] = {}
    for point in sorted(points, key=lambda point: point.x):
        if point.x >= FIRST_DAY:
            widths_of_day = widths.setdefault(point.x, {})
            widths_of_day[point.key, point.label] = width_of(point, totals[point.x])
    return widths


def first_quotable_day(
    points: Sequence[Point], drawn_keys: Sequence[ChartKey], totals: Totals
) -> str:
    """Return the first day on which the largest keys may be said; empty if there is none.

    A key alone has no others to share with: its band is drawn from `FIRST_DAY` on.
    """
    widths = widths_by_day(points, totals)
    if len(drawn_keys) < 2:
        return next(iter(widths), "")
    with_interval = {(p.key, p.label) for p in points if p.interval is not None}
    largest = [key for key in drawn_keys if key in with_interval][:LARGEST]
    return next(
        (
            day
            for day, widths_of_day in widths.items()
            if largest and are_narrow(widths_of_day, largest)
        ),
        "",
    )


def quotable_days(
    points: Sequence[Point], drawn_keys: Sequence[ChartKey], totals: Totals
) -> list[str]:
    """Return the last days without a gap on which every drawn key with an interval may be said."""
    days: list[str] = []
    for day, widths_of_day in reversed(widths_by_day(points, totals).items()):
        keys = [key for key in drawn_keys if widths_of_day.get(key) is not None]
        if keys and are_narrow(widths_of_day, keys):
            days.append(day)
        elif days:
            break
    return days


def are_narrow(widths: Mapping[ChartKey, float | None], keys: Sequence[ChartKey]) -> bool:
    """Return whether each of some keys has an interval, and none a wide one."""
    return all(is_narrow(widths.get(key)) for key in keys)


def is_loose(point: Point) -> bool:
    """Return whether the line to a point is broken: what it shows is not firm.

    An estimate is firm where it has an interval and most of it is counted on the day.
    """
    if not point.rests_on:
        return point.wide
    if point.rests_on == COUNTED:
        return False
    return point.interval is None or (point.counted_pct or 0.0) < FIRM


def counted_shares(points: Sequence[Point]) -> dict[str, float]:
    """Return for each day what part of all its downloads is counted on the day, in percent."""
    counted: dict[str, float] = {}
    totals: dict[str, float] = {}
    for point in points:
        totals[point.x] = totals.get(point.x, 0.0) + point.y
        counted[point.x] = counted.get(point.x, 0.0) + point.y * (point.counted_pct or 0.0)
    return {day: counted[day] / totals[day] if totals[day] else 0.0 for day in totals}
