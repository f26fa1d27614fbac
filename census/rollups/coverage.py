"""Coverage by weight: how much of the recent downloads lies in models that the series are of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from census.history.known import Known

# A 30-day count further from a day than this says nothing about it.
NEAR_DAYS = 45


def weights(
    known: Mapping[int, Known], days: Sequence[int], flagged: Collection[tuple[int, int]] = ()
) -> NDArray[np.int64]:
    """Return the weight of each model (row) on each day: its nearest 30-day count.

    The count is at most `NEAR_DAYS` away; of two equally near the later one. `flagged` are the
    (model, day) pairs of counts with a quality event, which are left out. Without a count near
    enough the weight is -1: unknown, not 0.
    """
    found = np.full((len(known), len(days)), -1, dtype=np.int64)
    for row, (model, counts) in enumerate(known.items()):
        windows = [window for window in counts.windows if (model, window.day) not in flagged]
        at = [window.day for window in windows]
        if not at:
            continue
        for column, day in enumerate(days):
            place = bisect_left(at, day)
            # The later of two that are equally near stands first.
            near = [p for p in (place, place - 1) if 0 <= p < len(at)]
            nearest = min(near, key=lambda p: abs(at[p] - day))
            if abs(at[nearest] - day) <= NEAR_DAYS:
                found[row, column] = windows[nearest].growth
    return found
