"""The rows behind the pages of countries, labs, models and families: SQL over the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from census.base.databases import select_rows
from census.questions.question_files import Question, validate

Row = dict[str, Any]

COUNTRY = "select code, name, region from countries where code = upper(:key)"
LAB = """
select
    l.*,
    c.name as country_name
from labs as l
left join countries as c on l.country = c.code
where l.id = lower(:key)
"""
FAMILY = """
select
    f.*,
    l.name as lab_name,
    l.country,
    c.name as country_name
from families as f
inner join labs as l on f.lab = l.id
left join countries as c on l.country = c.code
where f.id = lower(:key)
"""
MODEL = """
select
    m.*,
    l.name as lab_name,
    l.disputed,
    f.name as family_name,
    c.name as country_name,
    t.name as licence_name,
    t.class_label as licence_class,
    t.source_url as licence_terms_url,
    n.source_url as namespace_url,
    f.pattern as family_pattern,
    r.name as root_known,
    (
        select min(f.about)
        from snapshots as d
        inner join history as h on d.day = h.day and m.id = h.model
        inner join observation_files as f on h.source = f.source and d.date = f.date
        where d.date = m.latest_all_time_on and h.downloads_all_time is not null
    ) as all_time_about,
    (
        select min(f.about)
        from snapshots as d
        inner join history as h on d.day = h.day and m.id = h.model
        inner join observation_files as f on h.source = f.source and d.date = f.date
        where d.date = m.latest_30d_on and h.downloads_30d is not null
    ) as recent_about,
    (
        select max(d.date)
        from snapshots as d
        cross join history as h on d.day = h.day and m.id = h.model
        where h.likes is not null
    ) as likes_on,
    (
        select min(f.about)
        from snapshots as d
        cross join history as h on d.day = h.day and m.id = h.model
        inner join observation_files as f on h.source = f.source and d.date = f.date
        where h.likes is not null
        group by d.day
        order by d.day desc
        limit 1
    ) as likes_about,
    (select max(x.through) from scopes as x) as last_day
from models as m
inner join labs as l on m.lab = l.id
inner join namespaces as n on m.namespace = n.namespace
left join families as f on m.family = f.id
left join countries as c on m.country = c.code
left join licences as t on m.licence = t.licence
left join models as r on m.root = r.name and r.id <> m.id
where m.name = :key
"""
# A model's facts can come from several sources, their short names with spaces between them.
FACT_SOURCES = """
select name, url
from sources
where instr(' ' || :slugs || ' ', ' ' || slug || ' ') > 0
order by preference, slug
"""
# Of a lab or a family: what the census knows, what the default scope has, what has been counted.
MODEL_COUNTS = """
select
    count(*) as known,
    coalesce(sum(in_frontier), 0) as in_scope,
    coalesce(sum(in_frontier = 1 and latest_all_time is not null), 0) as counted
from models
where lab = :lab or family = :family
"""
# A former name, the name in a retired namespace, or the same name in other letters.
PRESENT_NAME = """
select m.name
from models as m
where
    m.id = (select a.model from model_aliases as a where a.alias = :key collate nocase)
    or m.name = :key collate nocase
    or m.name = (
        select n.renamed_to || substr(:key, instr(:key, '/'))
        from namespaces as n
        where
            n.renamed_to is not null
            and n.namespace = substr(:key, 1, instr(:key, '/') - 1) collate nocase
    ) collate nocase
limit 1
"""
NAMESPACES = """
select namespace, renamed_to, source_url
from namespaces
where lab = :lab
order by renamed_to is not null, namespace
"""
CLAIMS = """
select
    o.*,
    c.name as country_name
from origin_claims as o
left join countries as c on o.country = c.code
where o.lab = :lab
order by o.decides desc, o.evidence = 'none', o.ended, o.basis, o.source_date desc, o.id
"""
FAMILIES = """
select
    f.id,
    f.name,
    count(m.id) as models,
    max(m.latest_all_time) as most,
    min(m.released_on) as first_release,
    max(m.released_on) as last_release
from families as f
inner join models as m on f.id = m.family
where f.lab = :lab
group by f.id
order by sum(m.latest_all_time) desc nulls last, f.name
"""
RELEASES = """
select
    m.name,
    m.released_on,
    m.parameters,
    m.licence,
    m.latest_all_time,
    m.latest_all_time_on,
    m.latest_30d,
    m.latest_30d_on
from models as m
where
    m.in_frontier = 1
    and m.released_on is not null
    and (m.lab = :lab or m.country = :country or m.family = :family)
