"""Tables, columns and keys of a database as the exports describe them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from census.questions.question_files import load_yaml

# Tables that SQLite keeps for itself, and those of the full-text search.
INTERNAL = ("sqlite_", "_fts")
# The views that readers know as tables.
VIEWS = ("observations", "series")


@dataclass(frozen=True)
class Column:
    """A column; `type` is integer, real or text, `required` when none may be empty."""

    name: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True)
class Reference:
    """A foreign key of one column."""

    column: str
    table: str
    target: str


@dataclass(frozen=True)
class Table:
    """A table or view with its columns, its primary key, its references and its words."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]

    @property
    def order(self) -> str:
        """The columns that order its rows, so that a file is the same for the same data."""
        names = self.key or tuple(column.name for column in self.columns)
        return ", ".join(f'"{name}"' for name in names)

    @property
    def select(self) -> str:
        """The statement that reads every row in order."""
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        return f'select {names} from "{self.name}" order by {self.order}'  # noqa: S608


def read_words(metadata: Path) -> Mapping[str, Any]:
    """Return `title`, `description` and `tables` (the words on each table) of metadata.yml."""
    loaded = load_yaml(metadata.read_text(encoding="utf-8"), metadata.name)
    return {
        "title": loaded["title"],
        "description": " ".join(str(loaded["description"]).split()),
        "tables": loaded["databases"]["census"]["tables"],
    }


def read_tables(connection: sqlite3.Connection, words: Mapping[str, Any]) -> list[Table]:
    """Return every table and view that readers see, sorted by name."""
    rows = connection.execute(
        "select name, type from sqlite_master where type in ('table', 'view') order by name"
    ).fetchall()
    return [
        _read_table(connection, name, words["tables"].get(name, {}))
        for name, kind in rows
        if (kind == "table" and not any(part in name for part in INTERNAL)) or name in VIEWS
    ]


def _read_table(connection: sqlite3.Connection, name: str, words: Mapping[str, Any]) -> Table:
    described = words.get("columns", {})
    # The other pragma leaves out columns that SQLite computes.
    rows = connection.execute(f'pragma table_xinfo("{name}")').fetchall()
    columns = tuple(
        Column(
            name=row[1],
            type=str(row[2]).lower() or "text",
            required=_is_required(*row[3:6]),
            description=" ".join(str(described.get(row[1], "")).split()),
        )
        for row in rows
    )
    key = tuple(row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5])
    references = tuple(_references(connection, name))
    about = " ".join(str(words.get("description", "")).split())
    return Table(name, about, columns, key, references)


def _is_required(not_null: int, default: str | None, place_in_key: int) -> bool:
    """Return whether the schema allows no empty value in a column, whatever is in it today.

    A column of a view allows every one. One whose default is the empty text has it as a value.
    """
    return bool(not_null or place_in_key) and default != "''"


def _references(connection: sqlite3.Connection, name: str) -> Iterator[Reference]:
    rows = connection.execute(f'pragma foreign_key_list("{name}")').fetchall()
    for row in sorted(rows, key=lambda row: row[3]):
        # A key of two columns, which only keeps channels apart, is told by its first.
        if row[1] == 0:
            yield Reference(column=row[3], table=row[2], target=row[4])
