"""Figures of the census that are not in the series: counts of lists, shares of selections."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from datetime import date

from census.base.days import day_number
from census.base.names import NameDict, folded, same_name
from census.base.numbers import month_end
from census.base.shares import percent_of, percent_or_none
from census.findings.our_figures import (
    OurFigure,
    counted_figure,
    figure_of_draws,
    figure_of_least,
    share_range,
)
from census.rollups.drawn_sums import DrawnSums


def list_length(connection: sqlite3.Connection, tracker: str) -> OurFigure | None:
    query = "select count(*) from peer_models where tracker = ?"
    count = int(connection.execute(query, (tracker,)).fetchone()[0])
    return counted_figure(count) if count else None


def models_listed_twice(connection: sqlite3.Connection, tracker: str) -> OurFigure | None:
    """Return how many names of a list are a former name of a model that it has as well.

    A former name is known by the namespace that was renamed or by a written alias.
    """
    if list_length(connection, tracker) is None:
        return None
    query = "select name from peer_models where tracker = ?"
    names = [str(row[0]) for row in connection.execute(query, (tracker,))]
    renamed = NameDict(
        connection.execute(
            "select namespace, renamed_to from namespaces where renamed_to is not null"
        ).fetchall()
    )
    aliases = NameDict(
        connection.execute(
            "select a.alias, m.name from model_aliases as a"
            " inner join models as m on a.model = m.id"
        ).fetchall()
    )
    listed_names = {folded(name) for name in names}
    repeated = 0
    for name in names:
        namespace, slash, rest = name.partition("/")
        present = aliases.get(name) or f"{renamed.get(namespace, namespace)}{slash}{rest}"
        repeated += not same_name(present, name) and folded(present) in listed_names
    return counted_figure(repeated)


def derivatives(connection: sqlite3.Connection, row: Mapping[str, str]) -> OurFigure | None:
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
    share = percent_or_none(counted, total)
    return None if share is None else OurFigure(share, 0.0, 100.0, share=True)


def derivatives_known(connection: sqlite3.Connection, row: Mapping[str, str]) -> OurFigure | None:
    """Return how many models made from a lab's models, or from one model, the sources list.

    Those of a lab are by the root of their lineage, those of a model by their direct parent, and
    those of part `gguf` the ones whose names say so. The sources are a selection of the Hub, so the
    number is a lower bound and there is no upper one.
    """
    query = """
        select count(*)
        from derived_models
        where
            depth = iif(:dimension = 'lab', 'root', 'direct')
            and iif(:dimension = 'lab', lab, base) = :key
            and (:part = '' or instr(lower(child), :part) > 0)
    """
    values = {name: row[name] for name in ("dimension", "key", "part")}
    count = int(connection.execute(query, values).fetchone()[0])
    return (
        figure_of_least(count, f"at least {count:,} in a selection of the Hub") if count else None
    )


def relative_adoption(connection: sqlite3.Connection, model: str, days: int) -> OurFigure | None:
    """Return a model's downloads at an age over the median of the ten largest of its size."""
    query = """
        select a.ram_median, a.ram_median_low, a.ram_median_high
        from adoption as a
        inner join models as m on a.model = m.id
        where m.name = ? collate nocase and a.days = ? and a.ram_median is not null
    """
    row = connection.execute(query, (model, days)).fetchone()
    if row is None:
        return None
    middle, low = row[0], row[1] or 0.0
    high = math.inf if row[2] is None else row[2]
    return OurFigure(middle, low, high)


def downloads_30d(connection: sqlite3.Connection, lab: str, day: str) -> OurFigure | None:
    """Return the 30-day counts of a lab's models on one day, added up over its models.

    Of several sources the preferred one counts. Where a model that existed by then was not counted,
    nothing limits the most.
    """
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
        return figure_of_least(total, f"at least {total:,} of {counted} of {existing} models")
    return counted_figure(total)


def listed_models_of_region(
    connection: sqlite3.Connection, tracker: str, region: str
) -> OurFigure | None:
    """Return how many models of a list are of labs of a region, by the census's own origins.

    The region is `Unverified` for labs without a country. Models of namespaces that are not
    registered may be from anywhere: they raise the highest count.
    """
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
    return OurFigure(count, count, count + unknown)


BUCKET = """
    select m.id, m.lab = :lab, v.cumulative_low, v.cumulative_high
    from models as m
    inner join curves as v on v.model = m.id and v.date = :last
    where m.in_frontier = 1 and m.size_bucket = :size
"""


def share_of_bucket(
    connection: sqlite3.Connection, sums: DrawnSums, row: Mapping[str, str]
) -> OurFigure | None:
    """Return a lab's share of the cumulative downloads of one size (`part`) at a month's end."""
    last = month_end(row["month"])
    day = day_number(date.fromisoformat(last))
    values = {"lab": row["key"], "size": row["part"], "last": last}
    models = connection.execute(BUCKET, values).fetchall()
    models_of_lab = [model for model in models if model[1]]
    if not models or not sums.has(day):
        return None
    low, high, all_low, all_high = (
        sum(model[part] for model in model_rows)
        for model_rows in (models_of_lab, models)
        for part in (2, 3)
    )
    part, whole = (
        sums.on([model[0] for model in model_rows], day) for model_rows in (models_of_lab, models)
    )
    if not whole.any():
        return None
    return figure_of_draws(
        percent_of(part, whole, of_nothing=0.0),
        *share_range(low, high, all_low, all_high),
        all(
            sums.certain_on([model[0] for model in model_rows], day)
            for model_rows in (models_of_lab, models)
        ),
        share=True,
    )
