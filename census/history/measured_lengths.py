"""How long the Hub's 30-day counts really were, measured where a source has both counts by day.

data/window_lengths.csv states the lengths that bounds and estimate use; this says when a source of
daily counts no longer fits them.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import fmean
from typing import NamedTuple

from census.base.days import iso

# A mean length of a month outside of this is reported.
SHORTEST_MEAN, LONGEST_MEAN = 28.5, 31.0
# Counts below this are too small to tell a length by.
LEAST_DOWNLOADS = 2000
# Nothing is said of a month with fewer measured counts.
LEAST_COUNTS = 20
# All-time counts may be this many days apart around the beginning of a window.
WIDEST_GAP_DAYS = 2
LONGEST_DAYS = 45

BOTH_COUNTS = """
    select h.source, h.model, h.day, h.downloads_30d, h.downloads_all_time
    from history as h
    where h.downloads_all_time is not null
    order by h.source, h.model, h.day
"""


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


def measured_lengths(connection: sqlite3.Connection) -> list[MeasuredLength]:
    """Return the mean lengths by source and month, where enough counts can be measured."""
    lengths: dict[tuple[int, str], list[float]] = defaultdict(list)
    rows = connection.execute(BOTH_COUNTS)
    for (source, _), of_model in groupby(rows, key=lambda row: (row[0], row[1])):
        recent: deque[tuple[int, int]] = deque()
        first = None
        for _, _, day, in_30d, total in of_model:
            first = day if first is None else first
            recent.append((day, total))
            while day - recent[0][0] > LONGEST_DAYS:
                recent.popleft()
            # The count of a model that is younger than a window is that of its whole life.
            if in_30d is not None and in_30d >= LEAST_DOWNLOADS and day - first > LONGEST_MEAN:
                length = window_length(recent, in_30d)
                if length is not None:
                    lengths[source, iso(day)[:7]].append(length)
    return [
        MeasuredLength(source, month, fmean(found), len(found))
        for (source, month), found in sorted(lengths.items())
        if len(found) >= LEAST_COUNTS
    ]


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
