"""The tools at work: each takes an assistant's arguments and returns its answer."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from datasette.utils import InvalidSql, sqlite_timelimit, validate_sql_select

from census.charts.question_figure import make_figure
from census.checking.check import check
from census.export.table_descriptions import read_words
from census.pages.answers import answer as sentence_of
from census.pages.chart_files import day_of_question
from census.pages.citations import as_text, cite_question
from census.pages.method import SCOPES
from census.programs.question_list import find_questions, list_questions
from census.programs.tool_words import LONGEST_SQL, LONGEST_TEXT, MOST_ROWS, TOOLS
from census.questions.parameters import ParameterError
from census.questions.question_files import validate
from census.requests.lanes import in_free_lane
from census.requests.refusals import Refusal, refused_parameter
from census.site.queries import statement_rows
from census.site.site import DATABASE, Site, short_query, site_of

Arguments = Mapping[str, Any]
# An answer is cut to this many letters of JSON: rows at its end are left out, and it says so.
MOST_LETTERS = 60_000
LONGEST_CELL = 1_000
CUT = "…"


class ToolError(Exception):
    """A tool cannot answer; the message says why and what to do."""


class Tools:
    """The tools of a site; `base` of a call is the address that the site is asked under."""

    def __init__(self, datasette: Any, root: Path) -> None:
        self._datasette = datasette
        self._tables: Mapping[str, Any] = read_words(root / "metadata.yml")["tables"]

    @property
    def _site(self) -> Site:
        if DATABASE not in self._datasette.databases:
            raise ToolError("There is no database")
        return site_of(self._datasette)

    async def call(self, name: str, arguments: Arguments, base: str) -> dict[str, Any]:
        """Return the answer of a tool; raises ToolError."""
        words = next((tool for tool in TOOLS if tool.name == name), None)
        if words is None:
            raise ToolError(f"There is no tool {name!r}; there are: {_names(TOOLS)}")
        if unknown := sorted(set(arguments) - set(words.properties)):
            allowed = ", ".join(words.properties)
            raise ToolError(f"{name} does not take {', '.join(unknown)}; it takes: {allowed}")
        if missing := [argument for argument in words.required if argument not in arguments]:
            raise ToolError(f"{name} needs {', '.join(missing)}")
        try:
            if name == "find_question":
                return self._find(arguments)
            if name == "answer":
                return await self._answer(arguments, base)
            if name == "check_figure":
                return await self._check(arguments, base)
            if name == "describe_table":
                return self._describe(arguments)
            return await self._run(arguments)
        except ParameterError as error:
            raise ToolError(str(refused_parameter(error))) from error
        except Refusal as error:
            raise ToolError(str(error)) from error

    def _find(self, arguments: Arguments) -> dict[str, Any]:
        text = _text(arguments, "text", LONGEST_TEXT)
        questions = self._site.questions
        return find_questions(questions, text) if text.strip() else list_questions(questions)

    async def _answer(self, arguments: Arguments, base: str) -> dict[str, Any]:
        """Return a question's rows with everything that belongs to them."""
        site = self._site
        name = _text(arguments, "question", LONGEST_TEXT)
        question = site.questions.get(name)
        if question is None:
            near = [other["name"] for other in find_questions(site.questions, name)["questions"]]
            raise ToolError(f"There is no question {name!r}; near it: {', '.join(near) or 'none'}")
        values = validate(question, _values(arguments))
        rows = await statement_rows(self._datasette, question.sql, **values)
        newest_last = question.over_time(values)
        rows_given = rows[-MOST_ROWS:] if newest_last else rows[:MOST_ROWS]
        sentence = ""
        if question.chart is not None:
            sentence = sentence_of(
                question, values, make_figure(question, values, rows, site.context)
            )
        day = day_of_question(question, values, site.context)
        link = f"{base}/{DATABASE}/{question.name}{short_query(question, values)}"
        return {
            "question": question.title,
            "answer": sentence,
            "scope": question.describe(question.scope, values),
            "unit": question.unit_words(values),
            "parameters": values,
            "through": day,
            "status": await self._status(values) if question.reads_series else None,
            **_table(
                list(rows[0]) if rows else [],
                [list(row.values()) for row in rows_given],
                len(rows),
                "the newest" if newest_last else "the first",
            ),
            "citation": as_text(cite_question(question, values, day, link, site.hash)),
            "permalink": link,
        }

    async def _status(self, values: Mapping[str, str]) -> dict[str, Any] | None:
        """Return how far the scope of a question goes and how well it is covered."""
        ends = await statement_rows(self._datasette, SCOPES)
        names = ("scope", "through", "running_month", "counted_pct", "covered_pct", "carried_pct")
        return next(
            ({name: row[name] for name in names}
             for row in ends if row["scope"] == values.get("scope", "frontier")), None,
        )  # fmt: skip

    async def _check(self, arguments: Arguments, base: str) -> dict[str, Any]:
        site = self._site
        values = {name: _text(arguments, name, LONGEST_TEXT) for name in arguments}
        result: dict[str, Any] = await self._datasette.get_database(DATABASE).execute_fn(
            lambda connection: check(connection, site, values)
        )
        quote = result.get("quote")
        return {**result, "quote": f"{base}{quote}" if quote else None}

    def _describe(self, arguments: Arguments) -> dict[str, Any]:
        name = _text(arguments, "table", LONGEST_TEXT)
        if not name:
            return {
                "tables": {
                    table: " ".join(words["description"].split())
                    for table, words in self._tables.items()
                }
            }
        if name not in self._tables:
            raise ToolError(f"There is no table {name!r}; there are: {', '.join(self._tables)}")
        words = self._tables[name]
        described = words.get("columns", {})
        return {
            "table": name,
            "description": words["description"],
            "columns": {
                column: described.get(column, "") for column in self._site.tables[name].columns
            },
        }

    async def _run(self, arguments: Arguments) -> dict[str, Any]:
        """Run a reader's statement where everyone's run: few at a time, and with an end."""
        sql = _text(arguments, "sql", LONGEST_SQL)
        values = _values(arguments, "parameters", text=False)
        _ = self._site
        seconds = self._datasette.setting("sql_time_limit_ms") / 1000
        most = self._datasette.setting("max_returned_rows")

        def read(connection: sqlite3.Connection) -> tuple[list[str], list[Any], int]:
            """Read the first rows and count the others, in a thread of the lane."""
            with sqlite_timelimit(connection, 1000 * seconds):
                cursor = connection.execute(sql, values)
                # Cut one by one: a cell may have a gigabyte.
                rows = [[_cell(value) for value in row] for row in islice(cursor, MOST_ROWS)]
                others = sum(1 for _ in islice(cursor, most - len(rows) + 1))
            return [column[0] for column in cursor.description], rows, len(rows) + others

        try:
            validate_sql_select(sql)
            async with in_free_lane(self._datasette):
                columns, rows, total = await self._datasette.get_database(DATABASE).execute_fn(read)
        except (InvalidSql, sqlite3.Error, OverflowError) as error:
            if str(error) == "interrupted":
                reason = f"The statement takes longer than the {seconds:g} seconds that it has."
                raise ToolError(reason) from error
            raise ToolError(f"The statement cannot be run: {error}") from error
        number = f"more than {most:,}" if total > most else total
        return _table(columns, rows, number, "the first")


