"""The series of every scope, attribution, basis and dimension: sums over models, row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import iso
from census.base.shares import share_bounds
from census.rollups.downloads import Measured, ModelDownloads
from census.rollups.estimate import Draw, ModelDraws, SetDraws, estimate, kept_days
from census.rollups.keys import IN_SCOPE, Cut, SeriesKey, cuts_of
from census.rollups.places import place_probabilities, places
from census.rollups.published_days import MONTH, PublishedRow, rows_of
from census.rollups.summaries import (
    COUNTED_PART,
    Summed,
    has_likely_interval,
    points_of,
    published_downloads,
    published_shares,
)

Counts = NDArray[np.int64]
Floats = NDArray[np.floating]
Value = int | float | str | None

# What a row has of each measure, in the order of the tables.
OF_MEASURE = (
    "",
    "_low",
    "_high",
    "_likely_low",
    "_likely_high",
    "_half_low",
    "_half_high",
    "_counted",
    "_share_pct",
    "_low_pct",
    "_high_pct",
    "_likely_low_pct",
    "_likely_high_pct",
    "_half_low_pct",
    "_half_high_pct",
    "_place",
    "_p_place",
)


class RolledUp(NamedTuple):
    """The draws of the models, and how many of all shares lay outside of their draws' interval."""

    draws: ModelDraws
    widened: int
    shares: int


class Sample(NamedTuple):
    """What a series is made of beside the counted models.

    `weights` has a row for each of `models` and a column a published day: the 30-day weight, -1
    where it is unknown. `uncounted` is the least that each model without an all-time count has.
    """

    models: tuple[int, ...]
    weights: Counts
    uncounted: Mapping[int, int]


@dataclass
class Planned:
    """The cuts of a scope whose last day is `end`, with the sets of rows of their keys."""

    end: int
    everything: int
    cuts: list[tuple[Cut, list[SeriesKey], list[int]]]


class _Sets:
    """Distinct sets of models as rows of the downloads, each with a number."""

    def __init__(self, downloads: ModelDownloads) -> None:
        self._row_of = downloads.row_of
        self._numbers: dict[tuple[int, ...], int] = {}

    def number(self, models: Sequence[int]) -> int:
        """Return the number of the set of those models that are counted."""
        rows = tuple(self._row_of[model] for model in models if model in self._row_of)
        return self._numbers.setdefault(rows, len(self._numbers))

    def rows(self) -> list[tuple[int, ...]]:
        """Return the rows of each set, by its number."""
        return list(self._numbers)


def roll_up(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    draw: Draw,
    sample: Sample,
    ends: Mapping[str, int],
) -> RolledUp:
    """Fill series_keys, series_points and series_days.

    `ends` are the last days of the scopes. Bounds of a sum are the sums of the bounds. The middles
    and likely ends of `downloads` are filled on the way.
    """
    sets = _Sets(downloads)
    planned = [_plan(connection, scope, end, sets) for scope, end in ends.items()]
    drawn, model_draws = estimate(
        downloads, draw, sets.rows(), kept_days(downloads, [*ends.values()])
    )
    summing = _Summing(downloads, drawn, sample, sets.rows())
    tally = [0, 0]
    for plan in planned:
        made: dict[tuple[int, ...], list[list[tuple[Value, ...]]]] = {}
        for cut, keys, numbers in plan.cuts:
            if tuple(numbers) not in made:
                made[tuple(numbers)] = summing.rows(plan, keys, numbers, tally)
            _insert(connection, cut, keys, rows_of(plan.end), made[tuple(numbers)])
    return RolledUp(model_draws, *tally)


def _plan(connection: sqlite3.Connection, scope: str, end: int, sets: _Sets) -> Planned:
    members = connection.execute(f"select m.id from models as m where {IN_SCOPE[scope]}")  # noqa: S608
    everything = sets.number([row[0] for row in members.fetchall()])
    cuts = [
        (cut, keys, [sets.number(key.models) for key in keys])
        for cut, keys in cuts_of(connection, scope)
    ]
    return Planned(end, everything, cuts)


