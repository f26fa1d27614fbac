"""Notices on the site's figures, written by hand: data/notices.csv."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from census.base.csv_files import Problem, Row
from census.base.declared_files import DataFile, DataRow, Day, column, optional, some_of
from census.base.inserting import blank_to_null, insert_named

FILE = "notices.csv"
# Where a notice can stand: the home page, the pages of charts that rest on an estimate, and the
# page of the method.
PLACES = ("home", "charts", "methodology")
# Stands in a text for the number of download counts in the database.
COUNTS = "{counts}"


class NoticeRow(DataRow):
    """A notice on the site's figures, shown from one day to another."""

    place: Annotated[str, some_of(*PLACES)] = column("Where it stands, one or more between spaces")
    text: str = column(f"What is said; {COUNTS} stands for the number of download counts")
    since: Day = column("The first day")
    until: Day = optional("The last day; a notice with one is not shown any more")


def has_an_end_after_its_beginning(row: Row) -> Iterator[str]:
    """The last day is not before the first."""
    if row["until"] and row["until"] < row["since"]:
        yield f"until {row['until']} is before since {row['since']}"


def has_no_other_braces(row: Row) -> Iterator[str]:
    """The only placeholder in braces is the number of counts."""
    if set("{}") & set(row["text"].replace(COUNTS, "")):
        yield f"only {COUNTS} can stand in braces in a text"


NOTICES_FILE = DataFile(
    FILE,
    "What is said of the site's figures for a time, by hand.",
    NoticeRow,
    unique=(("place", "text"),),
    rules=(has_an_end_after_its_beginning, has_no_other_braces),
)


def read_notices(data: Path, problems: list[Problem]) -> list[Row]:
    """Read and check notices.csv; faults go to `problems`.

    `place` holds one or more of `PLACES` between spaces. A notice without `until` is shown.
    """
    return NOTICES_FILE.read(data, problems)


def load_notices(connection: sqlite3.Connection, notices: list[Row]) -> None:
    """Fill the table notices, one row a place; the observations must be in the database."""
    counts = connection.execute(
        "select count(downloads_30d) + count(downloads_all_time) from history"
    ).fetchone()[0]
    insert_named(
        connection,
        "notices",
        (
            {
                **blank_to_null(row),
                "place": place,
                "text": row["text"].replace(COUNTS, f"{counts:,}"),
            }
            for row in notices
            for place in row["place"].split()
        ),
    )
