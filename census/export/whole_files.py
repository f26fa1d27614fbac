"""Complete results as CSV or JSON, row by row in constant memory, or not at all.

No file is cut short: a result that cannot be complete is refused before its first byte, and a
failure on the way breaks off the transfer, so that no client takes a part for the whole.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from census.questions.parameters import ParameterError
from census.questions.question_files import Question

BOM = "\ufeff"
# The rows in a piece of a file: few in the first, so that the first byte comes early.
FIRST_PIECE = 50
PIECE = 1000
# Steps of SQLite's machine between two looks at the clock.
STEPS = 5000
# What a spreadsheet takes for a formula when a cell begins with it (OWASP, CSV injection), with the
# full-width signs that spreadsheets of East Asia read alike.
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9._]+")
LONGEST_NAME = 120
SHAPES = ("array", "arrayfirst")
SEMICOLON = ";"
SPREADSHEETS = {"": "", "0": "", "off": "", "1": ",", "on": ",", "semicolon": SEMICOLON}


class RefusedResultError(Exception):
    """A result cannot be complete; the message says why and what to do instead."""


@dataclass(frozen=True)
class Statement:
    """One select with its values; `trusted` ones are the census's own questions."""

    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)
    trusted: bool = False


@dataclass(frozen=True)
class Limits:
    """Bounds of a statement: seconds to begin and for each piece, and rows of free SQL."""

    seconds: float
    rows: int = 1_000_000


class Blank(dict[str, Any]):
    """Values of a reader's statement: a missing one is empty, as on Datasette's own pages."""

    def __missing__(self, _name: str) -> str:
        return ""


class StatementResult:
    """An open result of a statement; `columns` are known at once, rows come in pieces."""

    def __init__(self, connection: sqlite3.Connection, statement: Statement, limits: Limits):
        """Run a statement up to its first row; raises RefusedResultError.

        The connection belongs to the result and is closed with it.
        """
        self._connection = connection
        self._seconds = limits.seconds
        self._deadline = 0.0
        connection.set_progress_handler(self._late, STEPS)
        values = Blank(statement.values)
        try:
            if not statement.trusted:
                self._check_size(statement.sql, values, limits)
            self._start_clock()
            self._cursor = connection.execute(statement.sql, values)
            names = [column[0] for column in self._cursor.description or ()]
            first = self._cursor.fetchmany(FIRST_PIECE)
        except (sqlite3.Error, ValueError, OverflowError) as error:
            connection.close()
            raise RefusedResultError(self._reason(error)) from error
        except RefusedResultError:
            connection.close()
            raise
        self.columns = names
        self._first: list[tuple[Any, ...]] | None = first

    def _check_size(self, sql: str, values: Blank, limits: Limits) -> None:
        self._start_clock()
        counted = f"select count(*) from (select 1 from ({sql}\n) limit {limits.rows + 1})"  # noqa: S608
        rows = self._connection.execute(counted, values).fetchone()[0]
        if rows > limits.rows:
            raise RefusedResultError(
                f"The result has more than {limits.rows:,} rows, which this address does not give."
                " Nothing was cut: nothing is sent. Narrow the query, or download the whole"
                " database and run it there."
            )

    def _start_clock(self) -> None:
        self._deadline = time.monotonic() + self._seconds

    def _late(self) -> int:
        return int(time.monotonic() > self._deadline)

    def _reason(self, error: Exception) -> str:
        if "interrupted" in str(error):
            return (
                f"The query takes longer than {self._seconds:g} seconds. Nothing was cut: nothing"
                " is sent. Narrow the query, or download the whole database and run it there."
            )
        return f"The query cannot be run: {error}"

    def next_rows(self) -> list[tuple[Any, ...]]:
        """Return the next rows, none at the end; raises sqlite3.Error where a piece fails."""
        if self._first is not None:
            rows, self._first = self._first, None
            return rows
        self._start_clock()
        return self._cursor.fetchmany(PIECE)

    def stop(self) -> None:
        """Interrupt what runs; may be called from another thread."""
        self._deadline = 0.0

    def close(self) -> None:
        """Close the result and its connection."""
        self._connection.close()


