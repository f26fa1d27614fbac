"""How well each lab's downloads are known, month by month."""

from __future__ import annotations

import sqlite_utils

from census.rollups.keys import IN_SCOPE

INSERT = """
    insert into lab_coverage (
        scope, lab, month, models, models_known, downloads, downloads_low, downloads_high,
        likely_low, likely_high, counted, covered, coverable
    )
    select
        k.scope,
        k.key,
        p.month,
        known.models,
        known.models_known,
        p.cumulative,
        p.cumulative_low,
        p.cumulative_high,
        p.cumulative_likely_low,
        p.cumulative_likely_high,
        p.cumulative_counted,
        p.covered,
        p.coverable
    from (
        select
            m.lab,
            v.date,
            count(*) as models,
            sum(v.cumulative_low = v.cumulative_high) as models_known
        from models as m
        cross join curves as v on v.model = m.id
        where {in_scope}
        group by m.lab, v.date
    ) as known
    inner join series_keys as k
        on k.scope = :scope and k.attribution = 'publisher' and k.basis = 'operating'
        and k.dimension = 'lab' and k.key = known.lab
    inner join series_points as p on p.series = k.id and p.through = known.date
    order by k.key, p.month
"""


def load_lab_coverage(db: sqlite_utils.Database) -> None:
    """Fill lab_coverage for every scope, at the ends of months and on the scope's last day."""
    for scope, condition in IN_SCOPE.items():
        db.conn.execute(INSERT.format(in_scope=condition), {"scope": scope})
