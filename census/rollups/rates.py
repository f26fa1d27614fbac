"""Downloads a day of one model, draw by draw: what windows say, and how far it wanders between.

The logarithm of the rate is a straight line between the middles of the windows plus noise that is 0
at these middles. Arrays have one row a cell of the grid of noise and one column a draw.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.model_counts import HUB_FLOOR
from census.rollups.noise import (
    CELL_DAYS,
    ERROR_PLACE,
    MEMORY_DAYS,
    SharedNoise,
    Stream,
    cell_of,
)
from census.rollups.used_counts import UsedCounts

# The error of the logarithm of a count, as a measure of the speed at the middle of its window: its
# own, and that shared by all counts of a quarter.
COUNT_ERROR = 0.08
QUARTER_ERROR = 0.02
# Its own error as a measure of the growth over the mean length: windows are 28.6 to 30.0 days long
# around 29.1 (5th to 95th percentile), and counters are corrected or stall.
WINDOW_ERROR = 0.02
# More variance where the mean rate between all-time counts stands in for windows.
STAND_IN_VARIANCE = 0.5
# A count of 0 stands for this much.
NO_DOWNLOADS = 0.5
# Before the first window the speed falls by this part a month, for at most a year.
FALL_A_MONTH = 0.03
FALL_MONTHS = 12
MOST_NOISE = 3.0

Single = NDArray[np.float32]
Double = NDArray[np.float64]


class Speeds(NamedTuple):
    """The times whose speed is known: one row each, errors with one column a draw.

    `levels` are logarithms of downloads a day. `errors` are those of the speed at the middle,
    `growth_errors` those of the growth in a window.
    """

    middles: Double
    levels: Double
    errors: Single
    growth_errors: Single


def known_speeds(used: UsedCounts, stream: Stream, shared: SharedNoise, until: float) -> Speeds:
    """Return the speeds of a model's windows, or of the times between its all-time counts.

    Those after the time `until` are left out except two, which the speed before it may depend on.
    """
    added_variance = 0.0
    times_and_growths = [(span.middle, span.days, span.growth, span.end) for span in used.spans]
    if not times_and_growths:
        added_variance = STAND_IN_VARIANCE
        begin, before = used.begins[0], 0
        for count in used.counts:
            length = count.day - begin
            times_and_growths.append(
                (begin + length / 2, length, count.value - before, float(count.day))
            )
            begin, before = float(count.day), count.value
    within_time = sum(middle <= until + CELL_DAYS for middle, *_ in times_and_growths)
    middles, lengths, growths, ends = np.array(
        times_and_growths[: within_time + 2], dtype=np.float64
    ).T
    levels = np.log(np.maximum(growths, NO_DOWNLOADS) / lengths)
    spread = np.sqrt(COUNT_ERROR**2 + 1 / (growths + 1) + added_variance).astype(np.float32)
    own_errors = stream.normals([ERROR_PLACE + cell_of(middle) for middle in middles])
    quarter_errors = np.float32(QUARTER_ERROR) * np.array(
        [shared.quarter(int(day)) for day in ends]
    )
    return Speeds(
        middles,
        levels,
        own_errors * spread[:, None] + quarter_errors,
        own_errors * np.float32(WINDOW_ERROR) + quarter_errors,
    )


def daily_rates(speeds: Speeds, noise: Single, first: int, followed: bool) -> Single:
    """Return downloads a day in the cells of the grid from `first` on; `noise` is used up.

    `followed` says that an all-time count follows. If none does, the mean of the draws keeps the
    level of the windows, else their median.
    """
    middles, levels, errors, _ = speeds
    times = HUB_FLOOR + CELL_DAYS * np.arange(first + 0.5, first + len(noise), dtype=np.float64)
    # The two middles around each cell and the weight of the later; the same outside of them.
    later = np.searchsorted(middles, times)
    left = np.maximum(later - 1, 0)
    right = np.minimum(later, len(middles) - 1)
    gaps = np.maximum(middles[right] - middles[left], 1.0)
    weight = np.clip((times - middles[left]) / gaps, 0.0, 1.0)
    before = np.maximum(middles[0] - times, 0.0)
    outside = np.maximum(before, times - middles[-1])
    fade = np.exp(-np.maximum(outside, 0.0) / MEMORY_DAYS)

    noise -= _between(_at(noise, times, middles), left, right, weight, fade)
    np.maximum(np.minimum(noise, MOST_NOISE, out=noise), -MOST_NOISE, out=noise)
    if not followed:
        errors = _level_in_the_mean(errors)
        noise = _level_in_the_mean(noise)
    line = levels[left] + (levels[right] - levels[left]) * weight
    line -= FALL_A_MONTH * np.minimum(before / 30, FALL_MONTHS)
    noise += line.astype(np.float32)[:, None]
    noise += _between(errors, left, right, weight, np.ones_like(fade))
    return np.exp(noise, out=noise)


def _level_in_the_mean(logarithms: Single) -> Single:
    """Return the logarithms moved so that the mean of their exponentials is 1 in each row."""
    level: Single = np.log(np.exp(logarithms).mean(axis=1))[:, None]
    return logarithms - level


def _between(
    values: Single, left: NDArray[np.intp], right: NDArray[np.intp], weight: Double, fade: Double
) -> Single:
    """Return the values between two rows each, (1 - weight) * left + weight * right, faded."""
    line = values[left]
    line *= ((1 - weight) * fade).astype(np.float32)[:, None]
    second = values[right]
    second *= (weight * fade).astype(np.float32)[:, None]
    line += second
    return line


def _at(noise: Single, times: Double, middles: Double) -> Single:
    """Return the noise at the middles, between the cells around each."""
    place = np.clip((middles - times[0]) / CELL_DAYS, 0, len(times) - 1)
    left = place.astype(np.intp)
    right = np.minimum(left + 1, len(times) - 1)
    return _between(noise, left, right, place - left, np.ones(len(middles)))
