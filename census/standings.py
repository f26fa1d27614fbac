"""Each series' share and place among the series of its dimension, month by month."""

from __future__ import annotations

import sqlite3

# Unknown keys are part of the whole, but have no place.
STANDINGS = """
    insert into standings
    with points as (
        select
            p.series,
            p.month,
            k.scope || k.attribution || k.basis || k.dimension || p.month as cell,
            k.key is null as unknown,
            p.cumulative,
            p.cumulative_low as low,
            p.cumulative_high as high
        from series_keys as k
        inner join series_points as p on k.id = p.series
    ),

    totals as (
        select
            cell,
            sum(cumulative) as cumulative,
            sum(low) as low,
            sum(high) as high
        from points
        group by cell
    )

    select
        p.series,
        p.month,
        iif(
            p.unknown, null,
            rank() over (partition by p.cell, p.unknown order by p.cumulative desc)
        ),
        round(100.0 * p.cumulative / nullif(t.cumulative, 0), 4),
        round(100.0 * p.low / nullif(p.low + t.high - p.high, 0), 4),
        round(100.0 * p.high / nullif(p.high + t.low - p.low, 0), 4)
    from points as p
    inner join totals as t on p.cell = t.cell
"""


def load_standings(connection: sqlite3.Connection) -> None:
    """Fill standings from the series; a month without any download has no shares."""
    connection.execute(STANDINGS)
