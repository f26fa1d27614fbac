"""Downloads of many sets of models up to one day: what is published of each, and of its shares.

Draws are summed set by set before they are summarised. Arrays have one value a set, those of draws
the shape (DRAWS, sets); nan is null.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import isnan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.shares import share_bounds
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.noise import DRAWS
from census.rollups.published_days import Span
from census.rollups.sample import Sample
from census.rollups.summaries import (
    Summed,
    has_likely_interval,
    points_of,
    published_downloads,
    published_shares,
)

Double = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]


class Amounts(NamedTuple):
    """What is published of some sets of models up to a day.

    `models` are those with a count that have begun by then. `likely` says which sets have a likely
    interval. `counted` is the part of `downloads` in models counted within a day, `windowed` that
    in models with enough windows for an interval. `covered` and `coverable` are 30-day counts near
    the day, of models with an all-time count and of all.
    """

    models: Double
    downloads: Double
    low: Double
    high: Double
    likely_low: Double
    likely_high: Double
    counted: Double
    covered: Double
    coverable: Double
    likely: Mask
    windowed: Double
    draws: Double

    def part(self, sets: slice) -> Amounts:
        """Return the amounts of some sets that follow each other."""
        return Amounts._make(values[..., sets] for values in self)

    def columns(self) -> tuple[Double, ...]:
        """Return the downloads with bounds and interval, and what is counted and covered."""
        return (self.downloads, self.low, self.high, *self.grounds())

    def grounds(self) -> tuple[Double, ...]:
        """Return the ends of the interval, and the parts that are counted and covered."""
        ends = self.likely_low, self.likely_high
        return (*ends, self.counted, self.covered, self.coverable)


class SharesOfSets(NamedTuple):
    """Shares of sets in a whole, in percent, with their bounds and likely intervals."""

    share: Double
    low: Double
    high: Double
    likely_low: Double
    likely_high: Double


class Sets:
    """Sets of models by their numbers, to be summed on many days."""

    def __init__(self, sets: Sequence[Sequence[int]]) -> None:
        self.size = len(sets)
        self.models = np.fromiter(chain.from_iterable(sets), dtype=np.intp)
        self.set_numbers = np.repeat(np.arange(self.size), [len(models) for models in sets])

    @classmethod
    def joined(cls, parts: Sequence[Sets]) -> Sets:
        """Return the sets of several parts, one part after the other, to be summed at once."""
        sets = cls([])
        sets.size = sum(part.size for part in parts)
        first_numbers = np.cumsum([0, *(part.size for part in parts)])
        sets.models = np.concatenate([part.models for part in parts])
        numbers = [
            part.set_numbers + first for part, first in zip(parts, first_numbers, strict=False)
        ]
        sets.set_numbers = np.concatenate(numbers)
        return sets


class DaySums:
    """The downloads of every model up to one day, or from one to another, to be summed over sets.

    The growth in a published span is the difference of two draws, cut to the model's own bounds of
    that growth. Before the first day whose draws are kept all downloads are 0.
    """

    def __init__(
        self,
        downloads: ModelDownloads,
        draws: ModelDraws,
        sample: Sample,
        day: int,
        since: int | None = None,
    ) -> None:
        published = downloads.published
        day_column = published.day_at[day]
        measure, column = downloads.level, day_column
        draws_of_day = draws.values[:, :, draws.days.index(day)]
        if since is not None:
            measure, column = downloads.growth, published.span_at[Span(since, day)]
            if since in draws.days:
                draws_of_day = draws_of_day - draws.values[:, :, draws.days.index(since)]
            bounds = (measure.low[:, [column]], measure.high[:, [column]])
            draws_of_day = np.clip(draws_of_day, *bounds).astype(np.float32)
        # Next to each other in memory, which is twice as fast for all sums that follow.
        self._draws = np.ascontiguousarray(draws_of_day, dtype=np.float64)
        self._low, self._high = measure.low[:, column], measure.high[:, column]
        self._middle = measure.middle[:, column]
        self._ends = measure.likely_low[:, column], measure.likely_high[:, column]
        self._counted = np.where(measure.counted[:, column], self._middle, 0)
        self._windowed = np.where(downloads.windowed, self._middle, 0)
        self._begun = downloads.first_days <= day
        last_model = max((0, *downloads.models, *sample.models))
        self._row_of = np.full(last_model + 2, -1, dtype=np.intp)
        self._row_of[list(downloads.models)] = np.arange(len(downloads.models))
        self._weight_of = np.zeros(last_model + 2)
        self._weight_of[list(sample.models)] = np.maximum(sample.weights[:, day_column], 0)

    def of(self, sets: Sets) -> Amounts:
        """Return the amounts of each set; models without a count add to `coverable` only."""
        rows = self._rows(sets)
        # A model whose upper bound is 0 is counted among the models, but adds no downloads.
        is_summed = rows >= 0
        begun = _sums(self._begun[rows[is_summed]], sets.set_numbers[is_summed], sets.size)
        is_summed[is_summed] = self._high[rows[is_summed]] > 0
        rows, set_numbers = rows[is_summed], sets.set_numbers[is_summed]
        low, high, middle, counted, windowed = (
            _sums(part[rows], set_numbers, sets.size)
            for part in (self._low, self._high, self._middle, self._counted, self._windowed)
        )
        draws = np.zeros((sets.size, DRAWS))
        first = np.flatnonzero(np.diff(set_numbers, prepend=-1))
        if first.size:
            draws[set_numbers[first]] = np.add.reduceat(self._draws[rows], first, axis=0)
        points = published_downloads(points_of(draws.T), low, high, low == high)
        likely = has_likely_interval(middle, windowed)
        # These parts are of the middles of the models, so they are taken of their sum.
        factor = np.divide(points.middle, middle, out=np.zeros_like(middle), where=middle > 0)
        parts = [np.rint(part * factor) for part in (counted, windowed)]
        return Amounts(
            begun,
            points.middle,
            low,
            high,
            np.where(likely, points.low, np.nan),
            np.where(likely, points.high, np.nan),
            parts[0],
            *self.coverage(sets),
            likely,
            parts[1],
            draws.T,
        )

    def of_each_model(self, models: Sets) -> Amounts:
        """Return the amounts of each model with a count, each with its interval."""
        rows = self._rows(models)
        weight = self._weight_of[models.models[rows >= 0]]
        rows = rows[rows >= 0]
        middle, low, high, likely_low, likely_high, counted, windowed = (
            part[rows].astype(np.float64)
            for part in (
                self._middle, self._low, self._high, *self._ends, self._counted, self._windowed,
            )
        )  # fmt: skip
        all_likely = np.ones(len(rows), dtype=np.bool_)
        begun = self._begun[rows].astype(np.float64)
        values = (begun, middle, low, high, likely_low, likely_high, counted, weight, weight)
        return Amounts(*values, all_likely, windowed, self._draws[rows].T)

    def coverage(self, sets: Sets) -> tuple[Double, Double]:
        """Return the 30-day counts of each set: of models with an all-time count, and of all."""
        is_counted = self._rows(sets) >= 0
        weight = self._weight_of[np.minimum(sets.models, len(self._weight_of) - 1)]
        return (
            _sums(np.where(is_counted, weight, 0.0), sets.set_numbers, sets.size),
            _sums(weight, sets.set_numbers, sets.size),
        )

    def _rows(self, sets: Sets) -> Places:
        """Return the row of each model of the sets, -1 for one without a count."""
        # The last place stands for models with higher numbers than any that was observed.
        rows: Places = self._row_of[np.minimum(sets.models, len(self._row_of) - 1)]
        return rows


def _sums(values: NDArray[Any], set_numbers: Places, sets: int) -> Double:
    return np.bincount(set_numbers, weights=values, minlength=sets).astype(np.float64, copy=False)


def shares_in(amounts: Amounts, whole_of: Sequence[int]) -> SharesOfSets:
    """Return the share of each set in its whole: all sets with the same number, below 0 none."""
    wholes = np.asarray(whole_of, dtype=np.intp)
    inside = wholes >= 0
    number = np.where(inside, wholes, wholes.max(initial=-1) + 1)

    def of_whole(values: Double) -> Double:
        by_set = values.T
        sums = np.zeros((number.max(initial=0) + 1, *by_set.shape[1:]))
        np.add.at(sums, number, by_set)
        sums_of_wholes: Double = sums[number].T
        return sums_of_wholes

    low, high = of_whole(amounts.low), of_whole(amounts.high)
    whole = Summed(of_whole(amounts.downloads), of_whole(amounts.draws), low, high)
    part = Summed(amounts.downloads, amounts.draws, amounts.low, amounts.high)
    points = published_shares(part, whole).points
    lowest, highest = (
        np.where(np.isnan(bound), points.middle, np.round(bound, 4))
        for bound in share_bounds(amounts.low, amounts.high, low, high)
    )
    return SharesOfSets(
        *(
            np.where(inside & is_given, values, np.nan)
            for is_given, values in (
                (True, points.middle),
                (True, lowest),
                (True, highest),
                (amounts.likely, points.low),
                (amounts.likely, points.high),
            )
        )
    )


def stored_values(values: Double, decimals: int | None = None) -> list[float | int | None]:
    """Return values as a table has them: null for nan, whole without `decimals`."""
    return [
        None if isnan(value) else round(value) if decimals is None else round(value, decimals)
        for value in values.tolist()
    ]
