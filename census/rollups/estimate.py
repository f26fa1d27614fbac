"""The estimate of every model and every series: histories drawn, cut to hard bounds and summed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from census.base.days import is_month_end
from census.rollups.downloads import Measured, ModelDownloads
from census.rollups.noise import DRAWS
from census.rollups.summaries import cut_to_bounds, points_of, published_downloads

Floats = NDArray[np.floating]
Single = NDArray[np.float32]

# Returns the draws of the model in a row on the published days, (DRAWS, days), not yet cut.
Draw = Callable[[int], Floats]


@dataclass(frozen=True)
class ModelDraws:
    """The draws of every model at month ends and the scopes' last days, (models, DRAWS, days).

    `days` are those of the columns. They serve the findings of one build and are not stored. As of
    all draws here those of a day are next to each other in memory, which is what is summarised.
    """

    days: tuple[int, ...]
    values: Single


@dataclass(frozen=True)
class SetDraws:
    """Draws summed over sets of models: levels by day, growth by span, (sets, DRAWS, columns)."""

    level: Single
    growth: Single


def estimate(
    downloads: ModelDownloads, draw: Draw, sets: Sequence[Sequence[int]], kept: Sequence[int]
) -> tuple[SetDraws, ModelDraws]:
    """Draw every model, fill the middles and likely ends of `downloads`, and sum over `sets`.

    `sets` are rows of models, `kept` the days whose draws are kept by model. Each model's draws are
    cut to its own bounds on each day, and the growth of a span, the difference of two cut values,
    to its own bounds of that growth. Only sums of draws are summarised, never ends of intervals.
    """
    published = downloads.published
    days, spans = np.array(published.days), published.spans
    starts = [published.day_at[span.start] for span in spans]
    ends = [published.day_at[span.end] for span in spans]
    columns = [published.day_at[day] for day in kept]
    level = np.zeros((len(sets), len(days), DRAWS), dtype=np.float32)
    growth = np.zeros((len(sets), len(spans), DRAWS), dtype=np.float32)
    model_draws = np.zeros((len(downloads.models), len(kept), DRAWS), dtype=np.float32)
    sets_of: list[list[int]] = [[] for _ in downloads.models]
    for number, rows in enumerate(sets):
        for row in rows:
            sets_of[row].append(number)
    for row in range(len(downloads.models)):
        cut = cut_to_bounds(draw(row), downloads.level.low[row], downloads.level.high[row])
        by_day = cut.T
        rise = cut_to_bounds(
            (by_day[ends] - by_day[starts]).T,
            downloads.growth.low[row],
            downloads.growth.high[row],
        )
        _summarise(downloads.level, row, cut)
        _summarise(downloads.growth, row, rise)
        model_draws[row] = by_day[columns]
        # One sum after the other is four times as fast as an indexed addition to all of them.
        levels, rises = by_day.astype(np.float32), rise.T.astype(np.float32)
        grown, rose = _not_empty(levels), _not_empty(rises)
        levels, rises = levels[grown], rises[rose]
        for number in sets_of[row]:
            level[number, grown] += levels
            growth[number, rose] += rises
    of_sets = SetDraws(level.transpose(0, 2, 1), growth.transpose(0, 2, 1))
    return of_sets, ModelDraws(tuple(kept), model_draws.transpose(0, 2, 1))


def _not_empty(rows: Single) -> slice:
    """Return the rows from the first to the last that is not all 0."""
    places = np.flatnonzero(rows.any(axis=1))
    return slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 0)


def _summarise(measured: Measured, row: int, draws: Floats) -> None:
    """Store the middle and the likely ends of a model's draws."""
    low, high = measured.low[row], measured.high[row]
    points = published_downloads(points_of(draws), low, high, low == high)
    measured.middle[row] = np.rint(points.middle)
    measured.likely_low[row] = np.rint(points.low)
    measured.likely_high[row] = np.rint(points.high)


def kept_days(downloads: ModelDownloads, ends: Sequence[int]) -> tuple[int, ...]:
    """Return the days whose draws are kept by model: month ends and the scopes' last days."""
    last = set(ends)
    return tuple(day for day in downloads.published.days if is_month_end(day) or day in last)
