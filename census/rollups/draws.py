"""Download histories of a model, drawn through everything that was counted of it.

The 30-day counts fix the speed, the all-time counts fix the total, and between counts the speed
wanders as much as that of models counted every month. Arrays of draws have one row a cell of time
and one column a draw while they are made; times are days since 1970-01-01, the end of day d is d.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.model_counts import HUB_FLOOR, ModelCounts
from census.history.window_lengths import WindowLengths
from census.rollups.fit import FIXED, LEVELS, fit
from census.rollups.noise import (
    CELL_DAYS,
    DRAWS,
    FACTOR_PLACE,
    START_PLACE,
    SharedNoise,
    Stream,
    cell_of,
    own_noise,
)
from census.rollups.rates import daily_rates, known_speeds
from census.rollups.used_counts import Span, UsedCounts, used_counts

# How far from a window the speed is free to fit the total: free = 1 - exp(-distance / 30 days),
# rounded to one in 16 so that few different factors are needed.
FREE_DAYS = 30
# Of a window, the part that is not in a later one has at least this part of the count.
LEAST_OWN_PART = 0.05
# A model with windows only, first counted later than this after its creation, has no known start.
LATE_FIRST_WINDOW_DAYS = 180
# The total of models without an all-time count as a part of their drawn total, and its error:
# measured on 460 models with one by hiding every source that has all-time counts.
UNCOUNTED_FACTOR = (0.88, 0.11)

Single = NDArray[np.float32]
Double = NDArray[np.float64]
Mask = NDArray[np.bool_]


def draw_histories(
    model_counts: ModelCounts,
    name: str,
    region: str | None,
    days: Sequence[float],
    lengths: WindowLengths,
    shared: SharedNoise,
    unseen: int | None = None,
) -> Double:
    """Return a model's cumulative downloads at the end of `days` (rising), shape (DRAWS, days).

    Every draw equals each used all-time count on its day, and the last one after it, until the
    caller writes the values that the model is carried at. `region` is that of the publisher,
    `unseen` the last day on which the namespace was crawled without the model (None: unknown).
    """
    return Drawing(model_counts, name, region, lengths, shared, unseen).on(days)


class Drawing:
    """The histories of one model: its speed is drawn once for whatever days are asked for."""

    def __init__(
        self,
        model_counts: ModelCounts,
        name: str,
        region: str | None,
        lengths: WindowLengths,
        shared: SharedNoise,
        unseen: int | None = None,
    ) -> None:
        """Prepare the draws of a model with an all-time count, as `draw_histories` says."""
        if not model_counts.counts:
            raise ValueError(f"{name} has no all-time count to draw histories through")
        self._carried = float(model_counts.counts[-1].value)
        used = used_counts(model_counts, lengths, unseen)
        self._run: _Run | None = None
        if used.counts:
            self._run = _Run(used, float(used.counts[-1].day), name, region, shared)

    def on(self, days: Sequence[float], wanted: Mask | None = None) -> Double:
        """Return the cumulative downloads at the end of `days` (rising), shape (DRAWS, days).

        `wanted` marks the days whose draws matter, all by default. The values of the others are
        arbitrary, which saves drawing the time between two counts without a wanted day.
        """
        draws = np.full((len(days), DRAWS), self._carried)
        if self._run is not None:
            self._run.fill(draws, days, wanted)
        return draws.T


def draw_uncounted_histories(
    model_counts: ModelCounts,
    name: str,
    region: str | None,
    days: Sequence[float],
    lengths: WindowLengths,
    shared: SharedNoise,
    unseen: int | None = None,
) -> Double:
    """Return the draws of a model with windows only, for the variant that counts such models.

    The mean of the draws keeps the level of the last window to the last of `days`. All such models
    share one factor a draw, since the sum of windows is not the total. A model that was first
    counted long after its creation counts from its first window on.
    """
    used = used_counts(model_counts._replace(counts=()), lengths, unseen)
    draws = np.zeros((len(days), DRAWS))
    if not used.spans:
        return draws.T
    first = used.spans[0]
    if first.end - used.begins[1] > LATE_FIRST_WINDOW_DAYS:
        used = used._replace(begins=(first.start, first.start))
    end = max(float(days[-1]), first.end) + CELL_DAYS
    _Run(used, end, name, region, shared).fill(draws, days)
    mean, spread = UNCOUNTED_FACTOR
    draws *= np.maximum(mean + spread * shared.uncounted, 0.0)
    return draws.T


class _Pieces(NamedTuple):
    """Runs of cells in which one factor serves a draw: between `edges`, in order of time.

    `segments` numbers the time between two all-time counts, `levels` say how free the speed is to
    fit the total: 1 to LEVELS, or FIXED inside a window.
    """

    edges: Double
    segments: NDArray[np.intp]
    levels: NDArray[np.intp]


class _Run:
    """The histories of one model from its creation to `end`."""

    def __init__(
        self, used: UsedCounts, end: float, name: str, region: str | None, shared: SharedNoise
    ) -> None:
        self._used = used
        self._end = end
        self._name = name
        self._region = region
        self._shared = shared
        self._drawn_to = -np.inf
        self._drawn: tuple[Single, Single, Double | None] | None = None

    def _speed(self, until: float) -> tuple[Single, Single, Double | None]:
        """Return the downloads a day by cell, the errors of the windows, and times of creation.

        They reach to the time `until` at least.
        """
        if self._drawn is None or until > self._drawn_to:
            self._drawn, self._drawn_to = self._draw_speed(until), until
        return self._drawn

    def _draw_speed(self, until: float) -> tuple[Single, Single, Double | None]:
        used, shared = self._used, self._shared
        begin = used.begins[0]
        stream = Stream(self._name)
        first = cell_of(begin)
        factor = stream.normals([FACTOR_PLACE])[0]
        starts = None
        if used.begins[1] > begin:
            starts = begin + (used.begins[1] - begin) * stream.uniforms(START_PLACE)
        speeds = known_speeds(used, stream, shared, until)
        # The noise at the last of these speeds, which may lie behind that time, takes two cells.
        needed = max(cell_of(until), cell_of(speeds.middles[-1]) + 1)
        noise = own_noise(stream, factor, first, min(needed, cell_of(self._end)) + 1 - first)
        noise += shared.part(self._region, first, len(noise))
        rate = daily_rates(speeds, noise, first, followed=bool(used.counts))
        return rate, speeds.growth_errors, starts

    def fill(self, draws: Double, days: Sequence[float], wanted: Mask | None = None) -> None:
        """Write the histories to the end of the run into `draws` (days, DRAWS), 0 before it.

        Between two all-time counts without a day that is `wanted` nothing is drawn: what happens
        there changes nothing elsewhere.
        """
        used, end = self._used, self._end
        times = np.asarray(days, dtype=np.float64)
        begin = used.begins[0]
        draws[times <= begin] = 0.0
        inside = np.flatnonzero((times > begin) & (times < end))
        # Days as edges are few, whether wanted or not: so a history does not depend on it.
        segments = np.searchsorted([count.day for count in used.counts], times[inside])
        chosen = np.unique(segments if wanted is None else segments[wanted[inside]]).tolist()
        if not chosen:
            return
        first = float(used.counts[chosen[0] - 1].day) if chosen[0] else begin
        last = float(used.counts[chosen[-1]].day) if chosen[-1] < len(used.counts) else end
        rate, errors, starts = self._speed(last)
        edges, breaks = _cells(used, first, last, times[inside])
        growth, pieces = _pieces(rate, cell_of(begin), edges, breaks, used, starts)
        _fix_windows(growth, pieces, used.spans, errors)
        places = np.searchsorted(pieces.edges, times[inside]) - 1
        if not used.counts:
            draws[inside] = np.cumsum(growth, axis=0, dtype=np.float64)[places]
            return
        levels = np.array([0, *(count.value for count in used.counts)], dtype=np.float64)
        is_chosen = np.zeros(len(used.counts), dtype=np.bool_)
        is_chosen[chosen] = True
        is_in_chosen, is_kept_piece = is_chosen[segments], is_chosen[pieces.segments]
        places = places[is_in_chosen]
        if not is_kept_piece.all():
            growth, places = growth[is_kept_piece], (np.cumsum(is_kept_piece) - 1)[places]
            pieces = pieces._replace(
                segments=pieces.segments[is_kept_piece], levels=pieces.levels[is_kept_piece]
            )
        history = fit(growth, pieces.segments, pieces.levels, np.diff(levels))
        draws[inside[is_in_chosen]] = history[places] + levels[segments[is_in_chosen], None]


def _cells(used: UsedCounts, begin: float, end: float, days: Double) -> tuple[Double, Double]:
    """Return the edges of the cells from `begin` to `end`, and those at which a piece must end."""
    counts = [float(count.day) for count in used.counts]
    spans = [
        edge for span in used.spans if span.drawn for edge in (span.start, span.until, span.end)
    ]
    breaks = _in_order(np.array([begin, end, *counts, *days, *spans]), begin, end)
    lines = HUB_FLOOR + CELL_DAYS * np.arange(cell_of(begin) + 1, cell_of(end) + 1)
    return _in_order(np.concatenate([breaks, lines]), begin, end), breaks


def _in_order(times: Double, begin: float, end: float) -> Double:
    """Return the times from `begin` to `end` in order, each once."""
    times = np.sort(times[(times >= begin) & (times <= end)])
    distinct: Double = times[np.append(times[1:] > times[:-1], True)]
    return distinct


def _pieces(
    rate: Single,
    first: int,
    edges: Double,
    breaks: Double,
    used: UsedCounts,
    starts: Double | None,
) -> tuple[Single, _Pieces]:
    """Return the growth in each piece (pieces, DRAWS) before it is fitted, and the pieces."""
    lower, upper = edges[:-1], edges[1:]
    middle = (lower + upper) / 2
    grid = np.floor((middle - HUB_FLOOR) / CELL_DAYS)
    growth = rate[np.clip(grid - first, 0, len(rate) - 1).astype(np.intp)]
    if starts is None:
        growth *= (upper - lower).astype(np.float32)[:, None]
    else:
        growth *= np.clip(upper[:, None] - starts, 0.0, (upper - lower)[:, None])
    segments = np.searchsorted([count.day for count in used.counts], middle)
    # Freedom goes by the cells of the grid, so that a further published day changes no history.
    centre: Double = HUB_FLOOR + CELL_DAYS * (grid + 0.5)
    level = _freedom(middle, centre, [span for span in used.spans if span.drawn])
    begins_piece = np.zeros(len(lower), dtype=np.bool_)
    begins_piece[np.searchsorted(edges, breaks[:-1])] = True
    begins_piece[1:] |= level[1:] != level[:-1]
    beginnings = np.flatnonzero(begins_piece)
    pieces = _Pieces(
        np.append(lower[beginnings], edges[-1]), segments[beginnings], level[beginnings]
    )
    return np.add.reduceat(growth, beginnings, axis=0), pieces


def _freedom(middle: Double, centre: Double, spans: Sequence[Span]) -> NDArray[np.intp]:
    """Return for each cell the level of its freedom: 1 to LEVELS, or FIXED inside a window.

    `middle` says whether a cell is in a window, `centre` how far it is from one. Without any window
    all cells are wholly free.
    """
    if not spans:
        return np.full(len(middle), LEVELS)
    begins = np.array([span.start for span in spans])
    ends = np.array([span.until for span in spans])
    inside = np.searchsorted(begins, middle) > np.searchsorted(ends, middle)
    after = np.searchsorted(begins, centre)
    since = np.where(after > 0, centre - ends[np.maximum(after - 1, 0)], np.inf)
    ahead = np.where(after < len(spans), begins[np.minimum(after, len(spans) - 1)] - centre, np.inf)
    distance = np.minimum(np.maximum(since, 0.0), ahead)
    levels = np.ceil(LEVELS * -np.expm1(-distance / FREE_DAYS)).astype(np.intp)
    return np.where(inside, FIXED, np.maximum(levels, 1))


def _fix_windows(growth: Single, pieces: _Pieces, spans: Sequence[Span], errors: Single) -> None:
    """Scale the growth in each window to its count, which has an error, the latest first.

    Windows that are not between the first and the last edge are left out.
    """
    first, last = pieces.edges[0], pieces.edges[-1]
    whole_spans = [
        place
        for place, span in enumerate(spans)
        if span.drawn and span.start >= first and span.end <= last
    ]
    if not whole_spans:
        return
    times = [
        (spans[number].start, spans[number].until, spans[number].end) for number in whole_spans
    ]
    places = np.searchsorted(pieces.edges, times).tolist()
    for number, (start, until, end) in zip(reversed(whole_spans), reversed(places), strict=True):
        rows = slice(start, until)
        target = np.float32(spans[number].growth) * np.exp(errors[number])
        if until < end:
            target -= growth[until:end].sum(axis=0)
            np.maximum(target, np.float32(LEAST_OWN_PART * spans[number].growth), out=target)
        sums = growth[rows].sum(axis=0)
        # A draw in which the model is created after this part of the window grows later.
        growth[rows] *= np.divide(target, sums, out=np.zeros_like(sums), where=sums > 0)
