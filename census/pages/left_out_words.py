"""The line under the headline on how far one thing, left out, moves its share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from census.base import speech
from census.rollups.summaries import rests_on

# A share that moves by less than this is said not to move.
LEAST_POINTS = 1.0
SWITCHES = {
    "under_1b": "models under 1B",
    "flagged": "models with a count in doubt",
    "largest_model": "the most downloaded model",
}
ROWS = """
select w.*
from left_out_series as w
where w.dimension = 'country' and w.key = :country
"""


class LeftOutEffect(NamedTuple):
    """The effect on a share of leaving one thing out; `points` is None if not quotable."""

    without: str
    what: str
    points: float | None
    share: str | None
    left_out: str | None


def left_out_effects(rows: Sequence[Mapping[str, Any]]) -> list[LeftOutEffect]:
    """Return how each switch changes the share of one country, in the order of the switches.

    `rows` are those of left_out_series for the country.
    """
    by_switch = {row["switch"]: row for row in rows}
    if "none" not in by_switch:
        return []
    whole = by_switch["none"]
    return [
        _move(without, switch_words, whole, by_switch[without])
        for without, switch_words in SWITCHES.items()
        if without in by_switch and by_switch[without]["left_out_models"]
    ]


def _move(
    without: str, switch_words: str, whole: Mapping[str, Any], row: Mapping[str, Any]
) -> LeftOutEffect:
    values = [_value(series) for series in (whole, row)]
    share = speech.share_words(values[1]) if values[1] else None
    points = None
    if values[0] and values[1] and share and speech.may_say(values[0], share=True):
        points = values[1].middle - values[0].middle
    return LeftOutEffect(without, switch_words, points, share, row["left_out"])


def _value(row: Mapping[str, Any]) -> speech.Value | None:
    basis = rests_on(row["downloads"], row["counted"], row["likely_low"] is not None)
    return speech.value_of({**row, "rests_on": basis}, "share_pct", "low_pct", "high_pct")


def left_out_sentence(country: str, moves: Sequence[LeftOutEffect]) -> str:
    """Return which switches move a country's share, in one sentence; empty where none is known."""
    sayable = [move for move in moves if move.points is not None and move.share is not None]
    if not sayable:
        return ""
    moving = [move for move in sayable if abs(move.points or 0) >= LEAST_POINTS]
    resting = [move.what for move in sayable if move not in moving]
    if not moving:
        others = " or without ".join(resting)
        return f"{country}'s share changes by less than a point without {others}."
    shares = "; ".join(f"without {_named(move)} it is {move.share}" for move in moving)
    without_the_others = (
        f"; without {' or without '.join(resting)} it changes by less than a point"
        if resting
        else ""
    )
    return f"What changes {country}'s share: {shares}{without_the_others}."


def _named(move: LeftOutEffect) -> str:
    return f"{move.what} ({move.left_out})" if move.left_out else move.what
