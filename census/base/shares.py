"""Shares of a whole in percent, and their bounds: the one rule for all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Percent = NDArray[np.float64]


def share(part: ArrayLike, rest: ArrayLike) -> Percent:
    """Return a part of a whole (the part and the rest) in percent; nan where both are 0."""
    part, rest = np.asarray(part, dtype=np.float64), np.asarray(rest, dtype=np.float64)
    whole = part + rest
    found = np.full(whole.shape, np.nan)
    np.divide(100.0 * part, whole, out=found, where=whole > 0)
    return found


def share_bounds(
    low: ArrayLike, high: ArrayLike, total_low: ArrayLike, total_high: ArrayLike
) -> tuple[Percent, Percent]:
    """Return the lowest and the highest share of a key, whose bounds are part of the totals.

    The lowest is its low beside the others' high, the highest its high beside the others' low. They
    are the best that can be said, since models are bounded independently of each other.
    """
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    others_low = np.asarray(total_low, dtype=np.float64) - low
    others_high = np.asarray(total_high, dtype=np.float64) - high
    return share(low, others_high), share(high, others_low)
