"""Places of series among those of their cut, and how probable it is that a place holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def places(downloads: Floats, known: Sequence[bool]) -> Floats:
    """Return the place of each key in each row, (keys, rows): 1 is the largest, equals share it.

    What is unknown is part of the whole but has no place: nan.
    """
    found = np.full(downloads.shape, np.nan)
    rows = np.flatnonzero(known)
    if len(rows):
        ranked = downloads[rows]
        # One more than the number of keys with more downloads.
        ascending = np.sort(ranked, axis=0)
        for column in range(ranked.shape[1]):
            above = len(rows) - np.searchsorted(ascending[:, column], ranked[:, column], "right")
            found[rows, column] = above + 1
    return found


def place_probabilities(
    draws: Floats, placed: Floats, missing: NDArray[np.int64], certain: NDArray[np.bool_]
) -> Floats:
    """Return in which part of the draws each key has its place, (keys, rows), to 0.01.

    `draws` have the shape (draws, keys, rows). A key has its place in a draw if each key of a
    smaller place is above it, and it above all others, even with what the lower one's models
    without an all-time count have at the least (`missing`, by key). A row that is not `certain`,
    neither counted nor with a likely interval, and one without downloads have no probability: nan.
    """
    found = np.full(placed.shape, np.nan)
    known = np.flatnonzero(~np.isnan(placed).all(axis=1))
    for column in range(placed.shape[1]):
        order = known[np.argsort(placed[known, column], kind="stable")]
        ranked = draws[:, order, column].astype(np.float64)
        at_least = ranked + missing[order]
        lowest_above = np.minimum.accumulate(ranked, axis=1)
        highest_below = np.maximum.accumulate(at_least[:, ::-1], axis=1)[:, ::-1]
        holds = np.ones(ranked.shape, dtype=bool)
        holds[:, 1:] &= lowest_above[:, :-1] > at_least[:, 1:]
        holds[:, :-1] &= ranked[:, :-1] > highest_below[:, 1:]
        said = certain[order, column] & (ranked.max(axis=0) > 0)
        found[order, column] = np.where(said, np.round(holds.mean(axis=0), 2), np.nan)
    return found
