"""Opening and reading a census database: the one way in which every stage does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote


def connect_readonly(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """Return a connection that reads a database and never creates or changes one.

    The path is quoted: in SQLite's addresses `#` and `?` end it, `a#b/census.db` → `file:a%23b/…`.
    `any_thread` lets other threads than the present one use it. Raises sqlite3.OperationalError
    where there is no file.
    """
    address = f"file:{quote(str(path))}?mode=ro"
    return sqlite3.connect(address, uri=True, check_same_thread=not any_thread)


@contextmanager
def open_readonly(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database for reading only, and close it at the end.

    A connection as its own context manager ends a transaction there and stays open.
    """
    with closing(connect_readonly(path)) as connection:
        yield connection


@contextmanager
def open_named_rows(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database for reading only, with rows that have their values by column name."""
    with open_readonly(path) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def select_rows(
    connection: sqlite3.Connection, sql: str, values: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return the rows of a statement as dictionaries, `[{"key": "CN", "label": "China"}, …]`."""
    cursor = connection.execute(sql, dict(values or {}))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