class _Summing:
    """Sums over sets of models, from whole columns to the rows of the tables."""

    def __init__(
        self,
        downloads: ModelDownloads,
        drawn: SetDraws,
        sample: Sample,
        sets: Sequence[Sequence[int]],
    ) -> None:
        self.downloads = downloads
        self.drawn = drawn
        self.sample = sample
        self.sets = [np.array(rows, dtype=np.intp) for rows in sets]
        self.exists = downloads.exists()
        self.carried = np.where(downloads.carried(), downloads.level.middle, 0)
        self.sample_row = {model: row for row, model in enumerate(sample.models)}

    def rows(
        self, plan: Planned, keys: Sequence[SeriesKey], numbers: Sequence[int], tally: list[int]
    ) -> list[list[tuple[Value, ...]]]:
        """Return the values of each key's rows; rows before its first model are empty."""
        published = self.downloads.published
        wanted = rows_of(plan.end)
        at = [published.day_at[row.through] for row in wanted]
        spans = [published.span_at[row.span] for row in wanted]
        missing = np.array([self._missing(key) for key in keys], dtype=np.int64)
        level = _Measure(self, plan, numbers, self.downloads.level, self.drawn.level, at, missing)
        growth = _Measure(
            self, plan, numbers, self.downloads.growth, self.drawn.growth, spans, missing
        )
        for measure in (level, growth):
            tally[0] += measure.widened
            tally[1] += measure.shares
        known = [key.key is not None for key in keys]
        columns = [*level.columns(known), *growth.columns(known)]
        present = np.array([self.exists[self.sets[n]].sum(axis=0)[at] for n in numbers])
        carried = np.array([self.carried[self.sets[n]].sum(axis=0)[at] for n in numbers])
        covered, coverable = self._coverage(keys, at)
        columns += [carried, covered, coverable, present]
        lists = [_plain(column) for column in columns]
        return [
            [
                values if there else ()
                for values, there in zip(
                    zip(*(column[key] for column in lists), strict=True), present[key], strict=True
                )
            ]
            for key in range(len(keys))
        ]

    def _missing(self, key: SeriesKey) -> int:
        """Return the least that a key's models without an all-time count have."""
        return sum(self.sample.uncounted.get(model, 0) for model in key.models)

    def _coverage(self, keys: Sequence[SeriesKey], at: Sequence[int]) -> tuple[Counts, Counts]:
        """Return the 30-day weights in counted models and in all models of each key, by row."""
        counted_models = self.downloads.row_of
        shape = (len(keys), len(at))
        covered, coverable = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for place, key in enumerate(keys):
            rows = [self.sample_row[model] for model in key.models if model in self.sample_row]
            inside = np.array(
                [self.sample.models[row] in counted_models for row in rows], dtype=bool
            )
            weights = np.maximum(self.sample.weights[rows][:, at], 0)
            coverable[place] = weights.sum(axis=0)
            covered[place] = weights[inside].sum(axis=0)
        return covered, coverable


