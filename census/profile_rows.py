"""The rows behind the pages of countries, labs, models and families: SQL over the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from census.questions import Question, validate

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
    s.name as source_name,
    s.url as source_url,
    t.name as licence_name,
    t.class_label as licence_class,
    t.source_url as licence_url,
    r.name as root_known
from models as m
inner join labs as l on m.lab = l.id
left join families as f on m.family = f.id
left join countries as c on m.country = c.code
left join sources as s on m.metadata_source = s.slug
left join licences as t on m.licence = t.licence
left join models as r on m.root = r.name and r.id <> m.id
where m.name = :key
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


def rows(db: sqlite3.Connection, sql: str, values: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a statement as dictionaries."""
    cursor = db.execute(sql, dict(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def one(db: sqlite3.Connection, sql: str, values: Mapping[str, Any]) -> Row | None:
    """Return the first row of a statement, None where there is none."""
    return next(iter(rows(db, sql, values)), None)


def answer(
    db: sqlite3.Connection, questions: Mapping[str, Question], name: str, **given: str
) -> list[Row]:
    """Return the rows of a question; none for a value that is not among its choices."""
    question = questions[name]
    for key, value in given.items():
        choices = question.parameter(key).choices
        if choices is not None and value not in choices:
            return []
    return rows(db, question.sql, validate(question, given))
