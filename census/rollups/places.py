"""Places of series among those of their cut, and how probable it is that a place holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def places(downloads: Floats, has_place: Sequence[bool]) -> Floats:
    """Return the place of each key in each row, (keys, rows): 1 is the largest, equals share it.

    What is unknown is part of the whole but has no place: nan.
    """
    placed = np.full(downloads.shape, np.nan)
    rows = np.flatnonzero(has_place)
    if len(rows):
        ranked = downloads[rows]
        # One more than the number of keys with more downloads.
        ascending = np.sort(ranked, axis=0)
        for column in range(ranked.shape[1]):
            above = len(rows) - np.searchsorted(ascending[:, column], ranked[:, column], "right")
            placed[rows, column] = above + 1
    return placed


def place_probabilities(
    draws: Floats, placed: Floats, missing: NDArray[np.int64], certain: NDArray[np.bool_]
) -> Floats:
    """Return the part of the draws in which each key has its place, (keys, rows), to 0.01.

    `draws` have the shape (draws, keys, rows). A key has its place in a draw if each key of a
    smaller place is above it and it is above all others. To be above another key it must also
    exceed the least of that key's models without an all-time count (`missing`, by key). The
    probability is nan in a row that is not `certain` (neither counted nor with a likely interval)
    and in one without downloads.
    """
    probabilities = np.full(placed.shape, np.nan)
    placed_keys = np.flatnonzero(~np.isnan(placed).all(axis=1))
    rows = np.flatnonzero(certain[placed_keys].any(axis=0))
    if not len(placed_keys) or not len(rows):
        return probabilities
    # By row, the keys in order of places: from here on arrays have the shape (keys, rows, draws).
    order = placed_keys[np.argsort(placed[np.ix_(placed_keys, rows)], axis=0, kind="stable")]
    ranked = draws.transpose(1, 2, 0)[order, rows]
    at_least = ranked
    if missing.any():
        at_least = ranked + missing[order].astype(np.float64)[:, :, None]
    holds = np.ones(ranked.shape, dtype=bool)
    # One key after the other is many times as fast as numpy's accumulation along a first axis.
    lowest_above = ranked[0].copy()
    highest_below = at_least[-1].copy()
    for key in range(1, len(order)):
        holds[key] &= lowest_above > at_least[key]
        np.minimum(lowest_above, ranked[key], out=lowest_above)
        holds[-1 - key] &= ranked[-1 - key] > highest_below
        np.maximum(highest_below, at_least[-1 - key], out=highest_below)
    may_be_said = certain[order, rows] & (ranked.max(axis=2) > 0)
    part_of_draws = holds.sum(axis=2, dtype=np.int16) / len(draws)
    probabilities[order, rows] = np.where(may_be_said, np.round(part_of_draws, 2), np.nan)
    return probabilities
