"""The outcome of a rule on a press claim: verdict, evidence and probability.

Hard bounds make a claim true or false; 95 % of the draws make it very likely so; what they leave
open is "cannot be decided". A middle decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from census.base.numbers import long_count
from census.base.speech import VERY_LIKELY
from census.rollups.drawn_events import Chance, Key
from census.rollups.noise import DRAWS
from census.rollups.summaries import points_of

TRUE = "true"
LIKELY_TRUE = "very likely true"
FALSE = "false"
LIKELY_FALSE = "very likely false"
PARTLY = "partly true"
UNDECIDED = "cannot be decided"
NO_DATA = "no data"

Arguments = Mapping[str, str]


class Outcome(NamedTuple):
    """The outcome of a claim; `query` is the address of a question with its parameters.

    `p` is the part of the draws in which the claim holds, where draws were asked.
    """

    verdict: str
    evidence: str
    query: str
    p: float | None = None


def outcome_by_chance(
    chance: Chance | None, evidence: str, query: str, hard: bool = False
) -> Outcome:
    """Return the outcome of a claim that holds with a probability, from `least` to `most`.

    `hard` says that hard bounds alone decided it.
    """
    if chance is None:
        return Outcome(UNDECIDED, f"{evidence} Too little is counted to estimate it.", query)
    if chance.least >= VERY_LIKELY:
        draws_sentence = "" if hard else f" It holds {how_often(chance.least)}."
        return Outcome(
            TRUE if hard else LIKELY_TRUE, f"{evidence}{draws_sentence}", query, chance.least
        )
    if round(1 - chance.most, 2) >= VERY_LIKELY:
        draws_sentence = "" if hard else f" It holds {how_often(chance.most)}."
        return Outcome(
            FALSE if hard else LIKELY_FALSE, f"{evidence}{draws_sentence}", query, chance.most
        )
    if chance.least == chance.most:
        return Outcome(
            UNDECIDED, f"{evidence} It holds {how_often(chance.least)}.", query, chance.least
        )
    draws_range = (
        f"in {round(chance.least * DRAWS)} to {round(chance.most * DRAWS)} of {DRAWS} draws"
    )
    reason = "depending on models without an all-time count"
    return Outcome(UNDECIDED, f"{evidence} It holds {draws_range}, {reason}.", query, chance.least)


def how_often(p: float) -> str:
    return f"in {round(p * DRAWS)} of {DRAWS} draws"


def question_address(name: str, **values: str) -> str:
    """Return the address of a question with its parameters."""
    return f"{name}?{urlencode(values)}" if values else name


def amount(key: Key, column: int) -> str:
    """Return downloads in words: a count, a 90 % interval, or hard bounds where nothing else is."""
    if key.low[column] == key.high[column]:
        return long_count(float(key.low[column]))
    if not key.certain[column]:
        return f"at least {long_count(float(key.low[column]))}"
    points = points_of(key.draws[:, [column]])
    return interval_words(float(points.low[0]), float(points.high[0]))


def interval_words(low: float, high: float) -> str:
    """Return an interval in words."""
    return long_count(low) if low == high else f"{long_count(low)} to {long_count(high)}"
