"""The values of the rows of series: sums over sets of models, whole columns at a time.

Arrays of sums have one row a set of models and one column a published day or span; those of a cut
one row a key and one column a row of the table. Values are whole counts or percents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.shares import fraction, share_bounds
from census.rollups.downloads import MeasureByModel, ModelDownloads
from census.rollups.estimate import SetDraws
from census.rollups.keys import SeriesKey
from census.rollups.noise import DRAWS
from census.rollups.places import place_probabilities, places
from census.rollups.published_days import rows_of
from census.rollups.sample import Sample
from census.rollups.summaries import (
    COUNTED_PART,
    Points,
    Summed,
    has_likely_interval,
    points_of,
    published_downloads,
    published_shares,
)

Counts = NDArray[np.int64]
Double = NDArray[np.float64]
Floats = NDArray[np.floating]
Single = NDArray[np.float32]
Mask = NDArray[np.bool_]

# So many draws are summarised at once: few enough to stay in the processor's cache.
DRAWS_AT_ONCE = 250_000
# Places are found key after key, which takes longer rows: at 400 keys half the time of the above.
PLACED_AT_ONCE = 1_000_000


class Rows(NamedTuple):
    """The values of the rows of some keys, (keys, rows, columns of the tables); nan is null.

    `present` says by key which rows there are: none before its first model.
    """

    values: Double
    present: Mask


@dataclass(frozen=True)
class SetSums:
    """One measure summed over every set of models, (sets, columns).

    `middle` is the sum of the models' middles, `counted` and `windowed` its parts in models that
    are counted and that have enough windows. `points` are those of the summed draws as they are
    stored; `draws` have the shape (sets, columns, DRAWS).
    """

    low: Counts
    high: Counts
    middle: Counts
    counted: Counts
    windowed: Counts
    points: Points
    draws: Single

    @classmethod
    def of(
        cls,
        measure: MeasureByModel,
        windowed: Mask,
        draws: Single,
        sets: Sequence[NDArray[np.intp]],
    ) -> SetSums:
        """Return the sums of a measure; `windowed` says which models have enough windows."""
        by_day = draws.transpose(0, 2, 1)
        low, high = sums_of(measure.low, sets), sums_of(measure.high, sets)
        parts = []
        for block in _blocks(len(sets), by_day.shape[1]):
            points = points_of(by_day[block].transpose(2, 0, 1))
            exact = low[block] == high[block]
            parts.append(published_downloads(points, low[block], high[block], exact))
        return cls(
            low,
            high,
            sums_of(measure.middle, sets),
            sums_of(np.where(measure.counted, measure.middle, 0), sets),
            sums_of(np.where(windowed[:, None], measure.middle, 0), sets),
            Points(*(np.concatenate(part) for part in zip(*parts, strict=True))),
            by_day,
        )


def sums_of(values: Counts | Mask, sets: Sequence[NDArray[np.intp]]) -> Counts:
    """Return the sums over sets of rows: (rows, columns) gives (sets, columns)."""
    sums = np.zeros((len(sets), values.shape[1]), dtype=np.int64)
    for number, rows in enumerate(sets):
        values[rows].sum(axis=0, out=sums[number])
    return sums


def _blocks(rows: int, columns: int, at_once: int = DRAWS_AT_ONCE) -> Iterator[slice]:
    """Yield the rows of an array in blocks of about `at_once` draws."""
    step = max(1, at_once // (DRAWS * max(columns, 1)))
    for first in range(0, rows, step):
        yield slice(first, first + step)


class Summing:
    """Sums over sets of models, from whole columns to the rows of the tables."""

    def __init__(
        self,
        downloads: ModelDownloads,
        set_draws: SetDraws,
        sample: Sample,
        sets: Sequence[Sequence[int]],
    ) -> None:
        rows = [np.array(of_set, dtype=np.intp) for of_set in sets]
        self.published = downloads.published
        self.level = SetSums.of(downloads.level, downloads.windowed, set_draws.level, rows)
        self.growth = SetSums.of(downloads.growth, downloads.windowed, set_draws.growth, rows)
        self.present = sums_of(downloads.exists(), rows)
        carried = np.where(downloads.carried(), downloads.level.middle, 0)
        self.carried = sums_of(carried, rows)
        self._weights = np.maximum(sample.weights, 0)
        is_counted = np.isin(sample.models, downloads.models)
        self._counted_weights = np.where(is_counted[:, None], self._weights, 0)
        # By a model's number: its row in the sample, -1 if it has none, and the least it has.
        self._sample_row = np.full(max(sample.models, default=0) + 1, -1, dtype=np.intp)
        self._sample_row[list(sample.models)] = np.arange(len(sample.models))
        self._least = np.zeros(len(self._sample_row), dtype=np.int64)
        self._least[list(sample.uncounted)] = list(sample.uncounted.values())

    def rows(
        self,
        last_day: int,
        everything: int,
        keys: Sequence[SeriesKey],
        numbers: Sequence[int],
        tally: list[int],
    ) -> Rows:
        """Return the values of each key's rows in a scope up to its `last_day`.

        `everything` is the number of the set of all its models, `numbers` those of the keys' sets.
        """
        published_rows = rows_of(last_day)
        day_columns = [self.published.day_at[row.through] for row in published_rows]
        span_columns = [self.published.span_at[row.span] for row in published_rows]
        observed = [self._observed(key) for key in keys]
        # The least that a key's models without an all-time count have.
        missing = np.array([self._least[models].sum() for models in observed], dtype=np.int64)
        has_place = [key.key is not None for key in keys]
        columns: list[NDArray[np.generic]] = []
        for sums, places_of_rows in ((self.level, day_columns), (self.growth, span_columns)):
            measure = _MeasureOfCut(sums, numbers, everything, places_of_rows)
            tally[0] += measure.widened
            tally[1] += measure.shares
            columns += measure.columns(has_place, missing)
        present = self.present[np.ix_(numbers, day_columns)]
        columns += [
            self.carried[np.ix_(numbers, day_columns)],
            *self._coverage(observed, day_columns),
            present,
        ]
        return Rows(np.stack(columns, axis=-1).astype(np.float64, copy=False), present > 0)

    def _observed(self, key: SeriesKey) -> NDArray[np.intp]:
        """Return the numbers of those models of a key that anything was observed of."""
        models = np.array(key.models, dtype=np.intp)
        models = models[models < len(self._sample_row)]
        return models[self._sample_row[models] >= 0]

    def _coverage(
        self, observed: Sequence[NDArray[np.intp]], day_columns: Sequence[int]
    ) -> tuple[Counts, Counts]:
        """Return the 30-day weights in counted models and in all models of each key, by row."""
        sets = [self._sample_row[models] for models in observed]
        covered, coverable = sums_of(self._counted_weights, sets), sums_of(self._weights, sets)
        return covered[:, day_columns], coverable[:, day_columns]


class _MeasureOfCut:
    """All columns of one measure (levels or growth) for the keys of a cut, (keys, rows) each."""

    def __init__(
        self, sums: SetSums, numbers: Sequence[int], everything: int, columns: Sequence[int]
    ) -> None:
        chosen = np.ix_(numbers, columns)
        self._by_day, self._numbers, self._columns = sums.draws, list(numbers), list(columns)
        self.low, self.high = sums.low[chosen], sums.high[chosen]
        self.points = Points(*(part[chosen] for part in sums.points))
        models = sums.middle[chosen]
        # The fraction in counted models is one of the middles, so it is taken of their sum.
        counted = fraction(sums.counted[chosen], models, of_nothing=0.0)
        self.counted = np.rint(counted * self.points.middle)
        self.likely = has_likely_interval(models, sums.windowed[chosen])
        all_draws = sums.draws[everything, self._columns].T
        middle = self.points.middle
        whole = Summed(middle.sum(axis=0), all_draws, self.low.sum(axis=0), self.high.sum(axis=0))
        self._share(whole)
        lowest, highest = share_bounds(self.low, self.high, whole.low, whole.high)
        self.low_share, self.high_share = np.round(lowest, 4), np.round(highest, 4)

    def _share(self, whole: Summed) -> None:
        """Find the shares of the keys, a few keys at a time."""
        self.widened = self.shares = 0
        everything = whole._replace(draws=whole.draws[:, None])
        parts = []
        for block in _blocks(len(self._numbers), len(self._columns)):
            draws = self._by_day[np.ix_(self._numbers[block], self._columns)].transpose(2, 0, 1)
            key = Summed(self.points.middle[block], draws, self.low[block], self.high[block])
            shares = published_shares(key, everything)
            self.widened += int(shares.widened.sum())
            self.shares += int(shares.widened.size)
            parts.append(shares.points)
        self.share = Points(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def columns(self, has_place: Sequence[bool], missing: Counts) -> list[NDArray[np.generic]]:
        """Return the columns in the order of the tables; nan is null.

        `missing` is the least that the keys' models without an all-time count have.
        """
        ends = [self.points.low, self.points.high, self.points.band_low, self.points.band_high]
        share_ends = [self.share.low, self.share.high, self.share.band_low, self.share.band_high]
        placed = places(self.points.middle, has_place)
        return [
            self.points.middle,
            self.low,
            self.high,
            *(np.where(self.likely, end, np.nan) for end in ends),
            self.counted,
            self.share.middle,
            np.where(np.isnan(self.low_share), self.share.middle, self.low_share),
            np.where(np.isnan(self.high_share), self.share.middle, self.high_share),
            *(np.where(self.likely, end, np.nan) for end in share_ends),
            placed,
            self._chances(placed, missing),
        ]

    def _chances(self, placed: Floats, missing: Counts) -> Double:
        """Return how probable each place is, a few rows at a time."""
        certain = self.likely | (self.counted >= COUNTED_PART * self.points.middle)
        probabilities = np.full(placed.shape, np.nan)
        for rows in _blocks(placed.shape[1], placed.shape[0], PLACED_AT_ONCE):
            draws = self._by_day[np.ix_(self._numbers, self._columns[rows])].transpose(2, 0, 1)
            block = place_probabilities(draws, placed[:, rows], missing, certain[:, rows])
            probabilities[:, rows] = block
        return probabilities
