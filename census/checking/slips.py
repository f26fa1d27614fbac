"""Likely slips behind a figure that does not agree: what else it would be right for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from census.base import speech
from census.base.numbers import long_count, month_words
from census.checking.census_figure import CensusFigure, measure
from census.checking.figure_to_check import MEASURES, OF_MODELS, SCOPES, FigureToCheck
from census.checking.verdicts import MATCH, judge

# The measures that each measure is mistaken for.
OTHER_MEASURES = {
    "share": ("share_monthly", "share_recent"),
    "share_monthly": ("share", "share_recent"),
    "share_recent": ("share", "share_monthly"),
    "cumulative": ("recent", "monthly"),
    "monthly": ("recent", "cumulative"),
    "recent": ("cumulative", "monthly"),
}
SCOPE_WORDS = {
    "frontier": "language and vision-language models",
    "labs": "all models of the labs",
    "hub": "all observed models, those of repackagers included",
}
# A key's share of the models made in the twelve months before.
NEW_MODELS = """
with made as (
    select
        case :dimension
            when 'country' then m.country
            when 'region' then m.region
            when 'lab' then m.lab
            else m.family
        end as key
    from models as m
    where
        iif(:scope = 'hub', 1, iif(:scope = 'labs', m.in_labs, m.in_frontier)) = 1
        and substr(m.created_at, 1, 7) <= :month
        and substr(m.created_at, 1, 7) > :year_before
)

select
    100.0 * sum(key is :key) / nullif(count(*), 0)
from made
"""


class Slip(NamedTuple):
    """A likely slip: `said` in words for the reader, `values` to check instead."""

    kind: str
    said: str
    values: dict[str, str]


def likely_slips(connection: sqlite3.Connection, figure: FigureToCheck) -> list[Slip]:
    """Return the readings under which the figure would be right, the likeliest kinds first.

    Each is put to the very test that the figure itself failed, so that nothing is guessed.
    """
    slips = [
        Slip(kind, sentence, _values(reading))
        for kind, sentence, reading, attribution in _readings(figure)
        if _agrees(reading, measure(connection, reading, attribution))
    ]
    return [*slips, *_of_new_models(connection, figure)]


def _agrees(figure: FigureToCheck, ours: CensusFigure | None) -> bool:
    return judge(figure, ours).word == MATCH


def _values(figure: FigureToCheck) -> dict[str, str]:
    return {
        "dimension": figure.dimension,
        "key": figure.key,
        "measure": figure.measure,
        "on": figure.on,
        "value": figure.text,
        "scope": figure.scope,
    }


def _readings(figure: FigureToCheck) -> Iterator[tuple[str, str, FigureToCheck, str]]:
    """Yield each other reading: its kind, its words, the figure as it would be, its attribution."""
    name = figure.label
    for years in (-1, 1):
        on = f"{int(figure.on[:4]) + years}{figure.on[4:]}"
        sentence = f"It is right for {month_words(on)}: is the year correct?"
        if not on.endswith("02-29"):
            yield "year", sentence, figure._replace(on=on), "publisher"
    for other in OTHER_MEASURES.get(figure.measure, ()):
        if figure.dimension != "model" or other in OF_MODELS:
            sentence = (
                f"It is right as the {MEASURES[other]}, not as the {MEASURES[figure.measure]}."
            )
            yield "measure", sentence, figure._replace(measure=other), "publisher"
    if figure.dimension in ("country", "region", "lab", "family"):
        sentence = f"It is right if models count for the lab of their base: {name} as the base."
        yield "base for publisher", sentence, figure, "base"
        for scope in SCOPES:
            if scope != figure.scope:
                sentence = f"It is right for {SCOPE_WORDS[scope]}, which is another scope."
                yield "scope", sentence, figure._replace(scope=scope), "publisher"
    if not figure.share and figure.measure not in ("rank", "models"):
        for factor, words in ((1e-3, "a thousandth"), (1e3, "a thousand times")):
            written = figure.written._replace(
                value=figure.written.value * factor, half=figure.written.half * factor
            )
            sentence = f"It is right at {words}, {long_count(written.value)}: million for billion?"
            reading = figure._replace(written=written, text=f"{written.value:.0f}")
            yield "million for billion", sentence, reading, "publisher"


def _of_new_models(connection: sqlite3.Connection, figure: FigureToCheck) -> list[Slip]:
    """Return the reading of a share of downloads as the share of new models, if it fits."""
    if not figure.share or figure.dimension == "model" or not speech.may_say_month(figure.month):
        return []
    values = {
        "dimension": figure.dimension,
        "key": figure.key,
        "scope": figure.scope,
        "month": figure.month,
        "year_before": f"{int(figure.month[:4]) - 1}{figure.month[4:]}",
    }
    (share,) = connection.execute(NEW_MODELS, values).fetchone()
    if share is None or abs(share - figure.written.value) > max(figure.written.half, 0.5):
        return []
    sentence = (
        f"It is the share of {figure.label} among the models created in the twelve months to"
        f" {month_words(figure.month)}, not among downloads."
    )
    return [Slip("new models for all", sentence, {})]
