"""What the models of a scope are like: by month of release, country and one property at a time."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from census.rollups.keys import IN_SCOPE


class Split(NamedTuple):
    """A property of models: the SQL of its key and label, `m` the model and `l` its licence."""

    name: str
    key: str
    label: str
    unknown: str


GATING = """case m.gated
        when 'false' then 'Open to all'
        when 'auto' then 'On request, granted at once'
        when 'manual' then 'On request, decided by people'
    end"""
SPLITS = (
    Split("country", "m.country", "c.name", "Country not established"),
    Split("size_bucket", "m.size_bucket", "m.size_bucket", "Size unknown"),
    Split("licence", "m.licence", "l.name", "Licence unknown"),
    Split("licence_class", "l.class", "l.class_label", "Licence unknown"),
    Split("gating", "m.gated", GATING, "Gating unknown"),
    Split("modality", "m.modality", "m.modality", "Modality unknown"),
)
# Unknown is the empty text here, not null, so that it can be part of the table's key.
MIX = """
    insert into model_mix
    select
        s.scope,
        '{name}',
        coalesce(substr(m.released_on, 1, 7), ''),
        coalesce(m.country, ''),
        coalesce({key}, ''),
        coalesce(max({label}), '{unknown}'),
        count(*),
        count(v.model),
        coalesce(sum(v.cumulative), 0),
        coalesce(sum(v.cumulative_low), 0),
        coalesce(sum(v.cumulative_high), 0)
    from scopes as s
    cross join models as m on {in_scope}
    left join licences as l on m.licence = l.licence
    left join countries as c on m.country = c.code
    left join curves as v on v.model = m.id and v.date = s.through
    where s.scope = ?
    group by 1, 2, 3, 4, 5
    order by 1, 2, 3, 4, 5
"""


def load_mix(connection: sqlite3.Connection) -> None:
    """Fill model_mix for every scope, with the downloads up to the scope's last day."""
    for scope, rule in IN_SCOPE.items():
        for split in SPLITS:
            connection.execute(MIX.format(**split._asdict(), in_scope=rule), (scope,))
