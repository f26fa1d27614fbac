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
POINTS = """
    select
        p.dimension,
        coalesce(p.key, ''),
        p.label,
        p.month,
        p.through,
        p.measure,
        p.downloads,
        p.low,
        p.high,
        p.likely_low,
        p.likely_high,
        p.share_pct,
        p.low_pct,
        p.high_pct,
        p.likely_low_pct,
        p.likely_high_pct
    from series_steps as p
    where
        p.scope = :scope
        and p.attribution = :attribution
        and p.basis = :basis
        and p.dimension = :dimension
        and p.step = 'month'
        and p.measure = :measure
        and (
            p.dimension <> 'lab'
            or p.key in (
                select x.key
                from series_steps as x
                inner join scopes as s on x.scope = s.scope and x.through = s.through
                where
                    x.scope = :scope
                    and x.attribution = :attribution
                    and x.basis = :basis
                    and x.dimension = 'lab'
                    and x.key is not null
                    and x.step = 'month'
                    and x.measure = 'cumulative'
                order by x.downloads desc, x.key asc
                limit :labs
            )
        )
    order by p.key, p.month
"""


def published_points(connection: sqlite3.Connection) -> Iterator[RecordedPoint]:
    """Yield the published points by country, region and lab, cumulative and monthly.

    Of the labs the `LARGEST_LABS` by cumulative downloads of the last month are taken.
    """
    for measure in MEASURES:
        for dimension in DIMENSIONS:
            values = {
                "scope": SCOPE,
                "attribution": ATTRIBUTION,
                "basis": BASIS,
                "dimension": dimension,
                "measure": measure,
                "labs": LARGEST_LABS,
            }
            for row in connection.execute(POINTS, values):
                yield RecordedPoint(*row)


def published_through(connection: sqlite3.Connection) -> str | None:
    """Return the last day of the series that a recording keeps, None where there is none."""
    row = connection.execute("select through from scopes where scope = ?", (SCOPE,)).fetchone()
    return str(row[0]) if row and row[0] else None
