"""What each lab weighs in a country's share: its downloads by country on every basis."""

from __future__ import annotations

import sqlite_utils

from census.rollups.keys import IN_SCOPE

# Sums at the scope's last day, so that a question about origins reads some hundred rows instead of
# every model's curve.
INSERT = """
    insert into lab_countries (
        scope, attribution, basis, lab, country, filled,
        models, downloads, downloads_low, downloads_high
    )
    select
        s.scope,
        c.attribution,
        c.basis,
        iif(c.attribution = 'base', m.base_lab, m.lab) as counted_lab,
        c.country,
        c.filled,
        count(*),
        sum(v.cumulative),
        sum(v.cumulative_low),
        sum(v.cumulative_high)
    from scopes as s
    cross join models as m
    inner join curves as v on v.model = m.id and v.date = s.through
    inner join model_countries as c on c.model = m.id
    where s.scope = :scope and {in_scope}
    group by c.attribution, c.basis, counted_lab, c.country, c.filled
    order by c.attribution, c.basis, counted_lab, c.country, c.filled
"""


def load_lab_countries(db: sqlite_utils.Database) -> None:
    """Fill lab_countries from the curves and the models' countries, for every scope."""
    for scope, condition in IN_SCOPE.items():
        db.conn.execute(INSERT.format(in_scope=condition), {"scope": scope})