def spreadsheet_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet runs as a formula: a risky text gets an apostrophe."""
    if isinstance(value, str) and FORMULA.match(value):
        return f"'{value}"
    return value


def csv_cell(value: Any) -> Any:
    """Return a value as CSV has it; bytes as base64."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def european_cell(value: Any) -> Any:
    """Return a value with a decimal comma, which goes with semicolons between the values."""
    return repr(value).replace(".", ",") if isinstance(value, float) else spreadsheet_cell(value)


def csv_pieces(
    result: StatementResult,
    *,
    bom: bool = False,
    spreadsheet: bool = False,
    heading: bool = True,
    separator: str = ",",
) -> Iterator[bytes]:
    """Yield a result as CSV (RFC 4180, UTF-8), its heading with the first rows.

    `bom` puts the mark before it that Excel needs to read UTF-8; `spreadsheet` does that too and
    makes texts harmless that a spreadsheet would run as formulas. Where a semicolon is the
    separator, Excel expects a comma in numbers.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator)
    adapt: Callable[[Any], Any] | None = None
    if spreadsheet:
        adapt = european_cell if separator == SEMICOLON else spreadsheet_cell
    buffer.write(BOM if bom or spreadsheet else "")
    if heading:
        writer.writerow([adapt(name) if adapt else name for name in result.columns])
    while rows := result.next_rows():
        # Few results have bytes: a look at all types takes a fifth of a call for each value.
        if bytes in set(map(type, chain.from_iterable(rows))):
            rows = [tuple(map(csv_cell, row)) for row in rows]
        if adapt:
            rows = [tuple(map(adapt, row)) for row in rows]
        writer.writerows(rows)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    if remaining := buffer.getvalue():
        yield remaining.encode()


def json_value(value: Any) -> Any:
    """Return a value as Datasette writes it in JSON."""
    if isinstance(value, bytes):
        return {"$base64": True, "encoded": base64.b64encode(value).decode("latin1")}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def json_pieces(
    result: StatementResult, shape: str = "array", lines: bool = False
) -> Iterator[bytes]:
    """Yield a result as a JSON array, or with `lines` as one JSON value a line.

    Shape `array` has an object for each row, `arrayfirst` the first value of each.
    """

    def written(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
        for row in rows:
            values = [json_value(value) for value in row]
            whole = values[0] if shape == "arrayfirst" else dict(zip(columns, values, strict=True))
            yield json.dumps(whole)

    columns = result.columns
    between = "\n" if lines else ", "
    start = "" if lines else "["
    while rows := result.next_rows():
        yield (start + between.join(written(rows))).encode()
        start = between
    if lines:
        yield b"\n" if start else b""
    else:
        yield b"[]" if start == "[" else b"]"


def file_name(stem: str, choices: Mapping[str, str], day: str, suffix: str) -> str:
    """Return a file's name: the query, what was chosen, the day of the data, the format."""
    parts = [f"{name}-{value or 'none'}" for name, value in choices.items()]
    name = UNSAFE_IN_NAMES.sub("-", "-".join([stem, *parts]))
    name = name[:LONGEST_NAME].strip("-.")
    return f"{name}{'-' if day else ''}{day}.{suffix}"


def question_statement(question: Question, values: Mapping[str, str]) -> Statement:
    """Return the statement of a question for checked values."""
    return Statement(question.sql, values, trusted=True)


def switch(options: Mapping[str, str], name: str) -> bool:
    """Return whether an option is on; raises ParameterError for a value that says neither."""
    value = options.get(name, "")
    if value not in ("", "0", "1", "off", "on"):
        raise ParameterError(name, value, ["1", "0"])
    return value in ("1", "on")


def spreadsheet_separator(options: Mapping[str, str]) -> str:
    """Return the separator of values for a spreadsheet, empty where CSV is for programs.

    Raises ParameterError for a `_spreadsheet` that there is not.
    """
    value = options.get("_spreadsheet", "")
    if value not in SPREADSHEETS:
        raise ParameterError("_spreadsheet", value, ["1", "semicolon", "0"])
    return SPREADSHEETS[value]
