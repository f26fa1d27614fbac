"""Growth of single models over spans of any days: hard bounds, and the middle of the draws."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.bounds import Bounds, hard_bounds
from census.history.model_counts import ModelCounts
from census.history.window_lengths import WindowLengths
from census.rollups.draws import Drawing, draw_uncounted_histories
from census.rollups.noise import DRAWS, SharedNoise
from census.rollups.published_days import Span
from census.rollups.summaries import cut_to_bounds, points_of, published_downloads

Double = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Growth(NamedTuple):
    """The downloads of a span, or up to a day: middle of the draws, hard bounds, 90 % interval."""

    middle: int
    low: int
    high: int
    likely_low: int
    likely_high: int


class Histories:
    """What is known of every counted model, with the draws that fit its name and region."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        counted_models: Mapping[int, ModelCounts],
        lengths: WindowLengths,
        last_day: int,
        unseen: Mapping[int, int] | None = None,
    ) -> None:
        self.counted_models = counted_models
        # The last day on which a model's namespace was crawled without it, where that is known.
        self._unseen = unseen or {}
        self._lengths = lengths
        self._shared = SharedNoise(last_day)
        self._name_and_region = {
            row[0]: (row[1], row[2])
            for row in connection.execute("select id, name, region from models")
        }
        self._spans_to_keep: dict[int, list[Span]] = {}
        self._bounds: dict[int, SpanBounds] = {}
        self._kept: dict[int, ModelHistory] = {}

    def keep(self, spans_by_model: Mapping[int, Sequence[Span]]) -> None:
        """Keep the growth of models over some spans of each when they are next bounded and drawn.

        Drawing a model once for more days costs little; drawing it a second time costs as much
        again.
        """
        self._spans_to_keep.update(
            (model, sorted(spans)) for model, spans in spans_by_model.items() if spans
        )

    def bounds(self, model: int, days: Sequence[int]) -> Bounds:
        """Return the hard bounds of a model on some days, and on those of the spans to keep."""
        spans = self._spans_to_keep.get(model, [])
        all_days = sorted({*days, *days_of(spans)}) if spans else days
        bounds = hard_bounds(self.counted_models[model], all_days, self._lengths)
        if spans:
            self._bounds[model] = SpanBounds.of(bounds, spans)
        return bounds

    def draws(self, model: int, days: Sequence[int], wanted: Mask) -> Double:
        """Return the draws of a model on some days in order, (draws, days), not yet cut.

        `wanted` marks the days whose draws matter. The spans to keep are drawn with them.
        """
        span_bounds = self._bounds.pop(model, None)
        if span_bounds is None:
            return self._draw(model, days, wanted)
        all_days = np.union1d(days, span_bounds.days)
        places, places_of_spans = (
            np.searchsorted(all_days, days),
            np.searchsorted(all_days, span_bounds.days),
        )
        wanted_of_all = np.zeros(len(all_days), dtype=np.bool_)
        wanted_of_all[places] = wanted
        wanted_of_all[places_of_spans] |= span_bounds.low < span_bounds.high
        model_draws = self._draw(model, all_days.tolist(), wanted_of_all)
        self._kept[model] = ModelHistory(span_bounds, model_draws[:, places_of_spans])
        return model_draws[:, places]

    def draws_of_uncounted(
        self, model: int, model_counts: ModelCounts, days: Sequence[int]
    ) -> Double:
        """Return the draws of a model without an all-time count, (draws, days), not yet cut."""
        name, region = self._name_and_region[model]
        unseen = self._unseen.get(model)
        return draw_uncounted_histories(
            model_counts, name, region, days, self._lengths, self._shared, unseen
        )

    def on(self, model: int, spans: Sequence[Span]) -> ModelHistory:
        """Return the history of a model on the days of some spans."""
        history = self._kept.pop(model, None)
        if history is not None and history.spans.issuperset(spans):
            return history
        bounds = SpanBounds.of(
            hard_bounds(self.counted_models[model], days_of(spans), self._lengths), spans
        )
        return ModelHistory(bounds, self._draw(model, bounds.days, bounds.low < bounds.high))

    def _draw(self, model: int, days: Sequence[int], wanted: Mask) -> Double:
        name, region = self._name_and_region[model]
        model_counts = self.counted_models[model]
        unseen = self._unseen.get(model)
        return Drawing(model_counts, name, region, self._lengths, self._shared, unseen).on(
            days, wanted
        )


