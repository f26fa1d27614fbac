"""Fractions and percents of a whole, and their bounds: the one rule for all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Percent = NDArray[np.float64]
# Fractions have the precision of the numbers that they are computed from.
Fractions = NDArray[Any]


def fraction(part: ArrayLike, whole: ArrayLike, of_nothing: float = np.nan) -> Fractions:
    """Return a part of a whole, 1 for all of it; `of_nothing` where the whole is 0.

    Arrays of single precision stay so.
    """
    part, whole = np.asarray(part), np.asarray(whole)
    shape = np.broadcast_shapes(part.shape, whole.shape)
    kind = np.result_type(part, whole, np.float32)
    fractions: Fractions = np.full_like(part, of_nothing, dtype=kind, shape=shape)
    np.divide(part, whole, out=fractions, where=whole > 0)
    return fractions


def percent_of(part: ArrayLike, whole: ArrayLike, of_nothing: float = np.nan) -> Fractions:
    """Return a part of a whole in percent; `of_nothing` where the whole is 0."""
    return fraction(100.0 * np.asarray(part), whole, of_nothing)


def percent_or_none(part: float, whole: float, decimals: int | None = None) -> float | None:
    """Return a number as a percentage of another, rounded to `decimals`; None of nothing."""
    if not whole:
        return None
    percent = 100 * part / whole
    return percent if decimals is None else round(percent, decimals)


def share(part: ArrayLike, others: ArrayLike) -> Percent:
    """Return a part of a whole (the part and the rest) in percent; nan where both are 0."""
    part, others = np.asarray(part, dtype=np.float64), np.asarray(others, dtype=np.float64)
    return percent_of(part, part + others)


def share_bounds(
    low: ArrayLike, high: ArrayLike, total_low: ArrayLike, total_high: ArrayLike
) -> tuple[Percent, Percent]:
    """Return the lowest and the highest share of a key, whose bounds are part of the totals.

    The lowest is its low beside the others' high, the highest its high beside the others' low. No
    tighter bounds hold, since models are bounded independently of each other.
    """
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    others_low = np.asarray(total_low, dtype=np.float64) - low
    others_high = np.asarray(total_high, dtype=np.float64) - high
    return share(low, others_high), share(high, others_low)
