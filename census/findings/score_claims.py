"""The rule that claims on the quality of a model are put to: its place by a publisher's scores."""

from __future__ import annotations

import sqlite3

from census.base.numbers import day_words
from census.findings.claim_outcomes import (
    FALSE,
    NO_DATA,
    TRUE,
    UNDECIDED,
    Arguments,
    Outcome,
    question_address,
)
from census.rollups.drawn_sums import DrawnSums

OPEN_SCORES = """
    select name, value, coalesce(low, value), coalesce(high, value), low is not null, as_of
    from capability_scores
    where source = ?1
        and weights = 'open'
        and as_of = (select max(as_of) from capability_scores where source = ?1)
    order by value desc, name
"""


def decide_scored(connection: sqlite3.Connection, _: DrawnSums, arguments: Arguments) -> Outcome:
    """Decide whether a model is among the best open ones of one publisher's scores.

    `scores` is the source, `model` the name as the publisher writes it, `top` how many are "the
    best". Where the publisher gives intervals, the best and the worst place that they allow decide;
    without them the place by the scores as they stand.
    """
    link = question_address("best_models_by_country", scores=arguments["scores"])
    rows = connection.execute(OPEN_SCORES, (arguments["scores"],)).fetchall()
    claimed = next((row for row in rows if row[0] == arguments["model"]), None)
    publisher = connection.execute(
        "select name from capability_sources where source = ?", (arguments["scores"],)
    ).fetchone()
    if claimed is None or publisher is None:
        return Outcome(NO_DATA, f"{arguments['model']} has no score there.", link)
    name, value, low, high, has_interval, as_of = claimed
    place = 1 + sum(row[1] > value for row in rows)
    best = 1 + sum(row[2] > high for row in rows)
    worst = sum(row[3] >= low for row in rows)
    top = int(arguments["top"])
    interval = (
        f", between {best} and {worst} by the publisher's intervals"
        if has_interval
        else "; the publisher gives no intervals"
    )
    evidence = (
        f"{publisher[0]}: {name} has {value:.1f} points and place {place} of {len(rows)} open"
        f" models on {day_words(as_of)}{interval}. Put to the test as: among the {top} best."
    )
    if worst <= top:
        return Outcome(TRUE, evidence, link)
    return Outcome(FALSE if best > top else UNDECIDED, evidence, link)
