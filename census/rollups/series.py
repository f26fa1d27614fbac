"""The series of every scope, attribution, basis and dimension: sums over models, row by row."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

from census.base.days import iso
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import Draw, ModelDraws, estimate, kept_days
from census.rollups.keys import IN_SCOPE, Cut, SeriesKey, cuts_of_scopes
from census.rollups.published_days import MONTH, PublishedRow, rows_of
from census.rollups.sample import Sample
from census.rollups.series_rows import Rows, Summing

# What decides the rows of a cut: of each key whether it is unknown, and its models.
Models = tuple[tuple[bool, tuple[int, ...]], ...]


class RolledUp(NamedTuple):
    """The draws of the models, and how many of all shares lay outside of their draws' interval."""

    draws: ModelDraws
    widened: int
    shares: int


@dataclass
class ScopePlan:
    """The cuts of a scope up to its last day, with the numbers of the sets of their keys."""

    last_day: int
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
    last_days: Mapping[str, int],
) -> RolledUp:
    """Fill series_keys, series_points and series_days.

    `last_days` are those of the scopes. Bounds of a sum are the sums of the bounds. The middles and
    likely ends of `downloads` are filled on the way.
    """
    sets = _Sets(downloads)
    cuts = cuts_of_scopes(connection, last_days)
    plans = [
        _plan(connection, scope, last_day, cuts[scope], sets)
        for scope, last_day in last_days.items()
    ]
    set_draws, model_draws = estimate(
        downloads, draw, sets.rows(), kept_days(downloads, [*last_days.values()])
    )
    summing = Summing(downloads, set_draws, sample, sets.rows())
    tally = [0, 0]
    for plan in plans:
        # Cuts of the same models have the same rows, which are kept for the last of these cuts.
        # Models without counts are among them: coverage and places rest on those too.
        cuts_left = Counter(_models_of(keys) for _, keys, _ in plan.cuts)
        rows_by_models: dict[Models, Rows] = {}
        for cut, keys, numbers in plan.cuts:
            models = _models_of(keys)
            if models not in rows_by_models:
                rows_by_models[models] = summing.rows(
                    plan.last_day, plan.everything, keys, numbers, tally
                )
            _insert(connection, cut, keys, rows_of(plan.last_day), rows_by_models[models])
            cuts_left[models] -= 1
            if not cuts_left[models]:
                del rows_by_models[models]
    return RolledUp(model_draws, *tally)


def _models_of(keys: Sequence[SeriesKey]) -> Models:
    """Return the models of each key: cuts that have the same models have the same rows."""
    return tuple((key.key is None, key.models) for key in keys)


def _plan(
    connection: sqlite3.Connection,
    scope: str,
    last_day: int,
    cuts: Sequence[tuple[Cut, list[SeriesKey]]],
    sets: _Sets,
) -> ScopePlan:
    members = connection.execute(f"select m.id from models as m where {IN_SCOPE[scope]}")  # noqa: S608
    everything = sets.number([row[0] for row in members.fetchall()])
    numbered = [(cut, keys, [sets.number(key.models) for key in keys]) for cut, keys in cuts]
    return ScopePlan(last_day, everything, numbered)


def _insert(
    connection: sqlite3.Connection,
    cut: Cut,
    keys: Sequence[SeriesKey],
    published_rows: Sequence[PublishedRow],
    rows: Rows,
) -> None:
    """Insert the series of a cut; a key without a counted model has none."""
    through = [iso(row.through) for row in published_rows]
    months = [day[:7] for day in through]
    # Rows of months come first.
    first_day = sum(row.step == MONTH for row in published_rows)
    steps = [row.step for row in published_rows]
    of_months, of_days = slice(0, first_day), slice(first_day, None)
    tables = (
        ("series_points", of_months, [*zip(months, through, strict=True)][of_months]),
        ("series_days", of_days, [*zip(steps, through, months, strict=True)][of_days]),
    )
    for place, key in enumerate(keys):
        if not rows.present[place].any():
            continue
        cursor = connection.execute(
            "insert into series_keys (scope, attribution, basis, dimension, key, label)"
            " values (?, ?, ?, ?, ?, ?)",
            (*cut, key.key, key.label),
        )
        for table, part, heads in tables:
            present = rows.present[place][part]
            values = rows.values[place][part][present].tolist()
            places = ", ?" * (len(heads[0]) + rows.values.shape[2])
            # SQLite takes nan for null, in half the time in which Python takes None to it.
            connection.executemany(
                f"insert into {table} values (?{places})",  # noqa: S608
                [
                    (cursor.lastrowid, *head, *row)
                    for head, row in zip(compress(heads, present), values, strict=True)
                ],
            )
