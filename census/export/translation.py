"""The questions' SQL, which is SQLite's, in the words of DuckDB."""

from __future__ import annotations

from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.sqlite import SQLite
from sqlglot.parsers.sqlite import SQLiteParser
from sqlglot.tokens import TokenType  # type: ignore[attr-defined]

# What SQLite does of itself and DuckDB when it is told.
AS_SQLITE = r"""
    set default_null_order = 'sqlite';
    set integer_division = true;
    set timezone = 'UTC';
    create or replace macro julianday(day) as julian(cast(day as date)) - 0.5;
    create or replace macro leading_integer(value) as case
        when value is null then null
        else coalesce(
            try_cast(regexp_extract(cast(value as varchar), '^\s*[+-]?[0-9]+') as bigint), 0
        )
    end;
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
        if call.name.lower() == "date" and len(call.expressions) > 1:
            call.replace(_shifted(*call.expressions))
    for cast in list(statement.find_all(exp.Cast)):
        # SQLite reads the number that a text begins with: '1-5B' is 1, and '' is 0.
        if cast.is_type("int") and not isinstance(cast.this, exp.Placeholder):
            cast.replace(exp.func("leading_integer", cast.this))
    return statement.sql("duckdb")


def _shifted(day: exp.Expr, *shifts: exp.Expr) -> exp.Expr:
    """Return `date(day, '-90 days', 'start of month')`, which gives text, by DuckDB's functions."""
    moved: exp.Expr = exp.cast(day, "date")
    for shift in shifts:
        if shift.is_string and shift.name == "start of month":
            moved = exp.func("date_trunc", exp.Literal.string("month"), moved)
        else:
            # DuckDB's intervals have no plus before them.
            unsigned = exp.func("ltrim", shift, exp.Literal.string("+"))
            moved = exp.Add(this=moved, expression=exp.cast(unsigned, "interval"))
        moved = exp.cast(moved, "date")
    return exp.cast(moved, "text")
