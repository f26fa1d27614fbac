"""Differences between the scope frontier and another tracker's list of models."""

from __future__ import annotations

import sqlite_utils

# Below this a model that a list lacks is not a difference that anybody would see.
LEAST_DOWNLOADS = 100_000

# A 30-day count is part of all downloads: the highest is the least that there are of a model
# without an all-time count.
COUNTED = """
    create temp table counted as
    with highest as (
        select model, max(downloads_30d) as most_30d
        from history
        group by model
    )

    select m.id as model, m.latest_all_time as all_time, h.most_30d
    from models as m
    left join highest as h on m.id = h.model
"""
OURS = """
    insert into peer_differences (
        tracker, side, model, listed_as, downloads_all_time, downloads_30d_most
    )
    with listed_namespaces as (
        select p.tracker, substr(p.name, 1, instr(p.name, '/') - 1) as namespace
        from peer_models as p
        union
        select p.tracker, m.namespace
        from peer_models as p
        inner join models as m on p.model = m.id
    )

    select n.tracker, 'ours not listed', m.id, null, c.all_time, c.most_30d
    from listed_namespaces as n
    inner join models as m on n.namespace = m.namespace collate nocase
    inner join temp.counted as c on m.id = c.model
    where
        max(coalesce(c.all_time, 0), coalesce(c.most_30d, 0)) >= :least
        and not exists (
            select 1
            from peer_models as p
            where p.tracker = n.tracker and p.model = m.id
        )
    order by n.tracker, max(coalesce(c.all_time, 0), coalesce(c.most_30d, 0)) desc, m.id
"""
THEIRS = """
    insert into peer_differences (
        tracker, side, model, listed_as, downloads_all_time, downloads_30d_most
    )
    select
        p.tracker,
        iif(p.model is null, 'listed, not observed', 'listed, out of scope'),
        p.model,
        p.name,
        c.all_time,
        c.most_30d
    from peer_models as p
    left join models as m on p.model = m.id
    left join temp.counted as c on p.model = c.model
    where p.model is null or m.in_frontier = 0
    order by
        p.tracker,
        p.model is null,
        max(coalesce(c.all_time, 0), coalesce(c.most_30d, 0)) desc,
        p.name
"""


def load_peer_differences(db: sqlite_utils.Database) -> None:
    """Fill peer_differences, the most downloaded first.

    It has models of ours in a namespace of the list that the list lacks, from `LEAST_DOWNLOADS`
    on, and listed ones that are not in the scope or were never observed.
    """
    db.conn.execute(COUNTED)
    db.conn.execute("create unique index temp.counted_model on counted (model)")
    db.conn.execute(OURS, {"least": LEAST_DOWNLOADS})
    db.conn.execute(THEIRS)
    db.conn.execute("drop table temp.counted")
