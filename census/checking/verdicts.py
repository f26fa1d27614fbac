"""Whether a figure agrees with the census's: match, close, mismatch, or cannot tell."""

from __future__ import annotations

import math
from typing import NamedTuple

from census.base import speech
from census.base.numbers import day_words, long_count, month_words, percent
from census.checking.census_figure import WHOLE_PCT, CensusFigure
from census.checking.figure_to_check import FigureToCheck

MATCH = "match"
CLOSE = "close"
MISMATCH = "mismatch"
UNDECIDED = "cannot tell"
# How far from our interval a figure is still close: a part of ours, or points of a share.
CLOSE_PART = 0.05
CLOSE_POINTS = 2.0


class Verdict(NamedTuple):
    """A verdict in one of four words, with why."""

    word: str
    reason: str


def judge(figure: FigureToCheck, ours: CensusFigure | None, through: str = "") -> Verdict:
    """Return whether a figure agrees with ours.

    It matches inside the 90 % interval or within the rounding that it is written with; it is close
    up to 5 % (of a share 2 points) outside of it; it does not agree beyond the hard bounds or, of
    what is counted, beyond close. All else cannot be told, as where no interval may be said.
    `through` is the last day of the scope's series.
    """
    if ours is None:
        end = f" Its series go to {day_words(through)}." if through else ""
        return Verdict(UNDECIDED, f"The census has no figure for this at this time.{end}")
    if not speech.may_say_month(ours.month):
        first = month_words(speech.FIRST_MONTH_SAID)
        return Verdict(UNDECIDED, f"Too little was counted in months before {first}.")
    if figure.measure == "rank":
        return _judge_place(figure, ours)
    quotable = figure.measure == "models" or speech.may_say(ours.value, figure.share)
    near = _judge_near(figure, ours) if quotable else None
    return near or _judge_bounds(figure, ours, quotable)


def _judge_near(figure: FigureToCheck, ours: CensusFigure) -> Verdict | None:
    """Return the verdict on a figure in our interval or near it, None for any other."""
    value, half = figure.written.value, figure.written.half
    least, most = ours.value.low, ours.value.high
    if least is None or most is None:
        return None
    counted = ours.value.exact or not ours.value.likely
    if value - half <= most and value + half >= least:
        finding = "It is what was counted" if counted else "It lies within our 90% interval"
        return Verdict(MATCH, f"{finding}, as it is rounded." if counted else f"{finding}.")
    gap, nearest = (least - value, least) if value < least else (value - most, most)
    if gap > (CLOSE_POINTS if figure.share else CLOSE_PART * nearest):
        return None
    basis = "what was counted" if counted else "our 90% interval"
    return Verdict(CLOSE, f"It lies near {basis}{', not in it' if not counted else ''}.")


def _judge_bounds(figure: FigureToCheck, ours: CensusFigure, quotable: bool) -> Verdict:
    """Return whether the hard bounds exclude a figure that is not near ours.

    Bounds from above are of the models with an all-time count: where others weigh something, more
    can be true.
    """
    value, half = figure.written.value, figure.written.half
    whole = figure.measure == "models" or (ours.covered_pct or 0) >= WHOLE_PCT
    if value + half < ours.low:
        return Verdict(MISMATCH, f"The counts prove at least {_number(figure, ours.low)}.")
    if value - half > ours.high:
        if whole:
            return Verdict(MISMATCH, f"The counts allow at most {_number(figure, ours.high)}.")
        return Verdict(UNDECIDED, "Some of its models have no all-time count.")
    if quotable and ours.value.counted and (value < (ours.value.low or 0) or whole):
        return Verdict(MISMATCH, "It is not what was counted.")
    return Verdict(UNDECIDED, _why_open(figure, ours, quotable))


def _why_open(figure: FigureToCheck, ours: CensusFigure, quotable: bool) -> str:
    """Return why a figure within the hard bounds is neither right nor wrong."""
    if quotable:
        between = speech.span_words(_number(figure, ours.low), _number(figure, ours.high))
        return (
            "It lies outside our 90% interval, which makes it unlikely, but within what the"
            f" counts allow ({between})."
        )
    if ours.value.low is None:
        if math.isinf(ours.high) or figure.measure == "share_recent":
            return "Not all models were counted on the day, so only a part is known."
        return "Too little was counted for an interval."
    return "Our 90% interval is too wide for a number to be stated."


def _judge_place(figure: FigureToCheck, ours: CensusFigure) -> Verdict:
    """Return whether a place is the one that 95 % of the draws have."""
    if ours.value.low is None:
        return Verdict(UNDECIDED, "Its rank is not certain.")
    if figure.written.value == ours.value.middle:
        return Verdict(MATCH, "It has this rank in at least 95% of the possible histories.")
    return Verdict(MISMATCH, "It has another rank in at least 95% of the possible histories.")


def _number(figure: FigureToCheck, value: float) -> str:
    return percent(value) if figure.share else long_count(value)
