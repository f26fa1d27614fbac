"""Which counts of a model the estimate is drawn through, and what time each of them covers.

Times are days since 1970-01-01 as floating point numbers; the end of day d is the time d.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from census.history.cleaning import Count
from census.history.dated import Dated, dated
from census.history.model_counts import HUB_FLOOR, ModelCounts, Window
from census.history.window_lengths import WindowLengths

WINDOWS_APART_DAYS = 12
COUNTS_APART_DAYS = 25
# Windows that share more than this part of a window with a later one only fix the speed.
MOST_SHARED = 0.25
# Where nobody looked for a model before it was first seen, it may be this much older.
OLDEST_BEFORE_SEEN_DAYS = 540
# A likely interval needs models with this many used windows.
LEAST_WINDOWS = 5

Row = TypeVar("Row", Count, Window)


class Span(NamedTuple):
    """The time that a window covers and the growth counted in it.

    `end` is its last day; `until` is earlier where a later window has the last days, and equals
    `start` where the growth is not drawn exactly because too much is shared.
    """

    start: float
    until: float
    end: float
    growth: int

    @property
    def drawn(self) -> bool:
        """Say whether the histories grow by exactly this count in this time."""
        return self.until > self.start

    @property
    def middle(self) -> float:
        """Return the middle of the time covered."""
        return (self.start + self.end) / 2

    @property
    def days(self) -> float:
        """Return the length of the time covered, in days."""
        return self.end - self.start


class UsedCounts(NamedTuple):
    """What the histories of one model are drawn through, in order of time.

    `begins` is the earliest and latest time of creation, equal where it is known. `counts` rise
    from the first after the creation on and are at least 25 days apart.
    """

    begins: tuple[float, float]
    counts: tuple[Count, ...]
    spans: tuple[Span, ...]


def used_windows(model_counts: ModelCounts) -> int:
    """Return how many windows of a model the estimate uses: 12 days apart, none after the counts.

    Of a model without an all-time count all windows serve.
    """
    return len(_used_windows(model_counts))


def used_counts(
    model_counts: ModelCounts, lengths: WindowLengths, unseen: int | None = None
) -> UsedCounts:
    """Choose the counts that the histories are drawn through.

    `unseen` is the last day on which the model's namespace was crawled without it.
    """
    windows = _used_windows(model_counts)
    begins = _creation_times(model_counts, unseen)
    counts = [
        count
        for count in _apart(dated(Count, model_counts.counts), COUNTS_APART_DAYS)
        if count.day > begins[1]
    ]
    return UsedCounts(begins, tuple(counts), _spans(windows, counts, begins[0], lengths))


def _used_windows(model_counts: ModelCounts) -> list[Window]:
    last = model_counts.counts[-1].day if model_counts.counts else None
    windows = dated(Window, model_counts.windows)
    return _apart(windows if last is None else windows.until(last), WINDOWS_APART_DAYS)


def _apart(rows: Dated[Row], days: int) -> list[Row]:
    """Return rows that are at least `days` apart, in order; the latest is chosen first."""
    chosen: list[int] = []
    # Few are chosen, which a list is quicker to look up in than an array.
    all_days: list[int] = rows.days.tolist()
    place = len(all_days) - 1
    while place >= 0:
        chosen.append(place)
        place = bisect_right(all_days, all_days[place] - days) - 1
    return [rows[place] for place in reversed(chosen)]


def _creation_times(model_counts: ModelCounts, unseen: int | None) -> tuple[float, float]:
    """Return the earliest and the latest time at which the model can have been created."""
    if model_counts.zero is not None:
        return float(model_counts.zero), float(model_counts.zero)
    first_days = [count.day for count in model_counts.counts[:1]] + [
        window.day for window in model_counts.windows[:1]
    ]
    first_seen = min(first_days)
    latest = float(first_seen - 1)
    if model_counts.created is None:
        earliest = first_seen - OLDEST_BEFORE_SEEN_DAYS if unseen is None else unseen
        return min(float(max(earliest, HUB_FLOOR)), latest), latest
    return min(float(model_counts.created), latest), min(float(model_counts.created), latest)


def _spans(
    windows: Sequence[Window], counts: Sequence[Count], begin: float, lengths: WindowLengths
) -> tuple[Span, ...]:
    """Return the windows as spans of time, in order, each day in at most one that is drawn."""
    spans: list[Span] = []
    free_until = float("inf")
    for window in reversed(windows):
        start = max(window.day - lengths.of(window.day).mean, begin)
        if start >= window.day:
            continue
        until = min(float(window.day), free_until)
        shared = (window.day - until) / (window.day - start)
        crossed = any(start < count.day < window.day for count in counts)
        if crossed or shared > MOST_SHARED:
            until = start
        else:
            free_until = start
        spans.append(Span(start, until, float(window.day), window.growth))
    spans.reverse()
    return tuple(spans)
