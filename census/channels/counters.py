"""One all-time counter of a channel: cleaned, and bounded by what must be true of it.

A counter never falls, and a page that shows 1.2M says between 1.1 and 1.3 million: whether it
rounds or cuts is not stated, so that both are allowed for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

# A fall is undecided until the counter was read so often again, as on the Hub.
UNDECIDED_READINGS = 8
MILLION = 1_000_000
THOUSAND = 1_000


class CounterReading(NamedTuple):
    """A counter as a page showed it on a day; `unit` is the step that it is rounded to."""

    day: str
    value: int
    unit: int

    @property
    def low(self) -> int:
        """The least that the counter can have been."""
        return max(self.value - self.unit, 0)

    @property
    def high(self) -> int:
        """The most that the counter can have been."""
        return self.value + self.unit


class Fall(NamedTuple):
    """A fall of a counter and what was done: rollback, correction or undecided."""

    kind: str
    first: str
    last: str
    before: int
    after: int


class Level(NamedTuple):
    """A counter on a day: what was last read, and its bounds; `high` None is without a bound."""

    value: int
    low: int
    high: int | None


def shown_unit(value: int) -> int:
    """Return the step to which a page rounds a count: 17.7K -> 100, 1.2M -> 100,000, 999 -> 0."""
    if value >= MILLION and value % (MILLION // 10) == 0:
        return MILLION // 10
    return THOUSAND // 10 if value >= THOUSAND and value % (THOUSAND // 10) == 0 else 0


class Counter:
    """A cleaned counter; its readings never fall."""

    def __init__(self, readings: Sequence[CounterReading]) -> None:
        """Clean readings that are in order of days, one a day."""
        self.falls: list[Fall] = []
        self.last_day = readings[-1].day if readings else ""
        self.readings = self._cleaned(readings) if readings else []
        self._days = [reading.day for reading in self.readings]
        self._lows = list(accumulate((reading.low for reading in self.readings), max))
        highs = accumulate((reading.high for reading in reversed(self.readings)), min)
        self._highs = list(highs)[::-1]

    def _cleaned(self, readings: Sequence[CounterReading]) -> list[CounterReading]:
        cleaned: list[CounterReading] = []
        peak = readings[0]
        place = 0
        while place < len(readings):
            reading = readings[place]
            # Kept readings overlap with the highest one before: only rounding makes them fall.
            if not cleaned or reading.high >= peak.low:
                peak = reading if not cleaned or reading.low > peak.low else peak
                cleaned.append(reading)
                place += 1
                continue
            recovery = next(
                (i for i in range(place, len(readings)) if readings[i].high >= peak.low),
                len(readings),
            )
            fallen = readings[place:recovery]
            if recovery == len(readings) and len(fallen) >= UNDECIDED_READINGS:
                peak_before, cleaned = (
                    peak,
                    [earlier for earlier in cleaned if earlier.low <= reading.high],
                )
                peak = max(cleaned, key=lambda earlier: earlier.low, default=reading)
                self.falls.append(
                    Fall(
                        "correction", peak_before.day, reading.day, peak_before.value, reading.value
                    )
                )
                continue
            kind = "rollback" if recovery < len(readings) else "undecided"
            self.falls.append(Fall(kind, reading.day, fallen[-1].day, peak.value, reading.value))
            place = recovery
        return cleaned

    def level(self, day: str) -> Level | None:
        """Return the counter on a day, None before its first reading."""
        place = bisect_right(self._days, day)
        if not place:
            return None
        after = place - 1 if self._days[place - 1] == day else place
        high = self._highs[after] if after < len(self._days) else None
        low = self._lows[place - 1]
        value = max(self.readings[place - 1].value, low)
        return Level(value if high is None else min(value, high), low, high)