def days_of(spans: Sequence[Span]) -> list[int]:
    """Return the first and last days of spans in order, each once."""
    return sorted({day for span in spans for day in span})


class SpanBounds(NamedTuple):
    """The hard bounds of one model over some spans, and on the days that these begin and end."""

    days: Sequence[int]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    rises: Mapping[Span, tuple[int, int]]

    @classmethod
    def of(cls, bounds: Bounds, spans: Sequence[Span]) -> SpanBounds:
        """Return the bounds of some spans, from bounds with all their days and maybe others."""
        days = days_of(spans)
        at = np.searchsorted(bounds.days, days)
        low, high = bounds.rises(
            np.searchsorted(bounds.days, [span.start for span in spans]),
            np.searchsorted(bounds.days, [span.end for span in spans]),
        )
        rises = dict(zip(spans, zip(low.tolist(), high.tolist(), strict=True), strict=True))
        return cls(days, bounds.low[at], bounds.high[at], rises)


class GrowthOfSpans(NamedTuple):
    """What is published of the downloads of some spans and days, and their draws, (DRAWS, both)."""

    published: list[Growth]
    draws: Double


class ModelHistory:
    """The downloads of one model over some spans: draws within hard bounds."""

    def __init__(self, bounds: SpanBounds, draws: Double) -> None:
        self.spans = frozenset(bounds.rises)
        self._bounds = bounds
        self._place_of = {day: place for place, day in enumerate(bounds.days)}
        # Draws are kept only where the bounds leave more than one value: there may be thousands of
        # models.
        self._open_days = np.flatnonzero(bounds.low < bounds.high)
        limits = (part[self._open_days].astype(np.float64) for part in (bounds.low, bounds.high))
        self._cut_draws = cut_to_bounds(draws[:, self._open_days], *limits)

    def over(self, spans: Sequence[Span], days: Sequence[int] = ()) -> GrowthOfSpans:
        """Return the growth of each of some of the spans, then the downloads up to some days."""
        starts = [self._place_of[span.start] for span in spans]
        ends = [self._place_of[span.end] for span in spans]
        rises = np.array([self._bounds.rises[span] for span in spans], dtype=np.int64)
        low, high = rises.reshape(-1, 2).T
        levels = self._levels()
        draws = cut_to_bounds(levels[:, ends] - levels[:, starts], low, high)
        if days:
            places = [self._place_of[day] for day in days]
            draws = np.concatenate([draws, levels[:, places]], axis=1)
            low = np.concatenate([low, self._bounds.low[places]])
            high = np.concatenate([high, self._bounds.high[places]])
        return GrowthOfSpans(growths_of(draws, low, high), draws)

    def _levels(self) -> Double:
        """Return the downloads up to all of the days in each draw, (DRAWS, days)."""
        levels = np.repeat(self._bounds.low.astype(np.float64)[None], DRAWS, axis=0)
        levels[:, self._open_days] = self._cut_draws
        return levels


def growths_of(draws: Double, low: NDArray[Any], high: NDArray[Any]) -> list[Growth]:
    """Return the published growth in each column of draws (DRAWS, columns), within hard bounds."""
    points = published_downloads(points_of(draws), low, high, low == high)
    columns = (points.middle, low, high, points.low, points.high)
    return [Growth(*map(round, values)) for values in zip(*columns, strict=True)]
