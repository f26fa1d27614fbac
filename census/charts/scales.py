"""The scale of amounts in a plot: from nothing up, near to the values, or logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from census.charts.figures import Figure, Point, highest

# A logarithmic axis shows this many tenfold steps at most, below its highest value.
DECADES = 5
# Within so few tenfold steps labels stand at 2 and 5 as well.
FEW = 2
# An axis near to its values has wider steps where there would be more than these.
FEW_STEPS = 5


class Amounts(NamedTuple):
    """The values at the floor and at the ceiling of a plot."""

    floor: float
    ceiling: float
    log: bool = False

    def channel(self) -> dict[str, Any]:
        """Return the y channel without its field; on a logarithmic scale all is drawn inside.

        `Amounts(0, 80)` → `{"scale": {"domain": [0, 80], "nice": False}, "type": "quantitative"}`.
        """
        scale: dict[str, Any] = {"domain": [self.floor, self.ceiling], "nice": False}
        if self.log:
            scale |= {"type": "log", "clamp": True}
        return {"scale": scale, "type": "quantitative"}

    def ticks(self, linear: Sequence[float] | None = None) -> dict[str, Any]:
        """Return the values at which an axis has labels, nothing where the axis finds them.

        Logarithmic from 1,000 to 50,000 → 1,000, 2,000, 5,000, 10,000, 20,000, 50,000; to
        2,000,000 → 1,000, 10,000, 100,000, 1,000,000.
        """
        if not self.log:
            return {"values": list(linear)} if linear else {}
        first, last = (math.log10(value) for value in (self.floor, self.ceiling))
        factors = (1, 2, 5) if last - first <= FEW else (1,)
        steps = range(math.floor(first), math.ceil(last) + 1)
        candidates = [factor * 10.0**step for step in steps for factor in factors]
        return {"values": [value for value in candidates if self.floor <= value <= self.ceiling]}

    def pixel(self, value: float, height: float) -> float:
        """Return the pixels by which a value lies below the ceiling.

        10 of 0 to 50 in a plot of 100 pixels → 80; 10 of 1 to 100, logarithmic → 50.
        """
        if self.log:
            part = math.log(max(value, self.floor) / self.floor) / math.log(
                self.ceiling / self.floor
            )
        else:
            part = (value - self.floor) / (self.ceiling - self.floor)
        return height * (1 - part)

    def at(self, pixel: float, height: float) -> float:
        """Return the value that lies so far below the ceiling: the way back from `pixel`.

        80 of 100 pixels in 0 to 50 → 10; 50 in 1 to 100, logarithmic → 10.
        """
        part = 1 - pixel / height
        if self.log:
            return float(self.floor * (self.ceiling / self.floor) ** part)
        return self.floor + (self.ceiling - self.floor) * part

    def raised(self, strip: int, height: int) -> Amounts:
        """Return the scale with a free strip above its ceiling, in a plot of a height.

        20 of 100 pixels over 0 to 100 → 0 to 125, whose highest 20 pixels begin at 100.
        """
        if self.log:
            steps = math.log(self.ceiling / self.floor) * height / (height - strip)
            return self._replace(ceiling=self.floor * math.exp(steps))
        return self._replace(ceiling=self.ceiling * height / (height - strip))


def nice_top(value: float, percent: bool) -> float:
    """Return a round end of an axis that is not below the highest value.

    7 → 8, 12.1 → 15, 1,230,000,000 → 1,500,000,000, 0 → 1; as percent 70 → 80 and 71 → 100.
    """
    if percent and value > 70:
        return 100.0
    step = 1.0
    while step * 10 <= value:
        step *= 10
    while step > value > 0:
        step /= 10
    for factor in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10):
        if step * factor >= value:
            return step * factor
    return step * 10


def near_ends(lowest: float, highest: float) -> tuple[float, float]:
    """Return round ends of an axis that lie near to its values.

    90.2 and 148 → 80 and 160; 1,338 and 1,461 → 1,300 and 1,500; 7 and 7 → 6 and 8.
    """
    if highest <= lowest:
        lowest, highest = lowest - 0.5, highest + 0.5
    step = 10.0 ** math.floor(math.log10(highest - lowest))
    if (highest - lowest) / step > FEW_STEPS:
        step *= 2
    return math.floor(lowest / step) * step, math.ceil(highest / step) * step


def amounts_of(figure: Figure) -> Amounts:
    """Return the scale of a figure over time."""
    if figure.axis_near_values:
        tops = [point.y for point in figure.points]
        return Amounts(*near_ends(min(tops), max(tops)))
    top = nice_top(highest(figure), figure.unit == "%")
    if not figure.log:
        return Amounts(0.0, top)
    lowest = min(point.y for point in figure.points)
    floor = 10.0 ** math.floor(math.log10(lowest))
    return Amounts(floor if floor < top else top / 10, top, log=True)


def for_log(points: Sequence[Point]) -> list[Point]:
    """Return the points that a logarithmic axis can show: nothing has no place on it.

    Values 0, 10, 11 and 1,000,000 → 11 and 1,000,000, five tenfold steps at most.
    """
    top = max((point.y for point in points), default=0.0)
    return [point for point in points if point.y > top / 10**DECADES]
