"""Rows on their way into SQLite: unknown values as null, many rows a statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

# Rows in one insert statement: twice as fast as executemany, and below SQLite's 32,766 parameters.
ROWS_A_STATEMENT = 200


def blank_to_null(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its empty strings as None: unknown is null."""
    return {key: None if value == "" else value for key, value in row.items()}


def insert_rows(
    connection: sqlite3.Connection, table: str, width: int, rows: Iterable[Sequence[object]]
) -> None:
    """Insert many rows of `width` values with few statements."""
    iterator = iter(rows)
    one = "(" + ", ".join("?" * width) + ")"
    while batch := list(islice(iterator, ROWS_A_STATEMENT)):
        statement = f"insert into {table} values {', '.join([one] * len(batch))}"  # noqa: S608
        connection.execute(statement, list(chain.from_iterable(batch)))
