"""Write docs/data.md and docs/schemas/ anew from the declarations of the files of data/."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from census.database.data_files import DATA_FILES  # noqa: E402
from census.export.data_descriptions import describe_data  # noqa: E402

if __name__ == "__main__":
    documents = describe_data(DATA_FILES)
    for old in (ROOT / "docs/schemas").glob("*.json"):
        if f"docs/schemas/{old.name}" not in documents:
            old.unlink()
    for path, text in documents.items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
