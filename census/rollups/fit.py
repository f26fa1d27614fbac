"""Growth fitted to totals: where no window fixes the speed, it gives way until all adds up.

All times between two all-time counts of a model (segments) are fitted at once. Arrays of draws have
one row a piece of time and one column a draw.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from census.rollups.noise import DRAWS

# How free the speed of a piece is, in parts of LEVELS; that in a window is FIXED.
LEVELS = 16
FIXED = -1
# Windows may take this part of a total before the total scales them too.
MOST_IN_WINDOWS = 0.99
# The strongest fit is exp(MOST_FIT) times faster or slower far from all windows.
MOST_FIT = 12.0
FIT_STEPS = 12
# A fit that misses the rest by more than this part has failed: the total then scales all.
FIT_TOLERANCE = 0.01

Single = NDArray[np.float32]
Double = NDArray[np.float64]
Places = NDArray[np.intp]


def fit(growth: Single, segments: Places, levels: Places, totals: Double) -> Double:
    """Return the growth since the beginning of each segment, fitted to its total, (pieces, DRAWS).

    `segments` number the pieces' places in `totals`, in order; `levels` say how free each piece is:
    1 to LEVELS, or FIXED. Where windows alone take nearly all of a total, or no fit is found, the
    total scales windows and rest alike.
    """
    begins = np.append(True, segments[1:] > segments[:-1])
    first, number = np.flatnonzero(begins), np.cumsum(begins) - 1
    totals = totals[segments[first]]
    growth = growth * _factors_of_pieces(growth, number, levels, totals)
    history = np.empty(growth.shape)
    for total, (start, end) in zip(totals, pairwise([*first.tolist(), len(segments)]), strict=True):
        grown = np.cumsum(growth[start:end], axis=0, dtype=np.float64, out=history[start:end])
        reached = grown[-1].copy()
        grown *= np.divide(total, reached, out=np.zeros(DRAWS), where=reached > 0)
        np.minimum(grown, total, out=grown)
        grown[-1] = total
    return history


def _factors_of_pieces(growth: Single, number: Places, levels: Places, totals: Double) -> Single:
    """Return the factors of each piece's growth: 1 in windows and where there is nothing to fit.

    `number` are the segments of the pieces, from 0 on.
    """
    # One factor serves all pieces of a segment that are equally free.
    order = np.lexsort((levels, number))
    segment_of, level = number[order], levels[order]
    begins = np.append(True, (segment_of[1:] > segment_of[:-1]) | (level[1:] > level[:-1]))
    first = np.flatnonzero(begins)
    segment_of, level = segment_of[first], level[first]
    sums = np.add.reduceat(growth[order], first, axis=0)
    whole = totals.astype(np.float32)[:, None]
    outside_windows = np.repeat(whole, DRAWS, axis=1)
    outside_windows[segment_of[level == FIXED]] -= sums[level == FIXED]
    fitted = (np.bincount(segment_of) > 1) & (totals > 0)
    loose = fitted[segment_of] & (level != FIXED)
    factors = np.ones_like(sums)
    if loose.any():
        segment = (np.cumsum(fitted) - 1)[segment_of[loose]]
        factors[loose] = _factors(
            sums[loose], level[loose], segment, outside_windows[fitted], whole[fitted]
        )
    group = np.empty(len(order), dtype=np.intp)
    group[order] = np.cumsum(begins) - 1
    return factors[group]


def _factors(
    sums: Single, levels: Places, segments: Places, outside_windows: Single, total: Single
) -> Single:
    """Return exp(theta * freedom) for each sum: those of a segment add up to its `outside_windows`.

    The logarithm of the sum is a rising convex function of theta, on which Newton's steps come down
    to the solution from above, whatever the start. A draw without a solution has factors 1.
    """
    # By place among the sums of a segment, then segment: what a segment lacks adds nothing.
    place = np.arange(len(segments)) - np.searchsorted(segments, segments)
    shape = int(place.max()) + 1, len(outside_windows)
    freedom = np.zeros((*shape, 1), dtype=np.float32)
    freedom[place, segments, 0] = levels / LEVELS
    amounts = np.zeros((*shape, DRAWS), dtype=np.float32)
    # Where a model is created late in a draw, nothing may be left outside its windows.
    amounts[place, segments] = np.maximum(sums, np.float32(1e-30))
    theta = _newton(
        amounts, freedom, np.log(np.maximum(outside_windows, (1 - MOST_IN_WINDOWS) * total))
    )
    factors = np.exp(theta * freedom)
    # The small error that is left is the rest's; a large one means that there is no solution.
    miss = outside_windows / (amounts * factors).sum(axis=0)
    fits = (outside_windows > (1 - MOST_IN_WINDOWS) * total) & (np.abs(miss - 1) < FIT_TOLERANCE)
    fit_or_one: Single = np.where(fits, factors * miss, np.float32(1))[place, segments]
    return fit_or_one


def _newton(amounts: Single, freedom: Single, goal: Single) -> Single:
    """Return the theta of each segment and draw, (segments, DRAWS).

    A segment is done when its last step was small in every draw.
    """
    theta = np.zeros_like(goal)
    unsolved = np.arange(len(goal))
    for _ in range(FIT_STEPS):
        current = theta[unsolved]
        parts = amounts * np.exp(current * freedom)
        reached = parts.sum(axis=0)
        slope = (parts * freedom).sum(axis=0) / reached
        step = (goal[unsolved] - np.log(reached)) / slope
        theta[unsolved] = np.maximum(np.minimum(current + step, MOST_FIT), -MOST_FIT)
        moves = ~(np.abs(step).max(axis=1) < FIT_TOLERANCE)
        if not moves.all():
            unsolved, amounts, freedom = unsolved[moves], amounts[:, moves], freedom[:, moves]
            if not len(unsolved):
                break
    return theta
