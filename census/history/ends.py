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


def candidate_days(counted: Mapping[int, ModelCounts]) -> list[int]:
    """Return the last days with a usable all-time count, the latest first."""
    # The last days of all are among the last ones of each.
    days = {count.day for model in counted.values() for count in model.counts[-CANDIDATE_DAYS:]}
    return heapq.nlargest(CANDIDATE_DAYS, days)


def candidates(counted: Mapping[int, ModelCounts], lengths: WindowLengths) -> Candidates:
    """Return the downloads of all models by each of the last counted days."""
    days = candidate_days(counted)[::-1]
    downloads = np.zeros((len(counted), len(days)), dtype=np.int64)
    on_the_day = np.zeros(downloads.shape, dtype=np.bool_)
    for row, model in enumerate(counted.values()):
        exists = np.array(days, dtype=np.int64) >= model.first_day
        downloads[row] = np.where(exists, middle_values(model, days, lengths), 0)
        on_the_day[row] = exists & are_counted_on(model, days)
    return Candidates(days, np.array([*counted], dtype=np.int64), downloads, on_the_day)


def end_of_scope(last_days: Candidates, models: Collection[int]) -> End | None:
    """Return a scope's last day, None where nothing is counted.

    It is the last day on which models counted on that day hold `COUNTED_PCT` of the downloads.
    """
    of_scope = np.isin(last_days.models, [*models])
    downloads = last_days.downloads[of_scope]
    totals = downloads.sum(axis=0).tolist()
    counted_downloads = np.where(last_days.counted[of_scope], downloads, 0).sum(axis=0).tolist()
    for day, total, counted in reversed(
        [*zip(last_days.days, totals, counted_downloads, strict=True)]
    ):
        if total and 100 * counted >= COUNTED_PCT * total:
            return End(day, 100 * counted / total)
    return None
