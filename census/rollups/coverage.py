"""Coverage by weight: how much of the recent downloads lies in models that the series are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from census.history.dated import dated
from census.history.model_counts import ModelCounts, Window

Counts = NDArray[np.int64]

# A 30-day count further from a day than this says nothing about it.
NEAR_DAYS = 45


def weights(
    known: Mapping[int, ModelCounts], days: Sequence[int], flagged: Collection[tuple[int, int]] = ()
) -> Counts:
    """Return the weight of each model (row) on each day: its nearest 30-day count.

    The count is at most `NEAR_DAYS` away; of two equally near the later one. `flagged` are the
    (model, day) pairs of counts with a quality event, which are left out. Without a count near
    enough the weight is -1: unknown, not 0.
    """
    found = np.full((len(known), len(days)), -1, dtype=np.int64)
    wanted = np.array(days, dtype=np.int64)
    of_models: dict[int, list[int]] = defaultdict(list)
    for model, day in flagged:
        of_models[model].append(day)
    for row, (model, counts) in enumerate(known.items()):
        windows = dated(Window, counts.windows)
        if model in of_models:
            windows = windows.where(np.isin(windows.days, of_models[model], invert=True))
        found[row] = _nearest(windows.days, windows.values, wanted)
    return found


def _nearest(at: Counts, growth: Counts, wanted: Counts) -> Counts:
    """Return the count nearest to each wanted day, -1 where none is near enough."""
    if not len(at):
        return np.full(len(wanted), -1, dtype=np.int64)
    place = np.searchsorted(at, wanted)
    after, before = np.minimum(place, len(at) - 1), np.maximum(place - 1, 0)
    # A place beyond either end repeats the count there, which changes no comparison.
    ahead, behind = np.abs(at[after] - wanted), np.abs(at[before] - wanted)
    nearest = np.where(ahead <= behind, after, before)
    return np.where(np.minimum(ahead, behind) <= NEAR_DAYS, growth[nearest], -1)
