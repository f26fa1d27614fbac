"""The series of every scope, attribution, basis and dimension: sums over models, row by row."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
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


class Rows(NamedTuple):
    """The values of the rows of some keys: by column, key and row of the table.

    `present` says by key which rows there are: none before its first model.
    """

    columns: list[list[list[Value]]]
    present: list[list[bool]]


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
        # Cuts of the same sets have the same rows, which are kept for the last of these cuts.
        left = Counter(tuple(numbers) for _, _, numbers in plan.cuts)
        made: dict[tuple[int, ...], Rows] = {}
        for cut, keys, numbers in plan.cuts:
            of_sets = tuple(numbers)
            if of_sets not in made:
                made[of_sets] = summing.rows(plan, keys, numbers, tally)
            _insert(connection, cut, keys, rows_of(plan.end), made[of_sets])
            left[of_sets] -= 1
            if not left[of_sets]:
                del made[of_sets]
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
    ) -> Rows:
        """Return the values of each key's rows."""
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
        return Rows([_plain(column) for column in columns], (present > 0).tolist())

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
        """Return the columns in the order of the tables; nan is null."""
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
    rows: Rows,
) -> None:
    """Insert the series of a cut; a key without a counted model has none."""
    through = [iso(row.through) for row in wanted]
    months = [day[:7] for day in through]
    # Rows of months come first.
    first_day = sum(row.step == MONTH for row in wanted)
    tables = (
        ("series_points", slice(0, first_day), (months, through)),
        ("series_days", slice(first_day, None), ([row.step for row in wanted], through, months)),
    )
    for place, key in enumerate(keys):
        if not any(rows.present[place]):
            continue
        cursor = connection.execute(
            "insert into series_keys (scope, attribution, basis, dimension, key, label)"
            " values (?, ?, ?, ?, ?, ?)",
            (*cut, key.key, key.label),
        )
        for table, part, heads in tables:
            named = [head[part] for head in heads]
            columns = [column[place][part] for column in rows.columns]
            of_key = zip(repeat(cursor.lastrowid), *named, *columns, strict=False)
            values = ", ?" * (len(named) + len(columns))
            connection.executemany(
                f"insert into {table} values (?{values})",  # noqa: S608
                compress(of_key, rows.present[place][part]),
            )
