"""Licences of models whose cards are not known to state one, from documents that name them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import Problem, check_filled, read_rows
from census.base.names import NameDict
from census.inputs.models import LICENCE
from census.inputs.registry import Registry

FILE = "model_licences.csv"
COLUMNS = ("model_id", "licence", "reason", "source_url")


class ReadLicence(NamedTuple):
    """A licence as the Hub would tag it, and the document that says so."""

    licence: str
    source_url: str


def load_model_licences(
    data: Path, registry: Registry, problems: list[Problem]
) -> NameDict[ReadLicence]:
    """Read and check model_licences.csv; return the licences by the present names of the models."""
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_filled(rows, COLUMNS, problems)
    licences: NameDict[ReadLicence] = NameDict()
    for row in rows:
        name = registry.present_name(row["model_id"])
        if registry.lab_of(name) is None:
            problems.append(row.problem(f"{row['model_id']}: its namespace is not registered"))
        elif name in licences:
            problems.append(row.problem(f"duplicate of an earlier line: {name}"))
        elif not LICENCE.fullmatch(row["licence"]):
            problems.append(row.problem(f"{row['licence']!r} is not a licence as the Hub tags it"))
        else:
            licences[name] = ReadLicence(row["licence"], row["source_url"])
    return licences
