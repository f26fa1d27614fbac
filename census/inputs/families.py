"""The families of models within a lab, by the names of the models."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from census.base.csv_files import Problem, check_filled, check_reference, check_unique, read_rows

COLUMNS = ("family", "name", "lab", "pattern", "note")
SLUG = re.compile(r"[a-z0-9][a-z0-9.-]*")


@dataclass(frozen=True)
class Family:
    """A family of one lab: the models whose full name the pattern is found in."""

    slug: str
    name: str
    lab: str
    pattern: re.Pattern[str]
    note: str


def load_families(data: Path, labs: set[str], problems: list[Problem]) -> list[Family]:
    """Read and check families.csv; the order of the file is the order in which they are tried."""
    rows = read_rows(data / "families.csv", COLUMNS, problems)
    check_unique(rows, ["family"], problems)
    check_filled(rows, ["family", "name", "lab", "pattern"], problems)
    check_reference(rows, "lab", labs, "labs.csv", problems)
    families = []
    for row in rows:
        if not SLUG.fullmatch(row["family"]):
            problems.append(
                row.problem(f"family {row['family']!r} is not a valid slug (a-z, 0-9, . and -)")
            )
        try:
            pattern = re.compile(row["pattern"], re.IGNORECASE)
        except re.error as error:
            problems.append(row.problem(f"pattern {row['pattern']!r} is broken: {error}"))
            continue
        families.append(Family(row["family"], row["name"], row["lab"], pattern, row["note"]))
    return families


def family_of(name: str, lab: str, families: Sequence[Family]) -> str | None:
    """Return the first family of the lab whose pattern is found in the model's full name."""
    return next(
        (family.slug for family in families if family.lab == lab and family.pattern.search(name)),
        None,
    )
