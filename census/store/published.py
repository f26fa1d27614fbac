"""What a database publishes of the default series: the rows that a recording keeps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from census.store.recordings import (
    ATTRIBUTION,
    BASIS,
    DIMENSIONS,
    MEASURES,
    SCOPE,
    RecordedPoint,
)

LARGEST_LABS = 30
LIKELY = ("likely_low", "likely_high")
LIKELY_SHARES = ("likely_low_pct", "likely_high_pct")
# Shares are of all keys, also of the labs that are not among the largest, and their bounds those of
# the question share_by_country: low over low and all others' high, high the other way round.
POINTS = """
    with points as (
        select
            k.dimension,
            k.key,
            k.label,
            p.month,
            min(date(p.month || '-01', '+1 month', '-1 day'), c.through) as through,
            p.{measure} as downloads,
            p.{measure}_low as low,
            p.{measure}_high as high,
            {likely},
            sum(p.{measure}) over whole as all_downloads,
            sum(p.{measure}_low) over whole as all_low,
            sum(p.{measure}_high) over whole as all_high
        from series_keys as k
        inner join series_points as p on k.id = p.series
        inner join scopes as c on k.scope = c.scope
        left join standings as s on p.series = s.series and p.month = s.month
        where
            k.scope = :scope
            and k.attribution = :attribution
            and k.basis = :basis
            and k.dimension = :dimension
        window whole as (partition by p.month)
    )

    select
        dimension,
        coalesce(key, ''),
        label,
        month,
        through,
        :measure,
        downloads,
        low,
        high,
        likely_low,
        likely_high,
        round(100.0 * downloads / nullif(all_downloads, 0), 4),
        coalesce(
            round(100.0 * low / nullif(low + all_high - high, 0), 4),
            round(100.0 * downloads / nullif(all_downloads, 0), 4)
        ),
        coalesce(
            round(100.0 * high / nullif(high + all_low - low, 0), 4),
            round(100.0 * downloads / nullif(all_downloads, 0), 4)
        ),
        likely_low_pct,
        likely_high_pct
    from points
    where
        dimension <> 'lab'
        or key in (
            select k.key
            from series_keys as k
            inner join series_points as p on k.id = p.series
            where
                k.scope = :scope
                and k.attribution = :attribution
                and k.basis = :basis
                and k.dimension = 'lab'
                and k.key is not null
                and p.month = (select max(x.month) from points as x)
            order by p.cumulative desc, k.key asc
            limit :labs
        )
    order by key, month
"""


def published_points(connection: sqlite3.Connection) -> Iterator[RecordedPoint]:
    """Yield what is published by country, region and lab, cumulative and monthly.

    Of the labs the `LARGEST_LABS` by cumulative downloads of the last month are taken.
    """
    for measure in MEASURES:
        query = POINTS.format(measure=measure, likely=_likely_columns(connection, measure))
        for dimension in DIMENSIONS:
            values = {
                "scope": SCOPE,
                "attribution": ATTRIBUTION,
                "basis": BASIS,
                "dimension": dimension,
                "measure": measure,
                "labs": LARGEST_LABS,
            }
            for row in connection.execute(query, values):
                yield RecordedPoint(*row)


def _likely_columns(connection: sqlite3.Connection, measure: str) -> str:
    """Return SQL for the likely bounds of a measure, null where the database has none.

    Counts are columns of series_points, as in cumulative_likely_low; shares may be columns of it,
    as in monthly_likely_low_pct, or those of standings for the cumulative share.
    """
    points, standings = (
        {row[1] for row in connection.execute(f"pragma table_info({table})")}
        for table in ("series_points", "standings")
    )
    found = []
    for name in (*LIKELY, *LIKELY_SHARES):
        if f"{measure}_{name}" in points:
            found.append(f"p.{measure}_{name} as {name}")
        elif f"{measure}_{name}" in standings:
            found.append(f"s.{measure}_{name} as {name}")
        elif measure == "cumulative" and name in standings:
            found.append(f"s.{name} as {name}")
        else:
            found.append(f"null as {name}")
    return ", ".join(found)


def published_through(connection: sqlite3.Connection) -> str | None:
    """Return the last day of the series that a recording keeps, None where there is none."""
    row = connection.execute("select through from scopes where scope = ?", (SCOPE,)).fetchone()
    return str(row[0]) if row and row[0] else None
