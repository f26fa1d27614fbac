"""Downloads of every counted model on the published days: arrays with a row a model.

Columns are the days of `PublishedDays`, or its spans for growth. Values are whole counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from census.history.cleaning import Count, Event
from census.history.dated import dated
from census.rollups.histories import Histories
from census.rollups.published_days import PublishedDays
from census.rollups.summaries import COUNTED_WITHIN_DAYS, are_counted
from census.rollups.used_counts import LEAST_WINDOWS, used_windows

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass
class MeasureByModel:
    """One measure of all models: the hard bounds, the middle of the draws and their ends."""

    low: Counts
    high: Counts
    middle: Counts
    likely_low: Counts
    likely_high: Counts
    counted: Mask

    @classmethod
    def empty(cls, models: int, columns: int) -> MeasureByModel:
        """Return zeros of one shape, nothing counted."""
        zeros = np.zeros((5, models, columns), dtype=np.int64)
        counted = np.zeros((models, columns), dtype=np.bool_)
        return cls(zeros[0], zeros[1], zeros[2], zeros[3], zeros[4], counted)


@dataclass
class ModelDownloads:
    """What is published of every model with a usable all-time count.

    `models` are their numbers, in order; `first_days` the first day that each has a value on;
    `last_counts` the day of its last all-time count, after which it is carried; `windowed` says
    which have the windows that a likely interval needs.
    """

    published: PublishedDays
    models: tuple[int, ...]
    first_days: Counts
    last_counts: Counts
    windowed: Mask
    level: MeasureByModel
    growth: MeasureByModel
    events: dict[int, tuple[Event, ...]] = field(default_factory=dict)

    @property
    def row_of(self) -> dict[int, int]:
        """The row of each model by its number."""
        return {model: row for row, model in enumerate(self.models)}

    def exists(self) -> Mask:
        """Return which models have a value on which days."""
        return self.first_days[:, None] <= np.array(self.published.days)

    def carried(self) -> Mask:
        """Return which models are carried on which days."""
        return self.last_counts[:, None] < np.array(self.published.days)


def bound_downloads(histories: Histories, published: PublishedDays) -> ModelDownloads:
    """Return the hard bounds of all models on the published days; the draws come later."""
    counted_models, days = histories.counted_models, published.days
    starts = np.array([published.day_at[span.start] for span in published.spans], dtype=np.intp)
    ends = np.array([published.day_at[span.end] for span in published.spans], dtype=np.intp)
    level = MeasureByModel.empty(len(counted_models), len(days))
    growth = MeasureByModel.empty(len(counted_models), len(published.spans))
    events: dict[int, tuple[Event, ...]] = {}
    published_at, begins = np.array(days), np.array([span.start for span in published.spans])
    for row, (model, model_counts) in enumerate(counted_models.items()):
        bounds = histories.bounds(model, days)
        at = np.searchsorted(bounds.days, published_at)
        level.low[row], level.high[row] = bounds.low[at], bounds.high[at]
        growth.low[row], growth.high[row] = bounds.rises(at[starts], at[ends])
        near_counts = are_counted(dated(Count, model_counts.counts).days, published_at)
        level.counted[row] = near_counts
        # A growth is counted if both ends are, or the last alone if the model did not exist before.
        start_is_counted = near_counts[starts]
        if model_counts.zero is not None:
            start_is_counted |= begins <= model_counts.zero + COUNTED_WITHIN_DAYS
        growth.counted[row] = near_counts[ends] & start_is_counted
        if bounds.contradiction is not None:
            events[model] = tuple(bounds.events())
    return ModelDownloads(
        published,
        tuple(counted_models),
        np.array(
            [model_counts.first_day for model_counts in counted_models.values()], dtype=np.int64
        ),
        np.array(
            [model_counts.counts[-1].day for model_counts in counted_models.values()],
            dtype=np.int64,
        ),
        np.array(
            [
                used_windows(model_counts) >= LEAST_WINDOWS
                for model_counts in counted_models.values()
            ]
        ),
        level,
        growth,
        events,
    )
