"""Licences of models whose cards are not known to state one, from documents that name them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

from census.base.csv_files import Problem
from census.base.declared_files import DataFile, DataRow, column, matching
from census.base.names import NameDict
from census.inputs.models import LICENCE
from census.inputs.registry import Registry

FILE = "model_licences.csv"


class ModelLicenceRow(DataRow):
    """The licence of a model whose card is not known to state one."""

    model_id: str = column("The model")
    licence: Annotated[str, matching(LICENCE, "is not a licence as the Hub tags it")] = column(
        "The licence as the Hub would tag it"
    )
    reason: str = column("What the document says, in our own words")
    source_url: str = column("Where it was read")


MODEL_LICENCES_FILE = DataFile(
    FILE,
    "Licences of models whose cards are not known to state one.",
    ModelLicenceRow,
)


class ReadLicence(NamedTuple):
    """A licence as the Hub would tag it, and the document that says so."""

    licence: str
    source_url: str


def load_model_licences(
    data: Path, registry: Registry, problems: list[Problem]
) -> NameDict[ReadLicence]:
    """Read and check model_licences.csv; return the licences by the present names of the models."""
    licences: NameDict[ReadLicence] = NameDict()
    for row in MODEL_LICENCES_FILE.read(data, problems):
        name = registry.present_name(row["model_id"])
        if registry.lab_of(name) is None:
            problems.append(row.problem(f"{row['model_id']}: its namespace is not registered"))
        elif name in licences:
            problems.append(row.problem(f"duplicate of an earlier line: {name}"))
        else:
            licences[name] = ReadLicence(row["licence"], row["source_url"])
    return licences
