"""Refreshing data/models.csv and the aliases from a day's list: identity is the Hub's id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from census.base.csv_files import format_csv
from census.base.names import NameDict, namespace_of, same_name
from census.collect.hub import SOURCE, HubModel
from census.inputs.models import ModelMetadata, with_gaps_filled
from census.inputs.registry import Registry
from census.inputs.registry_files import ALIASES_FILE

ALIAS_FILE = "model_aliases.csv"
PAGE = "https://huggingface.co/"
# Statuses of a model that the Hub lists.
PRESENT = ("listed", "disabled")

Alias = Mapping[str, str]


class RefreshedModels(NamedTuple):
    """The models and aliases after a day, with the new, renamed and recreated models."""

    models: list[ModelMetadata]
    aliases: list[Alias]
    new: list[str]
    renamed: dict[str, str]
    recreated: list[str]


def refresh(
    models_before: Sequence[ModelMetadata],
    hub_models: Sequence[HubModel],
    moved: Mapping[str, str],
    statuses: Mapping[str, str],
    registry: Registry,
    day: str,
) -> RefreshedModels:
    """Return the list of models after a day.

    `hub_models` are the models of the day, each once. `moved` are former names that the Hub
    redirects, with the names of today. `statuses` are those of models that are not listed. A model
    with a known id under another name keeps its line, under its new name, and the old name becomes
    an alias; a known name with another id is a new model, and its line starts anew. Values that the
    Hub does not give are kept from before, and so is a line that the Hub gave on a later day (a day
    can be admitted after the next one).
    """
    lines = NameDict((model.model_id, model) for model in models_before)
    by_id = {model.hub_id: model for model in models_before if model.hub_id}
    result: NameDict[ModelMetadata] = NameDict()
    renamed: NameDict[str] = NameDict()
    recreated: list[str] = []
    for model in hub_models:
        name, hub_id = model.metadata.model_id, model.metadata.hub_id
        line_of_name = lines.get(name)
        if line_of_name and line_of_name.hub_id not in ("", hub_id):
            if hub_id not in by_id:
                recreated.append(name)
            line_of_name = None
        line_of_id = by_id.get(hub_id)
        if line_of_id and not same_name(line_of_id.model_id, name):
            renamed[line_of_id.model_id] = name
        result[name] = _merged(model, [line for line in (line_of_id, line_of_name) if line], day)
    for old, new in moved.items():
        if not same_name(old, new) and old not in result and new in result:
            renamed.setdefault(old, new)
            if old in lines:
                result[new] = _filled(result[new], lines[old])
    for name, line in lines.items():
        if name not in renamed and name not in result:
            status = statuses.get(name, line.status)
            result[name] = line if line.status == status else replace(line, status=status)
    return RefreshedModels(
        models=sorted(result.values(), key=lambda model: model.model_id),
        aliases=_aliases(registry, renamed, result, day),
        new=sorted(
            model.metadata.model_id
            for model in hub_models
            if model.metadata.hub_id not in by_id and model.metadata.model_id not in lines
        ),
        renamed=dict(renamed),
        recreated=sorted(recreated),
    )


def _merged(model: HubModel, lines: Sequence[ModelMetadata], day: str) -> ModelMetadata:
    """Return a model's line: the Hub's values, with the gaps filled from its earlier lines."""
    line = model.metadata
    for earlier in lines:
        if SOURCE in earlier.source.split() and earlier.seen_on > day:
            return replace(earlier, model_id=line.model_id)
        line = _filled(line, earlier)
    if model.tagged:
        # Licence and lineage come from the tags: where the tags name none, older values are wrong.
        metadata = model.metadata
        line = replace(line, license=metadata.license, base_models=metadata.base_models)
    return line


def _filled(line: ModelMetadata, earlier: ModelMetadata) -> ModelMetadata:
    """Return a line with its gaps filled from an older one of the same model."""
    sources = sorted({*line.source.split(), *earlier.source.split()})
    return replace(with_gaps_filled(line, earlier), source=" ".join(sources), seen_on=line.seen_on)


def _aliases(
    registry: Registry,
    renamed: NameDict[str],
    models: NameDict[ModelMetadata],
    day: str,
) -> list[Alias]:
    aliases: NameDict[Alias] = NameDict(
        (alias, {**row, "model_id": renamed.get(row["model_id"], row["model_id"])})
        for alias, row in registry.aliases.items()
    )
    for old, new in renamed.items():
        namespace = registry.namespaces.get(namespace_of(old))
        retired = namespace is not None and bool(namespace["renamed_to"])
        if retired and same_name(registry.present_name(old), new):
            continue
        aliases[old] = {
            "alias": old,
            "model_id": new,
            "reason": f"renamed on the Hub, seen on {day}",
            "source_url": f"{PAGE}{new}",
        }
    # A name that a model has today means that model, whatever it once meant.
    return [
        alias
        for name, alias in sorted(aliases.items())
        if not (name in models and models[name].status in PRESENT)
        and not same_name(name, alias["model_id"])
    ]


def alias_file(aliases: Sequence[Alias]) -> bytes:
    """Return the content of data/model_aliases.csv."""
    return format_csv(
        ALIASES_FILE.columns, ([row[name] for name in ALIASES_FILE.columns] for row in aliases)
    )
