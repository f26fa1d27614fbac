"""The counts of the census for pages and programs, each with one definition."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Count(NamedTuple):
    """A count: the words that follow the number, and its SQL."""

    words: str
    sql: str


# A repackager converts the weights of others: it is not a lab here, though it is in the table labs.
COUNTS = {
    "labs": Count(
        "labs that publish models of their own",
        "select count(*) from labs where role = 'lab'",
    ),
    "repackagers": Count(
        "repackagers, who convert the weights of others",
        "select count(*) from labs where role = 'repackager'",
    ),
    "models": Count("models of labs and repackagers", "select count(*) from models"),
    "observations": Count(
        "observations of one model on one day by one source",
        "select coalesce(sum(observations), 0) from snapshots",
    ),
    "sources": Count(
        "sources of observations",
        "select count(distinct source) from observation_files",
    ),
    "documents": Count(
        "statements of documents about where labs are from",
        "select count(*) from origin_claims where evidence <> 'none'",
    ),
    "unverified": Count(
        "labs without a document that decides their country",
        "select count(*) from labs where role = 'lab' and country is null",
    ),
    "disputed": Count(
        "labs about which documents disagree",
        "select count(*) from labs where disputed = 1",
    ),
}


def read_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return every count by name."""
    return {
        name: int(connection.execute(count.sql).fetchone()[0]) for name, count in COUNTS.items()
    }
