"""Crossings, round numbers and new leaders, each with the days between which it happened.

They are decided draw by draw: an interval leaves out the earliest and the latest 5 % of the
draws, `p` is the part of them in which the sentence holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlite_utils

from census.base.days import iso
from census.base.numbers import day_words
from census.base.speech import draws_words, may_say_month
from census.rollups.drawn_events import (
    Cut,
    EventTime,
    Key,
    read_cut,
    reigns,
    was_behind,
    when_passed,
    when_reached,
    when_took_lead,
)
from census.rollups.drawn_sums import DrawnSums
from census.rollups.summaries import LEFT_OUT

Row = dict[str, Any]

# Milestones of these dimensions are left out where they say the same as one of the other.
DIMENSIONS = ("country", "region", "lab", "family")
REPEATED_DIMENSIONS = {"region": "country", "family": "lab"}
# Pairs are formed among this many of the largest keys of a dimension.
LARGEST = 12
# A lead whose beginning is open is told only of the first of these over the next one.
NEIGHBOURS = 5
ROUND_NUMBERS = tuple(
    step * 10**power for power in range(8, 13) for step in (1, 2, 5) if step * 10**power <= 10**12
)
# Names that stand in a sentence with an article.
WITH_ARTICLE = (
    "Netherlands",
    "Rest of the world",
    "United Arab Emirates",
    "United Kingdom",
    "United States",
)


def find_milestones(cut: Cut) -> Iterator[Row]:
    """Yield the milestones of one scope and dimension, largest keys first."""
    ranked = cut.keys[:LARGEST]
    yield from _crossings(cut, ranked)
    for key in ranked:
        yield from _round_numbers(cut, cut.dimension, key)
    if cut.dimension == "country":
        yield from _round_numbers(cut, "total", cut.total)
    yield from _leaders(cut)


def _crossings(cut: Cut, ranked: Sequence[Key]) -> Iterator[Row]:
    for place, first in enumerate(ranked):
        for second in (key for key in ranked if key is not first):
            # A key that was ahead from the beginning did not pass the other.
            if was_behind(first.draws, second.draws).mean() <= LEFT_OUT:
                continue
            when = when_passed(cut, first, second)
            if when is None:
                continue
            names = in_sentence(first.label), in_sentence(second.label)
            if when.known_before:
                sentence = f"{names[0]} passed {names[1]} {when_words(when)}"
                yield _row(cut, "crossing", first, when, sentence, other=second)
            elif place < NEIGHBOURS and ranked[place + 1 : place + 2] == (second,):
                sentence = (
                    f"{names[0]} was ahead of {names[1]} {when_words(when)}, since when is open"
                )
                yield _row(cut, "lead", first, when, sentence, other=second)


def _round_numbers(cut: Cut, dimension: str, key: Key) -> Iterator[Row]:
    for number in ROUND_NUMBERS:
        when = when_reached(cut, key, number)
        if when is None:
            return
        sentence = (
            f"{in_sentence(key.label)} reached {round_words(number)} downloads {when_words(when)}"
        )
        row = _row(cut, "round_number", key, when, sentence)
        yield {**row, "dimension": dimension, "value": number}


def _leaders(cut: Cut) -> Iterator[Row]:
    """Yield each new leader: first in 95 % of the draws at the end of a month."""
    before: Key | None = None
    for last, key in reigns(cut):
        if key is before:
            continue
        when = when_took_lead(cut, key, before, last)
        if when is None:
            continue
        if before is None or not when.known_before:
            sentence = f"{in_sentence(key.label)} had the most downloads {when_words(when)}"
        else:
            sentence = (
                f"{in_sentence(key.label)} took the first place from {in_sentence(before.label)}"
                f" {when_words(when)}"
            )
        yield _row(cut, "number_one", key, when, sentence, other=before)
        before = key


def in_sentence(label: str) -> str:
    """Return the name of a key as it stands inside a sentence."""
    if label not in WITH_ARTICLE:
        return label
    return f"the {label.replace('Rest', 'rest')}"


def capital(sentence: str) -> str:
    """Return a sentence whose article, if it begins with one, has a capital letter."""
    return f"The{sentence[3:]}" if sentence.startswith("the ") else sentence


def round_words(number: int) -> str:
    """Return a round number in words: 500 million, 2 billion."""
    if number >= 10**9:
        return f"{number // 10**9:,} billion"
    return f"{number // 10**6} million"


def when_words(when: EventTime) -> str:
    """Return an interval of days in words: by its end, or between both where both may be said."""
    first, last = iso(when.earliest), iso(when.latest)
    if not when.between:
        return f"by {day_words(last)}"
    return (
        f"on {day_words(last)}"
        if first == last
        else f"between {day_words(first)} and {day_words(last)}"
    )


def _row(
    cut: Cut, kind: str, key: Key, when: EventTime, sentence: str, other: Key | None = None
) -> Row:
    """Return a row of milestones, its sentence with scope and probability."""
    draws = len(key.draws)
    # An interval with both ends holds in nine of ten draws by design, which casts no doubt on it.
    certainty = f"90% interval of {draws} draws" if when.between else draws_words(when.p, draws)
    what = f"{capital(sentence)} ({cut.scope_label[:1].lower()}{cut.scope_label[1:]}; {certainty})."
    return {
        "kind": kind,
        "scope": cut.scope,
        "dimension": cut.dimension,
        "key": key.key,
        "label": key.label,
        "other_key": other.key if other else None,
        "other_label": other.label if other else None,
        "value": None,
        "earliest": iso(when.earliest)[:7],
        "latest": iso(when.latest)[:7],
        "known_before": int(when.known_before),
        "estimate": None if when.estimate is None else iso(when.estimate)[:7],
        "what": what,
        "earliest_on": iso(when.earliest),
        "latest_on": iso(when.latest),
        "p": when.p,
    }


def without_repeats(rows: Sequence[Row]) -> list[Row]:
    """Return milestones without those of a region or a family that repeat its country or lab."""
    statements = {(row["dimension"], *_statement(row)) for row in rows}
    return [
        row
        for row in rows
        if (REPEATED_DIMENSIONS.get(str(row["dimension"])), *_statement(row)) not in statements
    ]


def _statement(row: Row) -> tuple[Any, ...]:
    columns = ("kind", "scope", "label", "other_label", "value", "earliest", "latest")
    return tuple(row[column] for column in columns)


def load_milestones(db: sqlite_utils.Database, sums: DrawnSums) -> None:
    """Find the milestones of every scope and dimension and load them, in order of days."""
    scopes = [str(row["scope"]) for row in db.table("scopes").rows]
    every_row = [
        row
        for scope in scopes
        for dimension in DIMENSIONS
        for row in find_milestones(read_cut(db.conn, sums, scope, dimension))
        if may_say_month(row["latest"])
    ]
    rows = without_repeats(every_row)
    rows.sort(
        key=lambda row: (
            row["latest_on"],
            row["scope"],
            row["dimension"],
            row["kind"],
            row["key"] or "",
            row["other_key"] or "",
            row["value"] or 0,
        )
    )
    db.table("milestones").insert_all({"id": number, **row} for number, row in enumerate(rows, 1))
