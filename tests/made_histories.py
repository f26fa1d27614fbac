"""Histories drawn of what is known of made models, for the tests of the estimate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from census.history.cleaning import Count
from census.history.model_counts import HUB_FLOOR, ModelCounts, Window
from census.history.window_lengths import WindowLength, WindowLengths
from census.rollups.draws import draw_histories, draw_uncounted_histories
from census.rollups.noise import SharedNoise

LENGTHS = WindowLengths([WindowLength(0, 30, 31, 30.2), WindowLength(20280, 29, 30, 29.1)])
SHARED = SharedNoise(20800)
START = 20000
Draws = NDArray[np.float64]


def histories(known: ModelCounts, days: Sequence[float], name: str = "lab/model") -> Draws:
    return draw_histories(known, name, "China", days, LENGTHS, SHARED)


def known_of(
    counts: Sequence[tuple[int, int]],
    windows: Sequence[tuple[int, int]] = (),
    created: int | None = START,
) -> ModelCounts:
    """Return what is known of a model with a zero at its creation."""
    zero = created if created is not None and created > HUB_FLOOR else None
    return ModelCounts(
        created,
        zero,
        tuple(Count(*count) for count in counts),
        tuple(Window(*window) for window in windows),
    )


# The variant with models that have windows only.
WINDOWS_ONLY = known_of([], [(20100, 40_000), (20200, 50_000)])


def uncounted(known: ModelCounts, days: Sequence[float]) -> Draws:
    return draw_uncounted_histories(known, "lab/model", "China", days, LENGTHS, SHARED)


MONTHLY = known_of(
    [(20400, 1_000_000), (20500, 1_250_000)], [(day, 50_000) for day in range(20100, 20400, 35)]
)
