"""Classes of licences: what the licence that a model's card states allows, by hand-read sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import sqlite_utils

from census.base.csv_files import Problem, Row
from census.base.declared_files import DataFile, DataRow, column, one_of, optional
from census.base.inserting import blank_to_null

UNREAD = "unread"
# `open`: for any user and any purpose; `restricted`: commercial use, with limits on uses, users or
# revenue; `non_commercial`; `unread`: the publisher's own terms, which nobody here has read.
CLASSES = {
    "open": "Open: any use",
    "restricted": "Restricted: limits on use or users",
    "non_commercial": "Non-commercial use only",
    UNREAD: "Own terms, not read",
}


class LicenceRow(DataRow):
    """A licence as models' cards state it, and what it allows."""

    licence: str = column("The licence's tag on the Hub")
    name: str = column("Its name")
    class_: Annotated[str, one_of(*CLASSES)] = column("What it allows", name="class")
    note: str = optional("What it limits, in our own words")
    source_url: str = optional("Where its text was read")


def read_has_source(row: Row) -> Iterator[str]:
    """A class other than `unread` has a source or a note."""
    if row["class"] and row["class"] != UNREAD and not (row["source_url"] or row["note"]):
        yield f"class {row['class']!r} without source_url or note"


LICENCES_FILE = DataFile(
    "licences.csv",
    "Classes of licences, by texts that somebody read.",
    LicenceRow,
    unique=(("licence",),),
    rules=(read_has_source,),
)


def read_licences(data: Path, problems: list[Problem]) -> list[Row]:
    """Read and check licences.csv; a class other than `unread` needs a source or a note."""
    return LICENCES_FILE.read(data, problems)


def load_licences(db: sqlite_utils.Database, rows: list[Row]) -> None:
    """Fill the licences table; a licence that models state and the file lacks is `unread`."""
    licences = {row["licence"]: blank_to_null(row) for row in rows}
    stated_licences = db.execute("select distinct licence from models where licence is not null")
    for (licence,) in stated_licences.fetchall():
        unread = {"licence": licence, "name": licence, "class": UNREAD}
        licences.setdefault(licence, {**unread, "note": None, "source_url": None})
    db.table("licences").insert_all(
        {**licences[licence], "class_label": CLASSES[str(licences[licence]["class"])]}
        for licence in sorted(licences)
    )
