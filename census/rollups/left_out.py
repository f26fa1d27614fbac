"""The ranking with one thing left out: models under 1B, those in doubt, or the largest of all.

Each is a switch of a question, for the default scope and attribution, at the scope's last day.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import day_number
from census.base.inserting import insert_rows
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.keys import IN_SCOPE
from census.rollups.places import place_probabilities, places
from census.rollups.robustness import MEMBERS, TOP_MODEL, Sum, Summing, number_or_none, share_bound
from census.rollups.sample import Sample
from census.rollups.summaries import (
    COUNTED,
    Summed,
    has_likely_interval,
    points_of,
    published_downloads,
    published_shares,
    rests_on,
)

Double = NDArray[np.float64]
SCOPE, ATTRIBUTION = "frontier", "publisher"
DIMENSIONS = ("country", "lab")


class Switch(NamedTuple):
    """What is left out: SQL over `members as k`, and SQL for the name of the one thing left out."""

    name: str
    leaves_out: str
    left_out_name: str = "null"


SWITCHES = (
    Switch("none", "0"),
    Switch("under_1b", "coalesce(k.parameters < 1000000000, 0)"),
    Switch(
        "flagged",
        # Of these events of a model's own a count of it stands in doubt.
        "k.model in (select e.model from quality_events as e"
        " where e.model is not null and e.kind in ('contradiction', 'outlier'))",
    ),
    Switch("largest_model", f"k.name = {TOP_MODEL}", TOP_MODEL),
)
KEPT = """
    select k.{dimension}, k.model, coalesce(m.at_least, 0)
    from members as k
    inner join models as m on k.model = m.id
    where not ({leaves_out})
    order by k.{dimension}, k.model
"""
LEFT_OUT = """
    select
        (select count(*) from members as k where k.downloads is not null and ({leaves_out})),
        {named}
"""
LABELS = """
    select key, label
    from series_keys
    where scope = ? and attribution = ? and basis = 'operating' and dimension = ?
"""


def load_left_out(
    connection: sqlite3.Connection, downloads: ModelDownloads, draws: ModelDraws, sample: Sample
) -> None:
    """Fill left_out_series at the last day of the default scope."""
    (through,) = connection.execute(
        "select through from scopes where scope = ?", (SCOPE,)
    ).fetchone()
    day = day_number(date.fromisoformat(through))
    summing = Summing(downloads, draws, sample, {}, day)
    parameters = {"scope": SCOPE, "attribution": ATTRIBUTION}
    connection.execute(MEMBERS.format(in_scope=IN_SCOPE[SCOPE]), parameters)
    for dimension in DIMENSIONS:
        labels = dict(connection.execute(LABELS, (SCOPE, ATTRIBUTION, dimension)).fetchall())
        for switch in SWITCHES:
            _load_switch(connection, summing, dimension, switch, labels)
    connection.execute("drop table members")


def _load_switch(
    connection: sqlite3.Connection,
    summing: Summing,
    dimension: str,
    switch: Switch,
    labels: dict[str | None, str],
) -> None:
    models: dict[str | None, list[int]] = defaultdict(list)
    missing: dict[str | None, int] = defaultdict(int)
    query_of_kept = KEPT.format(dimension=dimension, leaves_out=switch.leaves_out)
    for key, model, at_least in connection.execute(query_of_kept):
        models[key].append(model)
        if model not in summing.row_of:
            missing[key] += at_least
    sums = {key: summing.sum_of(members, with_uncounted=False) for key, members in models.items()}
    counted_sums = {key: total for key, total in sums.items() if total.models and key in labels}
    if not counted_sums:
        return
    query_of_left_out = LEFT_OUT.format(leaves_out=switch.leaves_out, named=switch.left_out_name)
    left_out = connection.execute(query_of_left_out).fetchone()
    keys = list(counted_sums)
    rows = _rows(keys, list(counted_sums.values()), np.array([missing[key] for key in keys]))
    head = (SCOPE, ATTRIBUTION, dimension, switch.name)
    insert_rows(
        connection,
        "left_out_series",
        ((*head, key, labels[key], *row, *left_out) for key, row in zip(keys, rows, strict=True)),
    )


def _rows(
    keys: Sequence[str | None], sums: Sequence[Sum], missing: NDArray[np.int64]
) -> list[tuple[Any, ...]]:
    """Return the row of each key, in the order of the table's columns."""
    low, high = (
        np.array([[total.low] for total in sums]),
        np.array([[total.high] for total in sums]),
    )
    points = [
        published_downloads(points_of(total.draws[:, None]), least, most, least == most)
        for total, least, most in zip(sums, low, high, strict=True)
    ]
    middle = np.array([point.middle for point in points])
    draws = np.stack([total.draws for total in sums], axis=1)[:, :, None]
    likely = [bool(has_likely_interval([total.middle], [total.windowed])[0]) for total in sums]
    parts = [total.counted / total.middle if total.middle else 0.0 for total in sums]
    counted = [round(part * float(count)) for part, count in zip(parts, middle[:, 0], strict=True)]
    certain = np.array(
        [
            [interval or rests_on(float(count), part, interval) == COUNTED]
            for interval, count, part in zip(likely, middle[:, 0], counted, strict=True)
        ]
    )
    placed = places(middle, [key is not None for key in keys])
    chances = place_probabilities(draws, placed, missing, certain)
    whole = Summed(middle.sum(axis=0), draws.sum(axis=1), low.sum(axis=0), high.sum(axis=0))
    rows = []
    for place, total in enumerate(sums):
        key = Summed(middle[place], draws[:, place], low[place], high[place])
        share = published_shares(key, whole).points
        others = [other for other in range(len(sums)) if other != place]
        rows.append(
            (
                total.models,
                int(middle[place, 0]),
                int(total.low),
                int(total.high),
                *(int(end[0]) if likely[place] else None for end in points[place][1:]),
                number_or_none(share.middle[0]),
                share_bound(total.low, float(high[others].sum())),
                share_bound(total.high, float(low[others].sum())),
                *(number_or_none(end[0]) if likely[place] else None for end in share[1:]),
                number_or_none(chances[place, 0]),
                counted[place],
                total.covered,
                total.coverable,
            )
        )
    return rows
