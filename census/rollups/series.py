"""The series of every scope, attribution, basis and dimension, summed over models by month."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from census.origins import BASES, OPERATING

UNVERIFIED = "Unverified"
UNKNOWN = "Unknown"
ATTRIBUTIONS = ("publisher", "base")


class Dimension(NamedTuple):
    """A way to cut the downloads: the SQL of its key and of its label.

    In the SQL `m` is the model, `c` its country on the basis. `attributed` says whether the key
    depends on whose model it counts as.
    """

    name: str
    key: str
    label: str
    bases: tuple[str, ...]
    unknown: str
    attributed: bool = True


COUNTRY = "(select name from countries where code = {key})"
LAB = "(select name from labs where id = {key})"
FAMILY = "(select name from families where id = {key})"


def dimensions(attribution: str) -> list[Dimension]:
    """Return the dimensions for an attribution (`publisher` or `base`)."""
    base = attribution == "base"
    lab = "m.base_lab" if base else "m.lab"
    family = "m.base_family" if base else "m.family"
    return [
        Dimension("country", "c.country", COUNTRY.format(key="c.country"), BASES, UNVERIFIED),
        Dimension("region", "c.region", "c.region", BASES, UNVERIFIED),
        Dimension("lab", lab, LAB.format(key=lab), (OPERATING,), UNKNOWN),
        Dimension("family", family, FAMILY.format(key=family), (OPERATING,), "No named family"),
        *(
            Dimension(name, f"m.{name}", f"m.{name}", (OPERATING,), UNKNOWN, attributed=False)
            for name in ("size_bucket", "licence", "modality")
        ),
    ]


IN_SCOPE = {"frontier": "m.in_frontier = 1", "labs": "m.in_labs = 1", "hub": "1"}

# The curves of a scope's models at the ends of months up to its last day, and on that day.
SCOPE_CURVES = """
    create temp table scope_curves as
    select v.*
    from scopes as s
    inner join curves as v
        on v.date = s.through
        or (v.date < s.through and strftime('%d', v.date, '+1 day') = '01')
    inner join models as m on v.model = m.id
    where s.scope = :scope and {in_scope}
    order by v.model, v.date
"""

SUMS = """
    with keyed as (
        select
            m.id as model,
            {key} as key,
            {label} as label
        from models as m
        inner join model_countries as c
            on m.id = c.model and c.attribution = :attribution and c.basis = :basis
    )

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
    from temp.scope_curves as v
    inner join keyed as k on v.model = k.model
    group by k.key, v.month
    order by k.key, v.month
"""

# A region's sums are those of its countries, which are there already.
REGION_SUMS = """
    select
        c.region as key,
        c.region as label,
        p.month,
        sum(p.cumulative),
        sum(p.cumulative_low),
        sum(p.cumulative_high),
        sum(p.monthly),
        sum(p.monthly_low),
        sum(p.monthly_high),
        sum(p.models)
    from series_keys as k
    inner join series_points as p on k.id = p.series
    left join countries as c on k.key = c.code
    where
        k.scope = :scope
        and k.attribution = :attribution
        and k.basis = :basis
        and k.dimension = 'country'
    group by c.region, p.month
    order by c.region, p.month
"""

SeriesRow = tuple[str | None, str | None, str, int, int, int, int, int, int, int]


def roll_up(connection: sqlite3.Connection) -> None:
    """Fill series_keys and series_points from curves, models and scopes.

    Bounds of a sum are the sums of the bounds. Each number can be had again from `curves` by one
    `group by`.
    """
    for scope, in_scope in IN_SCOPE.items():
        connection.execute(SCOPE_CURVES.format(in_scope=in_scope), {"scope": scope})
        for attribution in ATTRIBUTIONS:
            for dimension in dimensions(attribution):
                if dimension.attributed or attribution == ATTRIBUTIONS[0]:
                    _sum_dimension(connection, scope, attribution, dimension)
        connection.execute("drop table temp.scope_curves")


def _sum_dimension(
    connection: sqlite3.Connection, scope: str, attribution: str, dimension: Dimension
) -> None:
    """Add the series of a dimension; one that nobody is attributed in serves every attribution."""
    query = SUMS.format(key=dimension.key, label=dimension.label)
    if dimension.name == "region":
        query = REGION_SUMS
    for basis in dimension.bases:
        values = {"scope": scope, "attribution": attribution, "basis": basis}
        rows: list[SeriesRow] = connection.execute(query, values).fetchall()
        for serves in (attribution,) if dimension.attributed else ATTRIBUTIONS:
            _add_series(connection, (scope, serves, basis), dimension, rows)


def _add_series(
    connection: sqlite3.Connection,
    place: tuple[str, str, str],
    dimension: Dimension,
    rows: list[SeriesRow],
) -> None:
    key_ids: dict[str | None, int] = {}
    points = []
    for key, label, *point in rows:
        if key not in key_ids:
            cursor = connection.execute(
                "insert into series_keys (scope, attribution, basis, dimension, key, label)"
                " values (?, ?, ?, ?, ?, ?)",
                (*place, dimension.name, key, label or dimension.unknown),
            )
            key_ids[key] = int(cursor.lastrowid or 0)
        points.append((key_ids[key], *point))
    connection.executemany("insert into series_points values (?, ?, ?, ?, ?, ?, ?, ?, ?)", points)
