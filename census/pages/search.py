"""Search over models, labs, families, countries and questions."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from census.base.numbers import short_count
from census.pages.profile_rows import Row, rows
from census.questions.question_files import Question

# A group shows this many results, the best first.
SHOWN = 12
WORD = re.compile(r"[^\W_]+", re.UNICODE)
MODELS = """
select
    m.name,
    m.latest_all_time,
    l.name as lab_name,
    count(*) over () as found
from models_fts as f
inner join models as m on f.rowid = m.id
inner join labs as l on m.lab = l.id
where models_fts match :match
order by m.name = :text collate nocase desc, m.latest_all_time desc nulls last, m.name
limit :limit
"""
# Former names lead to the model as well.
ALIASES = """
select
    m.name,
    a.alias,
    l.name as lab_name
from model_aliases as a
inner join models as m on a.model = m.id
inner join labs as l on m.lab = l.id
where a.alias like :pattern escape '\\'
order by length(a.alias), a.alias
limit :limit
"""
LABS = """
with found as (
    select l.rowid as id
    from labs_fts as f
    inner join labs as l on f.rowid = l.rowid
    where labs_fts match :match
    union
    select l.rowid as id
    from namespaces as n
    inner join labs as l on n.lab = l.id
    where n.namespace like :pattern escape '\\'
)

select
    l.id,
    l.name,
    coalesce(c.name, 'Unverified') as country_name,
    count(*) over () as found
from found as o
inner join labs as l on o.id = l.rowid
left join countries as c on l.country = c.code
order by
    l.name = :text collate nocase desc,
    (select sum(m.latest_all_time) from models as m where m.lab = l.id) desc nulls last,
    l.id
limit :limit
"""
FAMILIES = """
select
    f.id,
    f.name,
    l.name as lab_name,
    count(*) over () as found
from families as f
inner join labs as l on f.lab = l.id
where
    (f.name like :pattern escape '\\' or f.id like :pattern escape '\\')
    and exists (select 1 from models as m where m.family = f.id)
order by
    f.name = :text collate nocase desc,
    (select sum(m.latest_all_time) from models as m where m.family = f.id) desc nulls last,
    f.id
limit :limit
"""
COUNTRIES = """
select
    c.code,
    c.name,
    (select count(*) from labs as l where l.country = c.code) as labs,
    count(*) over () as found
from countries as c
where
    c.code = upper(:text)
    or c.name like :start escape '\\'
    or c.name like :inside escape '\\'
order by labs desc, c.name
limit :limit
"""


class Result(NamedTuple):
    """One thing found: its name, its address and a few words about it."""

    name: str
    path: str
    about: str


class Group(NamedTuple):
    """What was found of one kind; `found` counts all, also those that are not shown."""

    title: str
    results: list[Result]
    found: int


def words_of(text: str) -> list[str]:
    """Return the words of a search, without what has a meaning in a full-text query."""
    return WORD.findall(text)


def match_of(words: list[str]) -> str:
    """Return a full-text query: every word must be there, as a word or as the start of one."""
    return " ".join(f'"{word}"*' for word in words)


def like_of(text: str) -> str:
    """Return a text with the signs escaped that LIKE would read as any text."""
    return re.sub(r"([%_\\])", r"\\\1", text)


def search_all(db: sqlite3.Connection, questions: Mapping[str, Question], text: str) -> list[Group]:
    """Return what a search finds by kind, empty kinds left out; nothing without a word."""
    words = words_of(text)
    if not words:
        return []
    plain = like_of(text.strip())
    values = {
        "match": match_of(words),
        "text": text.strip(),
        "pattern": f"{plain}%",
        "start": f"{plain}%",
        "inside": f"% {plain}%",
        "limit": SHOWN,
    }
    groups = [
        find_countries(db, values),
        find_labs(db, values),
        find_families(db, values),
        find_models(db, values),
        find_questions(questions, words),
    ]
    return [group for group in groups if group.results]


def group(title: str, found: list[Row], results: list[Result]) -> Group:
    """Return a group with the number of all that was found."""
    return Group(title, results, max([len(results), *(int(row["found"]) for row in found[:1])]))


def find_countries(db: sqlite3.Connection, values: Row) -> Group:
    """Return countries whose name, or a word of it, begins with the text, or with that code."""
    found = rows(db, COUNTRIES, values)
    return group(
        "Countries",
        found,
        [
            Result(row["name"], f"/countries/{row['code']}", f"{row['labs']:,} labs")
            for row in found
        ],
    )


def find_labs(db: sqlite3.Connection, values: Row) -> Group:
    """Return labs by name, parent or remark, and by the start of a namespace."""
    found = rows(db, LABS, values)
    return group(
        "Labs",
        found,
        [Result(row["name"], f"/labs/{quote(row['id'])}", row["country_name"]) for row in found],
    )


def find_families(db: sqlite3.Connection, values: Row) -> Group:
    """Return families whose name begins with the text."""
    found = rows(db, FAMILIES, values)
    return group(
        "Model families",
        found,
        [Result(row["name"], f"/families/{quote(row['id'])}", row["lab_name"]) for row in found],
    )


def find_models(db: sqlite3.Connection, values: Row) -> Group:
    """Return models by the words of their name, and by the start of a former name."""
    former = [
        Result(row["name"], f"/models/{quote(row['name'])}", f"formerly {row['alias']}")
        for row in rows(db, ALIASES, values)
    ]
    found = rows(db, MODELS, values)
    named = {result.name for result in former}
    results = [
        Result(row["name"], f"/models/{quote(row['name'])}", about_model(row))
        for row in found
        if row["name"] not in named
    ]
    return group("Models", found, (former + results)[:SHOWN])


def about_model(row: Row) -> str:
    """Return a model's lab and count in a few words."""
    if row["latest_all_time"] is None:
        return str(row["lab_name"])
    return f"{row['lab_name']}, {short_count(row['latest_all_time'])} downloads"


def find_questions(questions: Mapping[str, Question], words: list[str]) -> Group:
    """Return questions that have every word in their title, theme or description."""
    wanted = [word.lower() for word in words]
    weighed = []
    for question in questions.values():
        title = question.title.lower()
        text = f"{title} {question.theme} {question.description} {question.name}".lower()
        if all(word in text for word in wanted):
            weighed.append((-sum(word in title for word in wanted), question.title, question))
    results = [
        Result(question.title, f"/census/{question.name}", question.theme)
        for _, _, question in sorted(weighed, key=lambda entry: entry[:2])
    ]
    return Group("Questions", results[:SHOWN], len(results))
