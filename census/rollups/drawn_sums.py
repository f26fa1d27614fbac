"""Sums of the models' draws over any set of models: keys of the series and sets that are not a key.

Sums have the shape (draws, days), the days being month ends and the scopes' last days.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from census.base.days import is_month_end
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.noise import DRAWS
from census.rollups.published_days import Span
from census.rollups.summaries import COUNTED_PART, has_likely_interval

Double = NDArray[np.float64]
Mask = NDArray[np.bool_]
Result = TypeVar("Result")


class DrawnSums:
    """The draws of every counted model, to be summed; models without a count add nothing."""

    def __init__(self, downloads: ModelDownloads, draws: ModelDraws) -> None:
        self.downloads = downloads
        self.draws = draws
        self.days = np.array(draws.days, dtype=np.int64)
        self._row_of = downloads.row_of
        self._column_of = {day: column for column, day in enumerate(draws.days)}
        self._results: dict[Hashable, Any] = {}

    def once(self, name: Hashable, make: Callable[[], Result]) -> Result:
        """Return the result that has a name, which `make` makes when it is first asked for."""
        if name not in self._results:
            self._results[name] = make()
        result: Result = self._results[name]
        return result

    def columns(self, end: int) -> list[int]:
        """Return the columns of a scope that ends on a day: month ends, then that day."""
        return [
            column
            for column, day in enumerate(self.draws.days)
            if day == end or (day < end and is_month_end(day))
        ]

    def has(self, day: int) -> bool:
        """Return whether the draws of a day were kept."""
        return day in self._column_of

    def counted(self, models: Iterable[int]) -> list[int]:
        """Return the rows of those models that have an all-time count."""
        return [self._row_of[model] for model in models if model in self._row_of]

    def level(self, models: Iterable[int], columns: Sequence[int]) -> Double:
        """Return the cumulative downloads of some models in each draw, in some columns."""
        total = np.zeros((DRAWS, len(columns)))
        chosen = list(columns)
        # Most sums are of all columns, which need no choosing.
        are_all_columns = chosen == list(range(len(self.days)))
        for row in self.counted(models):
            total += (
                self.draws.values[row] if are_all_columns else self.draws.values[row][:, chosen]
            )
        return total

    def on(self, models: Iterable[int], day: int) -> Double:
        """Return the cumulative downloads of some models by the end of a day, one value a draw."""
        return self.level(models, [self._column_of[day]])[:, 0]

    def growth(self, models: Iterable[int], start: int, end: int) -> Double:
        """Return the downloads from the end of one day to that of another, one value a draw.

        The growth of a month is cut to each model's own bounds of it, as in the series.
        """
        before, after = self._column_of.get(start), self._column_of[end]
        span = self.downloads.published.span_at.get(Span(start, end))
        total = np.zeros(DRAWS)
        for row in self.counted(models):
            values = self.draws.values[row]
            rise = values[:, after].astype(np.float64)
            if before is not None:
                rise = rise - values[:, before]
            if span is not None:
                growth = self.downloads.growth
                rise = np.clip(rise, growth.low[row, span], growth.high[row, span])
            total += rise
        return total

    def certain(self, models: Iterable[int], columns: Sequence[int]) -> Mask:
        """Say in which columns a sum is counted or has enough windows for a likely interval.

        A sum of nothing is certain too: nothing was there.
        """
        rows = self.counted(models)
        level = self.downloads.level
        at = [self.downloads.published.day_at[self.draws.days[column]] for column in columns]
        middle = level.middle[rows][:, at]
        total = middle.sum(axis=0)
        counted = np.where(level.counted[rows][:, at], middle, 0).sum(axis=0)
        windowed = middle[self.downloads.windowed[rows]].sum(axis=0)
        certain: Mask = (total == 0) | (counted >= COUNTED_PART * total)
        return certain | has_likely_interval(total, windowed)

    def certain_on(self, models: Iterable[int], day: int) -> bool:
        """Say whether a sum by a day is counted or has a likely interval."""
        return bool(self.certain(models, [self._column_of[day]])[0])

    def windowed_on(self, models: Iterable[int], day: int) -> bool:
        """Say whether the growth of a sum to a day has a likely interval: by windows alone."""
        rows, column = self.counted(models), self.downloads.published.day_at[day]
        middle = self.downloads.level.middle[rows, column]
        windowed = middle[self.downloads.windowed[rows]].sum()
        return bool(has_likely_interval(middle.sum(), windowed))

    def bounds(self, models: Iterable[int], columns: Sequence[int]) -> tuple[Double, Double]:
        """Return the lowest and the highest sums that the observations allow, by column."""
        rows = self.counted(models)
        at = [self.downloads.published.day_at[self.draws.days[column]] for column in columns]
        level = self.downloads.level
        low, high = (part[rows][:, at].sum(axis=0) for part in (level.low, level.high))
        return low.astype(np.float64), high.astype(np.float64)

    def bounds_on(self, models: Iterable[int], day: int) -> tuple[int, int]:
        """Return the lowest and the highest sum that the observations allow by a day."""
        rows, column = self.counted(models), self.downloads.published.day_at[day]
        level = self.downloads.level
        return int(level.low[rows, column].sum()), int(level.high[rows, column].sum())
