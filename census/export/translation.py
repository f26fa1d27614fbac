"""The questions' SQL, which is SQLite's, in the words of DuckDB and of Spark."""

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


# The number that a text begins with.
LEADING = r"^\s*[+-]?[0-9]+"
# The day from which Spark is asked to count, and its Julian day at midnight.
EPOCH = exp.cast(exp.Literal.string("1970-01-01"), "date")
EPOCH_JULIAN = 2440587.5


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
    statement = _read(sql)
    for cast in _casts_of_text(statement):
        cast.replace(exp.func("leading_integer", cast.this))
    return statement.sql("duckdb")


def as_spark(sql: str) -> str:
    """Return a statement of SQLite in Spark's words, with parameters as `:name`.

    `select a is b, date(:day, '-1 day')` →
    `SELECT a <=> b, CAST(CAST(CAST(:day AS DATE) + CAST('-1 day' AS INTERVAL) …) AS STRING)`.
    Raises sqlglot.errors.ParseError for what is not SQL.
    """
    statement = _read(sql)
    for cast in _casts_of_text(statement):
        # The whole match is group 0, which sqlglot takes for the default and leaves out.
        whole = [cast.this.copy(), exp.Literal.string(LEADING), exp.Literal.number(0)]
        digits = exp.Anonymous(this="regexp_extract", expressions=whole)
        cast.replace(exp.func("coalesce", exp.TryCast(this=digits, to=cast.args["to"]), "0"))
    for call in list(statement.find_all(exp.Anonymous)):
        if call.name.lower() == "julianday":
            days = exp.DateDiff(this=exp.cast(call.expressions[0], "date"), expression=EPOCH)
            call.replace(exp.paren(exp.Add(this=days, expression=exp.Literal.number(EPOCH_JULIAN))))
    # Spark decides itself what it keeps.
    for part in statement.find_all(exp.CTE):
        part.set("materialized", None)
    return statement.sql("spark")


def _read(sql: str) -> exp.Expr:
    """Return a statement of SQLite without what is SQLite's alone."""
    statement: exp.Expr = sqlglot.parse_one(sql, read=QuestionSql)
    for join in statement.find_all(exp.Join):
        # SQLite's way to fix the order of a join; others allow no condition on a cross join.
        if join.kind == "CROSS" and join.args.get("on"):
            join.set("kind", "INNER")
    for call in list(statement.find_all(exp.Anonymous)):
        if call.name.lower() == "date" and len(call.expressions) > 1:
            call.replace(_shifted(*call.expressions))
    return statement


def _casts_of_text(statement: exp.Expr) -> list[exp.Cast]:
    """Return casts to whole numbers: SQLite reads the number that a text begins with, or 0."""
    return [
        cast
        for cast in statement.find_all(exp.Cast)
        if cast.is_type("int") and not isinstance(cast.this, exp.Placeholder)
    ]


def _shifted(day: exp.Expr, *shifts: exp.Expr) -> exp.Expr:
    """Return `date(day, '-90 days', 'start of month')`, which gives text, by functions of dates."""
    moved: exp.Expr = exp.cast(day, "date")
    for shift in shifts:
        if shift.is_string and shift.name == "start of month":
            moved = exp.func("date_trunc", exp.Literal.string("month"), moved)
        else:
            # Intervals have no plus before them.
            unsigned = exp.func("ltrim", shift, exp.Literal.string("+"))
            moved = exp.Add(this=moved, expression=exp.cast(unsigned, "interval"))
        moved = exp.cast(moved, "date")
    return exp.cast(moved, "text")
