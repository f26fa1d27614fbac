"""One model's cumulative downloads: what is known, and the bounds of what is not.

Days are integers (days since 1970-01-01); a value on a day is the count at its end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from census.cleaning import Cleaned

WINDOW_DAYS = 30
# 2022-03-02: the Hub gives no earlier creation date, so this one means "then or earlier".
HUB_FLOOR = 19053


class Value(NamedTuple):
    """The cumulative downloads at the end of a day: estimate, bounds and how they are known.

    `method` is `observed` (a counted day, or creation), `window` (from 30-day counts),
    `interpolated` (spread evenly between known points) or `carried` (nothing newer is known).
    """

    best: int
    low: int
    high: int
    method: str


class Growth(NamedTuple):
    """The downloads from one day to a later one: estimate and bounds."""

    best: int
    low: int
    high: int


class Window(NamedTuple):
    """A known growth: the curve rose by `growth` from the end of `start` to the end of `end`."""

    start: int
    end: int
    growth: int


class Point(NamedTuple):
    """A known value of the curve at the end of a day; `derived` from a later pair of counts."""

    day: int
    value: int
    derived: bool


class Curve:
    """The cumulative curve of one model; made by `make_curve`."""

    def __init__(self, points: Sequence[Point], windows: Sequence[Window], anchored: bool) -> None:
        self.points = points
        self.days = [point.day for point in points]
        self.anchored = anchored
        self._windows = windows
        self._window_ends = [window.end for window in windows]
        self._chosen: dict[int, list[Window]] = {}

    @property
    def first_day(self) -> int:
        """The first day on which the curve has a value."""
        return self.days[0] if self.anchored else min(HUB_FLOOR, self.days[0])

    def known_on(self, day: int) -> bool:
        """Return whether a point is known on a day."""
        place = bisect_left(self.days, day)
        return place < len(self.days) and self.days[place] == day

    def at(self, day: int) -> Value:
        """Return the value at the end of a day, from `first_day` on.

        It cannot be below the known point on its left or above the one on its right; 30-day
        windows wholly before the day raise the low bound, those wholly after it lower the high one.
        The estimate puts each window's growth in its days and spreads the rest evenly.
        """
        place = bisect_right(self.days, day)
        if place and self.days[place - 1] == day:
            point = self.points[place - 1]
            method = "window" if point.derived else "observed"
            return Value(point.value, point.value, point.value, method)
        if place == len(self.days):
            last = self.points[-1].value
            return Value(last, last, last, "carried")
        left, right = self._ends(place)
        windows = self.windows_before(place)
        low = left.value + sum(window.growth for window in windows if window.end <= day)
        high = right.value - sum(window.growth for window in windows if window.start >= day)
        inside = any(window.start < day < window.end for window in windows)
        best = _estimate(left, right, windows, day)
        return Value(best, low, high, "window" if inside else "interpolated")

    def growth(self, start: int, end: int) -> Growth:
        """Return the downloads from the end of day `start` to the end of day `end`.

        Low: the known growths wholly inside; high: the known points' difference less the known
        growths wholly outside.
        """
        best = self._best_or_zero(end) - self._best_or_zero(start)
        low = high = 0
        first = bisect_right(self.days, start)
        last = min(bisect_left(self.days, end), len(self.days) - 1)
        for place in range(first, last + 1):
            left, right = self._ends(place)
            total = right.value - left.value
            if left.day >= start and right.day <= end and (place or self.anchored):
                low += total
                high += total
                continue
            windows = self.windows_before(place)
            low += sum(w.growth for w in windows if w.start >= start and w.end <= end)
            high += total - sum(w.growth for w in windows if w.end <= start or w.start >= end)
        return Growth(best, low, high)

    def windows_before(self, place: int) -> list[Window]:
        """Return the disjoint windows between point `place` - 1 and point `place`.

        The latest window is taken first. Together they cannot say more than the two points: a
        window that does is cut to what is left.
        """
        if place not in self._chosen:
            left, right = self._ends(place)
            self._chosen[place] = self._choose(left, right)
        return self._chosen[place]

    def _choose(self, left: Point, right: Point) -> list[Window]:
        chosen: list[Window] = []
        rest = right.value - left.value
        free = right.day
        for place in range(bisect_right(self._window_ends, right.day) - 1, -1, -1):
            window = self._windows[place]
            if window.end <= left.day:
                break
            if window.end <= free and window.start >= left.day:
                chosen.append(window._replace(growth=min(window.growth, rest)))
                rest -= chosen[-1].growth
                free = window.start
        return chosen[::-1]

    def _ends(self, place: int) -> tuple[Point, Point]:
        right = self.points[place]
        if place:
            return self.points[place - 1], right
        # Nothing is known before the first point of a model as old as the Hub's floor: the curve
        # may have been anywhere from zero on, which is what its bounds then say.
        return Point(min(HUB_FLOOR, right.day), 0, derived=False), right

    def _best_or_zero(self, day: int) -> int:
        return self.at(day).best if day >= self.first_day else 0


def _estimate(left: Point, right: Point, windows: Sequence[Window], day: int) -> int:
    """Return the estimate on a day between two known points, rounded down."""
    if day <= left.day:
        return left.value
    covered = sum(window.end - window.start for window in windows)
    free = right.day - left.day - covered
    rest = right.value - left.value - sum(window.growth for window in windows)
    value = left.value
    numerator, denominator = 0, 1
    covered_before = 0
    for window in windows:
        if window.end <= day:
            value += window.growth
            covered_before += window.end - window.start
        elif window.start < day:
            numerator = window.growth * (day - window.start)
            denominator = window.end - window.start
            covered_before += day - window.start
    if free:
        gone, of = day - left.day - covered_before, free
    else:
        # The windows cover every day and still leave growth unexplained: spread it over all.
        gone, of = day - left.day, right.day - left.day
    return value + (rest * gone * denominator + numerator * of) // (of * denominator)


def make_curve(
    cleaned: Cleaned, counts_30d: Mapping[int, int], created: int | None, pairs: Mapping[int, int]
) -> Curve | None:
    """Return a model's curve, or None without any all-time count.

    `counts_30d` are the 30-day counts by day that may be used, `pairs` those that the same
    observation stated beside its all-time count, `created` the day of creation (None if unknown).
    Known points: zero on the day of creation (not at the Hub's floor, and not when a count is
    older); each count; and all-time less 30-day, thirty days earlier, where that lies on or after
    creation, on a day without a count and between its neighbours.
    """
    if not cleaned.counts:
        return None
    points = [Point(count.day, count.value, derived=False) for count in cleaned.counts]
    anchored = created is not None and created > HUB_FLOOR and created < points[0].day
    if anchored and created is not None:
        points.insert(0, Point(created, 0, derived=False))
    elif created is not None and created == points[0].day > HUB_FLOOR:
        anchored = True
    points = _with_derived(points, cleaned, pairs, points[0].day if anchored else HUB_FLOOR)
    start = points[0].day if anchored else HUB_FLOOR
    windows = [
        Window(max(day - WINDOW_DAYS, start), day, growth)
        for day, growth in sorted(counts_30d.items())
        if day > start
    ]
    return Curve(points, windows, anchored)


def _with_derived(
    points: Sequence[Point], cleaned: Cleaned, pairs: Mapping[int, int], earliest: int
) -> list[Point]:
    observed_days = [point.day for point in points]
    known = set(observed_days)
    derived: list[Point] = []
    for count in reversed(cleaned.counts):
        day = count.day - WINDOW_DAYS
        if count.day not in pairs or count.day in cleaned.capped:
            continue
        if day in known or day < earliest:
            continue
        value = count.value - pairs[count.day]
        place = bisect_left(observed_days, day)
        left = points[place - 1].value if place else 0
        right = points[place].value
        if derived and derived[-1].day < points[place].day:
            right = min(right, derived[-1].value)
        if left <= value <= right:
            derived.append(Point(day, value, derived=True))
            known.add(day)
    return sorted([*points, *derived])
