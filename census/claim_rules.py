"""The rules that decide press claims from the rows of the database.

Each rule takes its arguments and returns a verdict, the facts behind it and the question that shows
them. What the bounds leave open is "cannot be decided"; a best estimate decides nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from census.intervals import NOTHING, Bounds, crossings
from census.milestones import read_cut, words
from census.numbers import day_words, long_count, month_words

TRUE = "true"
FALSE = "false"
PARTLY = "partly true"
UNDECIDED = "cannot be decided"
NO_DATA = "no data"

Arguments = Mapping[str, str]


class Outcome(NamedTuple):
    """What the data say of a claim; `query` is a question with its parameters."""

    verdict: str
    evidence: str
    query: str


class Rule(NamedTuple):
    """A rule with the names of its arguments."""

    decide: Callable[[sqlite3.Connection, Arguments], Outcome]
    arguments: tuple[str, ...]


def question(name: str, **values: str) -> str:
    """Return the address of a question with its parameters."""
    return f"{name}?{urlencode(values)}" if values else name


def decide_origin(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Decide whether all of some labs are from a country, by the rule of origins."""
    query = """
        select l.name, l.country, c.name, o.source_title
        from labs as l
        left join countries as c on c.code = l.country
        left join origin_claims as o on o.lab = l.id and o.decides = 1
        where l.id = ?
        order by o.id
    """
    labs = given["labs"].split(",")
    said, countries = [], []
    for lab in labs:
        row = connection.execute(query, (lab,)).fetchone()
        name, code, country, title = row or (lab, None, None, None)
        countries.append(code)
        said.append(f"{name}: {country} ({title})" if code else f"{name}: unverified")
    right = sum(code == given["country"] for code in countries)
    if None in countries and right < len(labs):
        known = [code for code in countries if code is not None]
        verdict = FALSE if known and given["country"] not in known else UNDECIDED
    elif right == len(labs):
        verdict = TRUE
    else:
        verdict = PARTLY if right else FALSE
    return Outcome(verdict, f"{'; '.join(said)}.", question("origin_evidence", lab=labs[0]))


