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
    if not len(known):
        return found
    # By column, the rows in order of places.
    order = np.argsort(placed[known], axis=0, kind="stable")
    ranked = np.take_along_axis(draws[:, known].astype(np.float64), order[None], axis=1)
    at_least = ranked + missing[known][order]
    lowest_above = np.minimum.accumulate(ranked, axis=1)
    highest_below = np.maximum.accumulate(at_least[:, ::-1], axis=1)[:, ::-1]
    holds = np.ones(ranked.shape, dtype=bool)
    holds[:, 1:] &= lowest_above[:, :-1] > at_least[:, 1:]
    holds[:, :-1] &= ranked[:, :-1] > highest_below[:, 1:]
    said = np.take_along_axis(certain[known], order, axis=0) & (ranked.max(axis=0) > 0)
    chances = np.where(said, np.round(holds.mean(axis=0), 2), np.nan)
    of_known = np.full(order.shape, np.nan)
    np.put_along_axis(of_known, order, chances, axis=0)
    found[known] = of_known
    return found
