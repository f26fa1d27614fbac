"""The rows of a question as a page shows them: headings in words, sorted, filtered, value first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from census.questions.parameters import ParameterError
from census.questions.question_files import RANKED, Question

# A page shows this many rows; the files have all of them.
ROWS_SHOWN = 100
UP, DOWN, FILTER = "_sort", "_sort_desc", "_filter"
# What is not a table of its own in an address of a page.
TABLE_OPTIONS = (UP, DOWN, FILTER)
# Longer texts are in no cell that a reader looks for.
LONGEST = 100
# What columns are called on pages; all others by their own words.
HEADINGS = {
    "through": "Counted to",
    "low": "Lowest possible",
    "high": "Highest possible",
    "low_pct": "Lowest possible, %",
    "high_pct": "Highest possible, %",
    "likely_low": "Likely, from",
    "likely_high": "Likely, to",
    "likely_low_pct": "Likely, from, %",
    "likely_high_pct": "Likely, to, %",
    "half_low": "Middle half, from",
    "half_high": "Middle half, to",
    "half_low_pct": "Middle half, from, %",
    "half_high_pct": "Middle half, to, %",
    "country": "Country code",
    "country_name": "Country",
    "lab": "Lab",
    "lab_name": "Lab",
    "covered_pct": "Coverage by weight, %",
    "counted_pct": "Counted on the day, %",
    "covered_pct_now": "Coverage by weight now, %",
    "counted_pct_now": "Counted on the day now, %",
    "place": "Rank",
    "p_place": "Certainty of the rank",
    "p": "Certainty",
    "label": "Name",
    "key": "Code",
    "released_on": "Released",
    "source_url": "Document",
    "downloads_30d": "Last 30 days",
    "downloads_all_time": "All-time downloads",
    "size_bucket": "Size",
    "counted_on": "Counted on",
    "counted_30d_on": "Last 30 days counted on",
    "all_time_on": "All-time count of",
    "in_frontier": "In the default scope",
    "what": "What happened",
    "why": "Why",
    "url": "Address",
}
# Where a table has both, the short one is what addresses have.
SHORT = {"lab": ("lab_name", "Lab, short name"), "family": ("family_name", "Family, short name"),
         "licence": ("licence_name", "Licence, short name")}  # fmt: skip
ENDS = (
    ("_likely_low_pct", ", likely from, %"),
    ("_likely_high_pct", ", likely to, %"),
    ("_likely_low", ", likely from"),
    ("_likely_high", ", likely to"),
    ("_low_pct", ", lowest possible, %"),
    ("_high_pct", ", highest possible, %"),
    ("_low", ", lowest possible"),
    ("_high", ", highest possible"),
    ("_pct", ", %"),
    ("_30d", ", last 30 days"),
)


class Head(NamedTuple):
    """The head of a column: its words, its meaning, its sorting, and the address of a click."""

    column: str
    words: str
    title: str
    sorted: str
    address: str


class ResultTable(NamedTuple):
    """A table as it is shown: `matching` of `total` rows have the text of the filter."""

    heads: list[Head]
    rows: list[Mapping[str, Any]]
    total: int
    matching: int
    filter: str
    hidden: list[tuple[str, str]]
    newest_last: bool


def heading(column: str, columns: Sequence[str]) -> str:
    """Return the words over a column of a table with these columns."""
    longer_column, words = SHORT.get(column, ("", ""))
    if longer_column in columns:
        return words
    if column in HEADINGS:
        return HEADINGS[column]
    for end, words_of_end in ENDS:
        if column.endswith(end):
            return in_words(column.removesuffix(end)) + words_of_end
    return in_words(column)


def in_words(column: str) -> str:
    """Return the name of a column as words."""
    words = column.replace("_", " ")
    return words[:1].upper() + words[1:]


def ordered_columns(
    question: Question, columns: Sequence[str], values: Mapping[str, str]
) -> list[str]:
    """Return columns with the month, the name and the value first, so that a phone shows them."""
    if question.chart is None:
        return list(columns)
    chart = question.chart_for(values)
    ranked = chart["kind"] in RANKED
    value, place = (chart["x"], chart["y"]) if ranked else (chart["y"], chart["x"])
    name = "" if ranked else chart.get("label", chart.get("key", ""))
    first = dict.fromkeys(other for other in (place, name, value) if other in columns)
    return [*first, *(column for column in columns if column not in first)]


def check_sort(question: Question, query: str) -> None:
    """Raise ParameterError for sorting by what is not a column of a question, or in two ways."""
    sorts = {name: value for name, value in parse_qsl(query) if name in (UP, DOWN) and value}
    for name, value in sorts.items():
        if value not in question.columns:
            columns = list(question.columns)
            labels = {column: heading(column, columns) for column in columns}
            raise ParameterError(name, value, columns, labels=labels)
    if len(sorts) == 2:
        raise ParameterError(DOWN, sorts[DOWN], [f"{UP} or {DOWN}, not both"])


def sort_key(value: Any) -> tuple[int, float, str]:
    """Return the key that sorts a value: numbers by size, then texts by their letters."""
    if isinstance(value, (int, float)):
        return 0, float(value), ""
    return 1, 0.0, str(value).casefold()


def sorted_rows(rows: Sequence[Mapping[str, Any]], column: str, down: bool) -> list[Any]:
    """Return rows in the order of a column; what is unknown comes last either way."""
    known_rows = [row for row in rows if row[column] is not None]
    unknown_rows = [row for row in rows if row[column] is None]
    known_rows.sort(key=lambda row: sort_key(row[column]), reverse=down)
    return [*known_rows, *unknown_rows]


def result_table(
    question: Question,
    values: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    query: str,
    short: str,
) -> ResultTable:
    """Return the table of a page; `query` is its query string, `short` that of its choices.

    Of a series the last rows are shown, of anything else, and of what a reader sorts, the first.
    """
    options = dict(parse_qsl(query))
    up, down = options.get(UP, ""), options.get(DOWN, "")
    text = options.get(FILTER, "").strip()[:LONGEST]
    choices = parse_qsl(short.removeprefix("?"))
    filters = [(FILTER, text)] if text else []
    heads = []
    for column in ordered_columns(question, columns, values):
        next_sort = UP if column == down else DOWN
        address = urlencode([*choices, *filters, (next_sort, column)])
        state = "ascending" if column == up else "descending" if column == down else ""
        title = f"{column}: {question.columns.get(column, '')}".rstrip(": ")
        heads.append(Head(column, heading(column, columns), title, state, address))
    matching = list(rows)
    if text:
        folded = text.casefold()
        matching = [row for row in matching if has_text(row, columns, folded)]
    sorted_by = up or down
    if sorted_by in columns:
        matching = sorted_rows(matching, sorted_by, bool(down))
    newest_last = question.over_time(values) and sorted_by not in columns
    shown_rows = matching[-ROWS_SHOWN:] if newest_last else matching[:ROWS_SHOWN]
    order = [(name, options[name]) for name in (UP, DOWN) if options.get(name)]
    hidden = [*choices, *order]
    return ResultTable(heads, shown_rows, len(rows), len(matching), text, hidden, newest_last)


def has_text(row: Mapping[str, Any], columns: Sequence[str], text: str) -> bool:
    """Return whether any cell of a row has a text in it."""
    return any(text in str(row[column]).casefold() for column in columns if row[column])
