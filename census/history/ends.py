"""The last day of each scope: the newest on which most of its downloads are counted."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.middle import are_counted_on, middle_values
from census.history.model_counts import ModelCounts
from census.history.window_lengths import WindowLengths

# The last days that are tried as a scope's end; older ones would hide a month of observations.
CANDIDATE_DAYS = 40
# A scope ends on the last day on which this part of its downloads is counted, in percent.
COUNTED_PCT = 90.0


class End(NamedTuple):
    """A scope's last day and the part of its downloads counted on that very day, in percent."""

    day: int
    counted_pct: float


class Candidates(NamedTuple):
    """The last counted days, in order, and the downloads of every model by each of them.

    The arrays have the shape (models, days); before a model's first day its downloads are 0.
    `counted` says of which models a count is of that very day.
    """

    days: list[int]
    models: NDArray[np.int64]
    downloads: NDArray[np.int64]
    counted: NDArray[np.bool_]


def candidate_days(counted_models: Mapping[int, ModelCounts]) -> list[int]:
    """Return the last days with a usable all-time count, the latest first."""
    # The last days of all are among the last ones of each.
    days = {
        count.day
        for model_counts in counted_models.values()
        for count in model_counts.counts[-CANDIDATE_DAYS:]
    }
    return heapq.nlargest(CANDIDATE_DAYS, days)


def candidates(counted_models: Mapping[int, ModelCounts], lengths: WindowLengths) -> Candidates:
    """Return the downloads of all models by each of the last counted days."""
    days = candidate_days(counted_models)[::-1]
    downloads = np.zeros((len(counted_models), len(days)), dtype=np.int64)
    is_counted_on_day = np.zeros(downloads.shape, dtype=np.bool_)
    for row, model_counts in enumerate(counted_models.values()):
        exists = np.array(days, dtype=np.int64) >= model_counts.first_day
        downloads[row] = np.where(exists, middle_values(model_counts, days, lengths), 0)
        is_counted_on_day[row] = exists & are_counted_on(model_counts, days)
    return Candidates(
        days, np.array([*counted_models], dtype=np.int64), downloads, is_counted_on_day
    )


def end_of_scope(candidates: Candidates, models: Collection[int]) -> End | None:
    """Return a scope's last day, None where nothing is counted.

    It is the last day on which models counted on that day hold `COUNTED_PCT` of the downloads.
    """
    is_in_scope = np.isin(candidates.models, [*models])
    downloads = candidates.downloads[is_in_scope]
    totals = downloads.sum(axis=0).tolist()
    counted_downloads = np.where(candidates.counted[is_in_scope], downloads, 0).sum(axis=0).tolist()
    for day, total, counted in reversed(
        [*zip(candidates.days, totals, counted_downloads, strict=True)]
    ):
        if total and 100 * counted >= COUNTED_PCT * total:
            return End(day, 100 * counted / total)
    return None
