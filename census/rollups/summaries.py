"""From histories summed by key to the values that are published.

Arrays of draws have the shape (draws, days), and are quickest where the draws of a day are next to
each other in memory. What is published is computed draw by draw and only then summarised; ends of
intervals are never added.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from census.base.shares import percent_of

Floats = NDArray[np.floating]
Numbers = Floats | NDArray[np.integer]
Double = NDArray[np.float64]
Mask = NDArray[np.bool_]

# An interval leaves out this part of the draws at either end.
LEFT_OUT = 0.05
LEFT_OUT_OF_BAND = 0.25
# A key has a likely interval where models with enough used windows hold this part of it.
WINDOWED_PART = 0.8
# A row is counted where models counted within a day of it hold this part of it.
COUNTED_PART = 0.95
COUNTED_WITHIN_DAYS = 1
SIGNIFICANT_DIGITS = 4
# Shares are shown to this; a smaller miss is one of rounding.
SHOWN_PERCENT = 0.1
# Ends of a share that are this near to each other, in percent, are one point.
POINT_PERCENT = 1e-4

COUNTED = "counted"
ESTIMATED = "estimated"
BOUNDS = "bounds"


class Points(NamedTuple):
    """The middle of the draws and the ends of the 90 % and of the 50 % interval, by day."""

    middle: Double
    low: Double
    high: Double
    band_low: Double
    band_high: Double


def cut_to_bounds(draws: Floats, low: Numbers, high: Numbers) -> Double:
    """Return a model's draws cut to its hard bounds, which have one value a day.

    Cut draws still never fall, since neither draws nor bounds do: of two non-decreasing functions
    both the smaller and the larger at each day are non-decreasing.
    """
    return np.clip(draws, low, high).astype(np.float64, copy=False)


def points_of(draws: Floats) -> Points:
    """Return the middle and the ends of the draws of each day.

    Of 200 draws an interval of 90 % leaves out the lowest ten and the highest ten, and ends at the
    lowest and the highest that stay; the middle is the median.
    """
    ranked = np.sort(draws, axis=0)
    last = len(ranked) - 1
    left_out, left_out_of_band = int(LEFT_OUT * len(ranked)), int(LEFT_OUT_OF_BAND * len(ranked))
    places = (
        last // 2,
        (last + 1) // 2,
        left_out,
        last - left_out,
        left_out_of_band,
        last - left_out_of_band,
    )
    lower, upper, *ends = (ranked[place].astype(np.float64) for place in places)
    return Points((lower + upper) / 2, *ends)


def published_downloads(points: Points, low: Numbers, high: Numbers, exact: Mask) -> Points:
    """Return the points as they are stored: whole, rounded, and within the hard bounds.

    They have four significant digits and are then cut to [low, high], so that no value is rounded
    on a day on which low equals high or the model was counted (`exact`). An interval holds its
    middle.
    """
    stored = [
        np.clip(np.where(exact, np.rint(values), round_significant(values)), low, high)
        for values in points
    ]
    return _widened(Points(*stored))


def round_significant(values: Floats, digits: int = SIGNIFICANT_DIGITS) -> Double:
    """Return whole numbers with so many significant digits, the rest 0: 123,456 gives 123,500."""
    size = np.floor(np.log10(np.maximum(np.abs(values), 1.0)))
    unit = 10.0 ** np.maximum(size - digits + 1, 0)
    return np.asarray(np.rint(values / unit) * unit, dtype=np.float64)


class Shares(NamedTuple):
    """A key's published shares in percent, by day; nan where the sum of all is 0.

    `points.middle` is the share. `widened` marks the days on which it lay outside of an interval
    of the draws by more than is shown; every interval is widened to hold its share.
    """

    points: Points
    widened: Mask


class Summed(NamedTuple):
    """A sum by day: its stored downloads, its draws (draws, days) and its hard bounds."""

    downloads: Numbers
    draws: Floats
    low: Numbers
    high: Numbers


def published_shares(key: Summed, everything: Summed) -> Shares:
    """Return the shares of a key in the sum of all keys, and the ends of their intervals.

    The share is of the stored downloads, so that shares add up to 100, and has four decimals; the
    ends are those of the shares of each draw and have two, cut to the hard bounds of the share. An
    interval that is a point is the share itself.
    """
    share = percent_of(key.downloads, everything.downloads).round(4)
    points = points_of(percent_of(key.draws, everything.draws))
    low = percent_of(key.low, key.low + everything.high - key.high)
    high = percent_of(key.high, key.high + everything.low - key.low)
    point = points.high - points.low < POINT_PERCENT
    ends = []
    for place, end in enumerate(points[1:]):
        outwards = np.floor if place % 2 == 0 else np.ceil
        outside = end > share if place % 2 == 0 else end < share
        rounded = np.round(np.where(outside, outwards(share * 100) / 100, end), 2)
        # A bound that nothing is known of is nan, and cuts nothing.
        cut = np.fmin(np.fmax(rounded, low), high)
        ends.append(np.where(point | np.isnan(end), share, cut))
    outside = np.maximum(points.low - share, share - points.high)
    holds_share = point | np.isnan(share) | ~(outside > SHOWN_PERCENT / 2)
    return Shares(_widened(Points(share, *ends)), ~holds_share)


def has_likely_interval(downloads: ArrayLike, of_windowed: ArrayLike) -> Mask:
    """Say on which days a key has a likely interval.

    `of_windowed` are the downloads in its models with five or more used windows.
    """
    downloads, of_windowed = np.asarray(downloads), np.asarray(of_windowed)
    return np.asarray((downloads > 0) & (of_windowed >= WINDOWED_PART * downloads))


def are_counted(count_days: NDArray[np.integer], days: NDArray[np.integer]) -> Mask:
    """Return for each day whether one of `count_days`, in order, is at most a day away from it."""
    earliest = np.searchsorted(count_days, days - COUNTED_WITHIN_DAYS)
    after_latest = np.searchsorted(count_days, days + COUNTED_WITHIN_DAYS, side="right")
    return np.asarray(after_latest > earliest)


def rests_on(downloads: float, of_counted: float, likely: bool) -> str:
    """Say what a row rests on: counts, the estimate, or no more than hard bounds.

    Without downloads nothing is estimated, and the row rests on its bounds.
    """
    if downloads > 0 and of_counted >= COUNTED_PART * downloads:
        return COUNTED
    return ESTIMATED if likely else BOUNDS


def probability(events: Mask) -> float:
    """Return the part of the draws in which an event holds, to 0.01; one value a draw.

    A statement about several months or keys is one event: all of it holds in a draw or none.
    """
    return round(float(np.count_nonzero(events)) / len(events), 2)


class Crossing(NamedTuple):
    """When one key passed another for good, in days since 1970-01-01, from 90 % of the draws.

    `low` is None where in more than 5 % of draws it was ahead from the first day on, `high` where
    in more than 5 % it is not ahead at the end, `middle` where either holds in half of them.
    `chance` is the part of draws in which it is ahead at the end.
    """

    low: int | None
    middle: int | None
    high: int | None
    chance: float


def crossing(first: Floats, second: Floats, days: NDArray[np.integer]) -> Crossing:
    """Return when `first` passed `second`, to stay ahead to the last of the days.

    Of the days of `passing_days`, a draw that is not ahead at the end counts as later than all, one
    that always led as earlier than all.
    """
    days_of_draws = passing_days(first, second, days)
    last_draw = len(days_of_draws) - 1
    ranked = np.sort(days_of_draws)
    left_out = int(LEFT_OUT * len(ranked))
    low, middle, high = (
        _day(ranked[place]) for place in (left_out, last_draw // 2, last_draw - left_out)
    )
    return Crossing(
        low, middle, high, probability(np.isfinite(days_of_draws) | (days_of_draws < 0))
    )


def passing_days(first: Floats, second: Floats, days: NDArray[np.integer]) -> Double:
    """Return when `first` passed `second` in each draw, to stay ahead to the last of the days.

    Between two published days both grow evenly. A draw that passes more than once counts with its
    last time; one in which it never does is plus infinity, one in which it always led minus.
    """
    lead = np.asarray(first - second, dtype=np.float64)
    ahead = lead > 0
    draws, last = np.arange(len(lead)), lead.shape[1] - 1
    # The last day on which the first is not ahead; -1 where it always is.
    behind = last - np.argmax(~ahead[:, ::-1], axis=1)
    behind[ahead.all(axis=1)] = -1
    before, after = np.maximum(behind, 0), np.minimum(behind + 1, last)
    lack, lead_after = -lead[draws, before], lead[draws, after]
    passes = (behind >= 0) & (lead_after > 0)
    part_of_step = np.divide(lack, lack + lead_after, out=np.zeros(len(lead)), where=passes)
    passed_on = days[before] + np.floor(part_of_step * (days[after] - days[before])) + 1
    return np.where(behind < 0, -np.inf, np.where(behind == last, np.inf, passed_on))


def _day(when: float) -> int | None:
    return int(when) if np.isfinite(when) else None


def _widened(points: Points) -> Points:
    """Return the points with a band that holds the middle, and an interval that holds the band."""
    band_low = np.minimum(points.band_low, points.middle)
    band_high = np.maximum(points.band_high, points.middle)
    low = np.minimum(points.low, band_low)
    high = np.maximum(points.high, band_high)
    return Points(points.middle, low, high, band_low, band_high)
