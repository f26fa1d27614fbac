"""The families of models within a lab, by the names of the models."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from census.base.csv_files import Problem
from census.base.declared_files import DataFile, DataRow, Expression, column, matching, optional

SLUG = re.compile(r"[a-z0-9][a-z0-9.-]*")


class FamilyRow(DataRow):
    """A family of models of a lab; the order of the file is the order in which they are tried."""

    family: Annotated[str, matching(SLUG, "is not a valid slug (a-z, 0-9, . and -)")] = column(
        "Short name in addresses"
    )
    name: str = column("The family's name")
    lab: str = column("The lab that makes it")
    pattern: Expression = column("Regular expression that its models' names match, in any case")
    note: str = optional("Remarks")


FAMILIES_FILE = DataFile(
    "families.csv",
    "Model families of a lab, told by the model's name.",
    FamilyRow,
    unique=(("family",),),
    references={"lab": "labs.csv"},
)


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
    families = []
    for row in FAMILIES_FILE.read(data, problems, {"labs.csv": labs}):
        try:
            pattern = re.compile(row["pattern"], re.IGNORECASE)
        except re.error:
            continue
        families.append(Family(row["family"], row["name"], row["lab"], pattern, row["note"]))
    return families


def family_of(name: str, lab: str, families: Sequence[Family]) -> str | None:
    """Return the first family of the lab whose pattern is found in the model's full name."""
    return next(
        (family.slug for family in families if family.lab == lab and family.pattern.search(name)),
        None,
    )
