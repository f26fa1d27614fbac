"""The census's own figure for comparison with a published one: draws within hard bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from census.base.shares import share_bounds
from census.base.speech import Value, may_say
from census.rollups.summaries import points_of

Double = NDArray[np.float64]


@dataclass(frozen=True)
class OurFigure:
    """A figure of ours: its middle, the hard bounds, and its draws where they may be said.

    `high` is infinite where nothing limits it; `words` say what the bounds are of. `share` says
    that it is in percent, so that widths are points.
    """

    middle: float
    low: float
    high: float
    draws: Double | None = field(default=None, compare=False, repr=False)
    words: str | None = None
    share: bool = False

    @property
    def exact(self) -> bool:
        """Whether nothing is open: both bounds are one value."""
        return self.low == self.high

    @property
    def likely(self) -> tuple[float, float] | None:
        """The ends of the 90 % interval within the hard bounds; None without draws."""
        if self.draws is None:
            return None
        points = points_of(self.draws[:, None])
        low, high = float(points.low[0]), float(points.high[0])
        return max(min(low, self.middle), self.low), min(max(high, self.middle), self.high)

    @property
    def value(self) -> Value:
        """The figure as the rules of speech take it."""
        if self.exact:
            return Value(self.middle, self.low, self.high, counted=True)
        ends = self.likely
        return Value(self.middle, *ends, likely=True) if ends else Value(self.middle, None, None)

    @property
    def is_quotable(self) -> bool:
        """Whether its middle may be said."""
        return may_say(self.value, self.share)

    def chance(self, low: float, high: float) -> float | None:
        """Return the part of the draws from `low` to `high`; None without draws that decide.

        What the hard bounds decide is 1 or 0.
        """
        if low <= self.low and self.high <= high:
            return 1.0
        if self.high < low or self.low > high:
            return 0.0
        if self.draws is None:
            return None
        return round(float(np.mean((low <= self.draws) & (self.draws <= high))), 2)


def figure_of_draws(
    draws: Double, low: float, high: float, certain: bool, share: bool = False
) -> OurFigure:
    """Return a figure whose middle is that of its draws; they decide only if they are `certain`."""
    middle = min(max(float(np.median(draws)), low), high)
    return OurFigure(middle, low, high, draws if certain else None, share=share)


def share_range(
    low: float, high: float, total_low: float, total_high: float
) -> tuple[float, float]:
    """Return the lowest and the highest share of a part of a whole in percent; 0 of nothing."""
    lowest, highest = share_bounds(low, high, total_low, total_high)
    return float(np.nan_to_num(lowest)), float(np.nan_to_num(highest))


def counted_figure(value: int) -> OurFigure:
    """Return a figure that is counted."""
    return OurFigure(value, value, value)


def figure_of_least(count: int, words: str) -> OurFigure:
    """Return a figure with a lower bound only; `words` say what is counted."""
    return OurFigure(count, count, math.inf, words=words)
