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
    counts_by_model: Mapping[int, ModelCounts],
    days: Sequence[int],
    flagged: Collection[tuple[int, int]] = (),
) -> Counts:
    """Return the weight of each model (row) on each day: its nearest 30-day count.

    The count is at most `NEAR_DAYS` away; of two equally near the later one. `flagged` are the
    (model, day) pairs of counts with a quality event, which are left out. Without a count near
    enough the weight is -1: unknown, not 0.
    """
    nearest_counts = np.full((len(counts_by_model), len(days)), -1, dtype=np.int64)
    wanted_days = np.array(days, dtype=np.int64)
    flagged_days: dict[int, list[int]] = defaultdict(list)
    for model, day in flagged:
        flagged_days[model].append(day)
    for row, (model, model_counts) in enumerate(counts_by_model.items()):
        windows = dated(Window, model_counts.windows)
        if model in flagged_days:
            windows = windows.where(np.isin(windows.days, flagged_days[model], invert=True))
        nearest_counts[row] = _nearest(windows.days, windows.values, wanted_days)
    return nearest_counts


def _nearest(window_days: Counts, counts: Counts, wanted_days: Counts) -> Counts:
    """Return the count nearest to each wanted day, -1 where none is near enough."""
    if not len(window_days):
        return np.full(len(wanted_days), -1, dtype=np.int64)
    place = np.searchsorted(window_days, wanted_days)
    after, before = np.minimum(place, len(window_days) - 1), np.maximum(place - 1, 0)
    # A place beyond either end repeats the count there, which changes no comparison.
    ahead, behind = (
        np.abs(window_days[after] - wanted_days),
        np.abs(window_days[before] - wanted_days),
    )
    nearest = np.where(ahead <= behind, after, before)
    return np.where(np.minimum(ahead, behind) <= NEAR_DAYS, counts[nearest], -1)
