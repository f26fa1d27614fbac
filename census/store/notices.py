"""What is said of the site's figures for a time, by hand: data/notices.csv."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from census.base.csv_files import (
    Problem,
    Row,
    check_days,
    check_filled,
    check_unique,
    read_rows,
)

FILE = "notices.csv"
COLUMNS = ("place", "text", "since", "until")
# Where a notice can stand: the home page, the pages of charts that rest on an estimate, and the
# page of the method.
PLACES = ("home", "charts", "methodology")
# Stands in a text for the number of download counts in the database.
COUNTS = "{counts}"


def read_notices(data: Path, problems: list[Problem]) -> list[Row]:
    """Read and check notices.csv; faults go to `problems`.

    `place` holds one or more of `PLACES` between spaces. A notice without `until` is shown.
    """
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_unique(rows, ["place", "text"], problems)
    check_filled(rows, ["place", "text", "since"], problems)
    check_days(rows, ["since", "until"], problems)
    for row in rows:
        for place in row["place"].split():
            if place not in PLACES:
                reason = f"place {place!r} is not one of: {', '.join(PLACES)}"
                problems.append(row.problem(reason))
        if row["until"] and row["until"] < row["since"]:
            problems.append(row.problem(f"until {row['until']} is before since {row['since']}"))
        if set("{}") & set(row["text"].replace(COUNTS, "")):
            problems.append(row.problem(f"only {COUNTS} can stand in braces in a text"))
    return rows


def load_notices(connection: sqlite3.Connection, notices: list[Row]) -> None:
    """Fill the table notices, one row a place; the observations must be in the database."""
    counts = connection.execute(
        "select count(downloads_30d) + count(downloads_all_time) from history"
    ).fetchone()[0]
    connection.executemany(
        "insert into notices (place, text, since, until) values (?, ?, ?, ?)",
        (
            (place, row["text"].replace(COUNTS, f"{counts:,}"), row["since"], row["until"] or None)
            for row in notices
            for place in row["place"].split()
        ),
    )
