"""Classes of licences: what the licence that a model's card states allows, by hand-read sources."""

from __future__ import annotations

from pathlib import Path

import sqlite_utils

from census.base.csv_files import Problem, Row, check_choice, check_filled, check_unique, read_rows
from census.base.inserting import blank_to_null

COLUMNS = ("licence", "name", "class", "note", "source_url")
UNREAD = "unread"
# `open`: for any user and any purpose; `restricted`: commercial use, with limits on uses, users or
# revenue; `non_commercial`; `unread`: the publisher's own terms, which nobody here has read.
CLASSES = {
    "open": "Open: any use",
    "restricted": "Restricted: limits on use or users",
    "non_commercial": "Non-commercial use only",
    UNREAD: "Own terms, not read",
}


def read_licences(data: Path, problems: list[Problem]) -> list[Row]:
    """Read and check licences.csv; a class other than `unread` needs a source or a note."""
    rows = read_rows(data / "licences.csv", COLUMNS, problems)
    check_unique(rows, ["licence"], problems)
    check_filled(rows, ["licence", "name", "class"], problems)
    check_choice(rows, "class", CLASSES, problems)
    for row in rows:
        if row["class"] != UNREAD and not (row["source_url"] or row["note"]):
            problems.append(row.problem(f"class {row['class']!r} without source_url or note"))
    return rows


def load_licences(db: sqlite_utils.Database, rows: list[Row]) -> None:
    """Fill the licences table; a licence that models state and the file lacks is `unread`."""
    known = {row["licence"]: blank_to_null(row) for row in rows}
    stated = db.execute("select distinct licence from models where licence is not null")
    for (licence,) in stated.fetchall():
        unread = {"licence": licence, "name": licence, "class": UNREAD}
        known.setdefault(licence, {**unread, "note": None, "source_url": None})
    db.table("licences").insert_all(
        {**known[licence], "class_label": CLASSES[str(known[licence]["class"])]}
        for licence in sorted(known)
    )
