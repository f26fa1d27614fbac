"""The last day of each scope: the newest on which most of its downloads are counted."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from census.history.known import Known
from census.history.middle import is_counted, middle_values
from census.history.window_lengths import WindowLengths

# The last days that are tried as a scope's end; older ones would hide a month of observations.
CANDIDATE_DAYS = 40
# A scope ends on the last day on which this part of its downloads is counted, in percent.
COUNTED_PCT = 90.0


class End(NamedTuple):
    """A scope's last day and the part of its downloads counted on that very day, in percent."""

    day: int
    counted_pct: float


class Candidate(NamedTuple):
    """The downloads of every model by a day, and the models counted on it."""

    downloads: Mapping[int, int]
    counted: frozenset[int]


def candidate_days(counted: Mapping[int, Known]) -> list[int]:
    """Return the last days with a usable all-time count, the latest first."""
    # The last days of all are among the last ones of each.
    days = {count.day for known in counted.values() for count in known.counts[-CANDIDATE_DAYS:]}
    return heapq.nlargest(CANDIDATE_DAYS, days)


def candidates(counted: Mapping[int, Known], lengths: WindowLengths) -> dict[int, Candidate]:
    """Return the downloads by each of the last counted days, the latest first."""
    days = candidate_days(counted)
    downloads: dict[int, dict[int, int]] = {day: {} for day in days}
    known_on: dict[int, set[int]] = {day: set() for day in days}
    ascending = days[::-1]
    for model, known in counted.items():
        values = middle_values(known, ascending, lengths)
        for day, value in zip(ascending, values, strict=True):
            if day >= known.first_day:
                downloads[day][model] = value
                if is_counted(known, day):
                    known_on[day].add(model)
    return {day: Candidate(downloads[day], frozenset(known_on[day])) for day in days}


def end_of_scope(tried: Mapping[int, Candidate], models: Iterable[int]) -> End | None:
    """Return a scope's last day, None where nothing is counted; `tried` has the latest day first.

    It is the last day on which models counted on that day hold `COUNTED_PCT` of the downloads.
    """
    members = frozenset(models)
    for day, candidate in tried.items():
        total = counted = 0
        for model, value in candidate.downloads.items():
            if model in members:
                total += value
                counted += value if model in candidate.counted else 0
        if total and 100 * counted >= COUNTED_PCT * total:
            return End(day, 100 * counted / total)
    return None
