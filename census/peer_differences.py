"""Where the scope frontier and another tracker's list of models part."""

from __future__ import annotations

import sqlite_utils

# Below this a model that a list lacks is no difference that anybody would see.
LEAST_DOWNLOADS = 100_000

OURS = """
    insert into peer_differences (tracker, side, model, listed_as, downloads_all_time)
    with listed_namespaces as (
        select p.tracker, substr(p.name, 1, instr(p.name, '/') - 1) as namespace
        from peer_models as p
        union
        select p.tracker, m.namespace
        from peer_models as p
        inner join models as m on p.model = m.id
    )

    select n.tracker, 'ours not listed', m.id, null, m.latest_all_time
    from listed_namespaces as n
    inner join models as m on n.namespace = m.namespace
    where
        m.latest_all_time >= :least
        and not exists (
            select 1
            from peer_models as p
            where p.tracker = n.tracker and p.model = m.id
        )
    order by n.tracker, m.latest_all_time desc, m.id
"""
THEIRS = """
    insert into peer_differences (tracker, side, model, listed_as, downloads_all_time)
    select
        p.tracker,
        iif(p.model is null, 'listed, not observed', 'listed, out of scope'),
        p.model,
        p.name,
        m.latest_all_time
    from peer_models as p
    left join models as m on p.model = m.id
    where p.model is null or m.in_frontier = 0
    order by p.tracker, p.model is null, m.latest_all_time desc, p.name
"""


def load_peer_differences(db: sqlite_utils.Database) -> None:
    """Fill peer_differences, the most downloaded first.

    It has models of ours in a namespace of the list that the list lacks, from `LEAST_DOWNLOADS`
    on, and listed ones that are not in the scope or were never observed.
    """
    db.conn.execute(OURS, {"least": LEAST_DOWNLOADS})
    db.conn.execute(THEIRS)
