"""Days as the pipeline counts them: whole numbers since 1970-01-01, and the ends of months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """Return the day of a number of days since 1970-01-01."""
    return EPOCH + timedelta(days=number)


@cache
def iso(number: int) -> str:
    """Return the ISO text of a number of days since 1970-01-01."""
    return day_of(number).isoformat()


def is_month_end(number: int) -> bool:
    """Return whether a day is the last of its month."""
    return day_of(number + 1).day == 1


def month_end_before(number: int) -> int:
    """Return the last day of the month before the one that a day is in."""
    return day_number(day_of(number).replace(day=1)) - 1


def month_ends(first: int, last: int) -> Iterator[int]:
    """Yield the last days of the months that end from `first` to `last`, in order."""
    start = day_of(first).replace(day=1)
    while True:
        start = (start + timedelta(days=31)).replace(day=1)
        end = day_number(start) - 1
        if end > last:
            return
        yield end
