"""The models' metadata in data/models.csv: what the Hub last said of each model but its counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from census.base.names import folded, namespace_of
from census.observations import format_csv
from census.tables import (
    Problem,
    check_choice,
    check_days,
    check_filled,
    check_unique,
    read_rows,
)

FILE = "models.csv"
# What the Hub allows in a repository's full name; anything else is no model.
MODEL_NAME = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9._][\w.\-]{0,95}", re.ASCII)
RELATIONS = ("finetune", "quantized", "merge", "adapter", "unspecified")
STATUSES = ("listed", "gone", "private", "disabled", "")
GATINGS = ("false", "auto", "manual", "")


@dataclass(frozen=True, order=True)
class ModelMetadata:
    """One line of data/models.csv; an empty string (or None) is unknown.

    Dates are ISO days; `base_models` is a blank-separated list of `relation:Namespace/Name`;
    `source` names the sources of the line, `seen_on` the day of the newest.
    """

    model_id: str
    hub_id: str = ""
    created_at: str = ""
    last_modified: str = ""
    pipeline_tag: str = ""
    library_name: str = ""
    license: str = ""
    gated: str = ""
    parameters: int | None = None
    base_models: str = ""
    status: str = ""
    source: str = ""
    seen_on: str = ""

    @property
    def namespace(self) -> str:
        """The part of the name before the slash."""
        return namespace_of(self.model_id)

    @property
    def parents(self) -> list[tuple[str, str]]:
        """The declared base models as (relation, name)."""
        return [parse_parent(item) for item in self.base_models.split()]


COLUMNS = tuple(field.name for field in fields(ModelMetadata))


def parse_parent(text: str) -> tuple[str, str]:
    """Return relation and name of `relation:Namespace/Name`; raises ValueError."""
    relation, _, name = text.partition(":")
    if relation not in RELATIONS:
        raise ValueError(f"base model {text!r}: relation is not one of {', '.join(RELATIONS)}")
    if not MODEL_NAME.fullmatch(name):
        raise ValueError(f"base model {text!r} is no model name")
    return relation, name


def parse_parameters(text: str) -> int | None:
    """Return a number of parameters, None for an empty (unknown) one; raises ValueError.

    The largest models have more than 10^12, which is the limit of a download count.
    """
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,14}", text) or int(text) == 0:
        raise ValueError(f"parameters {text!r} is no number of parameters")
    return int(text)


def read_models(data: Path, problems: list[Problem]) -> list[ModelMetadata]:
    """Return the lines of data/models.csv; faults go to `problems`."""
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_unique(rows, ["model_id"], problems, folded)
    check_filled(rows, ["source", "seen_on"], problems)
    check_choice(rows, "status", STATUSES, problems)
    check_choice(rows, "gated", GATINGS, problems)
    check_days(rows, ["created_at", "last_modified", "seen_on"], problems)
    if [row["model_id"] for row in rows] != sorted(row["model_id"] for row in rows):
        problems.append(Problem(str(data / FILE), 0, "rows are not sorted by model_id"))
    models = []
    for row in rows:
        try:
            if not MODEL_NAME.fullmatch(row["model_id"]):
                raise ValueError(f"model_id {row['model_id']!r} is no model name")
            parameters = parse_parameters(row["parameters"])
            for item in row["base_models"].split():
                parse_parent(item)
        except ValueError as error:
            problems.append(row.problem(str(error)))
            continue
        models.append(ModelMetadata(**{**row, "parameters": parameters}))  # type: ignore[arg-type]
    return models


def format_models(models: Iterable[ModelMetadata]) -> bytes:
    """Return the content of data/models.csv, sorted by model."""
    ordered = sorted(models, key=lambda model: model.model_id)
    return format_csv(COLUMNS, ([getattr(model, name) for name in COLUMNS] for model in ordered))
