"""The recorded vintages in the database: whole, in tables of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from census.base.inserting import blank_to_null, insert_named, insert_rows
from census.store.recordings import ATTRIBUTION, BASIS, SCOPE, RecordedPoint, Recording

# Counts the points of a recording that have other numbers now, or no longer exist.
COUNT_CHANGED = """
    update recorded_vintages
    set changed_since = (
        select count(*)
        from recorded_points as r
        left join series_keys as k
            on
                k.scope = :scope
                and k.attribution = :attribution
                and k.basis = :basis
                and k.dimension = r.dimension
                and k.key is r.key
        left join series_points as p on k.id = p.series and r.month = p.month
        where
            r.day = recorded_vintages.day
            -- A month that was counted in part then is not what the whole month is now.
            and (p.through is null or p.through = r.through)
            and (
                r.downloads is not iif(r.measure = 'monthly', p.monthly, p.cumulative)
                or r.low is not iif(r.measure = 'monthly', p.monthly_low, p.cumulative_low)
                or r.high is not iif(r.measure = 'monthly', p.monthly_high, p.cumulative_high)
            )
    )
"""


def load_recordings(
    connection: sqlite3.Connection,
    recordings: Iterable[tuple[Recording, Sequence[RecordedPoint]]],
) -> None:
    """Fill recorded_vintages and recorded_points; the series of today must be there already."""
    for recording, points in recordings:
        insert_rows(connection, "recorded_vintages", [(recording.day, *recording[1:], 0)])
        rows_of_points = (blank_to_null(point._asdict()) for point in points)
        insert_named(
            connection, "recorded_points", ({"day": recording.day, **row} for row in rows_of_points)
        )
    connection.execute(COUNT_CHANGED, {"scope": SCOPE, "attribution": ATTRIBUTION, "basis": BASIS})
