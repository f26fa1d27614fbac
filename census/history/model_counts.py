"""What the observations say of one model's downloads: the input of bounds and estimate.

Days are integers (days since 1970-01-01); a count of a day is that at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.cleaning import Count, Event, clean_counts
from census.history.dated import Dated, dated

Whole = NDArray[np.int64]

# 2022-03-02: the Hub gives no earlier creation date, so this one means "then or earlier".
HUB_FLOOR = 19053


class ObservedCounts(NamedTuple):
    """One observation of a model, in order of days and then of the sources' preference."""

    day: int
    source: int
    downloads_30d: int | None
    downloads_all_time: int | None


class Window(NamedTuple):
    """A 30-day count: the growth of the counter over about thirty days up to the end of `day`."""

    day: int
    growth: int


class ModelCounts(NamedTuple):
    """What is known of one model, after cleaning; counts and windows are in order of days.

    `created` is the day of creation (None if unknown), `HUB_FLOOR` meaning "then or earlier".
    `zero` is the last day at whose end the count is known to be 0: the day of creation, or the day
    before it where a count of that very day is not 0; None where no zero is known (creation
    unknown, at the floor, or contradicted by an earlier count).
    """

    created: int | None
    zero: int | None
    counts: Sequence[Count]
    windows: Sequence[Window]

    @property
    def first_day(self) -> int:
        """The first day on which the model's downloads are published, where it has a count."""
        if self.zero is not None:
            return self.zero
        return min(HUB_FLOOR, self.counts[0].day)


class ObservedColumns(NamedTuple):
    """What was observed of a model, in order of days and then of the sources' preference.

    Three arrays of one length: days since 1970-01-01, and the two counts, -1 where unknown.
    """

    days: Whole
    in_30d: Whole
    all_time: Whole

    def where(self, mask: NDArray[np.bool_]) -> ObservedColumns:
        """Return the observations that a mask marks."""
        return ObservedColumns(*(column[mask] for column in self))


def counts_of_model(
    observed: Iterable[ObservedCounts], created: int | None
) -> tuple[ModelCounts, list[Event]]:
    """Return a model's counts from its usable observations, as `counts_of_columns` does."""
    rows = [(row.day, *(-1 if count is None else count for count in row[2:])) for row in observed]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return counts_of_columns(ObservedColumns(*columns), created)


def counts_of_columns(
    observed: ObservedColumns, created: int | None
) -> tuple[ModelCounts, list[Event]]:
    """Return a model's counts from its usable observations, and the events of cleaning them.

    Of several sources' counts of one day the preferred source's is taken, for each count by itself.
    0 of all time beside 0 in 30 days is read as unknown where any source ever counted more: so the
    Hub shows libraries without a counted file. A 30-day count of a day whose all-time count is set
    aside or lowered is not used either.
    """
    events: list[Event] = []
    if (observed.in_30d > 0).any() or (observed.all_time > 0).any():
        nothing = (observed.in_30d == 0) & (observed.all_time == 0)
        if nothing.any():
            uncounted = observed.days[nothing]
            action = "0 beside 0 is read as unknown, since other counts are larger"
            events.append(Event("uncounted", int(uncounted[0]), int(uncounted[-1]), action))
            observed = observed.where(~nothing)
    counts = Dated(Count, *_first_of_day(observed.days, observed.all_time))
    windows = Dated(Window, *_first_of_day(observed.days, observed.in_30d))
    if (counts.values[1:] < counts.values[:-1]).any():
        cleaned = clean_counts(list(counts))
        events += cleaned.events
        good = [count.day for count in cleaned.counts if count.day not in cleaned.capped]
        unknown = np.isin(windows.days, counts.days, invert=True)
        windows = windows.where(unknown | np.isin(windows.days, good))
        counts = dated(Count, cleaned.counts)
    if created is not None and len(observed.days) and observed.days[0] < created:
        action = "observed before the day of its creation; no zero point is taken"
        events.append(Event("created_later", int(observed.days[0]), created, action))
    return ModelCounts(created, _zero(created, counts, windows), counts, windows), events


def _first_of_day(days: Whole, counts: Whole) -> tuple[Whole, Whole]:
    """Return the days with a known count, each once, and the first count of each."""
    is_known = counts >= 0
    days, counts = days[is_known], counts[is_known]
    first = np.ones(len(days), dtype=np.bool_)
    first[1:] = days[1:] != days[:-1]
    return days[first], counts[first]


def _zero(created: int | None, counts: Dated[Count], windows: Dated[Window]) -> int | None:
    """Return the last day at whose end the count is known to be 0, or None."""
    if created is None or created <= HUB_FLOOR:
        return None
    positive = [
        int(dated_counts.days[dated_counts.values > 0][0])
        for dated_counts in (counts, windows)
        if dated_counts.values.any()
    ]
    first = min(positive, default=created + 1)
    if first < created:
        return None
    return created - 1 if first == created else created
