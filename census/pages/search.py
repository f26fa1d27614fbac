"""Search over models, labs, families, countries and questions."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from census.base.databases import select_rows
from census.base.numbers import day_words, short_count
from census.pages.profile_rows import Row
from census.pages.search_meanings import (
    WORD,
    meant_country,
    meant_pages,
    same_words,
    versus,
)
from census.questions.question_files import THEMES, Question

# A group shows this many results, the best first.
SHOWN = 12
# Of a kind so many are suggested to a reader who is typing, of others two.
SUGGESTED = {"Models": 4, "Questions": 3}
MOST_SIDES = 6
# What a text can set against each other, and how one of it is found by its name.
COMPARED = (
    ("families", "families", """
select f.id as key, f.name
from families as f
where
    (f.name like :start escape '\\' or f.id like :start escape '\\')
    and exists (select 1 from models as m where m.family = f.id)
order by
    f.name = :text collate nocase desc,
    (select sum(m.latest_all_time) from models as m where m.family = f.id) desc nulls last
limit 1
"""),
    ("labs", "labs", """
select l.id as key, l.name
from labs as l
where
    (l.name like :start escape '\\' or l.id like :start escape '\\')
    and exists (select 1 from models as m where m.lab = l.id)
order by
    l.name = :text collate nocase desc,
    (select sum(m.latest_all_time) from models as m where m.lab = l.id) desc nulls last
limit 1
"""),
    ("countries", "countries", """
select c.code as key, c.name
from countries as c
where
    (c.name like :start escape '\\' or c.code = upper(:text) or c.code = :code)
    and exists (select 1 from models as m where m.country = c.code)
order by c.name
limit 1
"""),
    ("models", "models", """
select m.name as key, m.name
from models as m
where m.name like :start escape '\\' or m.name like '%/' || :start escape '\\'
order by m.latest_all_time desc nulls last, m.name
limit 1
"""),
)  # fmt: skip
MODELS = """
select
    m.name,
    m.latest_all_time,
    m.latest_all_time_on,
    m.latest_30d,
    m.latest_30d_on,
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
    coalesce(c.name, 'Country not established') as country_name,
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
    or c.code = :code
    or instr(' ' || lower(:text) || ' ', ' ' || lower(c.name) || ' ') > 0
    or c.name like :start escape '\\'
    or c.name like :inside escape '\\'
