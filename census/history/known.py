"""What the observations say of one model's downloads: the input of bounds and estimate.

Days are integers (days since 1970-01-01); a count of a day is that at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from census.history.cleaning import Count, Event, clean_counts

# 2022-03-02: the Hub gives no earlier creation date, so this one means "then or earlier".
HUB_FLOOR = 19053


class Seen(NamedTuple):
    """One observation of a model, in order of days and then of the sources' preference."""

    day: int
    source: int
    downloads_30d: int | None
    downloads_all_time: int | None


class Window(NamedTuple):
    """A 30-day count: the growth of the counter over about thirty days up to the end of `day`."""

    day: int
    growth: int


class Known(NamedTuple):
    """What is known of one model, after cleaning; counts and windows are in order of days.

    `created` is the day of creation (None if unknown), `HUB_FLOOR` meaning "then or earlier".
    `zero` is the last day at whose end the count is known to be 0: the day of creation, or the day
    before it where a count of that very day is not 0; None where no zero is known (creation
    unknown, at the floor, or contradicted by an earlier count).
    """

    created: int | None
    zero: int | None
    counts: tuple[Count, ...]
    windows: tuple[Window, ...]

    @property
    def first_day(self) -> int:
        """The first day on which the model's downloads are published, where it has a count."""
        if self.zero is not None:
            return self.zero
        return min(HUB_FLOOR, self.counts[0].day)


def known_of(seen: Iterable[Seen], created: int | None) -> tuple[Known, list[Event]]:
    """Return what a model's usable observations say, and what the rules of cleaning did to them.

    Of several sources' counts of one day the preferred source's is taken, for each count by itself.
    0 of all time beside 0 in 30 days is read as unknown where any source ever counted more: so the
    Hub shows libraries without a counted file. A 30-day count of a day whose all-time count is set
    aside or lowered is not used either.
    """
    rows = list(seen)
    events: list[Event] = []
    if any(row.downloads_30d or row.downloads_all_time for row in rows):
        rows, uncounted = _without_uncounted(rows)
        if uncounted:
            done = "0 beside 0 is read as unknown, since other counts are larger"
            events.append(Event("uncounted", uncounted[0], uncounted[-1], done))
    all_time: dict[int, int] = {}
    in_30d: dict[int, int] = {}
    for row in rows:
        if row.downloads_30d is not None:
            in_30d.setdefault(row.day, row.downloads_30d)
        if row.downloads_all_time is not None:
            all_time.setdefault(row.day, row.downloads_all_time)
    cleaned = clean_counts([Count(*item) for item in sorted(all_time.items())])
    events += cleaned.events
    good = {count.day for count in cleaned.counts} - cleaned.capped
    windows = tuple(
        Window(day, growth)
        for day, growth in sorted(in_30d.items())
        if day in good or day not in all_time
    )
    counts = tuple(cleaned.counts)
    zero = _zero(created, counts, windows)
    first = rows[0].day if rows else None
    if created is not None and first is not None and first < created:
        done = "observed before the day of its creation; no zero point is taken"
        events.append(Event("created_later", first, created, done))
    return Known(created, zero, counts, windows), events


def _without_uncounted(rows: Sequence[Seen]) -> tuple[list[Seen], list[int]]:
    kept = [row for row in rows if (row.downloads_30d, row.downloads_all_time) != (0, 0)]
    days = sorted(
        {row.day for row in rows if (row.downloads_30d, row.downloads_all_time) == (0, 0)}
    )
    return kept, days


def _zero(created: int | None, counts: Sequence[Count], windows: Sequence[Window]) -> int | None:
    """Return the last day at whose end the count is known to be 0, or None."""
    if created is None or created <= HUB_FLOOR:
        return None
    positive = [count.day for count in counts if count.value]
    positive += [window.day for window in windows if window.growth]
    first = min(positive, default=created + 1)
    if first < created:
        return None
    return created - 1 if first == created else created
