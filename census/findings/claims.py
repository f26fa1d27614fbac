"""What the data say of press claims: each check is a rule, and its verdict follows from rows.

data/fact_checks.csv says which rule a claim is put to, and with which arguments; what a rule does
is in `census/findings/claim_rules.py` and `census/findings/download_claims.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import sqlite_utils

from census.base.csv_files import (
    Problem,
    Row,
    check_choice,
    check_filled,
    check_reference,
    check_unique,
    read_rows,
)
from census.findings.claim_outcomes import Arguments
from census.findings.claim_rules import RULES
from census.rollups.drawn_sums import DrawnSums

FILE = "fact_checks.csv"
COLUMNS = ("claim_id", "kind", "arguments")


def read_fact_checks(data: Path, claims: Collection[str], problems: list[Problem]) -> list[Row]:
    """Read and check which claims are put to which rules; `claims` are those of press_claims.csv.

    Arguments are `name=value` pairs joined by `;`, exactly those that the rule takes.
    """
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_unique(rows, COLUMNS, problems)
    check_filled(rows, COLUMNS, problems)
    check_reference(rows, "claim_id", claims, "press_claims.csv", problems)
    check_choice(rows, "kind", RULES, problems)
    for row in rows:
        if row["kind"] not in RULES:
            continue
        try:
            given = parse_arguments(row["arguments"])
        except ValueError as error:
            problems.append(row.problem(str(error)))
            continue
        expected = RULES[row["kind"]].arguments
        if set(given) != set(expected):
            problems.append(row.problem(f"arguments of {row['kind']} are: {', '.join(expected)}"))
    return rows


def parse_arguments(text: str) -> Arguments:
    """Return `country=US; labs=zai,minimax` as a mapping; raises ValueError."""
    arguments = {}
    for part in text.split(";"):
        name, equals, value = part.strip().partition("=")
        if not equals or not name or not value:
            raise ValueError(f"argument {part.strip()!r} is not name=value")
        arguments[name] = value
    return arguments


def load_fact_checks(db: sqlite_utils.Database, rows: list[Row], sums: DrawnSums) -> None:
    """Apply every rule to its claim and load the outcomes, in order of the file.

    Needs the series, the lineage, the claims of origin and the peer lists in the database.
    """
    found = []
    for number, row in enumerate(rows, start=1):
        outcome = RULES[row["kind"]].decide(db.conn, sums, parse_arguments(row["arguments"]))
        found.append(
            {
                "id": number,
                "claim_id": row["claim_id"],
                "kind": row["kind"],
                "arguments": row["arguments"],
                "verdict": outcome.verdict,
                "evidence": outcome.evidence,
                "decided_by": outcome.query,
                "p": outcome.p,
            }
        )
    db.table("fact_checks").insert_all(found)
