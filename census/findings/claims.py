"""Checks of press claims: each is put to a rule, whose verdict follows from rows.

data/fact_checks.csv says which rule a claim is put to, and with which arguments; what a rule does
is in `census/findings/claim_rules.py` and `census/findings/download_claims.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

import sqlite_utils

from census.base.csv_files import Problem, Row
from census.base.declared_files import DataFile, DataRow, column, one_of
from census.findings.claim_outcomes import Arguments
from census.findings.claim_rules import RULES
from census.rollups.drawn_sums import DrawnSums

FILE = "fact_checks.csv"


class CheckRow(DataRow):
    """A rule that a press claim is put to."""

    claim_id: str = column("The claim")
    kind: Annotated[str, one_of(*RULES)] = column("The rule")
    arguments: str = column("What the rule takes: `name=value` joined by `;`")


def fits_its_rule(row: Row) -> Iterator[str]:
    """The arguments are exactly those that the rule takes."""
    if row["kind"] not in RULES or not row["arguments"]:
        return
    expected = RULES[row["kind"]].arguments
    try:
        arguments = parse_arguments(row["arguments"])
    except ValueError as error:
        yield str(error)
        return
    if set(arguments) != set(expected):
        yield f"arguments of {row['kind']} are: {', '.join(expected)}"


CHECKS_FILE = DataFile(
    FILE,
    "The rules that press claims are put to.",
    CheckRow,
    unique=(("claim_id", "kind", "arguments"),),
    references={"claim_id": "press_claims.csv"},
    rules=(fits_its_rule,),
)


def read_fact_checks(data: Path, claims: Collection[str], problems: list[Problem]) -> list[Row]:
    """Read and check which claims are put to which rules; `claims` are those of press_claims.csv.

    Arguments are `name=value` pairs joined by `;`, exactly those that the rule takes.
    """
    return CHECKS_FILE.read(data, problems, {"press_claims.csv": claims})


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
    outcomes = []
    for number, row in enumerate(rows, start=1):
        outcome = RULES[row["kind"]].decide(db.conn, sums, parse_arguments(row["arguments"]))
        outcomes.append(
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
    db.table("fact_checks").insert_all(outcomes)
