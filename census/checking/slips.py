"""How a figure that does not agree may have come about: what it would be a right figure of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from census.base import speech
from census.base.numbers import long_count, month_words
from census.checking.asked import MEASURES, OF_MODELS, SCOPES, Asked
from census.checking.measured import Measured, measure
from census.checking.verdicts import MATCH, judge

# What is taken for what; each with the words for a reader.
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
# A share among new models: those of the twelve months before.
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
    """What a figure may have been taken from, in words for a reader, as values to check instead."""

    kind: str
    said: str
    values: dict[str, str]


def likely_slips(connection: sqlite3.Connection, asked: Asked) -> list[Slip]:
    """Return the readings under which the figure would be right, the likeliest kinds first.

    Each is put to the very test that the figure itself failed, so that nothing is guessed.
    """
    found = [
        Slip(kind, said, _values(other))
        for kind, said, other, attribution in _readings(asked)
        if _agrees(other, measure(connection, other, attribution))
    ]
    return [*found, *_of_new_models(connection, asked)]


def _agrees(asked: Asked, ours: Measured | None) -> bool:
    return judge(asked, ours).word == MATCH


def _values(asked: Asked) -> dict[str, str]:
    return {
        "dimension": asked.dimension,
        "key": asked.key,
        "measure": asked.measure,
        "on": asked.on,
        "value": asked.text,
        "scope": asked.scope,
    }


def _readings(asked: Asked) -> Iterator[tuple[str, str, Asked, str]]:
    """Yield kind, words, what would be asked and for whom it is counted, of each other reading."""
    name = asked.label
    for years in (-1, 1):
        on = f"{int(asked.on[:4]) + years}{asked.on[4:]}"
        said = f"It is right for {month_words(on)}: is the year the one meant?"
        if not on.endswith("02-29"):
            yield "year", said, asked._replace(on=on), "publisher"
    for other in OTHER_MEASURES.get(asked.measure, ()):
        if asked.dimension != "model" or other in OF_MODELS:
            said = f"It is right as the {MEASURES[other]}, not as the {MEASURES[asked.measure]}."
            yield "measure", said, asked._replace(measure=other), "publisher"
    if asked.dimension in ("country", "region", "lab", "family"):
        said = f"It is right counted for whose models others were made from: {name} as the base."
        yield "base for publisher", said, asked, "base"
        for scope in SCOPES:
            if scope != asked.scope:
                said = f"It is right of {SCOPE_WORDS[scope]}, which is another scope."
                yield "scope", said, asked._replace(scope=scope), "publisher"
    if not asked.share and asked.measure not in ("rank", "models"):
        for factor, words in ((1e-3, "a thousandth"), (1e3, "a thousand times")):
            written = asked.written._replace(
                value=asked.written.value * factor, half=asked.written.half * factor
            )
            said = f"It is right at {words}, {long_count(written.value)}: million for billion?"
            meant = asked._replace(written=written, text=f"{written.value:.0f}")
            yield "million for billion", said, meant, "publisher"


def _of_new_models(connection: sqlite3.Connection, asked: Asked) -> list[Slip]:
    """Return the reading of a share of downloads as the share of new models, if it fits."""
    if not asked.share or asked.dimension == "model" or not speech.may_say_month(asked.month):
        return []
    given = {
        "dimension": asked.dimension,
        "key": asked.key,
        "scope": asked.scope,
        "month": asked.month,
        "year_before": f"{int(asked.month[:4]) - 1}{asked.month[4:]}",
    }
    (share,) = connection.execute(NEW_MODELS, given).fetchone()
    if share is None or abs(share - asked.written.value) > max(asked.written.half, 0.5):
        return []
    said = (
        f"It is the share of {asked.label} among the models made in the twelve months to"
        f" {month_words(asked.month)}, not among downloads."
    )
    return [Slip("new models for all", said, {})]