def decide_base(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Decide whether models declare a base whose name contains a text."""
    query = """
        select m.id, m.released_on, group_concat(g.parent_name, ', ')
        from models as m
        left join lineage as g on g.child = m.id
        where m.name = ? collate nocase
        group by m.id
    """
    models = given["models"].split(",")
    said, found = [], []
    for model in models:
        row = connection.execute(query, (model,)).fetchone()
        if row is None:
            said.append(f"{model} is not in the census")
            continue
        _, released, parents = row
        found.append(given["base"].lower() in (parents or "").lower())
        base = f"declares the base {parents}" if parents else "declares no base model"
        day = f", released on {day_words(released)}" if released else ""
        said.append(f"{model} {base}{day}")
    verdict = NO_DATA
    if found:
        verdict = TRUE if all(found) else PARTLY if any(found) else FALSE
    return Outcome(verdict, f"{'; '.join(said)}.", question("model_history", model=models[0]))


def decide_list(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Decide the size of another tracker's list, and whether it counts renamed models twice."""
    stated = connection.execute(
        "select value, as_of, source_title, source_url from published_figures where figure = ?",
        (given["figure"],),
    ).fetchone()
    twice = connection.execute(
        "select ours from scoreboard where measure = 'listed_twice' and key = ?",
        (given["tracker"],),
    ).fetchone()
    listed = connection.execute(
        "select count(*), max(listed_on) from peer_models where tracker = ?", (given["tracker"],)
    ).fetchone()
    shown = question("scope_against_peer", tracker=given["tracker"])
    if stated is None or not listed[0]:
        return Outcome(NO_DATA, "The list is not in the census.", shown)
    value, as_of, title, url = stated
    repeated = int(twice[0]) if twice and twice[0] is not None else 0
    evidence = (
        f"The list of {as_of} had {value:,.0f} rows ({title or url}); that of {listed[1]} has"
        f" {listed[0]:,}, of which {repeated} repeat a renamed model that is listed as well."
    )
    if value != float(given["count"]):
        return Outcome(FALSE, evidence, shown)
    return Outcome(PARTLY if repeated else TRUE, evidence, shown)


def decide_ahead(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Decide whether one sum of keys had more cumulative downloads than another by a month."""
    cut = read_cut(connection, given["scope"], given["dimension"])
    month = given["month"]
    first = _sum((cut.series.get(key, {}) for key in given["first"].split("+")), month)
    second = _sum((cut.series.get(key, {}) for key in given["second"].split("+")), month)
    shown = question("cumulative_downloads", dimension=given["dimension"], scope=given["scope"])
    if month not in cut.months:
        return Outcome(NO_DATA, f"The series do not reach {month_words(month)}.", shown)
    evidence = (
        f"By the end of {month_words(month)}: {given['first']} {_band(first)},"
        f" {given['second']} {_band(second)} downloads."
    )
    if first.low > second.high:
        return Outcome(TRUE, evidence, shown)
    return Outcome(FALSE if first.high < second.low else UNDECIDED, evidence, shown)


def decide_passed(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Decide whether one key passed another in a month, by the interval of the crossing."""
    cut = read_cut(connection, given["scope"], given["dimension"])
    first, second = (cut.series.get(given[which], {}) for which in ("first", "second"))
    shown = question("milestones_in_order", dimension=given["dimension"], scope=given["scope"])
    if not first or not second:
        return Outcome(NO_DATA, "One of the two has no downloads in the census.", shown)
    names = f"{cut.labels[given['first']]} passed {cut.labels[given['second']]}"
    found = list(crossings(first, second, cut.months))
    if not found:
        last = cut.months[-1]
        behind = first.get(last, NOTHING).high < second.get(last, NOTHING).low
        said = f"The observations do not show that {names} by {month_words(last)}."
        return Outcome(FALSE if behind else UNDECIDED, said, shown)
    when = found[-1]
    span = f"between {month_words(when.earliest)} and {month_words(when.latest)}"
    evidence = f"By the bounds {names} {words(when) if when.known_before else span}"
    evidence += "." if when.known_before else ", if it was ever behind."
    if when.known_before and when.earliest == when.latest == given["month"]:
        return Outcome(TRUE, evidence, shown)
    outside = given["month"] < when.earliest or given["month"] > when.latest
    return Outcome(FALSE if outside else UNDECIDED, evidence, shown)


def decide_led(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Decide whether a key had more cumulative downloads than any other in a span of months."""
    cut = read_cut(connection, given["scope"], given["dimension"])
    shown = question("cumulative_downloads", dimension=given["dimension"], scope=given["scope"])
    own = cut.series.get(given["key"], {})
    months = [month for month in cut.months if given["since"] <= month <= given["until"]]
    if not own or not months:
        return Outcome(NO_DATA, "There are no downloads of it in those months.", shown)
    led, behind = [], []
    for month in months:
        others = [s[month] for key, s in cut.series.items() if key != given["key"] and month in s]
        mine = own.get(month, NOTHING)
        led.append(mine.low > max((other.high for other in others), default=0))
        behind.append(mine.high < max((other.low for other in others), default=0))
    final = own.get(months[-1], NOTHING)
    evidence = (
        f"{cut.labels[given['key']]} certainly led in {sum(led)} and certainly did not in"
        f" {sum(behind)} of {len(months)} months; it had {_band(final)} downloads by the end of"
        f" {month_words(months[-1])}."
    )
    verdict = TRUE if all(led) else FALSE if all(behind) else UNDECIDED
    return Outcome(verdict, evidence, shown)


def decide_modalities(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Decide whether a lab has the most downloads within each modality of a scope.

    `open` names what the data do not tell apart, which leaves the claim partly open at best.
    """
    query = """
        select m.modality, l.name, m.lab, sum(v.cumulative_low), sum(v.cumulative_high)
        from scopes as s
        cross join models as m
        inner join curves as v on v.model = m.id and v.date = s.through
        inner join labs as l on l.id = m.lab
        where s.scope = 'frontier' and m.in_frontier = 1 and m.modality is not null
        group by m.modality, m.lab
        order by m.modality, sum(v.cumulative) desc, m.lab
    """
    by_modality: dict[str, list[tuple[str, str, int, int]]] = {}
    for modality, *values in connection.execute(query):
        by_modality.setdefault(modality, []).append((values[0], values[1], values[2], values[3]))
    said, leads, open_ = [], 0, 0
    for modality, labs in by_modality.items():
        own = [lab for lab in labs if lab[1] == given["lab"]]
        mine = own[0] if own else ("", given["lab"], 0, 0)
        rivals = [lab for lab in labs if lab[1] != given["lab"]]
        leads += mine[2] > max((lab[3] for lab in rivals), default=0)
        open_ += not (
            mine[2] > max((lab[3] for lab in rivals), default=0)
            or mine[3] < max((lab[2] for lab in rivals), default=0)
        )
        said.append(f"{modality}: {labs[0][0]} leads, {_band(Bounds(labs[0][2], labs[0][3], 0))}")
    evidence = f"Most downloads by modality: {'; '.join(said)}. Not told apart: {given['open']}."
    shown = question("top_models", scope="frontier")
    if not by_modality:
        return Outcome(NO_DATA, "No model of the scope has a modality.", shown)
    if open_:
        return Outcome(UNDECIDED, evidence, shown)
    return Outcome(PARTLY if leads else FALSE, evidence, shown)


def decide_unpassed(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Decide whether no family of some regions has more monthly downloads than one family."""
    query = """
        select p.key, p.label, p.monthly_low, p.monthly_high, l.region
        from series as p
        inner join families as f on f.id = p.key
        inner join labs as l on l.id = f.lab
        where
            p.scope = 'frontier'
            and p.attribution = 'publisher'
            and p.dimension = 'family'
            and p.month = ?
    """
    months = connection.execute(
        "select max(month) from series where scope = 'frontier' and dimension = 'family' and month"
        " <> (select coalesce(running_month, '') from scopes where scope = 'frontier')"
    ).fetchone()
    shown = question("cumulative_downloads", dimension="family", scope="frontier")
    rows = connection.execute(query, (months[0],)).fetchall() if months[0] else []
    own = next((row for row in rows if row[0] == given["family"]), None)
    if own is None:
        return Outcome(NO_DATA, "There are no monthly downloads of the family.", shown)
    regions = given["regions"].split("+")
    rivals = [row for row in rows if row[4] in regions and row is not own]
    ahead = [row for row in rivals if row[2] > own[3]]
    possible = [row for row in rivals if row[3] >= own[2]]
    named = sorted(ahead or possible, key=lambda row: (-row[3], row[0]))[:3]
    said = "; ".join(f"{row[1]} {_band(Bounds(row[2], row[3], 0))}" for row in named) or "none"
    evidence = (
        f"In {month_words(months[0])} {own[1]} had {_band(Bounds(own[2], own[3], 0))} downloads;"
        f" {'certainly' if ahead else 'possibly'} more had: {said}."
    )
    verdict = FALSE if ahead else UNDECIDED if possible else TRUE
    return Outcome(verdict, evidence, shown)


def decide_rank(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Say where models stand among the models of their size; downloads do not measure quality."""
    query = """
        with sized as (
            select
                m.name,
                m.size_bucket,
                v.cumulative_low as low,
                v.cumulative_high as high,
                rank() over (partition by m.size_bucket order by v.cumulative desc) as place,
                count(*) over (partition by m.size_bucket) as models
            from scopes as s
            cross join models as m
            inner join curves as v on v.model = m.id and v.date = s.through
            where s.scope = 'frontier' and m.in_frontier = 1 and m.size_bucket is not null
        )

        select place, models, size_bucket, low, high from sized where name = ?
    """
    said = []
    models = given["models"].split(",")
    for model in models:
        row = connection.execute(query, (model,)).fetchone()
        if row is None:
            said.append(f"{model} has no cumulative count")
            continue
        place, of, bucket, low, high = row
        said.append(
            f"{model}: {_band(Bounds(low, high, 0))} downloads, place {place} of {of} models of"
            f" {bucket}"
        )
    evidence = f"{'; '.join(said)}. Downloads say nothing of quality or of what is to come."
    return Outcome(UNDECIDED, evidence, question("model_curve", model=models[0]))


def decide_reached(connection: sqlite3.Connection, given: Arguments) -> Outcome:
    """Decide whether a key had at least so many cumulative downloads by a month.

    The census's models are a part of what others count, so that fewer of its own decide nothing.
    """
    cut = read_cut(connection, given["scope"], given["dimension"])
    month, number = given["month"], int(given["number"])
    shown = question("cumulative_downloads", dimension=given["dimension"], scope=given["scope"])
    own = cut.series.get(given["key"], {}).get(month)
    if own is None:
        return Outcome(NO_DATA, f"The series have none of it by {month_words(month)}.", shown)
    evidence = (
        f"By the end of {month_words(month)} the models of the census have {_band(own)} downloads"
        f" for {cut.labels[given['key']]}, of {long_count(number)} that are claimed."
    )
    if own.low >= number:
        return Outcome(TRUE, evidence, shown)
    return Outcome(UNDECIDED, f"{evidence} Others, which it does not observe, may count.", shown)


def decide_not_observed(_: sqlite3.Connection, given: Arguments) -> Outcome:
    """Leave a claim about what the census does not observe undecided, with the reason."""
    return Outcome(UNDECIDED, given["reason"], given["question"])


def _sum(series: Iterable[Mapping[str, Bounds]], month: str) -> Bounds:
    points = [one.get(month, NOTHING) for one in series]
    return Bounds(*(sum(point[place] for point in points) for place in range(3)))


def _band(bounds: Bounds) -> str:
    if bounds.low == bounds.high:
        return long_count(bounds.low)
    return f"{long_count(bounds.low)} to {long_count(bounds.high)}"


RULES = {
    "origin": Rule(decide_origin, ("labs", "country")),
    "base": Rule(decide_base, ("models", "base")),
    "list": Rule(decide_list, ("tracker", "figure", "count")),
    "ahead": Rule(decide_ahead, ("scope", "dimension", "first", "second", "month")),
    "passed": Rule(decide_passed, ("scope", "dimension", "first", "second", "month")),
    "led": Rule(decide_led, ("scope", "dimension", "key", "since", "until")),
    "modalities": Rule(decide_modalities, ("lab", "open")),
    "unpassed": Rule(decide_unpassed, ("family", "regions")),
    "rank": Rule(decide_rank, ("models",)),
    "reached": Rule(decide_reached, ("scope", "dimension", "key", "month", "number")),
    "not_observed": Rule(decide_not_observed, ("reason", "question")),
}
