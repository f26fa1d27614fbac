"""Figures of the census that are not in the series: counts of lists, shares of selections."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from census.bands import WIDEST_BAND


class Ours(NamedTuple):
    """A figure of the census: best estimate and bounds; `wide` if the best must not be used.

    `high` is infinite where nothing limits it; `words` say what the bounds are of.
    """

    best: float
    low: float
    high: float
    wide: bool = False
    words: str | None = None


def share_of(part: float, rest: float) -> float:
    """Return a part of a whole in percent; nothing of nothing is nothing."""
    return 100 * part / (part + rest) if part + rest else 0.0


def exact(value: int) -> Ours:
    return Ours(value, value, value)


def listed(connection: sqlite3.Connection, tracker: str) -> Ours | None:
    query = "select count(*) from peer_models where tracker = ?"
    count = int(connection.execute(query, (tracker,)).fetchone()[0])
    return exact(count) if count else None


def listed_twice(connection: sqlite3.Connection, tracker: str) -> Ours | None:
    """Return how many names of a list are a former name of a model that it has as well.

    A former name is known by the namespace that was renamed or by a written alias.
    """
    query = """
        select count(*)
        from peer_models as p
        left join namespaces as n
            on n.namespace = substr(p.name, 1, instr(p.name, '/') - 1) collate nocase
        left join model_aliases as a on a.alias = p.name collate nocase
        left join models as m on m.id = a.model
        inner join peer_models as q
            on q.tracker = p.tracker
            and q.name <> p.name
            and q.name
            = coalesce(m.name, n.renamed_to || substr(p.name, instr(p.name, '/'))) collate nocase
        where p.tracker = ?
    """
    if listed(connection, tracker) is None:
        return None
    return exact(int(connection.execute(query, (tracker,)).fetchone()[0]))


def derivatives(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return the share of a key among the new derivatives of a month, in percent.

    The derivatives that are known are a selection of the Hub, whose bias nobody knows: the share
    is never narrow enough for a verdict.
    """
    query = """
        select
            sum(
                iif(
                    instr('+' || :key || '+', '+' || key || '+') > 0
                    or (
                        :dimension = 'region'
                        and key in (select code from countries where region = :key)
                    ),
                    models,
                    0
                )
            ),
            sum(models)
        from derivative_months
        where
            depth = 'root'
            and split = iif(:dimension = 'region', 'country', :dimension)
            and own = 0
            and downloaded = 'yes'
            and month = :month
    """
    counted, total = connection.execute(
        query, {name: row[name] for name in ("key", "dimension", "month")}
    ).fetchone()
    return Ours(100 * counted / total, 0.0, 100.0, wide=True) if total else None


def derivatives_known(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return how many models made from a lab's models, or from one model, the sources list.

    Those of a lab are by the root of their lineage, those of a model by their direct parent. The
    key of a lab may end in `@gguf`, for those whose names say so. The sources are a selection
    of the Hub, so the number is the least that there are and nothing limits the most.
    """
    key, _, part = row["key"].partition("@")
    query = """
        select count(*)
        from derived_models
        where
            depth = iif(:dimension = 'lab', 'root', 'direct')
            and iif(:dimension = 'lab', lab, base) = :key
            and (:part = '' or instr(lower(child), :part) > 0)
    """
    given = {"dimension": row["dimension"], "key": key, "part": part}
    count = int(connection.execute(query, given).fetchone()[0])
    words = f"at least {count:,} in a selection of the Hub"
    return Ours(count, count, math.inf, wide=True, words=words) if count else None


def relative_adoption(connection: sqlite3.Connection, key: str) -> Ours | None:
    """Return a model's downloads at an age over the median of the ten largest of its size.

    The key is `model@days`.
    """
    model, _, days = key.partition("@")
    query = """
        select a.ram_median, a.ram_median_low, a.ram_median_high
        from adoption as a
        inner join models as m on a.model = m.id
        where m.name = ? collate nocase and a.days = ? and a.ram_median is not null
    """
    found = connection.execute(query, (model, int(days))).fetchone()
    if found is None:
        return None
    best, low = found[0], found[1] or 0.0
    high = math.inf if found[2] is None else found[2]
    return Ours(best, low, high, not best or 100 * (high - low) / best > WIDEST_BAND)


def downloads_30d(connection: sqlite3.Connection, key: str) -> Ours | None:
    """Return the 30-day counts of a lab's models on one day, added up over its models.

    The key is `lab@day`. Of several sources the preferred one counts. Where a model that existed by
    then was not counted, nothing limits the most.
    """
    lab, _, day = key.partition("@")
    query = """
        with counted as (
            select
                h.model,
                h.downloads_30d,
                row_number() over (partition by h.model order by o.preference) as place
            from snapshots as s
            inner join history as h on s.day = h.day
            inner join models as m on h.model = m.id
            inner join sources as o on h.source = o.id
            where s.date = :day and m.lab = :lab and h.downloads_30d is not null
        )

        select
            sum(c.downloads_30d),
            count(*),
            (
                select count(*)
                from models as m
                where m.lab = :lab and coalesce(m.created_at, '') <= :day
            )
        from counted as c
        where c.place = 1
    """
    total, counted, existing = connection.execute(query, {"lab": lab, "day": day}).fetchone()
    if not counted:
        return None
    if counted < existing:
        words = f"at least {total:,} of {counted} of {existing} models"
        return Ours(total, total, math.inf, wide=True, words=words)
    return exact(total)


def listed_from(connection: sqlite3.Connection, key: str) -> Ours | None:
    """Return how many models of a list are of labs of a region, by the census's own origins.

    The key is `tracker+region`, the region `Unverified` for labs without a country. Models of
    namespaces that are not registered may be from anywhere: they raise the highest count.
    """
    tracker, _, region = key.partition("+")
    query = """
        select
            coalesce(sum(iif(l.id is null, null, coalesce(l.region, 'Unverified')) = :region), 0),
            sum(n.namespace is null),
            count(*)
        from peer_models as p
        left join namespaces as n
            on n.namespace = substr(p.name, 1, instr(p.name, '/') - 1) collate nocase
        left join labs as l on l.id = n.lab
        where p.tracker = :tracker
    """
    count, unknown, total = connection.execute(
        query, {"tracker": tracker, "region": region}
    ).fetchone()
    if not total:
        return None
    return Ours(count, count, count + unknown)


def share_of_bucket(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return a lab's share of the cumulative downloads of one size at a month's end, in percent.

    The key is `lab@size`.
    """
    lab, _, size = row["key"].partition("@")
    query = """
        select
            sum(iif(m.lab = :lab, v.cumulative, 0)),
            sum(iif(m.lab = :lab, v.cumulative_low, 0)),
            sum(iif(m.lab = :lab, v.cumulative_high, 0)),
            sum(v.cumulative),
            sum(v.cumulative_low),
            sum(v.cumulative_high)
        from models as m
        inner join curves as v on v.model = m.id and v.month = :month
        where
            m.in_frontier = 1
            and m.size_bucket = :size
            and strftime('%d', v.date, '+1 day') = '01'
    """
    given = {"lab": lab, "size": size, "month": row["month"]}
    best, low, high, total, total_low, total_high = connection.execute(query, given).fetchone()
    if not total:
        return None
    lowest, highest = share_of(low, total_high - high), share_of(high, total_low - low)
    return Ours(100 * best / total, lowest, highest, highest - lowest > WIDEST_BAND)
