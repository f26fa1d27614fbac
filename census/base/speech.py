"""What sentences may say of an estimate: a number or none, in which order, with which word.

Sentences, leads, answers, milestones, the scoreboard and claims all ask here. Values are whatever
they count; widths are points of a share or, of a count, percent of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

# An interval up to this wide has its middle first, up to the second width its ends.
NUMBER_FIRST_WIDTH = 10.0
WIDEST_SAID = 20.0
# Nothing before this month becomes a sentence.
FIRST_MONTH_SAID = "2024-09"
# What holds in this part of the draws is very likely; in less than the second nobody is ahead.
VERY_LIKELY = 0.95
TOLD_APART = 0.66
# Points by which a key's coverage may differ from its scope's before a sentence says so.
COVERAGE_POINTS = 5.0

COUNTED, ESTIMATED, BOUNDS = "counted", "estimated", "bounds"
NOT_TOLD_APART = "cannot be told apart"
UNDERSTATED, OVERSTATED = "likely understated", "likely overstated"
COVERAGE_UNKNOWN = "coverage unknown"

Row = Mapping[str, Any]
Write = Callable[[float], str]


class Manner(Enum):
    """How a value may stand in a sentence."""

    NUMBER_FIRST = "number first"
    RANGE_FIRST = "range first"
    NO_NUMBER = "no number"


class Value(NamedTuple):
    """A value with the interval that decides what is said of it.

    `low` and `high` are the 90 % interval where `likely` says so, else what must be true. They are
    None where only hard bounds are known of the value, of which no number is ever said.
    """

    middle: float
    low: float | None
    high: float | None
    likely: bool = False
    counted: bool = False

    @property
    def exact(self) -> bool:
        """Whether all of it is counted: the interval is a point."""
        return self.low is not None and self.low == self.high


def value_of(row: Row, value: str, low: str, high: str) -> Value | None:
    """Return the value of a row by the names of its columns, None where it has none.

    The likely ends have the names of the hard ones with `likely_` before the end. A row with
    `rests_on` has an interval if it has likely ends or is counted; one without `rests_on` is judged
    by its hard bounds.
    """
    middle = row.get(value)
    if middle is None:
        return None
    basis = row.get("rests_on")
    counted = basis == COUNTED
    if basis == BOUNDS:
        return Value(float(middle), None, None)
    ends = row.get(likely_name(low)), row.get(likely_name(high))
    likely = None not in ends
    if not likely:
        if basis is not None and not counted:
            return Value(float(middle), None, None)
        ends = row.get(low, middle), row.get(high, middle)
    if ends[0] is None or ends[1] is None:
        return Value(float(middle), None, None)
    return Value(float(middle), float(ends[0]), float(ends[1]), likely, counted)


def likely_name(name: str) -> str:
    """Return the name of a likely end: `low_pct` → `likely_low_pct`, `share_low_pct` too."""
    for end in ("low", "high"):
        head, match, tail = name.rpartition(end)
        if match:
            return f"{head}likely_{end}{tail}"
    raise ValueError(f"column {name!r} is not an end of an interval")


def manner_of_width(width: float) -> Manner:
    """Return how a value with an interval of this width is said."""
    if width <= NUMBER_FIRST_WIDTH:
        return Manner.NUMBER_FIRST
    return Manner.RANGE_FIRST if width <= WIDEST_SAID else Manner.NO_NUMBER


def width_of(value: Value, share: bool) -> float:
    """Return the width of an interval: points of a share, percent of itself of a count."""
    if value.low is None or value.high is None:
        return float("inf")
    width = value.high - value.low
    if share or not width:
        return width
    return 100 * width / value.middle if value.middle else float("inf")


def manner(value: Value | None, share: bool, month: str | None = None) -> Manner:
    """Return how a value may be said; `month` begins with YYYY-MM where it is of one."""
    if value is None or not may_say_month(month):
        return Manner.NO_NUMBER
    return manner_of_width(width_of(value, share))


def may_say(value: Value | None, share: bool, month: str | None = None) -> bool:
    """Return whether a value may stand in a sentence at all."""
    return manner(value, share, month) is not Manner.NO_NUMBER


def may_say_month(month: str | None) -> bool:
    """Return whether a month (or day, in ISO) may stand in a sentence."""
    return month is None or month[:7] >= FIRST_MONTH_SAID


def percent_words(value: Value) -> tuple[str, str, str]:
    """Return middle, low and high of a share: whole, with one decimal where all is counted.

    Ends that would read the same as whole percents get one decimal.
    """
    low = value.middle if value.low is None else value.low
    high = value.middle if value.high is None else value.high
    if value.exact:
        return (one_decimal(value.middle),) * 3
    ends = whole_percent(low), whole_percent(high)
    if ends[0] == ends[1]:
        ends = one_decimal(low), one_decimal(high)
    return whole_percent(value.middle), *ends


def whole_percent(share: float) -> str:
    """Return a share in whole percents; a tiny one is not rounded down to nothing."""
    if 0 < share < 0.5:
        return one_decimal(share)
    return f"{share:.0f}%"


def one_decimal(share: float) -> str:
    """Return a share with one decimal; a tiny one is not rounded down to nothing."""
    return "<0.1%" if 0 < share < 0.05 else f"{share:.1f}%"


def share_words(value: Value, month: str | None = None) -> str | None:
    """Return a share in words, None where it may not be said.

    `44% (90% interval 42 to 45%)`, a wider one `38 to 52% (90% interval, middle 44%)`.
    """
    return _words(manner(value, True, month), value, *percent_words(value))


def count_words(value: Value, write: Write, month: str | None = None) -> str | None:
    """Return a count in words, None where it may not be said; `write` writes one number."""
    low = value.middle if value.low is None else value.low
    high = value.middle if value.high is None else value.high
    return _words(manner(value, False, month), value, write(value.middle), write(low), write(high))


def _words(manner_of_value: Manner, value: Value, middle: str, low: str, high: str) -> str | None:
    if manner_of_value is Manner.NO_NUMBER:
        return None
    if low == high:
        return middle
    interval_name = "90% interval" if value.likely else "hard bounds"
    span = span_words(low, high)
    if manner_of_value is Manner.NUMBER_FIRST:
        return f"{middle} ({interval_name} {span})"
    return f"{span} ({interval_name}, middle {middle})"


def span_words(low: str, high: str) -> str:
    """Return two ends of one unit, said once: `42 to 45%`, `1.03 to 1.15 billion`."""
    if low.endswith("%") and high.endswith("%"):
        return f"{low[:-1]} to {high}"
    head, _, unit = low.partition(" ")
    return f"{head} to {high}" if unit and high.endswith(f" {unit}") else f"{low} to {high}"


def is_very_likely(p: float | None) -> bool:
    """Return whether a statement holds in enough of the draws to be said as it is."""
    return p is not None and p >= VERY_LIKELY


def is_told_apart(p: float | None) -> bool:
    """Return whether draws tell two keys apart at all."""
    return p is not None and p >= TOLD_APART


def certainty_word(p: float | None) -> str:
    """Return the word for a statement that holds in a part of the draws."""
    if is_very_likely(p):
        return "very likely"
    return "likely" if is_told_apart(p) else NOT_TOLD_APART


def draws_words(p: float, draws: int) -> str:
    """Return how often a statement holds: `very likely, in 196 of 200 draws`."""
    return f"{certainty_word(p)}, in {round(p * draws)} of {draws} draws"


def coverage_words(covered_pct: float | None, scope_covered_pct: float | None) -> str:
    """Return whether coverage makes a key's share too small or too large; empty for neither."""
    if covered_pct is None or scope_covered_pct is None:
        return COVERAGE_UNKNOWN
    if covered_pct < scope_covered_pct - COVERAGE_POINTS:
        return UNDERSTATED
    return OVERSTATED if covered_pct > scope_covered_pct + COVERAGE_POINTS else ""
