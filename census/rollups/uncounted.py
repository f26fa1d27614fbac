"""Models without an all-time count, as the variant of the headline counts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.model_counts import ModelCounts
from census.rollups.histories import Histories
from census.rollups.noise import DRAWS
from census.rollups.used_counts import LEAST_WINDOWS, used_windows

# Histories are drawn of models with at least this many known downloads, which hold 98 % of all
# that is known of such models; of the others the known downloads alone are counted.
LEAST_DRAWN = 20_000


class Uncounted(NamedTuple):
    """What is known and drawn of a model's downloads up to a day; draws have the shape (DRAWS,).

    `least` is the least that it has; nothing limits the most. `windowed` says whether it has the
    windows that a likely interval needs.
    """

    draws: NDArray[np.float64]
    least: int
    windowed: bool


def draw_uncounted(
    counts_by_model: Mapping[int, ModelCounts],
    least: Mapping[int, int],
    histories: Histories,
    days: Sequence[int],
) -> dict[int, dict[int, Uncounted]]:
    """Return for each day the models without an all-time count, up to the end of that day.

    `days` are in order, `least` is the least that each model can have.
    """
    by_day: dict[int, dict[int, Uncounted]] = {day: {} for day in days}
    for model, at_least in least.items():
        draws = np.full((DRAWS, len(days)), float(at_least))
        if at_least >= LEAST_DRAWN:
            drawn = histories.draws_of_uncounted(model, counts_by_model[model], days)
            draws = np.maximum(drawn, draws)
        windowed = used_windows(counts_by_model[model]) >= LEAST_WINDOWS
        for column, uncounted_by_model in enumerate(by_day.values()):
            uncounted_by_model[model] = Uncounted(draws[:, column], at_least, windowed)
    return by_day
