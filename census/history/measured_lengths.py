"""How long the Hub's 30-day counts really were, measured where a source has both counts by day.

data/window_lengths.csv states the lengths that bounds and estimate use; this says when a source of
daily counts no longer fits them.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import fmean
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import iso
from census.history.observed_rows import ObservedRows

# A mean length of a month outside of this is reported.
SHORTEST_MEAN, LONGEST_MEAN = 28.5, 31.0
# Counts below this are too small to measure a length.
LEAST_DOWNLOADS = 2000
# Nothing is said of a month with fewer measured counts.
LEAST_COUNTS = 20
# All-time counts may be this many days apart around the beginning of a window.
WIDEST_GAP_DAYS = 2
LONGEST_DAYS = 45


class MeasuredLength(NamedTuple):
    """The mean length in days of a source's 30-day counts that end in a month (YYYY-MM)."""

    source: int
    month: str
    mean: float
    counts: int

    @property
    def fits(self) -> bool:
        """Say whether the mean is one that the stated lengths can have."""
        return SHORTEST_MEAN <= self.mean <= LONGEST_MEAN


def measured_lengths(rows: ObservedRows) -> list[MeasuredLength]:
    """Return the mean lengths by source and month, where enough counts can be measured."""
    lengths: dict[tuple[int, str], list[float]] = defaultdict(list)
    counted = rows.where(rows.all_time >= 0)
    counted = counted.where(np.lexsort((counted.days, counted.models, counted.sources)))
    changes = (np.diff(counted.sources) != 0) | (np.diff(counted.models) != 0)
    edges = [0, *(np.flatnonzero(changes) + 1).tolist(), len(counted.days)]
    for first, last in itertools.pairwise(edges):
        if last - first > 1:
            rows_of_model = slice(first, last)
            source = int(counted.sources[first])
            columns = (
                counted.days[rows_of_model],
                counted.in_30d[rows_of_model],
                counted.all_time[rows_of_model],
            )
            for day, length in _lengths_of(*columns):
                lengths[source, _month(day)].append(length)
    return [
        MeasuredLength(source, month, fmean(lengths_of_month), len(lengths_of_month))
        for (source, month), lengths_of_month in sorted(lengths.items())
        if len(lengths_of_month) >= LEAST_COUNTS
    ]


def _lengths_of(
    days: NDArray[np.int32], in_30d: NDArray[np.int64], totals: NDArray[np.int64]
) -> Iterator[tuple[int, float]]:
    """Yield the days on which a model's window can be measured, each with its length in days.

    The columns are those of one source, in order of days.
    """
    # A model younger than a window has all its downloads in it, whatever the window's length.
    measurable = (in_30d >= LEAST_DOWNLOADS) & (days - days[0] > LONGEST_MEAN)
    measured = np.flatnonzero(measurable)
    if not measured.size:
        return
    first = np.searchsorted(days, days[measured] - LONGEST_DAYS)
    if (totals[1:] < totals[:-1]).any():
        counts = [*zip(days.tolist(), totals.tolist(), strict=True)]
        for place, begin in zip(measured.tolist(), first.tolist(), strict=True):
            length = window_length(counts[begin : place + 1], int(in_30d[place]))
            if length is not None:
                yield counts[place][0], length
        return
    # Counters that never fall are looked up all at once, as `window_length` does for one.
    starts = totals[measured] - in_30d[measured]
    upper = np.searchsorted(totals, starts, side="right")
    has_earlier_count = upper > first
    measured, starts, upper = (
        measured[has_earlier_count],
        starts[has_earlier_count],
        upper[has_earlier_count],
    )
    lower = upper - 1
    are_near = days[upper] - days[lower] <= WIDEST_GAP_DAYS
    measured, starts, upper, lower = (
        measured[are_near],
        starts[are_near],
        upper[are_near],
        lower[are_near],
    )
    part_grown = (starts - totals[lower]) / (totals[upper] - totals[lower])
    lengths = days[measured] - (days[lower] + part_grown * (days[upper] - days[lower]))
    yield from zip(days[measured].tolist(), lengths.tolist(), strict=True)


@cache
def _month(day: int) -> str:
    return iso(day)[:7]


def window_length(all_time: Sequence[tuple[int, int]], growth: int) -> float | None:
    """Return how many days before its last day a counter was lower by `growth`, None if unknown.

    `all_time` are (day, count) in order of days. Between two counts that are near to each other the
    count is taken to grow evenly: with 100 on day 0, 130 on day 1 and 145 on day 2 a growth of 20
    took 1.17 days.
    """
    values = [value for _, value in all_time]
    start = values[-1] - growth
    place = bisect_right(values, start)
    if place in (0, len(values)) or values != sorted(values):
        return None
    (left, lower), (right, upper) = all_time[place - 1], all_time[place]
    if right - left > WIDEST_GAP_DAYS:
        return None
    return all_time[-1][0] - (left + (start - lower) / (upper - lower) * (right - left))


def unfitting(lengths: list[MeasuredLength]) -> Iterator[tuple[MeasuredLength, str]]:
    """Yield the months whose mean length does not fit, each with the words of its event."""
    for length in lengths:
        if not length.fits:
            yield (
                length,
                f"30-day counts cover {length.mean:.1f} days in the mean of {length.counts:,};"
                " window_lengths.csv needs a look",
            )
