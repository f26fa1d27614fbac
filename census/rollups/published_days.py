"""The days on which downloads are published, and the spans of days whose growth is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from census.base.days import month_end_before, month_ends
from census.history.model_counts import HUB_FLOOR

MONTH, WEEK, DAY = "month", "week", "day"
STEPS = (MONTH, WEEK, DAY)
# Weeks and days are published of this many days up to a scope's last one.
RECENT_DAYS = 92
WEEK_DAYS = 7


class Span(NamedTuple):
    """The growth from the end of day `start` to the end of day `end`."""

    start: int
    end: int


class PublishedRow(NamedTuple):
    """A row of a series: to the end of day `through`, with the growth of `span`."""

    step: str
    through: int
    span: Span


class PublishedDays:
    """All days and spans of some scopes, each in order: places in arrays of downloads."""

    def __init__(self, ends: Iterable[int]) -> None:
        rows = [row for end in sorted(set(ends)) for row in rows_of(end)]
        spans = sorted({row.span for row in rows})
        days = {row.through for row in rows} | {day for span in spans for day in span}
        self.days = tuple(sorted(days))
        self.day_at = {day: place for place, day in enumerate(self.days)}
        self.spans = tuple(spans)
        self.span_at = {span: place for place, span in enumerate(self.spans)}


def rows_of(end: int) -> list[PublishedRow]:
    """Return the rows of a scope that ends on a day: months, then weeks, then days, in order.

    The last month runs to the scope's last day. Weeks end on that day and every seven days before.
    """
    through = list(month_ends(month_end_before(HUB_FLOOR) + 1, end))
    if not through or through[-1] != end:
        through.append(end)
    rows = [PublishedRow(MONTH, day, Span(month_end_before(day), day)) for day in through]
    first = max(end - RECENT_DAYS + 1, HUB_FLOOR + WEEK_DAYS)
    weeks = range(end, first - 1, -WEEK_DAYS)
    rows += [PublishedRow(WEEK, day, Span(day - WEEK_DAYS, day)) for day in reversed(weeks)]
    rows += [PublishedRow(DAY, day, Span(day - 1, day)) for day in range(first, end + 1)]
    return rows
