"""Links to one number as it was on a day, and whether it still is that number.

The link carries the question, every value chosen, the row, the column, the value as it was, the
day of the data and the start of the database's SHA-256. It is not signed: the page says what the
link states, and beside it what the data state today.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from census.base import speech
from census.base.numbers import day_words, month_words, percent
from census.charts.figures import Context
from census.questions.question_files import RANKED, Question

Row = Mapping[str, Any]
PREFIX = "/-/quote"
# A link may state anything: what looks like no number of ours is shown as it stands there.
WHOLE = re.compile(r"-?[0-9]{1,18}")
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?(e[+-]?[0-9]{1,3})?")
# Letters of the hash in a link: enough to tell any two databases apart.
HASH_LETTERS = 16
ROW = "_row."
# Bounds are quoted with their value, places and days are not findings of their own.
NOT_QUOTED = (
    "low",
    "high",
    "low_pct",
    "high_pct",
    "place",
    "line",
    "day",
    "p",
    "p_place",
    "counted_pct",
    "covered_pct",
    "flagged_pct",
    "without_largest_pct",
)
# Ends of intervals are quoted with their value too.
INTERVAL_STARTS = (
    "likely_",
    "half_",
    "share_likely_",
    "share_half_",
    "in_month_likely_",
    "in_month_half_",
)
BOUNDS = (("low", "high"), ("low_pct", "high_pct"), ("share_low_pct", "share_high_pct"))
# Values that the ends of an interval belong to; other numbers of the row have none.
QUOTED_ESTIMATES = ("share_pct", "downloads")
COVERAGE_WORDS = (speech.UNDERSTATED, speech.OVERSTATED)
LABELS = {"country": "country_name", "lab": "lab_name", "key": "label", "family": "family_name"}


class Quote(NamedTuple):
    """A quoted value as its link states it: row, column, value, day and database."""

    row: dict[str, str]
    column: str
    was: str
    day: str
    hash: str


class QuoteState(NamedTuple):
    """The present state of a quoted value: same, rebuilt, revised or gone."""

    state: str
    said: str


def as_text(value: Any) -> str:
    """Return a value as links have it; unknown is empty."""
    return "" if value is None else str(value)


def chart_of(question: Question) -> Row:
    """Return the chart of a question, however it is drawn: its rows are the same; or nothing."""
    return question.chart_for({}) if question.chart else {}


def key_columns(question: Question, rows: Sequence[Row]) -> list[str]:
    """Return the columns that identify a row: those of the chart, or the first that do."""
    names = list(rows[0]) if rows else []
    chart = chart_of(question)
    chart_columns = (
        [chart.get("y")] if chart.get("kind") in RANKED else [chart.get("x"), chart.get("key")]
    )
    keys = [str(name) for name in chart_columns if name in names]
    if keys and identify_rows(keys, rows):
        return keys
    for count in range(1, len(names) + 1):
        if identify_rows(names[:count], rows):
            return names[:count]
    return names


def identify_rows(columns: Sequence[str], rows: Sequence[Row]) -> bool:
    """Return whether no two rows have the same values in some columns."""
    return len({tuple(row[name] for name in columns) for row in rows}) == len(rows)


def value_columns(rows: Sequence[Row], keys: Sequence[str]) -> list[str]:
    """Return the columns with numbers that can be quoted."""
    names = list(rows[0]) if rows else []
    return [
        name
        for name in names
        if name not in keys
        and name not in NOT_QUOTED
        and not name.startswith(INTERVAL_STARTS)
        and any(isinstance(row[name], int | float) for row in rows)
    ]


def reason_not_to_quote(question: Question, row: Row) -> str:
    """Return why a row's numbers are not to be quoted, empty where they may be."""
    if row.get("flagged") or row.get("flagged_pct"):
        return "It rests on a 30-day count that is in doubt."
    estimated = "rests_on" in row
    if estimated and not speech.may_say_month(row.get("month")):
        first = month_words(speech.FIRST_MONTH_SAID)
        return f"Nothing before {first} is quoted: too little was counted."
    if row.get("rests_on") == speech.BOUNDS:
        return "Too little was counted for an interval; the hard bounds are in the table."
    share = "share_pct" in row or bool(chart_of(question).get("percent"))
    column = "share_pct" if "share_pct" in row else str(chart_of(question).get("y", "downloads"))
    pair = next((p for p in BOUNDS if p[0] in row and p[0].endswith("_pct") == share), None)
    if pair is None or not isinstance(row.get(column), int | float):
        return ""
    if speech.may_say(speech.value_of(row, column, *pair), share):
        return ""
    unit_of_width = "points" if share else "percent of itself"
    interval_words = "Its 90% interval is" if estimated else "What the observations allow is"
    return f"{interval_words} wider than {speech.WIDEST_SAID:.0f} {unit_of_width}."


def link(question: Question, values: Mapping[str, str], quote: Quote) -> str:
    """Return the path of a quote; it has every value, for defaults may change."""
    pairs = [
        *values.items(),
        *((f"{ROW}{name}", value) for name, value in quote.row.items()),
        ("_column", quote.column),
        ("_was", quote.was),
        ("_day", quote.day),
        ("_hash", quote.hash),
    ]
    return f"{PREFIX}/{question.name}?{urlencode(pairs)}"


