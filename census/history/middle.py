"""One plain estimate of a model's downloads: what was counted, the rest spread evenly.

It decides only where a scope ends and which models are large; what is published is the estimate
with its interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.cleaning import Count
from census.history.dated import Dated, dated
from census.history.model_counts import HUB_FLOOR, ModelCounts, Window
from census.history.window_lengths import WindowLengths


class Stretch(NamedTuple):
    """A growth of `growth` downloads from the end of day `start` to the end of day `end`."""

    start: int
    end: int
    growth: int


def middle_values(
    model_counts: ModelCounts, days: Sequence[int], lengths: WindowLengths
) -> list[int]:
    """Return the estimate at the end of each day, for a model with an all-time count.

    Between two all-time counts the growth of disjoint windows, the latest first, lies evenly in
    their days and what is left evenly in the other days. The last count is carried.
    """
    points = _points(model_counts)
    windows_between: dict[int, list[Stretch]] = {}
    wanted_days = np.array(days, dtype=np.int64)
    places = np.searchsorted(points.days, wanted_days, side="right")
    before = np.maximum(places - 1, 0)
    values: list[int] = np.where(places > 0, points.values[before], 0).tolist()
    is_between = (places > 0) & (places < len(points)) & (points.days[before] != wanted_days)
    for number in np.flatnonzero(is_between).tolist():
        place = int(places[number])
        if place not in windows_between:
            windows_between[place] = _disjoint(
                model_counts, points[place - 1], points[place], lengths
            )
        values[number] = _between(
            points[place - 1], points[place], windows_between[place], days[number]
        )
    return values


def are_counted_on(model_counts: ModelCounts, days: Sequence[int]) -> NDArray[np.bool_]:
    """Say of which days an all-time count, or the zero of creation, is of the very day."""
    counted = np.isin(days, dated(Count, model_counts.counts).days)
    if model_counts.zero is not None:
        counted |= np.array(days) == model_counts.zero
    return counted


def is_counted(model_counts: ModelCounts, day: int) -> bool:
    """Return whether an all-time count, or the zero of creation, is of this very day."""
    return bool(are_counted_on(model_counts, [day])[0])


def _points(model_counts: ModelCounts) -> Dated[Count]:
    counts = dated(Count, model_counts.counts)
    start = model_counts.zero
    if start is None:
        # Nothing is known before the first count of a model as old as the Hub's floor.
        start = min(HUB_FLOOR, counts[0].day)
    if start == counts[0].day:
        return counts
    return Dated(Count, np.insert(counts.days, 0, start), np.insert(counts.values, 0, 0))


def _disjoint(
    model_counts: ModelCounts, left: Count, right: Count, lengths: WindowLengths
) -> list[Stretch]:
    """Return disjoint windows between two counts, in order of days, no more than the growth."""
    chosen: list[Stretch] = []
    unexplained = right.value - left.value
    free_until = right.day
    windows = dated(Window, model_counts.windows).until(right.day)
    windows_between = windows[int(np.searchsorted(windows.days, left.day, side="right")) :]
    for window in reversed(windows_between):
        start = window.day - round(lengths.of(window.day).mean)
        if model_counts.zero is not None:
            start = max(start, model_counts.zero)
        if window.day <= free_until and start >= left.day:
            chosen.append(Stretch(start, window.day, min(window.growth, unexplained)))
            unexplained -= chosen[-1].growth
            free_until = start
    return chosen[::-1]


def _between(left: Count, right: Count, stretches: Sequence[Stretch], day: int) -> int:
    """Return the estimate on a day between two counts, rounded down."""
    covered = sum(stretch.end - stretch.start for stretch in stretches)
    uncovered = right.day - left.day - covered
    unexplained = right.value - left.value - sum(stretch.growth for stretch in stretches)
    value = left.value
    numerator, denominator = 0, 1
    covered_before = 0
    for stretch in stretches:
        if stretch.end <= day:
            value += stretch.growth
            covered_before += stretch.end - stretch.start
        elif stretch.start < day:
            numerator = stretch.growth * (day - stretch.start)
            denominator = stretch.end - stretch.start
            covered_before += day - stretch.start
    if uncovered:
        elapsed, days = day - left.day - covered_before, uncovered
    else:
        # The windows cover every day and still leave growth unexplained: spread it over all.
        elapsed, days = day - left.day, right.day - left.day
    return value + (unexplained * elapsed * denominator + numerator * days) // (days * denominator)
