"""The questions' SQL, which is SQLite's, in the words of DuckDB."""

from __future__ import annotations

from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.sqlite import SQLite
from sqlglot.parsers.sqlite import SQLiteParser
from sqlglot.tokens import TokenType  # type: ignore[attr-defined]

# What SQLite does of itself and DuckDB when it is told.
AS_SQLITE = """
    set default_null_order = 'sqlite';
    set integer_division = true;
    set timezone = 'UTC';
    create or replace macro julianday(day) as julian(cast(day as date)) - 0.5;
"""


class QuestionSql(SQLite):
    """SQLite's SQL, where a parameter may also be called `:on`."""

    class Parser(SQLiteParser):
        """The parser with one more word after a colon."""

        COLON_PLACEHOLDER_TOKENS: ClassVar = {
            *SQLiteParser.COLON_PLACEHOLDER_TOKENS,
            TokenType.ON,
        }


def as_duckdb(sql: str) -> str:
    """Return a statement of SQLite in DuckDB's words.

    `select a is b, iif(c, 1, 2) where d = :on` →
    `SELECT a IS NOT DISTINCT FROM b, CASE WHEN c THEN 1 ELSE 2 END WHERE d = $on`.
    Raises sqlglot.errors.ParseError for what is not SQL.
    """
    statement = sqlglot.parse_one(sql, read=QuestionSql)
    for join in statement.find_all(exp.Join):
        # SQLite's way to fix the order of a join; DuckDB allows no condition on a cross join.
        if join.kind == "CROSS" and join.args.get("on"):
            join.set("kind", "INNER")
    for call in list(statement.find_all(exp.Anonymous)):
        if call.name.lower() == "date" and len(call.expressions) == 2:
            call.replace(_shifted(*call.expressions))
    return statement.sql("duckdb")


def _shifted(day: exp.Expression, shift: exp.Expression) -> exp.Expression:
    """Return `date(day, '-90 days')`, which gives text, as an addition to a date."""
    interval = exp.cast(exp.paren(shift), "interval")
    return exp.cast(exp.cast(exp.cast(day, "date") + interval, "date"), "text")