order by labs desc, c.name
limit :limit
"""


class SearchResult(NamedTuple):
    """One thing found: its name, its address and a few words about it."""

    name: str
    path: str
    about: str


class Suggestion(NamedTuple):
    """A result for a reader who is still typing, with its kind."""

    name: str
    path: str
    about: str
    kind: str


class Group(NamedTuple):
    """What was found of one kind; `found` counts all, also those that are not shown."""

    title: str
    results: list[SearchResult]
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
    """Return the results of a search by kind, no empty ones; none for a text without a word."""
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
        "code": meant_country(text),
        "limit": SHOWN,
    }
    groups = [
        find_pages(words),
        find_versus(db, text),
        find_countries(db, values),
        find_labs(db, values),
        find_families(db, values),
        find_models(db, values),
        find_questions(questions, same_words(words)),
    ]
    return [group for group in groups if group.results]


def suggestions(groups: Sequence[Group]) -> list[Suggestion]:
    """Return the first results of each kind, for a reader who is still typing."""
    return [
        Suggestion(*result, group.title)
        for group in groups
        for result in group.results[: SUGGESTED.get(group.title, 2)]
    ]


def find_pages(words: list[str]) -> Group:
    """Return the pages that the words mean, which need not be named so."""
    pages = [SearchResult(*page) for page in meant_pages(words)]
    return Group("Pages", pages, len(pages))


def find_versus(db: sqlite3.Connection, text: str) -> Group:
    """Return a link to the comparison of the names in a text, all of one kind."""
    sides = versus(text)
    for kind, name, statement in COMPARED if 1 < len(sides) <= MOST_SIDES else ():
        values = [{"text": side, "start": f"{like_of(side)}%", "code": meant_country(side)}
                  for side in sides]  # fmt: skip
        first_rows = [select_rows(db, statement, value)[:1] for value in values]
        if all(first_rows):
            keys = "~".join(quote(str(row[0]["key"]), safe="/") for row in first_rows)
            names = " and ".join(str(row[0]["name"]) for row in first_rows)
            path = f"/compare?kind={kind}&show={keys}"
            return Group("Side by side", [SearchResult(names, path, f"Two or more {name}")], 1)
    return Group("Side by side", [], 0)


def group(title: str, rows: list[Row], results: list[SearchResult]) -> Group:
    """Return a group with the number of all that was found."""
    return Group(title, results, max([len(results), *(int(row["found"]) for row in rows[:1])]))


def find_countries(db: sqlite3.Connection, values: Row) -> Group:
    """Return countries named in the text, those that begin with it, or the one with that code."""
    rows = select_rows(db, COUNTRIES, values)
    return group(
        "Countries",
        rows,
        [
            SearchResult(row["name"], f"/countries/{row['code']}", f"{row['labs']:,} labs")
            for row in rows
        ],
    )


def find_labs(db: sqlite3.Connection, values: Row) -> Group:
    """Return labs by name, parent or remark, and by the start of a namespace."""
    rows = select_rows(db, LABS, values)
    return group(
        "Labs",
        rows,
        [
            SearchResult(row["name"], f"/labs/{quote(row['id'])}", row["country_name"])
            for row in rows
        ],
    )


def find_families(db: sqlite3.Connection, values: Row) -> Group:
    """Return families whose name begins with the text."""
    rows = select_rows(db, FAMILIES, values)
    return group(
        "Model families",
        rows,
        [
            SearchResult(row["name"], f"/families/{quote(row['id'])}", row["lab_name"])
            for row in rows
        ],
    )


def find_models(db: sqlite3.Connection, values: Row) -> Group:
    """Return models by the words of their name, and by the start of a former name."""
    former_results = [
        SearchResult(row["name"], f"/models/{quote(row['name'])}", f"formerly {row['alias']}")
        for row in select_rows(db, ALIASES, values)
    ]
    rows = select_rows(db, MODELS, values)
    former_names = {result.name for result in former_results}
    results = [
        SearchResult(row["name"], f"/models/{quote(row['name'])}", about_model(row))
        for row in rows
        if row["name"] not in former_names
    ]
    return group("Models", rows, (former_results + results)[:SHOWN])


def about_model(row: Row) -> str:
    """Return a model's lab and its newest count, with its day, in a few words."""
    parts = [str(row["lab_name"])]
    if row["latest_all_time"] is not None:
        day = day_words(row["latest_all_time_on"])
        parts.append(f"{short_count(row['latest_all_time'])} downloads to {day}")
    elif row["latest_30d"] is not None:
        day = day_words(row["latest_30d_on"])
        parts.append(f"{short_count(row['latest_30d'])} downloads in the 30 days to {day}")
    return ", ".join(parts)


def find_questions(questions: Mapping[str, Question], words: list[str]) -> Group:
    """Return questions that have every word in their title, theme or description.

    Housekeeping comes after what readers want.
    """
    folded = [word.lower() for word in words]
    weighed = []
    for question in questions.values():
        # Its name has the field's terms, which a title in plain words leaves out.
        title = f"{question.title} {question.name.replace('_', ' ')}".lower()
        text = f"{title} {question.theme} {question.description} {question.name}".lower()
        if all(word in text for word in folded):
            place = THEMES.index(question.theme) if question.theme in THEMES else 0
            in_title = -sum(word in title for word in folded)
            weighed.append((in_title, place, question.title, question))
    results = [
        SearchResult(question.title, f"/census/{question.name}", question.theme)
        for *_, question in sorted(weighed, key=lambda entry: entry[:3])
    ]
    return Group("Questions", results[:SHOWN], len(results))
