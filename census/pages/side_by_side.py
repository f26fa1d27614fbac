"""Labs, families, countries or models side by side: keys to compare, and their figures."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from census.base.databases import select_rows
from census.pages.profile_rows import Row
from census.pages.profiles import Profile, ProfileSource, find_profile
from census.questions.chosen_keys import read_groups, split_keys
from census.questions.parameters import Parameter, ParameterError
from census.questions.question_files import Question

FEWEST, MOST = 2, 6
UNKNOWN_SIZE = "Unknown"
# Which column of models a kind of thing is, and which question draws it over time.
COLUMNS = {"countries": "country", "labs": "lab", "families": "family", "models": "name"}
HISTORIES = {
    "countries": "cumulative_downloads",
    "labs": "cumulative_downloads",
    "families": "cumulative_downloads",
    "models": "adoption_curves",
}
KINDS = {"countries": "countries", "labs": "labs", "families": "model families", "models": "models"}
# Everything that has a profile, by kind, the most downloaded first.
KEYS = """
with known as (
    select 'countries' as kind, m.country as key, c.name as label, m.in_frontier, m.latest_all_time
    from models as m
    inner join countries as c on m.country = c.code
    union all
    select 'labs', m.lab, l.name, m.in_frontier, m.latest_all_time
    from models as m
    inner join labs as l on m.lab = l.id
    union all
    select 'families', m.family, f.name, m.in_frontier, m.latest_all_time
    from models as m
    inner join families as f on m.family = f.id
    union all
    select 'models', m.name, m.name, m.in_frontier, m.latest_all_time
    from models as m
)

select
    kind,
    key,
    min(label) as label
from known
group by kind, key
order by
    kind,
    sum(in_frontier * coalesce(latest_all_time, 0)) desc,
    sum(coalesce(latest_all_time, 0)) desc,
    key
"""
SIZES = """
select
    coalesce(m.size_bucket, 'Unknown') as label,
    count(*) as models
from models as m
where
    m.in_frontier = 1
    and (m.lab = :lab or m.family = :family or m.country = :country)
group by m.size_bucket
order by m.size_bucket is null, cast(m.size_bucket as integer)
"""
LICENCES = """
select
    coalesce(t.class_label, 'Licence unknown') as label,
    count(*) as models
from models as m
left join licences as t on m.licence = t.licence
where
    m.in_frontier = 1
    and (m.lab = :lab or m.family = :family or m.country = :country)
group by coalesce(t.class_label, 'Licence unknown')
order by models desc, label
"""
LABS_OF_COUNTRY = "select count(*) as labs from labs where country = :country"


def read_compare(db: sqlite3.Connection) -> Question:
    """Return the question that the page asks: a kind and its keys, checked like any other's."""
    kind = Parameter("kind", "Compare", "countries", "What is put side by side.", dict(KINDS))
    show = Parameter(
        name="show",
        label="Side by side",
        default="",
        help="Two to six keys with ~ between them, as in CN~US.",
        pattern="keys",
        of="kind",
    )
    with_groups = replace(show, groups=read_groups(tuple(row) for row in db.execute(KEYS)))
    return Question(
        name="compare",
        file="",
        title="Side by side",
        theme="Countries",
        description="Two to six labs, families, countries or models side by side.",
        unit="",
        sql="",
        parameters=(kind, with_groups),
    )


def compared_keys(question: Question, values: Mapping[str, str]) -> list[str]:
    """Return the keys to compare, the two largest where none is chosen.

    Raises ParameterError for more than six.
    """
    keys = split_keys(values["show"])
    if len(keys) > MOST:
        raise ParameterError("show", values["show"], [f"two to {MOST} keys with ~ between them"])
    return keys or list(question.parameter("show").keys_for(values))[:FEWEST]


def history_keys(questions: Mapping[str, Question], kind: str, keys: Sequence[str]) -> list[str]:
    """Return those of some keys of a kind that have a history to draw."""
    question = questions[HISTORIES[kind]]
    dimension = {"dimension": COLUMNS[kind]}
    return [key for key in keys if key in question.parameter("show").keys_for(dimension)]


def read_side(census: ProfileSource, kind: str, key: str) -> tuple[Profile, dict[str, Any]]:
    """Return the profile of a known key, and its sizes and licences.

    Raises KeyError for an unknown one.
    """
    profile = find_profile(census, kind, key)
    if not isinstance(profile, Profile):
        raise KeyError(key)
    if kind == "models":
        return profile, {}
    key_columns = {"lab": None, "family": None, "country": None, COLUMNS[kind]: key}
    facts: dict[str, Any] = {
        "sizes": with_parts(select_rows(census.db, SIZES, key_columns)),
        "licences": with_parts(select_rows(census.db, LICENCES, key_columns)),
    }
    if kind == "countries":
        facts["labs"] = select_rows(census.db, LABS_OF_COUNTRY, {"country": key})[0]["labs"]
    return profile, facts


def with_parts(counts: Sequence[Row]) -> dict[str, Row]:
    """Return counts of models by label, each with its percentage of all of them."""
    whole = sum(row["models"] for row in counts)
    return {
        row["label"]: {"models": row["models"], "pct": 100 * row["models"] / whole}
        for row in counts
    }


def labels_of(sides: Sequence[tuple[Profile, dict[str, Any]]], fact: str) -> list[str]:
    """Return the labels that any side has, in the order of the first that has them."""
    labels = [label for _, facts in sides for label in facts.get(fact, {})]
    if fact == "sizes":
        return sorted(set(labels), key=lambda label: (label == UNKNOWN_SIZE, leading(label)))
    return list(dict.fromkeys(labels))


def leading(label: str) -> int:
    """Return the number with which a size class begins, 0 of the smallest."""
    digits = label.partition("-")[0].rstrip("B+")
    return int(digits) if digits.isdigit() else 0
