"""Two sources of one channel on the same day: what they state differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

# Counts of two hours of one day differ a little; from this part on it is told.
TOLD_FROM = 0.05


class Disagreement(NamedTuple):
    """A day on which two sources state counts of some names that differ by over 5 %."""

    source: str
    other: str
    day: str
    names: int
    compared: int
    largest: str
    value: int
    other_value: int

    @property
    def words(self) -> str:
        """The event in one sentence."""
        return (
            f"{self.names} of {self.compared} names differ by over {TOLD_FROM:.0%} from"
            f" {self.source}, the most {self.largest}: {self.other_value:,} against"
            f" {self.value:,}; {self.source} is used where it has the day"
        )


def disagreements(
    source: str,
    days: Mapping[str, Mapping[str, int]],
    other: str,
    other_days: Mapping[str, Mapping[str, int]],
) -> Iterator[Disagreement]:
    """Yield the days that both sources have and on which a count differs by over 5 %."""
    for day in sorted(days.keys() & other_days.keys()):
        pairs = [
            (abs(value - other_value) / max(value, other_value), name, value, other_value)
            for name, value in days[day].items()
            if (other_value := other_days[day].get(name)) and value
        ]
        apart = [pair for pair in pairs if pair[0] > TOLD_FROM]
        if apart:
            _, largest, value, other_value = max(apart)
            yield Disagreement(
                source, other, day, len(apart), len(pairs), largest, value, other_value
            )
