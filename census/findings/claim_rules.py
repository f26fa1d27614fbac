"""The rules that decide press claims, by name: each takes its arguments and decides from rows.

Those on downloads are in `census/findings/download_claims.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from census.base.numbers import day_words, long_count
from census.findings.claim_outcomes import (
    FALSE,
    NO_DATA,
    PARTLY,
    TRUE,
    UNDECIDED,
    Arguments,
    Outcome,
    question_address,
)
from census.findings.download_claims import (
    decide_ahead,
    decide_led,
    decide_modalities,
    decide_passed,
    decide_rank,
    decide_reached,
    decide_unpassed,
    families_of,
)
from census.findings.score_claims import decide_scored
from census.rollups.drawn_sums import DrawnSums


class ClaimRule(NamedTuple):
    """A rule with the names of its arguments."""

    decide: Callable[[sqlite3.Connection, DrawnSums, Arguments], Outcome]
    arguments: tuple[str, ...]


def decide_origin(connection: sqlite3.Connection, _: DrawnSums, arguments: Arguments) -> Outcome:
    """Decide whether all of some labs are from a country, by the rule of origins."""
    query = """
        select l.name, l.country, c.name, o.source_title
        from labs as l
        left join countries as c on c.code = l.country
        left join origin_claims as o on o.lab = l.id and o.decides = 1
        where l.id = ?
        order by o.id
    """
    labs = arguments["labs"].split(",")
    statements, countries = [], []
    for lab in labs:
        row = connection.execute(query, (lab,)).fetchone()
        name, code, country, title = row or (lab, None, None, None)
        countries.append(code)
        statements.append(f"{name}: {country} ({title})" if code else f"{name}: unverified")
    labs_from_there = sum(code == arguments["country"] for code in countries)
    labs_from_elsewhere = sum(
        code is not None and code != arguments["country"] for code in countries
    )
    # One lab of another country settles that not all are from it, whatever the others are.
    verdict = TRUE if labs_from_there == len(labs) else UNDECIDED
    if labs_from_elsewhere:
        verdict = PARTLY if labs_from_there else FALSE
    return Outcome(
        verdict, f"{'; '.join(statements)}.", question_address("origin_evidence", lab=labs[0])
    )


def decide_base(connection: sqlite3.Connection, _: DrawnSums, arguments: Arguments) -> Outcome:
    """Decide whether models declare a base whose name contains a text.

    A model that declares no base leaves it open; `says` is what its makers
    wrote of it.
    """
    query = """
        select m.id, m.released_on, group_concat(g.parent_name, ', ')
        from models as m
        left join lineage as g on g.child = m.id
        where m.name = ? collate nocase
        group by m.id
    """
    models = arguments["models"].split(",")
    statements: list[str] = []
    declares_base: list[bool | None] = []
    for model in models:
        row = connection.execute(query, (model,)).fetchone()
        if row is None:
            statements.append(f"{model} is not in the census")
            continue
        _, released, parents = row
        declares_base.append(arguments["base"].lower() in parents.lower() if parents else None)
        base = f"declares the base {parents}" if parents else "declares no base model"
        day = f", released on {day_words(released)}" if released else ""
        statements.append(f"{model} {base}{day}")
    declared = [is_base for is_base in declares_base if is_base is not None]
    verdict = UNDECIDED if declares_base else NO_DATA
    if declared and len(declared) == len(declares_base):
        verdict = TRUE if all(declared) else PARTLY if any(declared) else FALSE
    evidence = f"{'; '.join(statements)}. {arguments['says']}"
    return Outcome(verdict, evidence, question_address("model_history", model=models[0]))


def decide_list(connection: sqlite3.Connection, _: DrawnSums, arguments: Arguments) -> Outcome:
    """Decide the size of another tracker's list, and whether it counts renamed models twice."""
    published = connection.execute(
        "select value, as_of, source_title, source_url from published_figures where figure = ?",
        (arguments["figure"],),
    ).fetchone()
    repeated_row = connection.execute(
        "select ours from scoreboard where measure = 'listed_twice' and key = ?",
        (arguments["tracker"],),
    ).fetchone()
    list_row = connection.execute(
        "select count(*), max(listed_on) from peer_models where tracker = ?",
        (arguments["tracker"],),
    ).fetchone()
    link = question_address("scope_against_peer", tracker=arguments["tracker"])
    if published is None or not list_row[0]:
        return Outcome(NO_DATA, "The list is not in the census.", link)
    value, as_of, title, url = published
    repeated = int(repeated_row[0]) if repeated_row and repeated_row[0] is not None else 0
    evidence = (
        f"The list of {as_of} had {value:,.0f} rows ({title or url}); that of {list_row[1]} has"
        f" {list_row[0]:,}, of which {repeated} repeat a renamed model that is listed as well."
    )
    if value != float(arguments["count"]):
        return Outcome(FALSE, evidence, link)
    return Outcome(PARTLY if repeated else TRUE, evidence, link)


