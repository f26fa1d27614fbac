"""Growth of single models over spans of any days: hard bounds, and the middle of the draws."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.bounds import Bounds, hard_bounds
from census.history.known import Known
from census.history.window_lengths import WindowLengths
from census.rollups.draws import Drawing, draw_uncounted_histories
from census.rollups.noise import SharedNoise
from census.rollups.published_days import Span
from census.rollups.summaries import cut_to_bounds, points_of, published_downloads

Double = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Growth(NamedTuple):
    """The downloads of a span, or up to a day: the middle of the draws and the hard bounds."""

    best: int
    low: int
    high: int


class Histories:
    """What is known of every counted model, with the draws that fit its name and region."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        counted: Mapping[int, Known],
        lengths: WindowLengths,
        last_day: int,
    ) -> None:
        self.counted = counted
        self._lengths = lengths
        self._shared = SharedNoise(last_day)
        self._named = {
            row[0]: (row[1], row[2])
            for row in connection.execute("select id, name, region from models")
        }
        self._asked: dict[int, Sequence[int]] = {}
        self._kept: dict[int, HistoryOn] = {}

    def keep(self, asked: Mapping[int, Sequence[int]]) -> None:
        """Keep the histories of models on some days of each when they are next drawn.

        Drawing a model twice takes half as long again as drawing it for both at once.
        """
        self._asked.update(asked)

    def draws(self, model: int, days: Sequence[int], wanted: Mask | None = None) -> Double:
        """Return the draws of a model on some days in order, (draws, days), not yet cut.

        `wanted` marks the days whose draws matter, all by default.
        """
        name, region = self._named[model]
        known = self.counted[model]
        drawing = Drawing(known, name, region, self._lengths, self._shared)
        asked = self._asked.pop(model, None)
        if asked is not None:
            bounds = hard_bounds(known, asked, self._lengths)
            self._kept[model] = HistoryOn(bounds, drawing.on(asked, bounds.low < bounds.high))
        return drawing.on(days, wanted)

    def draws_of_uncounted(self, model: int, known: Known, days: Sequence[int]) -> Double:
        """Return the draws of a model without an all-time count, (draws, days), not yet cut."""
        name, region = self._named[model]
        return draw_uncounted_histories(known, name, region, days, self._lengths, self._shared)

    def on(self, model: int, days: Sequence[int]) -> HistoryOn:
        """Return the history of a model on some days in order, without repeats."""
        kept = self._kept.pop(model, None)
        if kept is not None and kept.days == tuple(days):
            return kept
        bounds = hard_bounds(self.counted[model], days, self._lengths)
        return HistoryOn(bounds, self.draws(model, days, bounds.low < bounds.high))


class HistoryOn:
    """The downloads of one model on some days: draws within hard bounds."""

    def __init__(self, bounds: Bounds, draws: Double) -> None:
        self.days = bounds.days
        self._bounds = bounds
        self._at = {day: place for place, day in enumerate(bounds.days)}
        low, high = bounds.low.astype(np.float64), bounds.high.astype(np.float64)
        self._cut = cut_to_bounds(draws, low, high)

    def growths(self, spans: Sequence[Span]) -> list[Growth]:
        """Return the growth of each span between two of the days."""
        starts = [self._at[span.start] for span in spans]
        ends = [self._at[span.end] for span in spans]
        low = self._bounds.rise_low[starts, ends]
        high = self._bounds.rise_high[starts, ends]
        return _growths(self._cut[:, ends] - self._cut[:, starts], low, high)

    def levels(self, days: Sequence[int]) -> list[Growth]:
        """Return the downloads up to each of some of the days."""
        places = [self._at[day] for day in days]
        return _growths(self._cut[:, places], self._bounds.low[places], self._bounds.high[places])


def _growths(draws: Double, lows: NDArray[np.int64], highs: NDArray[np.int64]) -> list[Growth]:
    low, high = lows.astype(np.float64), highs.astype(np.float64)
    points = published_downloads(points_of(cut_to_bounds(draws, low, high)), low, high, low == high)
    return [
        Growth(round(middle), int(least), int(most))
        for middle, least, most in zip(points.middle, low, high, strict=True)
    ]