class _Measure:
    """All columns of one measure (levels or growth) for the keys of a cut, (keys, rows) each."""

    def __init__(
        self,
        summing: _Summing,
        plan: Planned,
        numbers: Sequence[int],
        measured: Measured,
        draws: Floats,
        columns: Sequence[int],
        missing: Counts,
    ) -> None:
        sets = summing.sets

        def summed(values: NDArray[np.int64], number: int) -> Counts:
            total: Counts = values[sets[number]].sum(axis=0)[list(columns)]
            return total

        self.low = np.array([summed(measured.low, number) for number in numbers])
        self.high = np.array([summed(measured.high, number) for number in numbers])
        of_counted = np.where(measured.counted, measured.middle, 0)
        of_windowed = np.where(summing.downloads.windowed[:, None], measured.middle, 0)
        models = np.array([summed(measured.middle, number) for number in numbers])
        windowed = np.array([summed(of_windowed, number) for number in numbers])
        # The draws of a key and day stay next to each other in memory.
        by_day = draws.transpose(0, 2, 1)
        key_draws = by_day[np.ix_(numbers, columns)].transpose(2, 0, 1)
        points = published_downloads(
            points_of(key_draws), self.low, self.high, self.low == self.high
        )
        self.points = points
        # The part in counted models is one of the middles, so it is taken of their sum.
        counted = np.array([summed(of_counted, number) for number in numbers])
        part = np.divide(counted, models, out=np.zeros(models.shape), where=models > 0)
        self.counted = np.rint(part * points.middle)
        all_draws = by_day[[plan.everything]][:, list(columns)].transpose(2, 0, 1)
        whole = Summed(
            points.middle.sum(axis=0), all_draws, self.low.sum(axis=0), self.high.sum(axis=0)
        )
        shares = published_shares(Summed(points.middle, key_draws, self.low, self.high), whole)
        self.share = shares.points
        self.widened = int(shares.widened.sum())
        self.shares = int(shares.widened.size)
        lowest, highest = share_bounds(self.low, self.high, whole.low, whole.high)
        self.low_share, self.high_share = np.round(lowest, 4), np.round(highest, 4)
        self.likely = has_likely_interval(models, windowed)
        self.draws, self.missing = key_draws, missing

    def columns(self, known: Sequence[bool]) -> list[NDArray[np.generic]]:
        """Return the columns in the order of `OF_MEASURE`; nan is null."""
        ends = [self.points.low, self.points.high, self.points.band_low, self.points.band_high]
        share_ends = [self.share.low, self.share.high, self.share.band_low, self.share.band_high]
        placed = places(self.points.middle, known)
        certain = self.likely | (self.counted >= COUNTED_PART * self.points.middle)
        chance = place_probabilities(self.draws, placed, self.missing, certain)
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
            chance,
        ]


def _plain(column: NDArray[np.generic]) -> list[list[Value]]:
    """Return a column as Python's numbers: nan is None, whole numbers are integers."""
    if column.dtype.kind in "iu":
        plain: list[list[Value]] = column.tolist()
        return plain
    values = column.astype(np.float64)
    unknown = np.isnan(values)
    if np.all(unknown | (values == np.rint(values))):
        objects = np.where(unknown, 0, values).astype(np.int64).astype(object)
    else:
        objects = values.astype(object)
    objects[unknown] = None
    numbers: list[list[Value]] = objects.tolist()
    return numbers


def _insert(
    connection: sqlite3.Connection,
    cut: Cut,
    keys: Sequence[SeriesKey],
    wanted: Sequence[PublishedRow],
    values: Sequence[Sequence[tuple[Value, ...]]],
) -> None:
    """Insert the series of a cut; a key without a counted model has none."""
    months: list[tuple[Value, ...]] = []
    days: list[tuple[Value, ...]] = []
    for key, rows in zip(keys, values, strict=True):
        if not any(rows):
            continue
        cursor = connection.execute(
            "insert into series_keys (scope, attribution, basis, dimension, key, label)"
            " values (?, ?, ?, ?, ?, ?)",
            (*cut, key.key, key.label),
        )
        number = cursor.lastrowid
        for row, of_row in zip(wanted, rows, strict=True):
            if not of_row:
                continue
            through = iso(row.through)
            if row.step == MONTH:
                months.append((number, through[:7], through, *of_row))
            else:
                days.append((number, row.step, through, through[:7], *of_row))
    for table, inserted in (("series_points", months), ("series_days", days)):
        if inserted:
            places_of = ", ".join("?" * len(inserted[0]))
            connection.executemany(f"insert into {table} values ({places_of})", inserted)  # noqa: S608


def point_columns() -> Iterator[str]:
    """Yield the names of the columns of a row behind its key and its days, in order."""
    for measure in ("cumulative", "monthly"):
        for part in OF_MEASURE:
            yield f"{measure}{part}"
    yield from ("carried", "covered", "coverable", "models")