def quote_of(row: Row, keys: Sequence[str], column: str, day: str, digest: str) -> Quote:
    """Return the quote of a value as it is."""
    texts = {name: as_text(row[name]) for name in keys}
    return Quote(texts, column, as_text(row[column]), day, digest[:HASH_LETTERS])


def read_quote(others: Sequence[tuple[str, str]]) -> Quote | None:
    """Return the quote in a link, None where it has no column; `others` are its names with `_`."""
    options = dict(others)
    if not options.get("_column"):
        return None
    row = {name[len(ROW) :]: value for name, value in others if name.startswith(ROW)}
    return Quote(
        row,
        options["_column"],
        options.get("_was", ""),
        options.get("_day", ""),
        options.get("_hash", ""),
    )


def find_row(rows: Sequence[Row], quote: Quote) -> Row | None:
    """Return the row that a quote is about, None where there is none or not just one."""
    matching = [
        row
        for row in rows
        if quote.column in row
        and all(name in row and as_text(row[name]) == value for name, value in quote.row.items())
    ]
    return matching[0] if len(matching) == 1 else None


def compare(quote: Quote, row: Row | None, day: str, digest: str) -> QuoteState:
    """Return whether a quoted value still holds in the database of today."""
    data_then = f"the data to {day_or_words(quote.day)}"
    data_now = f"the data to {day_words(day)}"
    if row is None:
        return QuoteState(
            "gone", f"Revised since: {data_then} had {quote.was}; {data_now} have no such row."
        )
    value = row[quote.column]
    if as_text(value) != quote.was:
        return QuoteState(
            "revised",
            f"Revised since: it was {in_words(quote.column, quote.was)} in {data_then},"
            f" and is {in_words(quote.column, as_text(value))} in {data_now}.",
        )
    if quote.hash and digest.startswith(quote.hash) and len(quote.hash) == HASH_LETTERS:
        return QuoteState(
            "same", "Unchanged: this site serves the same database that the link names."
        )
    return QuoteState(
        "rebuilt", f"Unchanged: {data_now} have the same value, in a newer build of the database."
    )


def day_or_words(day: str) -> str:
    """Return a day in words, or words for a link that has none."""
    try:
        return day_words(day)
    except ValueError:
        return "a day that the link does not give"


def in_words(column: str, value: str) -> str:
    """Return a value of a column, formatted for readers."""
    if value == "":
        return "unknown"
    if not NUMBER.fullmatch(value) or not math.isfinite(number := float(value)):
        return value
    if column.endswith("_pct"):
        return percent(number)
    return f"{int(value):,}" if WHOLE.fullmatch(value) else f"{number:,.2f}"


def row_words(row: Row, keys: Sequence[str], context: Context, values: Mapping[str, str]) -> str:
    """Return which row it is: `China, May 2026`; a running month is a day."""
    parts = []
    for name in keys:
        value = row[LABELS[name]] if LABELS.get(name) in row else row[name]
        if name == "month" and len(as_text(row[name])) == 7:
            running = context.running_month(values) == row[name]
            day = context.last_day(values)
            parts.append(f"by {day_words(day)}" if running and day else month_words(str(row[name])))
        else:
            parts.append(as_text(value) or "unknown")
    return ", ".join(reversed(parts))


def value_words(row: Row, column: str) -> tuple[str, str]:
    """Return a value in words, and its interval in brackets with what it rests on.

    An estimate is said by the rules of speech; a row with hard bounds only has these beside it.
    """
    value = in_words(column, as_text(row[column]))
    share = column.endswith("_pct")
    pair = next((p for p in BOUNDS if p[0] in row and p[0].endswith("_pct") == share), None)
    if pair is None or None in (row[pair[0]], row[pair[1]]):
        return value, ""
    interval = speech.value_of(row, column, *pair) if column in QUOTED_ESTIMATES else None
    # Rows of several channels rest on something only where they are the Hub's.
    if row.get("rests_on") and interval is not None and speech.may_say(interval, share):
        text = speech.share_words(interval) if share else speech.count_words(interval, plain_count)
        words = [
            row["rests_on"],
            *([row["coverage"]] if row.get("coverage") in COVERAGE_WORDS else []),
        ]
        return str(text), f" ({', '.join(words)})"
    least, most = (in_words(column, as_text(row[name])) for name in pair)
    return value, "" if least == most else f" (between {least} and {most})"


def plain_count(number: float) -> str:
    """Return a whole count with its thousands apart."""
    return f"{number:,.0f}"


def sentence(
    question: Question,
    values: Mapping[str, str],
    row: Row,
    keys: Sequence[str],
    column: str,
    day: str,
    context: Context,
) -> str:
    """Return a sentence that can be printed: who, when, the value, its bounds, what and whose."""
    value, bounds = value_words(row, column)
    unit = "" if column.endswith("_pct") else f" {column.replace('_', ' ')}"
    scope = question.counted_words(values)
    counted = f"; {scope}" if scope else ""
    return (
        f"{row_words(row, keys, context, values)}: {value}{unit}{bounds}."
        f" {question.subject(values)}{counted}."
        f" Source: Open Model Census, data to {day_words(day)}."
    )
