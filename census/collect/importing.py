"""Taking in observations, and the models' metadata beside them, from a CSV or Parquet file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from census.base import file_changes
from census.base.csv_files import DataError, Problem, parse_count, parse_day
from census.base.foreign_rows import read_named
from census.base.git import GitError, pushed_commit
from census.base.names import BARE_NAME, MODEL_NAME, NameDict, spellings
from census.inputs import models
from census.inputs.models import METADATA, ModelMetadata, with_gaps_filled
from census.inputs.registry import Registry
from census.inputs.registry_files import HUB_CHANNEL
from census.store import ledger
from census.store.months import month_of
from census.store.observations import (
    FOLDER,
    MANIFEST,
    DayOfObservations,
    Observation,
    ObservationFile,
    add_days,
    check_observation,
    format_manifest,
    is_in_month_file,
    path_of,
    read_manifest,
    read_observations,
)

COUNTS = ("downloads_30d", "downloads_all_time", "likes")
IMPORTED_COLUMNS = ("model_id", "hub_id", "observed_on", *COUNTS, *METADATA)
UTC_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|\+00(?::?00)?)?)?", re.ASCII
)
# Why a row is left out.
UNREGISTERED = "of a namespace that is not registered"
NO_COUNT = "with neither a 30-day nor an all-time count"
OTHER_CASE = "that repeat a model in another case"
DEFAULT_BASIS = "stated by the person who imported the file"


@dataclass(frozen=True)
class FileOrigin:
    """What holds for a whole file: its source, and its day when no column gives it."""

    source: str
    day: date | None = None
    date_basis: str = ""
    source_url: str = ""
    commit: str = ""
    retrieved_at: str = ""


@dataclass
class Imported:
    """What an import took in, and what it left out."""

    rows: int = 0
    days: list[date] = field(default_factory=list)
    new_models: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def import_file(
    data: Path, path: Path, origin: FileOrigin, mapping: Mapping[str, str], registry: Registry
) -> Imported:
    """Add the observations of a file to the data directory, all of them or none.

    `mapping` gives the file's column for a column of ours where the names differ. Rows that are
    no observation of a registered namespace are left out and counted by reason. A model that
    data/models.csv lacks is added to it; empty values of one are filled in, nothing is overwritten.
    Raises DataError with every bad row (file, line, reason), and where no row is left to import;
    then nothing is written.
    """
    problems: list[Problem] = []
    if origin.source not in registry.sources:
        reason = f"source {origin.source!r} is not in it; add a row with licence and attribution"
        raise DataError([Problem(str(data / "sources.csv"), 0, reason)])
    channel = registry.sources[origin.source]["channel"]
    if channel != HUB_CHANNEL:
        reason = f"source {origin.source!r} is of the channel {channel}: only counts of the Hub"
        raise DataError([registry.sources[origin.source].problem(f"{reason} can be imported")])
    imported = Imported()
    days: dict[date, NameDict[Observation]] = {}
    new_metadata: NameDict[ModelMetadata] = NameDict()
    for line, row in read_named(path, IMPORTED_COLUMNS, mapping, problems):
        try:
            day, observation = _parse_row(row, origin)
            name = registry.present_name(observation.model_id)
            if registry.lab_of(name) is None:
                imported.left_out[UNREGISTERED] += 1
                continue
            if observation.downloads_30d is None and observation.downloads_all_time is None:
                imported.left_out[NO_COUNT] += 1
                continue
            check_observation(observation)
            metadata = _metadata(row, name, observation.hub_id, origin, day)
            observations_of_day = days.setdefault(day, NameDict())
            if _is_repeated(observation, observations_of_day.get(observation.model_id), day):
                imported.left_out[OTHER_CASE] += 1
                continue
        except ValueError as error:
            problems.append(Problem(str(path), line, str(error)))
            continue
        observations_of_day[observation.model_id] = observation
        new_metadata[name] = _newer(new_metadata.get(name), metadata)
        imported.rows += 1
    if not imported.rows and not problems:
        reasons = ", ".join(
            f"{count:,} {left_out_because}"
            for left_out_because, count in imported.left_out.most_common()
        )
        problems.append(Problem(str(path), 0, f"no row to import: {reasons or 'it has none'}"))
    if problems:
        raise DataError(problems)
    with file_changes.locked(data):
        known_models = NameDict(
            (model.model_id, model) for model in models.read_models(data, problems)
        )
        files = _observation_files(data, days, origin, problems)
        if problems:
            raise DataError(problems)
        imported.new_models = sum(name not in known_models for name in new_metadata)
        for name, metadata_of_file in new_metadata.items():
            known_models[name] = with_gaps_filled(known_models.get(name), metadata_of_file)
        file_changes.apply(
            data, {models.FILE: models.format_models(known_models.values()), **files}
        )
    imported.days = sorted(days)
    return imported


def _parse_row(row: Mapping[str, str], origin: FileOrigin) -> tuple[date, Observation]:
    name = row["model_id"]
    if not (MODEL_NAME.fullmatch(name) or BARE_NAME.fullmatch(name)):
        raise ValueError(f"model_id {name!r} is not a model name")
    day = parse_day(row["observed_on"]) if row.get("observed_on") else origin.day
    if day is None:
        raise ValueError("no day: this row has no observed_on; give the day with --date")
    if day > datetime.now(UTC).date():
        raise ValueError(f"observed_on {day} is in the future")
    counts: list[int | None] = []
    for column in COUNTS:
        try:
            counts.append(parse_count(row.get(column, "")))
        except ValueError as error:
            raise ValueError(f"{name}: {column}: {error}") from None
    return day, Observation(name, row.get("hub_id") or None, *counts)


def _is_repeated(observation: Observation, earlier: Observation | None, day: date) -> bool:
    """Return whether a row repeats the counts of a model under its name in another case.

    Raises ValueError where the model is repeated with the same name or with other counts.
    """
    if earlier is None:
        return False
    name, earlier_name = observation.model_id, earlier.model_id
    if name == earlier_name:
        raise ValueError(f"{name} appears twice on {day}")
    if observation[2:4] != earlier[2:4]:
        raise ValueError(f"{name} appears twice on {day}, as {earlier_name} with other counts")
    return True


def _metadata(
    row: Mapping[str, str], name: str, hub_id: str | None, origin: FileOrigin, day: date
) -> ModelMetadata:
    metadata = ModelMetadata(
        model_id=name,
        hub_id=hub_id or "",
        created_at=_day_of(row.get("created_at", "")),
        last_modified=_day_of(row.get("last_modified", "")),
        pipeline_tag=models.known_tag(row.get("pipeline_tag", "")),
        library_name=row.get("library_name", ""),
        license=row.get("license", ""),
        # Python writes False where the Hub says false.
        gated=row.get("gated", "").lower(),
        parameters=models.parse_parameters(row.get("parameters", "").removesuffix(".0")),
        base_models=row.get("base_models", ""),
        source=origin.source,
        seen_on=day.isoformat(),
    )
    if faults := models.faults_of_model(metadata):
        raise ValueError("; ".join(faults))
    return metadata


def _day_of(text: str) -> str:
    """Return the day of an ISO time, which is in UTC on the Hub; raises ValueError."""
    if not text:
        return ""
    match = UTC_TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time in UTC")
    return parse_day(match[1]).isoformat()


def _newer(earlier: ModelMetadata | None, later: ModelMetadata) -> ModelMetadata:
    return later if earlier is None or later.seen_on >= earlier.seen_on else earlier


def _observation_files(
    data: Path,
    days: Mapping[date, NameDict[Observation]],
    origin: FileOrigin,
    problems: list[Problem],
) -> dict[str, bytes]:
    retrieved_at = origin.retrieved_at or datetime.now(UTC).date().isoformat()
    new = [
        DayOfObservations(
            source=origin.source,
            day=day,
            observations=list(observations.values()),
            date_basis=origin.date_basis or DEFAULT_BASIS,
            source_url=origin.source_url,
            commit=origin.commit,
            retrieved_at=retrieved_at,
        )
        for day, observations in sorted(days.items())
    ]
    try:
        return add_days(data, new)
    except ValueError as error:
        problems.append(Problem(str(data), 0, str(error)))
        return {}


@dataclass(frozen=True)
class UndoneImport:
    """What an undone import removed; so many `kept_models` keep the values from its file."""

    rows: int
    models: int
    kept_models: int


def undo_import(data: Path, source: str, day: date, registry: Registry) -> UndoneImport:
    """Remove a day that was imported by mistake, and the models that only this day has.

    Raises DataError where there is no such day, where the census collected it itself, and where
    the file is in a commit that was pushed: what others have does not change. Then nothing is
    written.
    """
    problems: list[Problem] = []
    path = path_of(source, day)
    with file_changes.locked(data):
        files = {file.path: file for file in read_manifest(data, problems)}
        lines = NameDict((model.model_id, model) for model in models.read_models(data, problems))
        observed = {
            file.path: [
                observation.model_id for observation in read_observations(data, file, problems)
            ]
            for file in files.values()
        }
        if not problems and (reason := _why_not_undone(data, path, source, files, registry)):
            problems.append(Problem(str(data / FOLDER / path), 0, reason))
        if problems:
            raise DataError(problems)
        names_of_day = observed.pop(path)
        elsewhere = spellings(
            registry.present_name(name) for names in observed.values() for name in names
        )
        imported = spellings(registry.present_name(name) for name in names_of_day)
        removed_names = [
            name
            for name, line in lines.items()
            if (present := registry.present_name(name)) in imported
            and present not in elsewhere
            and line.source == source
        ]
        kept_models = sum(
            name in imported and source in lines[name].source.split() for name in lines
        )
        for name in removed_names:
            del lines[name]
        del files[path]
        changed: dict[str, bytes | None] = {
            models.FILE: models.format_models(lines.values()),
            f"{FOLDER}/{path}": None,
            MANIFEST: format_manifest(files.values()),
        }
        file_changes.apply(data, changed)
    return UndoneImport(len(names_of_day), len(removed_names), kept_models - len(removed_names))


def _why_not_undone(
    data: Path,
    path: str,
    source: str,
    files: Mapping[str, ObservationFile],
    registry: Registry,
) -> str:
    """Return why the import of a day cannot be undone; empty where it can."""
    if path not in files:
        days = sorted(file.day for file in files.values() if file.source == source)
        days_known = f"its days are {days[0]} to {days[-1]}" if days else "it has no day"
        return f"source {source!r} has no such day; {days_known}"
    if source in registry.sources and registry.sources[source]["kind"] == "hub":
        return "the census collected this day itself; see `collect --replace`"
    if is_in_month_file(data, path):
        return f"it is part of {month_of(path)}, and such a day never changes"
    try:
        commit = pushed_commit(data / FOLDER / path)
    except GitError as error:
        return f"cannot tell whether it was pushed: {error}"
    if commit:
        return (
            f"it is in a commit that was pushed ({commit[:12]}), and others may have it already;"
            f" enter the day into {ledger.FILE} as `skip_day`, and no series uses it"
        )
    return ""
