"""Two sources of one channel on the same days: what they state differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

# Counts taken at two hours of one day differ a little; differences above this part are reported.
TOLD_FROM = 0.05


class CountDifference(NamedTuple):
    """A name whose counts of one day are apart; `part` is of the larger one."""

    part: float
    name: str
    value: int
    other_value: int


class Disagreement(NamedTuple):
    """Days one after the other on which two sources state counts that differ by over 5 %."""

    source: str
    other: str
    first: str
    last: str
    names: int
    counts: int
    compared: int
    largest: CountDifference

    @property
    def words(self) -> str:
        """The event in one sentence."""
        name, value, other_value = self.largest[1:]
        return (
            f"{self.counts:,} of {self.compared:,} counts differ by over {TOLD_FROM:.0%} from"
            f" {self.source}, the most {name}: {other_value:,} against {value:,};"
            f" {self.source} is used where it has the day"
        )


def disagreements(
    source: str,
    days: Mapping[str, Mapping[str, int]],
    other: str,
    other_days: Mapping[str, Mapping[str, int]],
) -> Iterator[Disagreement]:
    """Yield the stretches of days that both sources have and on which they differ by over 5 %."""
    run: list[tuple[str, int, list[CountDifference]]] = []
    for day in sorted(days.keys() & other_days.keys()):
        compared, differences = _differences(days[day], other_days[day])
        if differences:
            run.append((day, compared, differences))
        elif run:
            yield _disagreement(source, other, run)
            run = []
    if run:
        yield _disagreement(source, other, run)


def _differences(
    counts: Mapping[str, int], others: Mapping[str, int]
) -> tuple[int, list[CountDifference]]:
    """Return how many names both have, and those whose counts differ too much."""
    pairs = [
        CountDifference(abs(value - other) / max(value, other), name, value, other)
        for name, value in counts.items()
        if (other := others.get(name)) and value
    ]
    return len(pairs), [pair for pair in pairs if pair.part > TOLD_FROM]


def _disagreement(
    source: str, other: str, run: list[tuple[str, int, list[CountDifference]]]
) -> Disagreement:
    differences = [pair for _, _, pairs in run for pair in pairs]
    return Disagreement(
        source,
        other,
        run[0][0],
        run[-1][0],
        len({pair.name for pair in differences}),
        len(differences),
        sum(compared for _, compared, _ in run),
        max(differences),
    )
