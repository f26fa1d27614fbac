"""The estimate of every model and every series: histories drawn, cut to hard bounds and summed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from census.base.days import is_month_end
from census.rollups.downloads import MeasureByModel, ModelDownloads
from census.rollups.noise import DRAWS
from census.rollups.summaries import cut_to_bounds, points_of, published_downloads

Floats = NDArray[np.floating]
Double = NDArray[np.float64]
Single = NDArray[np.float32]

# Returns the draws of the model in a row on the published days, (DRAWS, days), not yet cut.
Draw = Callable[[int], Floats]


@dataclass(frozen=True)
class ModelDraws:
    """The draws of every model at month ends and the scopes' last days, (models, DRAWS, days).

    `days` are those of the columns. They serve the findings of one build and are not stored. The
    draws of a day are next to each other in memory, since they are summarised together.
    """

    days: tuple[int, ...]
    values: Single


@dataclass(frozen=True)
class SetDraws:
    """Draws summed over sets of models: levels by day, growth by span, (sets, DRAWS, columns)."""

    level: Single
    growth: Single


def estimate(
    downloads: ModelDownloads, draw: Draw, sets: Sequence[Sequence[int]], days_kept: Sequence[int]
) -> tuple[SetDraws, ModelDraws]:
    """Draw every model, fill the middles and likely ends of `downloads`, and sum over `sets`.

    `sets` are rows of models, `days_kept` the days whose draws are kept by model. Each model's
    draws are cut to its own bounds on each day, and the growth of a span, the difference of two cut
    values, to its own bounds of that growth. Only sums of draws are summarised, never ends of
    intervals.
    """
    published = downloads.published
    days, spans = np.array(published.days), published.spans
    starts = np.array([published.day_at[span.start] for span in spans], dtype=np.intp)
    ends = np.array([published.day_at[span.end] for span in spans], dtype=np.intp)
    columns = [published.day_at[day] for day in days_kept]
    level = np.zeros((len(sets), len(days), DRAWS), dtype=np.float32)
    growth = np.zeros((len(sets), len(spans), DRAWS), dtype=np.float32)
    model_draws = np.zeros((len(downloads.models), len(days_kept), DRAWS), dtype=np.float32)
    sets_of: list[list[int]] = [[] for _ in downloads.models]
    for number, rows in enumerate(sets):
        for row in rows:
            sets_of[row].append(number)
    for row in range(len(downloads.models)):
        by_day = np.repeat(_exact(downloads.level, row).astype(np.float64)[:, None], DRAWS, axis=1)
        if (open_ := _open(downloads.level, row)).size:
            by_day[open_] = _cut(downloads.level, row, open_, draw(row).T[open_])
            _add(level, sets_of[row], open_, by_day[open_])
        _exact(downloads.growth, row)
        if (open_ := _open(downloads.growth, row)).size:
            growth_of_spans = by_day[ends[open_]] - by_day[starts[open_]]
            _add(growth, sets_of[row], open_, _cut(downloads.growth, row, open_, growth_of_spans))
        model_draws[row] = by_day[columns]
    # What the bounds leave no doubt of is added once, not in every draw of every model.
    for sums, measure in ((level, downloads.level), (growth, downloads.growth)):
        certain = np.where(measure.low < measure.high, 0, measure.low)
        for number, rows in enumerate(sets):
            sums[number] += certain[list(rows)].sum(axis=0)[:, None]
    set_draws = SetDraws(level.transpose(0, 2, 1), growth.transpose(0, 2, 1))
    return set_draws, ModelDraws(tuple(days_kept), model_draws.transpose(0, 2, 1))


def _add(sums: Single, sets: Sequence[int], open_: NDArray[np.intp], draws: Double) -> None:
    """Add the draws of a model's open columns to the sums of the sets that it is in."""
    # Columns that follow each other are added many times as fast as chosen ones.
    span = slice(int(open_[0]), int(open_[-1]) + 1)
    added = np.zeros((span.stop - span.start, DRAWS), dtype=np.float32)
    added[open_ - span.start] = draws
    for number in sets:
        sums[number, span] += added


def _open(measure: MeasureByModel, row: int) -> NDArray[np.intp]:
    """Return the columns of a model in which its bounds leave more than one value."""
    return np.flatnonzero(measure.low[row] < measure.high[row])


def _exact(measure: MeasureByModel, row: int) -> NDArray[np.int64]:
    """Store and return what a model has where its bounds leave one value.

    The columns that are open are to be written by `_cut`.
    """
    low: NDArray[np.int64] = measure.low[row]
    for part in (measure.middle, measure.likely_low, measure.likely_high):
        part[row] = low
    return low


def _cut(measure: MeasureByModel, row: int, open_: NDArray[np.intp], draws: Floats) -> Double:
    """Return the draws in the open columns, cut to the hard bounds, and store their points."""
    low, high = measure.low[row, open_], measure.high[row, open_]
    cut = cut_to_bounds(draws, low[:, None], high[:, None])
    points = published_downloads(points_of(cut.T), low, high, low == high)
    measure.middle[row, open_] = np.rint(points.middle)
    measure.likely_low[row, open_] = np.rint(points.low)
    measure.likely_high[row, open_] = np.rint(points.high)
    return cut


def kept_days(downloads: ModelDownloads, last_days: Sequence[int]) -> tuple[int, ...]:
    """Return the days whose draws are kept by model: month ends and the scopes' last days."""
    distinct_days = set(last_days)
    return tuple(
        day for day in downloads.published.days if is_month_end(day) or day in distinct_days
    )
