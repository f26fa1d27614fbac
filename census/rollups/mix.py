"""What the models of a scope are like: by month of release, country and one property at a time."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from census.base.days import day_number
from census.base.inserting import insert_rows
from census.rollups.day_sums import DaySums, Sets, shares_in, stored_values
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.keys import IN_SCOPE
from census.rollups.sample import Sample


class Split(NamedTuple):
    """A property of models: the SQL of its key and label, `m` the model and `l` its licence.

    `no_part` are the keys that are no part of a whole: of these models the property is not known
    well enough for a share.
    """

    name: str
    key: str
    label: str
    unknown: str
    no_part: tuple[str, ...] = ()


class Cell(NamedTuple):
    """Models that are alike: their month of release, country and key, each empty if unknown."""

    month: str
    country: str
    key: str
    label: str
    models: tuple[int, ...]


GATING = """case m.gated
        when 'false' then 'Open to all'
        when 'auto' then 'On request, granted at once'
        when 'manual' then 'On request, decided by people'
    end"""
SPLITS = (
    Split("country", "m.country", "c.name", "Country not established"),
    Split("size_bucket", "m.size_bucket", "m.size_bucket", "Size unknown"),
    Split("licence", "m.licence", "l.name", "Licence unknown"),
    Split("licence_class", "l.class", "l.class_label", "Licence unknown", ("", "unread")),
    Split("gating", "m.gated", GATING, "Gating unknown"),
    Split("modality", "m.modality", "m.modality", "Modality unknown"),
)
# How all countries together are called in mix_sums.
EVERY = "all"
# Unknown is the empty text here, not null, so that it can be part of the table's key.
CELLS = """
    select
        coalesce(substr(m.released_on, 1, 7), '') as month,
        coalesce(m.country, '') as country,
        coalesce({key}, '') as key,
        coalesce(max({label}), '{unknown}') as label,
        group_concat(m.id)
    from models as m
    left join licences as l on m.licence = l.licence
    left join countries as c on m.country = c.code
    where {in_scope}
    group by 1, 2, 3
    order by 1, 2, 3
"""


def load_mix(
    connection: sqlite3.Connection, downloads: ModelDownloads, draws: ModelDraws, sample: Sample
) -> None:
    """Fill model_mix and mix_sums for every scope, with the downloads up to its last day."""
    through = dict(connection.execute("select scope, through from scopes").fetchall())
    for scope, rule in IN_SCOPE.items():
        day = day_number(date.fromisoformat(through[scope]))
        sums = DaySums(downloads, draws, sample, day)
        for split in SPLITS:
            query = CELLS.format(
                key=split.key, label=split.label, unknown=split.unknown, in_scope=rule
            )
            cells = [
                Cell(month, country, key, label, tuple(map(int, models.split(","))))
                for month, country, key, label, models in connection.execute(query)
            ]
            _load_cells(connection, (scope, split.name), sums, cells)
            _load_sums(connection, (scope, split.name), sums, cells, split.no_part)


def _load_cells(
    connection: sqlite3.Connection, head: tuple[str, str], sums: DaySums, cells: Sequence[Cell]
) -> None:
    amounts = sums.of(Sets([cell.models for cell in cells]))
    columns = [stored_values(column) for column in (amounts.models, *amounts.columns())]
    insert_rows(
        connection,
        "model_mix",
        (
            (*head, cell.month, cell.country, cell.key, cell.label, len(cell.models), *values)
            for cell, *values in zip(cells, *columns, strict=True)
        ),
    )


def _load_sums(
    connection: sqlite3.Connection,
    head: tuple[str, str],
    sums: DaySums,
    cells: Sequence[Cell],
    no_part: Sequence[str],
) -> None:
    """Fill mix_sums: each country, and all together, with the shares of the keys."""
    models: dict[tuple[str, str], list[int]] = defaultdict(list)
    labels = {}
    for cell in cells:
        labels[cell.key] = cell.label
        for country in (cell.country, EVERY):
            models[country, cell.key].extend(cell.models)
    pairs = sorted(models)
    countries = {country: place for place, country in enumerate(dict(pairs))}
    whole_of = [-1 if key in no_part else countries[country] for country, key in pairs]
    amounts = sums.of(Sets([models[key] for key in pairs]))
    columns = [stored_values(column) for column in (amounts.models, *amounts.columns())]
    shares = [stored_values(column, 4) for column in shares_in(amounts, whole_of)]
    insert_rows(
        connection,
        "mix_sums",
        (
            (*head, country, key, labels[key], len(models[country, key]), *values)
            for (country, key), *values in zip(pairs, *columns, *shares, strict=True)
        ),
    )
