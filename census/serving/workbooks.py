"""Rows as a workbook for Excel: a sheet of values, and one with their source and meaning."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook

from census.export.whole_files import RefusedResultError, StatementResult, csv_cell
from census.pages.citations import LICENCE, LICENCE_URL, NAME, Citation, as_text
from census.questions.question_files import Question

# A workbook is written at some 100,000 cells a second; larger results are for CSV.
MOST_CELLS = 500_000
# Excel's own limit of a cell, and the largest integer that its numbers hold exactly.
LONGEST_TEXT = 32_767
LARGEST_EXACT = 2**53
# Texts stay texts: none becomes a formula, a link or a number.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
DATA, ABOUT = "Data", "About"

Line = tuple[str, str]


def about_everything(cited: Citation) -> list[Line]:
    """Return the lines of every workbook: source and day of the data, licence and citation."""
    return [
        ("Source", NAME),
        ("Data to", cited.day),
        ("Address", cited.url),
        ("Licence", LICENCE),
        ("Licence text", LICENCE_URL),
        ("Cite as", as_text(cited)),
        ("Database SHA-256", cited.hash),
        ("Empty cells", "unknown, never 0"),
    ]


def about_question(question: Question, values: Mapping[str, str], cited: Citation) -> list[Line]:
    """Return the lines of a workbook about its question and the choices made."""
    return [
        ("Title", question.title),
        ("Description", question.description),
        ("Unit", question.unit_words(values)),
        ("Counted", question.counted_words(values)),
        *((p.label, p.label_of(values[p.name]) or "all") for p in question.parameters),
        *about_everything(cited),
        *((f"Column {name}", meaning) for name, meaning in question.columns.items()),
    ]


def about_table(name: str, words: Mapping[str, Any], cited: Citation) -> list[Line]:
    """Return the lines of a workbook about a table; `words` are those of metadata.yml."""
    return [
        ("Title", name),
        ("Description", str(words.get("description", ""))),
        *about_everything(cited),
        *((f"Column {column}", str(text)) for column, text in words.get("columns", {}).items()),
    ]


def about_sql(sql: str, cited: Citation) -> list[Line]:
    """Return the lines of a workbook about a reader's own statement."""
    return [("Title", "Result of a query"), ("SQL", sql[:LONGEST_TEXT]), *about_everything(cited)]


def read_rows(result: StatementResult) -> Iterator[tuple[Any, ...]]:
    """Yield every row of a result; raises RefusedResultError where a workbook cannot hold them."""
    cells = 0
    while rows := result.next_rows():
        cells += sum(len(row) for row in rows)
        if cells > MOST_CELLS:
            raise RefusedResultError(
                f"The result has more than {MOST_CELLS:,} cells, which is too many for a workbook"
                " of this site. Nothing is sent rather than a part; use .csv instead."
            )
        yield from rows


def write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    """Write one value: numbers as numbers where Excel keeps them exactly, all else as text."""
    value = csv_cell(value)
    if value is None:
        return
    if isinstance(value, float) or (isinstance(value, int) and abs(value) <= LARGEST_EXACT):
        sheet.write_number(row, column, value)
        return
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise RefusedResultError(
            f"A text of row {row} has more than {LONGEST_TEXT:,} characters, which no workbook"
            " can hold. Nothing is sent rather than a part; use .csv instead."
        )
    sheet.write_string(row, column, text)


def make_workbook(result: StatementResult, about: Sequence[Line], day: str) -> bytes:
    """Return a workbook of a result; the same rows and words give the same bytes.

    Raises RefusedResultError where it would not hold everything.
    """
    buffer = io.BytesIO()
    book = Workbook(buffer, OPTIONS)
    book.set_properties({"title": dict(about)["Title"], "author": NAME,
                         "created": datetime.fromisoformat(day)})  # fmt: skip
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    data = book.add_worksheet(DATA)
    data.freeze_panes(1, 0)
    for column, name in enumerate(result.columns):
        data.write_string(0, column, name, bold)
    for number, row in enumerate(read_rows(result), start=1):
        for column, value in enumerate(row):
            write_cell(data, number, column, value)
    page = book.add_worksheet(ABOUT)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 100)
    for number, (label, text) in enumerate(about):
        page.write_string(number, 0, label, bold)
        page.write_string(number, 1, text, wrapped)
    book.close()
    return buffer.getvalue()
