"""Write docs/data.md, docs/tables.md and docs/schemas/ anew from what declares them."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from census.database.data_files import DATA_FILES  # noqa: E402
from census.database.loading import SCHEMA  # noqa: E402
from census.database.steps import filled_by  # noqa: E402
from census.export.data_descriptions import describe_data, describe_tables  # noqa: E402
from census.export.table_descriptions import read_tables, read_words  # noqa: E402

if __name__ == "__main__":
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
        tables = read_tables(connection, read_words(ROOT / "metadata.yml"))
    documents = {**describe_data(DATA_FILES), **describe_tables(tables, filled_by())}
    for old in (ROOT / "docs/schemas").glob("*.json"):
        if f"docs/schemas/{old.name}" not in documents:
            old.unlink()
    for path, text in documents.items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
