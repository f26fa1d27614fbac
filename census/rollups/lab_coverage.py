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
        s.scope,
        m.lab,
        v.month,
        count(*),
        sum(v.cumulative_low = v.cumulative_high),
        p.cumulative,
        p.cumulative_low,
        p.cumulative_high,
        p.cumulative_likely_low,
        p.cumulative_likely_high,
        p.cumulative_counted,
        p.covered,
        p.coverable
    from scopes as s
    cross join models as m
    inner join curves as v on v.model = m.id
    inner join series_keys as k
        on k.scope = s.scope and k.attribution = 'publisher' and k.basis = 'operating'
        and k.dimension = 'lab' and k.key = m.lab
    inner join series_points as p on p.series = k.id and p.through = v.date
    where
        s.scope = :scope
        and {in_scope}
        and (strftime('%d', v.date, '+1 day') = '01' or v.date = s.through)
        and v.date <= s.through
    group by m.lab, v.month
    order by m.lab, v.month
"""


def load_lab_coverage(db: sqlite_utils.Database) -> None:
    """Fill lab_coverage for every scope, at the ends of months and on the scope's last day."""
    for scope, condition in IN_SCOPE.items():
        db.conn.execute(INSERT.format(in_scope=condition), {"scope": scope})
