"""What each lab weighs in a country's share: its downloads by country on every basis."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from census.base.inserting import insert_rows
from census.rollups.day_sums import DaySums, Sets, stored_values
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.keys import IN_SCOPE
from census.rollups.sample import Sample

# Sums at the scope's last day, so that a question about origins reads some hundred rows instead of
# every model's curve.
CELLS = """
    select
        c.attribution,
        c.basis,
        iif(c.attribution = 'base', m.base_lab, m.lab) as counted_lab,
        c.country,
        c.filled,
        group_concat(m.id)
    from models as m
    inner join model_countries as c on c.model = m.id
    where {in_scope}
    group by c.attribution, c.basis, counted_lab, c.country, c.filled
    order by c.attribution, c.basis, counted_lab, c.country, c.filled
"""


def load_lab_countries(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    draws: ModelDraws,
    sample: Sample,
    last_days: Mapping[str, int],
) -> None:
    """Fill lab_countries for every scope up to its last day, given by `last_days`.

    A lab and country without a counted model has no row.
    """
    for scope, last_day in last_days.items():
        cells = connection.execute(CELLS.format(in_scope=IN_SCOPE[scope])).fetchall()
        sets = Sets([[int(model) for model in models.split(",")] for *_, models in cells])
        amounts = DaySums(downloads, draws, sample, last_day).of(sets)
        columns = [stored_values(column) for column in (amounts.models, *amounts.columns())]
        insert_rows(
            connection,
            "lab_countries",
            (
                (None, scope, *cell[:-1], *values)
                for cell, *values in zip(cells, *columns, strict=True)
                if values[0]
            ),
        )
