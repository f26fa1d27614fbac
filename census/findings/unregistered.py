"""Much-downloaded publishers that are not registered yet."""

from __future__ import annotations

from collections.abc import Collection, Container
from pathlib import Path
from typing import Annotated

import sqlite_utils

from census.base.csv_files import Problem, Row, parse_count
from census.base.declared_files import Checked, Count, DataFile, DataRow, Day, column, optional

FILE = "unregistered.csv"
# Below this a publisher moves no figure of the census.
LEAST_DOWNLOADS = 100_000


def check_downloads(text: str) -> None:
    """Raise ValueError for a text that is not a count large enough to be listed."""
    count = parse_count(text)
    if count is not None and count < LEAST_DOWNLOADS:
        raise ValueError(f"{count} is below {LEAST_DOWNLOADS}")


class PublisherRow(DataRow):
    """A much-downloaded publisher that is not registered."""

    namespace: str = column("Name on the Hub")
    models: Count = column("Its models")
    downloads_all_time: Annotated[str, Checked(check_downloads, {"pattern": "^[0-9]+$"})] = column(
        "Their downloads of all time, together"
    )
    downloads_30d: Count = optional("Their downloads of the last 30 days, together")
    counted_on: Day = column("The day of the counts")
    source: str = column("Who counted")


UNREGISTERED_FILE = DataFile(
    FILE,
    "Publishers that many download from and that the registry does not have yet.",
    PublisherRow,
    unique=(("namespace",),),
    has_hub_names=True,
    references={"source": "sources.csv"},
)


def read_unregistered(data: Path, sources: Collection[str], problems: list[Problem]) -> list[Row]:
    """Read and check the publishers; `sources` are the names in sources.csv."""
    return UNREGISTERED_FILE.read(data, problems, {"sources.csv": sources})


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