def _names(tools: Any) -> str:
    return ", ".join(tool.name for tool in tools)


def _text(arguments: Arguments, name: str, longest: int) -> str:
    """Return an argument that is a text; raises ToolError."""
    value = arguments.get(name, "")
    if not isinstance(value, str):
        raise ToolError(f"{name} must be a text")
    if len(value) > longest:
        raise ToolError(f"{name} is longer than {longest:,} letters")
    return value


def _values(arguments: Arguments, name: str = "parameters", text: bool = True) -> dict[str, Any]:
    """Return an argument that maps names to values, as texts for questions; raises ToolError."""
    values = arguments.get(name) or {}
    if not isinstance(values, dict):
        raise ToolError(f"{name} must map names to values")
    for key, value in values.items():
        simple = isinstance(value, str | int | float) or (value is None and not text)
        if not simple or len(str(value)) > LONGEST_TEXT:
            raise ToolError(f"{name}: {key[:LONGEST_TEXT]} must be a short text or a number")
    return {key: str(value) if text else value for key, value in values.items()}


def _table(
    columns: list[str], rows: list[Any], total: int | str, rows_named: str
) -> dict[str, Any]:
    """Return rows as columns and lists, cut to what fits, with the number of all rows."""
    lists: list[list[Any]] = []
    letters = 0
    ordered = rows if rows_named == "the first" else rows[::-1]
    for row in ordered:
        cells = [_cell(value) for value in row]
        letters += sum(len(str(cell)) + 4 for cell in cells)
        if letters > MOST_LETTERS:
            break
        lists.append(cells)
    if rows_named != "the first":
        lists.reverse()
    whole = len(lists) == total
    return {
        "total_rows": total,
        "rows_shown": "all" if whole else f"{rows_named} {len(lists)} of {total}",
        "columns": columns,
        "rows": lists,
    }


def _cell(value: Any) -> Any:
    if isinstance(value, bytes):
        value = value[:LONGEST_CELL].hex()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        return f"{value[:LONGEST_CELL]}{CUT}"
    return value