def decide_not_observed(_: sqlite3.Connection, __: DrawnSums, arguments: Arguments) -> Outcome:
    """Leave a claim about what the census does not observe undecided, with the reason."""
    return Outcome(UNDECIDED, arguments["reason"], arguments["question"])


# All models whose counts are added; it is the most that the question lists.
MOST_MODELS_SHOWN = "3000"
RECENT = """
    with flagged as (
        select e.model
        from quality_events as e
        where e.kind = 'outlier' and e.from_date = :on and e.model is not null
    ),

    counted as (
        select
            h.model,
            h.downloads_30d,
            row_number() over (partition by h.model order by o.preference) as source_place
        from snapshots as s
        inner join history as h on s.day = h.day
        inner join sources as o on h.source = o.id
        where s.date = :on and h.downloads_30d is not null
    )

    select
        f.id,
        f.name,
        coalesce(sum(c.downloads_30d), 0),
        count(c.model),
        coalesce(sum(iif(c.model is null, m.latest_30d, 0)), 0),
        sum(c.model is null and m.latest_30d is null),
        count(*)
    from models as m
    inner join families as f on m.family = f.id
    left join counted as c
        on
            m.id = c.model
            and c.source_place = 1
            and m.id not in (select flagged.model from flagged)
    where m.in_frontier = 1 and coalesce(m.created_at, '') <= :on
    group by f.id
    order by 3 desc, f.id
"""


class Recent(NamedTuple):
    """Downloads of a family in the 30 days to a day, from the models counted on that very day.

    `others` is what its other models had when they were counted last, `unknown` how many of them
    never were.
    """

    family: str
    name: str
    counted: int
    counted_models: int
    others: int
    unknown: int
    models: int


def decide_unpassed_recent(
    connection: sqlite3.Connection, _: DrawnSums, arguments: Arguments
) -> Outcome:
    """Decide whether no family of some regions had more downloads in the 30 days to a day.

    Only counts of that very day are added, without those that stand out. They decide
    where the models that were not counted then could not turn the order with their last counts.
    """
    on = arguments["on"]
    link = question_address(
        "top_models", scope="frontier", measure="recent", on=on, limit=MOST_MODELS_SHOWN
    )
    rows = [Recent(*row) for row in connection.execute(RECENT, {"on": on}).fetchall()]
    claimed = next((row for row in rows if row.family == arguments["family"]), None)
    if claimed is None or not claimed.counted_models:
        return Outcome(NO_DATA, f"No model of the family was counted on {day_words(on)}.", link)
    families_of_regions = families_of(connection, arguments["regions"].split("+"))
    rivals = [row for row in rows if row.family in families_of_regions and row is not claimed]
    downloads_of_largest = "; ".join(_recent_words(row) for row in [claimed, *rivals[:2]])
    evidence = f"Observed downloads in the 30 days to {day_words(on)}: {downloads_of_largest}."
    if not claimed.unknown and any(
        row.counted > claimed.counted + claimed.others for row in rivals
    ):
        return Outcome(FALSE, evidence, link)
    are_behind = (row.counted + row.others < claimed.counted and not row.unknown for row in rivals)
    return Outcome(TRUE if all(are_behind) else UNDECIDED, evidence, link)


def _recent_words(row: Recent) -> str:
    uncounted = row.models - row.counted_models
    others = (
        f", the {uncounted} others {long_count(row.others)} when last counted" if uncounted else ""
    )
    return f"{row.name} {long_count(row.counted)} ({row.counted_models} models{others})"


RULES = {
    "origin": ClaimRule(decide_origin, ("labs", "country")),
    "base": ClaimRule(decide_base, ("models", "base", "says")),
    "list": ClaimRule(decide_list, ("tracker", "figure", "count")),
    "ahead": ClaimRule(decide_ahead, ("scope", "dimension", "first", "second", "month")),
    "passed": ClaimRule(decide_passed, ("scope", "dimension", "first", "second", "month")),
    "led": ClaimRule(decide_led, ("scope", "dimension", "key", "since", "until", "note")),
    "modalities": ClaimRule(decide_modalities, ("lab", "open")),
    "unpassed": ClaimRule(decide_unpassed, ("family", "regions")),
    "unpassed_recent": ClaimRule(decide_unpassed_recent, ("family", "regions", "on")),
    "rank": ClaimRule(decide_rank, ("models",)),
    "scored": ClaimRule(decide_scored, ("scores", "model", "top")),
    "reached": ClaimRule(decide_reached, ("scope", "dimension", "key", "month", "number")),
    "not_observed": ClaimRule(decide_not_observed, ("reason", "question")),
}
