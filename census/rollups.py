"""The series of every scope, attribution, basis and dimension, summed over models by month."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from census.origins import BASES, OPERATING

UNVERIFIED = "Unverified"
UNKNOWN = "Unknown"


class Dimension(NamedTuple):
    """A way to cut the downloads: the SQL of its key and of its label.

    In the SQL `m` is the model, `c` its country on the basis.
    """

    name: str
    key: str
    label: str
    bases: tuple[str, ...]
    unknown: str


COUNTRY = "(select name from countries where code = {key})"
LAB = "(select name from labs where id = {key})"
FAMILY = "(select name from families where id = {key})"
REGION = "(select region from countries where code = c.country)"


def dimensions(attribution: str) -> list[Dimension]:
    """Return the dimensions for an attribution (`publisher` or `base`)."""
    base = attribution == "base"
    lab = "m.base_lab" if base else "m.lab"
    family = "m.base_family" if base else "m.family"
    return [
        Dimension("country", "c.country", COUNTRY.format(key="c.country"), BASES, UNVERIFIED),
        Dimension("region", REGION, REGION, BASES, UNVERIFIED),
        Dimension("lab", lab, LAB.format(key=lab), (OPERATING,), UNKNOWN),
        Dimension("family", family, FAMILY.format(key=family), (OPERATING,), "No named family"),
        Dimension("size_bucket", "m.size_bucket", "m.size_bucket", (OPERATING,), UNKNOWN),
        Dimension("licence", "m.licence", "m.licence", (OPERATING,), UNKNOWN),
        Dimension("modality", "m.modality", "m.modality", (OPERATING,), UNKNOWN),
    ]


IN_SCOPE = {"frontier": "m.in_frontier = 1", "labs": "m.in_labs = 1", "hub": "1"}

MONTHS_OF_SCOPE = """
    create temp table months_of_scope as
    select s.scope, c.date
    from scopes as s
    inner join (select distinct date from curves) as c
        on c.date = s.through
        or (c.date < s.through and strftime('%d', c.date, '+1 day') = '01')
"""

KEYED_MODELS = """
    create temp table keyed_models as
    select
        m.id as model,
        {key} as key,
        {label} as label
    from models as m
    inner join model_countries as c
        on m.id = c.model and c.attribution = :attribution and c.basis = :basis
    where {in_scope}
"""

SUMS = """
    select
        k.key,
        k.label,
        v.month,
        sum(v.cumulative),
        sum(v.cumulative_low),
        sum(v.cumulative_high),
        sum(v.monthly),
        sum(v.monthly_low),
        sum(v.monthly_high),
        count(*)
    from keyed_models as k
    inner join curves as v on k.model = v.model
    inner join months_of_scope as w on v.date = w.date and w.scope = :scope
    group by k.key, v.month
    order by k.key, v.month
"""

SeriesRow = tuple[str | None, str | None, str, int, int, int, int, int, int, int]


def roll_up(connection: sqlite3.Connection) -> None:
    """Fill series_keys and series_points from curves, models and scopes.

    Bounds of a sum are the sums of the bounds. Each number can be had again from `curves` by one
    `group by`.
    """
    connection.execute(MONTHS_OF_SCOPE)
    for scope in IN_SCOPE:
        for attribution in ("publisher", "base"):
            for dimension in dimensions(attribution):
                for basis in dimension.bases:
                    _add_series(connection, scope, attribution, basis, dimension)
    connection.execute("drop table months_of_scope")


def _add_series(
    connection: sqlite3.Connection, scope: str, attribution: str, basis: str, dimension: Dimension
) -> None:
    values: Mapping[str, str] = {"scope": scope, "attribution": attribution, "basis": basis}
    keyed = KEYED_MODELS.format(key=dimension.key, label=dimension.label, in_scope=IN_SCOPE[scope])
    connection.execute(keyed, values)
    key_ids: dict[str | None, int] = {}
    points = []
    for key, label, *point in _sums(connection, values):
        if key not in key_ids:
            row = (scope, attribution, basis, dimension.name, key, label or dimension.unknown)
            cursor = connection.execute(
                "insert into series_keys (scope, attribution, basis, dimension, key, label)"
                " values (?, ?, ?, ?, ?, ?)",
                row,
            )
            key_ids[key] = int(cursor.lastrowid or 0)
        points.append((key_ids[key], *point))
    connection.executemany("insert into series_points values (?, ?, ?, ?, ?, ?, ?, ?, ?)", points)
    connection.execute("drop table keyed_models")


def _sums(connection: sqlite3.Connection, values: Mapping[str, str]) -> Iterator[SeriesRow]:
    yield from connection.execute(SUMS, values)
