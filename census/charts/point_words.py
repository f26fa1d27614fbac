"""The value of a chart's point for the rules of speech, and in words."""

from __future__ import annotations

from census.base import speech
from census.base.numbers import quantity
from census.base.speech import COUNTED, Value
from census.charts.figures import Point

UNSAID = "not known well enough to be said"
IN_DOUBT = "a count in doubt"


def value_of(point: Point) -> Value:
    """Return a point's value with its 90 % interval, else with its hard bounds."""
    counted = point.rests_on == COUNTED
    if point.likely_low is not None and point.likely_high is not None:
        return Value(point.y, point.likely_low, point.likely_high, True, counted)
    if point.rests_on and not counted:
        return Value(point.y, None, None)
    low = point.y if point.low is None else point.low
    return Value(point.y, low, point.y if point.high is None else point.high, counted=counted)


def point_words(point: Point, unit: str) -> str:
    """Return a value in words with its interval and, where it is counted, that word.

    `44% (90% interval 42 to 45%)`, `57.3% (counted)`; what may not be said is said to be so.
    """
    if point.flagged:
        return IN_DOUBT
    if point.wide:
        return UNSAID
    if unit == "place":
        return quantity(point.y, unit)
    value = value_of(point)
    if unit == "%":
        words = speech.share_words(value)
    else:
        words = speech.count_words(value, lambda number: quantity(number, unit))
    if words is None:
        return UNSAID
    return f"{words} (counted)" if value.counted and not words.endswith(")") else words
