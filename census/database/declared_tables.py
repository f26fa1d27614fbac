"""The tables as schema.sql declares them, and what it says of each table and column.

A line of the schema that begins with `--:` is a part of the words on the table, view or column in
the line below; `--: label: name` names the column that Datasette shows for a row.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).with_name("schema.sql")
MARK = "--:"
LABEL = "label: "
CREATED = re.compile(r'create (?:table|view) "?(\w+)"?')
# A column of a table is the first word of its line, one of a view the last.
COLUMN_OF_TABLE = re.compile(r'\s+"?(\w+)"? \w+')
COLUMN_OF_VIEW = re.compile(r'(?:.*\bas |(?:.*\W)?)"?(\w+)"?,?')


def schema() -> str:
    """Return the statements that make the tables, without the words on them."""
    lines = SCHEMA.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip().startswith(MARK))


def table_words(text: str | None = None) -> dict[str, dict[str, Any]]:
    """Return `description`, `columns` and, if declared, `label_column` of each table and view.

    `text` is that of the schema by default. Raises ValueError for words on a line that declares
    nothing, with its number.
    """
    words_of_tables: dict[str, dict[str, Any]] = {}
    words: list[str] = []
    column_of = COLUMN_OF_TABLE
    lines = (SCHEMA.read_text(encoding="utf-8") if text is None else text).splitlines()
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith(MARK):
            words.append(line.lstrip().removeprefix(MARK).strip())
            continue
        if table := CREATED.match(line):
            column_of = COLUMN_OF_TABLE if line.startswith("create table") else COLUMN_OF_VIEW
            words_of_tables[table[1]] = words_of_table = _words_of_table(words)
        elif words:
            column = column_of.fullmatch(line) or column_of.match(line)
            if column is None or not line.startswith("    "):
                raise ValueError(f"schema.sql:{number}: words on what is no table or column")
            words_of_table["columns"][column[1]] = " ".join(words)
        words = []
    return words_of_tables


def _words_of_table(words: list[str]) -> dict[str, Any]:
    labels = [word.removeprefix(LABEL) for word in words if word.startswith(LABEL)]
    words_of_table: dict[str, Any] = {
        "description": " ".join(word for word in words if not word.startswith(LABEL))
    }
    if labels:
        words_of_table["label_column"] = labels[0]
    words_of_table["columns"] = {}
    return words_of_table
