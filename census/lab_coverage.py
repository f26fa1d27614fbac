"""How well each lab's downloads are known, month by month."""

from __future__ import annotations

import sqlite_utils

INSERT = """
    insert into lab_coverage (
        lab, month, models, models_known, downloads, downloads_low, downloads_high
    )
    select
        m.lab,
        v.month,
        count(*),
        sum(v.cumulative_low = v.cumulative_high),
        sum(v.cumulative),
        sum(v.cumulative_low),
        sum(v.cumulative_high)
    from models as m
    inner join curves as v on v.model = m.id
    where
        strftime('%d', v.date, '+1 day') = '01'
        or v.date = (select max(through) from scopes)
    group by m.lab, v.month
    order by m.lab, v.month
"""


def load_lab_coverage(db: sqlite_utils.Database) -> None:
    """Fill lab_coverage from the curves at the ends of months and on the scopes' last day."""
    db.conn.execute(INSERT)