order by m.released_on desc, m.latest_30d desc nulls last, m.name
limit 10
"""
TOP = """
select
    m.name,
    m.released_on,
    m.parameters,
    m.latest_all_time,
    m.latest_30d
from models as m
where
    m.in_frontier = 1
    and m.latest_all_time is not null
    and m.country = :country
order by m.latest_all_time desc, m.name
limit 10
"""
# The newest months of a series in the default scope, and what is known of each.
MONTHS = """
select
    month,
    through,
    downloads,
    low,
    high,
    likely_low,
    likely_high,
    share_pct,
    low_pct,
    high_pct,
    likely_low_pct,
    likely_high_pct,
    place,
    p_place,
    rests_on,
    counted_pct,
    covered_pct
from series_steps
where
    scope = 'frontier'
    and attribution = 'publisher'
    and basis = 'operating'
    and dimension = :dimension
    and key = :key
    and step = 'month'
    and measure = 'cumulative'
order by month desc
limit :months
"""
# The last 30 days on the newest day on which a source counted the default scope.
RECENT = """
with days as (
    select
        counted_on,
        source
    from recent_days
    where scope = 'frontier'
    order by counted_on desc
    limit 1
),

counted as (
    select
        r.key,
        r.models,
        r.downloads,
        r.flagged,
        d.counted_on,
        d.source,
        sum(r.downloads) over () as total
    from days as d
    inner join recent_series as r on d.counted_on = r.counted_on
    where
        r.scope = 'frontier'
        and r.attribution = 'publisher'
        and r.basis = 'operating'
        and r.dimension = :dimension
)

select
    c.models,
    c.downloads,
    c.flagged,
    c.counted_on,
    o.name as source,
    o.url as source_url,
    100.0 * c.downloads / c.total as share_pct
from counted as c
inner join sources as o on c.source = o.slug
where c.key = :key and c.total > 0
"""
# How well the default scope is known as a whole.
SCOPE = "select through, covered_pct from scopes where scope = 'frontier'"
# SQLite reads all days of the view unless it is given the one.
ABOUT = "select about from all_time_days where date = :day"
PARENTS = """
select
    g.relation,
    g.parent_name,
    g.source_url,
    p.name as known
from lineage as g
left join models as p on g.parent = p.id
where g.child = :model
order by g.parent_name, g.relation
"""
CHILDREN = """
select
    m.name,
    g.relation,
    l.name as lab_name,
    m.lab,
    m.latest_all_time,
    m.latest_all_time_on
from lineage as g
inner join models as m on g.child = m.id
inner join labs as l on m.lab = l.id
where g.parent_name = :name
order by m.latest_all_time desc nulls last, m.name
limit 20
"""
DERIVATIVES = """
select
    child,
    relation,
    downloads_30d,
    counted_on
from derivatives
where parent_name = :name
order by downloads_30d desc nulls last, child
limit 10
"""
# The models of a family that most others name as a parent, in a selection of the Hub.
BASES_OF_FAMILY = """
select
    m.name,
    count(d.child) as models
from models as m
inner join derivatives as d on m.name = d.parent_name
where m.family = :family
group by m.id
order by count(d.child) desc, m.name
limit 10
"""
DERIVATIVE_COUNT = "select count(*) as models from derivatives where parent_name = :name"
# What others made from the models of a lab or a family, by the root of the declared lineage.
MADE_BY_OTHERS = """
select coalesce(sum(by_others), 0) as models
from derivative_bases
where depth = 'root' and downloaded = 'all' and (lab = :lab or family = :family)
"""
ALIASES = "select alias, reason, source_url from model_aliases where model = :model order by alias"
EVENTS = """
select kind, source, from_date, to_date, what
from quality_events
where model = :model
order by from_date desc, id
"""
MILESTONES = """
select what, earliest, latest, estimate
from milestones
where
    scope = 'frontier'
    and dimension = :dimension
    and :key in (key, other_key)
order by latest desc, id
limit 8
"""


def first_row(db: sqlite3.Connection, sql: str, values: Mapping[str, Any]) -> Row | None:
    """Return the first row of a statement, None where there is none."""
    return next(iter(select_rows(db, sql, values)), None)


def answer(
    db: sqlite3.Connection, questions: Mapping[str, Question], name: str, **values: str
) -> list[Row]:
    """Return the rows of a question; none for a value that is not among its choices."""
    question = questions[name]
    for key, value in values.items():
        choices = question.parameter(key).choices
        if choices is not None and value not in choices:
            return []
    return select_rows(db, question.sql, validate(question, values))
