"""The models' metadata in data/models.csv: what the Hub last said of each model but its counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path

from census.base.csv_files import DataError, Problem, check_unique, format_csv, parse_day, read_rows
from census.base.names import HUB_ID, MODEL_NAME, folded, namespace_of

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
STATUSES = ("listed", "gone", "private", "disabled", "")
GATINGS = ("false", "auto", "manual", "")
# What sources write where the Hub has no pipeline tag.
NO_TAG = ("unknown", "N/A")
# Publishers write these themselves; what does not look like one of the Hub's values is none.
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


COLUMNS = tuple(field.name for field in fields(ModelMetadata))


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
    if not re.fullmatch(r"[0-9]{1,15}", text) or not 0 < int(text) <= LARGEST_PARAMETERS:
        raise ValueError(f"parameters {text!r} is not a number of parameters")
    return int(text)


def known_tag(text: str) -> str:
    """Return a pipeline tag, empty where a source only says that it has none."""
    return "" if text in NO_TAG else text


def faults_of(model: ModelMetadata) -> list[str]:
    """Return why a line cannot be in data/models.csv: what no reader of it may find there.

    It is asked wherever a line comes from: a file that is imported, the Hub, an archive, the data.
    """
    faults = []
    if not MODEL_NAME.fullmatch(model.model_id):
        faults.append(f"model_id {model.model_id!r} is not a model name")
    for column, pattern in (
        ("hub_id", HUB_ID),
        ("pipeline_tag", PIPELINE_TAG),
        ("library_name", LIBRARY),
        ("license", LICENCE),
    ):
        text = getattr(model, column)
        if text and not pattern.fullmatch(text):
            faults.append(
                f"{column} {text!r} is not a value that the Hub gives; leave an unknown one empty"
            )
    for column, allowed in (("gated", GATINGS), ("status", STATUSES)):
        text = getattr(model, column)
        if text not in allowed:
            choices = ", ".join(choice or "(empty)" for choice in allowed)
            faults.append(f"{column} {text!r} is not one of: {choices}")
    for column in ("created_at", "last_modified", "seen_on"):
        if text := getattr(model, column):
            try:
                parse_day(text)
            except ValueError as error:
                faults.append(f"{column}: {error}")
    required = ("source", "seen_on")
    faults += [f"{column} is empty" for column in required if not getattr(model, column)]
    if model.parameters is not None and not 0 < model.parameters <= LARGEST_PARAMETERS:
        faults.append(f"parameters {model.parameters} is not a number of parameters")
    for item in model.base_models.split():
        try:
            parse_parent(item)
        except ValueError as error:
            faults.append(str(error))
    return faults


def fill_in(known: ModelMetadata | None, seen: ModelMetadata) -> ModelMetadata:
    """Return what is known of a model, with its gaps filled from what another source saw."""
    if known is None:
        return seen
    filled = {
        name: getattr(seen, name)
        for name in ("hub_id", *METADATA)
        if not getattr(known, name) and getattr(seen, name)
    }
    if not filled:
        return known
    sources = sorted({*known.source.split(), seen.source})
    seen_on = max(known.seen_on, seen.seen_on)
    return replace(known, **filled, source=" ".join(sources), seen_on=seen_on)


def read_models(data: Path, problems: list[Problem]) -> list[ModelMetadata]:
    """Return the lines of data/models.csv; faults go to `problems`."""
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_unique(rows, ["model_id"], problems, folded)
    if [row["model_id"] for row in rows] != sorted(row["model_id"] for row in rows):
        problems.append(Problem(str(data / FILE), 0, "rows are not sorted by model_id"))
    models = []
    for row in rows:
        try:
            parameters = parse_parameters(row["parameters"])
        except ValueError as error:
            problems.append(row.problem(str(error)))
            continue
        named = {**row, "parameters": parameters, "pipeline_tag": known_tag(row["pipeline_tag"])}
        model = ModelMetadata(**named)  # type: ignore[arg-type]
        if faults := faults_of(model):
            problems.extend(row.problem(fault) for fault in faults)
        else:
            models.append(model)
    return models


def format_models(models: Iterable[ModelMetadata]) -> bytes:
    """Return the content of data/models.csv, sorted by model.

    Raises DataError with every line that a build would refuse, so that none is written.
    """
    ordered = sorted(models, key=lambda model: model.model_id)
    problems = [
        Problem(FILE, 0, f"{model.model_id}: {fault}")
        for model in ordered
        for fault in faults_of(model)
    ]
    if problems:
        raise DataError(problems)
    return format_csv(COLUMNS, ([getattr(model, name) for name in COLUMNS] for model in ordered))
