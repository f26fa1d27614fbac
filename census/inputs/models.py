"""The models' metadata in data/models.csv: what the Hub last said of each model but its counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from census.base.csv_files import DataError, Problem, Row, format_csv, read_rows
from census.base.declared_files import (
    Checked,
    DataFile,
    DataRow,
    Day,
    HubId,
    ModelName,
    column,
    faults_of,
    matching,
    one_of,
    optional,
)
from census.base.names import MODEL_NAME, namespace_of

FILE = "models.csv"
RELATIONS = ("finetune", "quantized", "merge", "adapter", "unspecified")
# What a source may say of a model, beside its name and its id.
METADATA = (
    "created_at",
    "last_modified",
    "pipeline_tag",
    "library_name",
    "license",
    "gated",
    "parameters",
    "base_models",
)
STATUSES = ("listed", "gone", "private", "disabled")
GATINGS = ("false", "auto", "manual")
# What sources write where the Hub has no pipeline tag.
NO_TAG = ("unknown", "N/A")
# Publishers write these themselves; a text unlike the Hub's values is refused.
# A number of parameters, as some lists write into the same place, is not a tag.
PIPELINE_TAG = re.compile(r"[a-z][a-z0-9-]{0,59}")
LIBRARY = re.compile(r"[A-Za-z0-9][\w.+\- ]{0,59}", re.ASCII)
LICENCE = re.compile(r"[a-z0-9][a-z0-9.+\-]{0,59}")
# The largest models have more than 10^12, which is the limit of a download count.
LARGEST_PARAMETERS = 10**14


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


def parse_parent(text: str) -> tuple[str, str]:
    """Return relation and name of `relation:Namespace/Name`; raises ValueError."""
    relation, _, name = text.partition(":")
    if relation not in RELATIONS:
        raise ValueError(f"base model {text!r}: relation is not one of {', '.join(RELATIONS)}")
    if not MODEL_NAME.fullmatch(name):
        raise ValueError(f"base model {text!r} is not a model name")
    return relation, name


def parse_parameters(text: str) -> int | None:
    """Return a number of parameters, None for an empty (unknown) one; raises ValueError."""
    if not text:
        return None
    try:
        check_parameters(text)
    except ValueError as error:
        raise ValueError(f"parameters {error}") from None
    return int(text)


def known_tag(text: str) -> str:
    """Return a pipeline tag, empty where a source only says that it has none."""
    return "" if text in NO_TAG else text


def check_parameters(text: str) -> None:
    """Raise ValueError for a text that is not a number of parameters."""
    if not re.fullmatch(r"[0-9]{1,15}", text) or not 0 < int(text) <= LARGEST_PARAMETERS:
        raise ValueError(f"{text!r} is not a number of parameters")


def check_parents(text: str) -> None:
    """Raise ValueError for a list of base models of which one cannot be read."""
    for item in text.split():
        parse_parent(item)


GIVEN_BY_HUB = "is not a value that the Hub gives; leave an unknown one empty"


class ModelRow(DataRow):
    """What the Hub last said of a model but its counts; an empty value is unknown."""

    model_id: ModelName = column("Namespace and name on the Hub")
    hub_id: HubId = optional("The Hub's own identifier, which a rename does not change")
    created_at: Day = optional("Day on which the repository was created")
    last_modified: Day = optional("Day on which it was changed last")
    pipeline_tag: Annotated[str, matching(PIPELINE_TAG, GIVEN_BY_HUB)] = optional(
        "What the model is for, as its card says"
    )
    library_name: Annotated[str, matching(LIBRARY, GIVEN_BY_HUB)] = optional(
        "The library that loads it"
    )
    license: Annotated[str, matching(LICENCE, GIVEN_BY_HUB)] = optional(
        "The licence that its card states"
    )
    gated: Annotated[str, one_of(*GATINGS)] = optional("Whether and how access is asked for")
    parameters: Annotated[
        str, Checked(check_parameters, {"pattern": "^[0-9]{1,15}$"}, between=" ")
    ] = optional("Parameters in total, by its safetensors files")
    base_models: Annotated[str, Checked(check_parents)] = optional(
        "What it declares to be made from: `relation:Namespace/Name` between spaces"
    )
    status: Annotated[str, one_of(*STATUSES)] = optional("Whether the Hub lists it, or why not")
    source: str = column("The sources of the line, between spaces")
    seen_on: Day = column("The day of the newest of them")


MODELS_FILE = DataFile(
    FILE,
    "The models' metadata: what the Hub last said of each but its counts.",
    ModelRow,
    unique=(("model_id",),),
    has_hub_names=True,
    written_by="collect, backfill and import",
)


def faults_of_model(model: ModelMetadata) -> list[str]:
    """Return why a line cannot be in data/models.csv.

    Every line is checked by it, from an imported file, the Hub, an archive or the data directory.
    """
    cells = {name: getattr(model, name) for name in MODELS_FILE.columns}
    number = "" if model.parameters is None else str(model.parameters)
    return faults_of(ModelRow, {**cells, "parameters": number})


def with_gaps_filled(model: ModelMetadata | None, other: ModelMetadata) -> ModelMetadata:
    """Return a model's metadata with its gaps filled from those of another source."""
    if model is None:
        return other
    filled = {
        name: getattr(other, name)
        for name in ("hub_id", *METADATA)
        if not getattr(model, name) and getattr(other, name)
    }
    if not filled:
        return model
    sources = sorted({*model.source.split(), other.source})
    seen_on = max(model.seen_on, other.seen_on)
    return replace(model, **filled, source=" ".join(sources), seen_on=seen_on)


def read_models(data: Path, problems: list[Problem]) -> list[ModelMetadata]:
    """Return the lines of data/models.csv; faults go to `problems`."""
    rows = read_rows(data / FILE, MODELS_FILE.columns, problems)
    for row in rows:
        row["pipeline_tag"] = known_tag(row["pipeline_tag"])
    faults: list[Problem] = []
    MODELS_FILE.check(rows, faults)
    problems.extend(faults)
    if [row["model_id"] for row in rows] != sorted(row["model_id"] for row in rows):
        problems.append(Problem(str(data / FILE), 0, "rows are not sorted by model_id"))
    faulty = {fault.line for fault in faults}
    return [_model_of(row) for row in rows if row.line not in faulty]


def _model_of(row: Row) -> ModelMetadata:
    values = {**row, "parameters": int(row["parameters"]) if row["parameters"] else None}
    return ModelMetadata(**values)  # type: ignore[arg-type]


def format_models(models: Iterable[ModelMetadata]) -> bytes:
    """Return the content of data/models.csv, sorted by model.

    Raises DataError with every line that a build would refuse, so that none is written.
    """
    ordered = sorted(models, key=lambda model: model.model_id)
    problems = [
        Problem(FILE, 0, f"{model.model_id}: {fault}")
        for model in ordered
        for fault in faults_of_model(model)
    ]
    if problems:
        raise DataError(problems)
    return format_csv(
        MODELS_FILE.columns,
        ([getattr(model, name) for name in MODELS_FILE.columns] for model in ordered),
    )
