"""Publishers that many download from and that the registry does not have yet."""

from __future__ import annotations

from collections.abc import Collection, Container
from pathlib import Path

import sqlite_utils

from census.base.csv_files import (
    Problem,
    Row,
    check_days,
    check_filled,
    check_reference,
    check_unique,
    parse_count,
    read_rows,
)
from census.base.names import folded

FILE = "unregistered.csv"
COLUMNS = ("namespace", "models", "downloads_all_time", "downloads_30d", "counted_on", "source")
COUNTS = ("models", "downloads_all_time", "downloads_30d")
# Below this a publisher moves no figure of the census.
LEAST_DOWNLOADS = 100_000


def read_unregistered(data: Path, sources: Collection[str], problems: list[Problem]) -> list[Row]:
    """Read and check the publishers; `sources` are the names in sources.csv."""
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_unique(rows, ["namespace"], problems, folded)
    required = [column for column in COLUMNS if column != "downloads_30d"]
    check_filled(rows, required, problems)
    check_days(rows, ["counted_on"], problems)
    check_reference(rows, "source", sources, "sources.csv", problems)
    for row in rows:
        for column in COUNTS:
            try:
                count = parse_count(row[column])
            except ValueError as error:
                problems.append(row.problem(f"{column}: {error}"))
                continue
            if column == "downloads_all_time" and count is not None and count < LEAST_DOWNLOADS:
                problems.append(row.problem(f"{column} {count} is below {LEAST_DOWNLOADS}"))
    return rows


def load_unregistered(
    db: sqlite_utils.Database, rows: list[Row], registered: Container[str]
) -> None:
    """Load the publishers that are still not registered, in order of names.

    A namespace that was registered since the file was made is left out: its models are counted.
    """
    db.table("unregistered_publishers").insert_all(
        {
            "namespace": row["namespace"],
            "models": int(row["models"]),
            "downloads_all_time": int(row["downloads_all_time"]),
            "downloads_30d": int(row["downloads_30d"]) if row["downloads_30d"] else None,
            "counted_on": row["counted_on"],
            "source": row["source"],
        }
        for row in sorted(rows, key=lambda row: row["namespace"])
        if row["namespace"] not in registered
    )
