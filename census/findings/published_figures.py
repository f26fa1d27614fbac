"""Other people's figures, claims and lists, as the census compares itself with them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import sqlite_utils

from census.base.csv_files import (
    Problem,
    Row,
    check_choice,
    check_days,
    check_filled,
    check_unique,
    first_day,
    parse_number,
    read_rows,
)
from census.base.inserting import blank_to_null
from census.base.names import NameDict
from census.inputs.registry import Registry

FIGURE_COLUMNS = (
    "figure",
    "publisher",
    "what",
    "measure",
    "dimension",
    "key",
    "scope_of_publisher",
    "value",
    "unit",
    "as_of",
    "as_of_note",
    "evidence",
    "source_title",
    "source_url",
    "note",
)
CLAIM_COLUMNS = (
    "claim_id",
    "claim",
    "claimant",
    "published",
    "about",
    "decided_by",
    "first_reading",
    "source_url",
)
PEER_COLUMNS = ("tracker", "model_id", "listed_on", "source_url")
FIGURE_EVIDENCE = ("primary", "secondary", "derived")


class Facts(NamedTuple):
    """The rows of published_figures.csv, press_claims.csv and peer_models.csv."""

    figures: list[Row]
    claims: list[Row]
    peers: list[Row]


def load_facts(data: Path, problems: list[Problem]) -> Facts:
    """Read and check other people's figures, claims and lists."""
    figures = read_rows(data / "published_figures.csv", FIGURE_COLUMNS, problems)
    check_unique(figures, ["figure"], problems)
    check_filled(
        figures, ["figure", "publisher", "what", "measure", "unit", "source_url"], problems
    )
    check_choice(figures, "evidence", FIGURE_EVIDENCE, problems)
    for row in figures:
        try:
            parse_number(row["value"])
        except ValueError as error:
            problems.append(row.problem(f"value {error}"))
        if row["as_of"]:
            try:
                first_day(row["as_of"])
            except ValueError as error:
                problems.append(row.problem(f"as_of: {error}"))
    claims = read_rows(data / "press_claims.csv", CLAIM_COLUMNS, problems)
    check_unique(claims, ["claim_id"], problems)
    check_filled(claims, CLAIM_COLUMNS[:-1], problems)
    check_days(claims, ["published"], problems)
    peers = read_rows(data / "peer_models.csv", PEER_COLUMNS, problems)
    check_unique(peers, ["tracker", "model_id"], problems)
    check_filled(peers, PEER_COLUMNS, problems)
    check_days(peers, ["listed_on"], problems)
    return Facts(figures, claims, peers)


def load_fact_tables(
    db: sqlite_utils.Database, facts: Facts, keys: NameDict[int], registry: Registry
) -> None:
    """Load the tables; a listed model is linked to ours under the name that it has today."""
    db.table("published_figures").insert_all(
        blank_to_null({**row, "value": float(row["value"])}) for row in facts.figures
    )
    db.table("press_claims").insert_all(blank_to_null(row) for row in facts.claims)
    db.table("peer_models").insert_all(
        {
            "tracker": row["tracker"],
            "name": row["model_id"],
            "model": keys.get(registry.present_name(row["model_id"])),
            "listed_on": row["listed_on"],
            "source_url": row["source_url"],
        }
        for row in facts.peers
    )
