"""The weekly review: what is new, what the rules leave out and why, who is not registered yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from huggingface_hub.errors import HfHubHTTPError

from census.base.csv_files import DataError, Problem
from census.base.days import day_number, day_of
from census.base.names import MODEL_NAME, NameDict, folded, namespace_of, spellings
from census.base.printable import printable_line
from census.collect.hub import MALFORMED, SOURCE, connected
from census.collect.hub_transport import HubError, HubSettings
from census.history.cleaning import judge_sizes
from census.history.quality_events import WHOLE_KINDS, new_size_words
from census.inputs.attributes import (
    Attributes,
    derive_attributes,
    load_rules,
    present_models,
    unmatched_corrections,
)
from census.inputs.models import ModelMetadata, read_models
from census.inputs.registry import Registry, load_registry
from census.store.observations import (
    MANIFEST,
    Observation,
    ObservationFile,
    read_manifest,
    read_observations,
)

WEEK = timedelta(days=7)
# Longer lists are cut, with the number that is left out.
ROWS = 200


class Publisher(NamedTuple):
    """A namespace that is not registered, among the Hub's most downloaded models."""

    namespace: str
    downloads_30d: int
    models: int
    top_model: str


def review(
    data: Path,
    settings: HubSettings,
    last: date | None,
    threshold: int,
    top: int,
    now: datetime,
) -> str:
    """Return the report (Markdown) on the week that ends on `last`, the newest day by default.

    The Hub is asked for its `top` most downloaded models; unregistered publishers whose models
    among them have `threshold` downloads in 30 days together are listed. Raises DataError, and
    HubError when the Hub cannot be asked.
    """
    problems: list[Problem] = []
    registry = load_registry(data, problems)
    rules = load_rules(data, registry, problems)
    models = read_models(data, problems)
    files = read_manifest(data, problems) if (data / MANIFEST).is_file() else []
    days = hub_days(files, last)
    if days is None:
        fault = "no observations of the Hub itself; collect first"
        raise DataError([*problems, Problem(str(data / MANIFEST), 0, fault)])
    newest, week_before = days
    observations = read_observations(data, newest, problems)
    earlier_observations = read_observations(data, week_before, problems) if week_before else []
    if problems:
        raise DataError(problems)
    new = spellings(new_names(observations, earlier_observations))
    present, _ = present_models([model for model in models if model.model_id in new], registry)
    derived = derive_attributes(present, registry, rules, newest.day)
    publishers = unregistered(settings, registry, threshold, top) if top else []
    counts = NameDict((observation.model_id, observation) for observation in observations)
    unlisted = [model for model in models if model.status not in ("", "listed")]
    return "\n".join(
        [
            f"# Review of the week to {newest.day}",
            "",
            f"Written {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC. {len(observations)} models"
            " observed;"
            + (
                f" compared with {week_before.day}." if week_before else " there is no earlier day."
            ),
            "",
            *models_section("New models in scope `frontier`", derived, counts, inside=True),
            *models_section("New models that the rules leave out", derived, counts, inside=False),
            *publishers_section(publishers, threshold, top),
            *unlisted_section(unlisted),
            *sizes_section(registry, files, newest.day),
            *corrections_section(unmatched_corrections(rules, models, registry)),
        ]
    )


def hub_days(
    files: Iterable[ObservationFile], last: date | None
) -> tuple[ObservationFile, ObservationFile | None] | None:
    """Return the newest day of the Hub up to `last`, and the newest at least a week before it.

    Where the collecting began less than a week before, the first day stands in for the latter.
    """
    days = sorted((file for file in files if file.source == SOURCE), key=lambda file: file.day)
    days = [file for file in days if last is None or file.day <= last]
    if not days:
        return None
    newest = days[-1]
    week_before = [file for file in days if file.day <= newest.day - WEEK] or days[:1]
    return newest, week_before[-1] if week_before[-1] != newest else None


def new_names(present: Sequence[Observation], earlier: Sequence[Observation]) -> set[str]:
    """Return the models that were not there earlier, by id: a renamed model is not new."""
    ids = {observation.hub_id for observation in earlier if observation.hub_id}
    names = {folded(observation.model_id) for observation in earlier}
    return {
        observation.model_id
        for observation in present
        if observation.hub_id not in ids and folded(observation.model_id) not in names
    }


