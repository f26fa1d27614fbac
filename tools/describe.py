"""Write docs/data.md, docs/tables.md, docs/schemas/ and the tables of metadata.yml anew."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from census.database.data_files import DATA_FILES  # noqa: E402
from census.database.declared_tables import schema, table_words  # noqa: E402
from census.database.steps import filled_by  # noqa: E402
from census.export.data_descriptions import (  # noqa: E402
    describe_data,
    describe_metadata,
    describe_tables,
)
from census.export.table_descriptions import read_tables, read_words  # noqa: E402

if __name__ == "__main__":
    metadata = ROOT / "metadata.yml"
    words = describe_metadata(metadata.read_text(encoding="utf-8"), table_words())
    metadata.write_text(words["metadata.yml"], encoding="utf-8")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(schema())
        tables = read_tables(connection, read_words(metadata))
    documents = {**describe_data(DATA_FILES), **describe_tables(tables, filled_by())}
    for old in (ROOT / "docs/schemas").glob("*.json"):
        if f"docs/schemas/{old.name}" not in documents:
            old.unlink()
    for path, text in documents.items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
