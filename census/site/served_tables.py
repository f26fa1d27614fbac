"""The tables and views of a served database: columns, keys and references."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True)
class ServedTable:
    """One table or view; `keys` are the primary key's columns in order, none without one.

    `refers_to` has for each foreign key its column and the table that it leads to.
    """

    name: str
    is_view: bool
    columns: tuple[str, ...]
    keys: tuple[str, ...] = ()
    refers_to: tuple[tuple[str, str], ...] = ()


def read_tables(connection: sqlite3.Connection) -> dict[str, ServedTable]:
    """Return every table and view by name, those that SQLite keeps for search too."""
    names_and_types = connection.execute(
        "select name, type from sqlite_master where type in ('table', 'view') order by name"
    ).fetchall()
    return {
        str(name): read_table(connection, str(name), kind == "view")
        for name, kind in names_and_types
    }


def read_table(connection: sqlite3.Connection, name: str, is_view: bool) -> ServedTable:
    """Return one table or view."""
    columns = connection.execute(
        # Of a search table the columns that SQLite hides have 1; those that it computes have 2.
        "select name, pk from pragma_table_xinfo(?) where hidden <> 1 order by cid",
        (name,),
    ).fetchall()
    references = connection.execute(
        'select "from", "table" from pragma_foreign_key_list(?) order by id, seq', (name,)
    ).fetchall()
    keys = sorted((place, str(column)) for column, place in columns if place)
    return ServedTable(
        name,
        is_view,
        tuple(str(column) for column, _ in columns),
        tuple(column for _, column in keys),
        tuple((str(column), str(table)) for column, table in references),
    )