def unregistered(
    settings: HubSettings, registry: Registry, threshold: int, top: int
) -> list[Publisher]:
    """Return publishers that nobody registered, most downloads first, from the Hub's top models."""
    downloads: Counter[str] = Counter()
    models: dict[str, list[tuple[int, str]]] = defaultdict(list)
    try:
        with connected(settings) as api:
            for info in api.list_models(sort="downloads", limit=top, expand=["downloads"]):
                namespace = namespace_of(info.id)
                count = info.downloads
                if not MODEL_NAME.fullmatch(info.id) or namespace in registry.namespaces:
                    continue
                if not isinstance(count, int) or isinstance(count, bool) or count < 0:
                    raise HubError(
                        f"{info.id}: downloads {printable_line(repr(count))} is not a count"
                    )
                downloads[namespace] += count
                models[namespace].append((count, info.id))
    except HfHubHTTPError as error:
        raise HubError(printable_line(error, settings.token)) from None
    except MALFORMED as error:
        raise HubError(
            f"the response is not a JSON list of models ({printable_line(error)})"
        ) from None
    ranked = sorted(downloads.items(), key=lambda item: (-item[1], item[0]))
    return [
        Publisher(namespace, total, len(models[namespace]), max(models[namespace])[1])
        for namespace, total in ranked
        if total >= threshold
    ]


def models_section(
    title: str,
    derived: Iterable[Attributes],
    counts: NameDict[Observation],
    inside: bool,
) -> list[str]:
    """Return the new models inside or outside the scope, most downloads first, with the reason."""
    rows = []
    for attributes in derived:
        if attributes.in_frontier is inside:
            name = attributes.metadata.model_id
            observation = counts.get(name)
            count = observation.downloads_30d if observation else None
            rows.append((count or 0, name, attributes.lab.name, attributes.scope_reason, count))
    rows.sort(key=lambda row: (-row[0], row[1]))
    lines = [
        f"| {name} | {lab} | {'' if count is None else count} | {reason} |"
        for _, name, lab, reason, count in rows
    ]
    return section(title, "| model | lab | downloads in 30 days | why |", lines)


def publishers_section(publishers: Sequence[Publisher], threshold: int, top: int) -> list[str]:
    """Return the unregistered publishers that somebody should look at."""
    if not top:
        return section("Unregistered publishers", "", [], "The Hub was not asked.")
    title = (
        f"Unregistered publishers with {threshold:,} downloads in 30 days"
        f" among the Hub's {top:,} most downloaded models"
    )
    lines = [
        f"| {publisher.namespace} | {publisher.downloads_30d} | {publisher.models} |"
        f" {publisher.top_model} |"
        for publisher in publishers
    ]
    return section(title, "| namespace | downloads in 30 days | models | largest |", lines)


def unlisted_section(models: Iterable[ModelMetadata]) -> list[str]:
    """Return the models that the Hub no longer shows to the public."""
    lines = [f"| {model.model_id} | {model.status} | {model.seen_on} |" for model in models]
    return section("Models that are no longer listed", "| model | status | last seen |", lines)


def sizes_section(registry: Registry, files: Iterable[ObservationFile], last: date) -> list[str]:
    """Return the sources that list far fewer models: on their last day, or for good this week."""
    sizes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for file in sorted(files, key=lambda file: file.day):
        if registry.sources[file.source]["kind"] in WHOLE_KINDS and file.day <= last:
            sizes[file.source].append((day_number(file.day), file.rows))
    lines = []
    for source, rows in sorted(sizes.items()):
        judged_sizes = judge_sizes(rows)
        day, models = rows[-1]
        if day in judged_sizes.partial:
            size_words = f"partial: {models:,} models, fewer than half of its last whole day"
            lines.append(f"| {source} | {day_of(day)} | {size_words} |")
        lines += [
            f"| {source} | {day_of(new.first)} | {new_size_words(new)} |"
            for new in judged_sizes.new
            if day_of(new.last) > last - WEEK
        ]
    return section("Sources that list far fewer models", "| source | since | what |", lines)


def corrections_section(unmatched: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the corrections that correct nothing: of models not observed yet, or misspelled."""
    lines = [f"| {name} | {file} |" for file, names in unmatched.items() for name in names]
    return section("Corrections of models that models.csv does not have", "| model | file |", lines)


def section(title: str, header: str, lines: Sequence[str], empty: str = "None.") -> list[str]:
    """Return a headed table, cut to `ROWS`, or a sentence where there is nothing."""
    if not lines:
        return [f"## {title}", "", empty, ""]
    rule = "| " + " | ".join("---" for _ in range(header.count("|") - 1)) + " |"
    cut_note = [f"… and {len(lines) - ROWS} more", ""] if len(lines) > ROWS else []
    return [f"## {title} ({len(lines)})", "", header, rule, *lines[:ROWS], "", *cut_note]
