"""Taking in observations, and the models' metadata beside them, from a CSV or Parquet file."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from census import changes, models
from census.base.names import NameDict, namespace_of
from census.models import MODEL_NAME, ModelMetadata
from census.observations import DayOfObservations, Observation, add_days
from census.registry import Registry
from census.tables import DataError, Problem, parse_count, parse_day

COUNTS = ("downloads_30d", "downloads_all_time", "likes")
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
NAMED = ("model_id", "hub_id", "observed_on", *COUNTS, *METADATA)
UTC_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|\+00(?::?00)?)?)?", re.ASCII
)
DEFAULT_BASIS = "stated by the person who imported the file"


@dataclass(frozen=True)
class Origin:
    """What is known of a file as a whole: its source, and the day when no column says it."""

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
    unregistered: int = 0
    other_case: int = 0
    days: list[date] = field(default_factory=list)
    new_models: int = 0


def import_file(
    data: Path, path: Path, origin: Origin, mapping: Mapping[str, str], registry: Registry
) -> Imported:
    """Add the observations of a file to the data directory, all of them or none.

    `mapping` gives the file's column for a column of ours where the names differ. Rows of
    namespaces that are not registered are counted and left out. A model that data/models.csv lacks
    is added to it; what it does not know of one is filled in, nothing is overwritten. Raises
    DataError with every bad row (file, line, reason); then nothing is written.
    """
    problems: list[Problem] = []
    if origin.source not in registry.sources:
        reason = f"source {origin.source!r} is not in it; add a row with licence and attribution"
        raise DataError([Problem(str(data / "sources.csv"), 0, reason)])
    imported = Imported()
    days: dict[date, NameDict[Observation]] = {}
    seen: NameDict[ModelMetadata] = NameDict()
    for line, row in read_named(path, mapping, problems):
        try:
            day, observation = _parse_row(row, origin)
            if namespace_of(observation.model_id) not in registry.namespaces and (
                observation.model_id not in registry.aliases
            ):
                imported.unregistered += 1
                continue
            name = registry.present_name(observation.model_id)
            metadata = _metadata(row, name, observation.hub_id, origin, day)
            of_day = days.setdefault(day, NameDict())
            if _is_repeated(observation, of_day.get(observation.model_id), day):
                imported.other_case += 1
                continue
        except ValueError as error:
            problems.append(Problem(str(path), line, str(error)))
            continue
        of_day[observation.model_id] = observation
        seen[name] = _newer(seen.get(name), metadata)
        imported.rows += 1
    if problems:
        raise DataError(problems)
    with changes.locked(data):
        known = NameDict((model.model_id, model) for model in models.read_models(data, problems))
        files = _observation_files(data, days, origin, problems)
        if problems:
            raise DataError(problems)
        imported.new_models = sum(name not in known for name in seen)
        for name, new in seen.items():
            known[name] = fill_in(known.get(name), new)
        changes.apply(data, {models.FILE: models.format_models(known.values()), **files})
    imported.days = sorted(days)
    return imported


def read_named(
    path: Path, mapping: Mapping[str, str], problems: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, values by our column names) of a CSV (also .gz) or Parquet file.

    Faults of the file as a whole (missing, no CSV, a mapped column that is not there) go to
    `problems`. For Parquet the line is the number of the row.
    """
    if not path.is_file():
        problems.append(Problem(str(path), 0, "the file is missing"))
        return
    rows = _parquet_rows(path) if path.suffix == ".parquet" else _csv_rows(path)
    try:
        _, header = next(rows)
        places = _places(header, mapping)
        for line, values in rows:
            if len(values) != len(header):
                reason = f"{len(values)} values; expected {len(header)}"
                problems.append(Problem(str(path), line, reason))
                continue
            yield line, {name: values[place].strip() for name, place in places.items()}
    except StopIteration:
        problems.append(Problem(str(path), 0, "the file is empty"))
    except (csv.Error, UnicodeDecodeError, gzip.BadGzipFile, duckdb.Error, ValueError) as error:
        problems.append(Problem(str(path), 0, f"cannot be read: {str(error).splitlines()[0]}"))


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        for values in reader:
            yield reader.line_num, values


def _parquet_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        cursor = connection.execute("select columns(*)::varchar from read_parquet(?)", [str(path)])
        yield 0, [column[0] for column in cursor.description or ()]
        line = 0
        while rows := cursor.fetchmany(10_000):
            for row in rows:
                line += 1
                yield line, ["" if value is None else value for value in row]


def _places(header: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    for ours, theirs in mapping.items():
        if ours not in NAMED:
            raise ValueError(f"no column {ours!r} of ours; there are {', '.join(NAMED)}")
        if theirs not in header:
            raise ValueError(f"no column {theirs!r}; there are {', '.join(header)}")
    wanted = {name: mapping.get(name, name) for name in NAMED}
    if wanted["model_id"] not in header:
        raise ValueError("no column model_id; name the one that holds it with --column model_id=…")
    return {ours: header.index(theirs) for ours, theirs in wanted.items() if theirs in header}


def _parse_row(row: Mapping[str, str], origin: Origin) -> tuple[date, Observation]:
    name = row["model_id"]
    # Before 2024 the Hub had models without a namespace, such as gpt2.
    if not MODEL_NAME.fullmatch(name if "/" in name else f"legacy/{name}"):
        raise ValueError(f"model_id {name!r} is no model name")
    day = parse_day(row["observed_on"]) if row.get("observed_on") else origin.day
    if day is None:
        raise ValueError("no day: the file has no observed_on for this row; give one with --date")
    if day > datetime.now(UTC).date():
        raise ValueError(f"observed_on {day} is in the future")
    counts: list[int | None] = []
    for column in COUNTS:
        try:
            counts.append(parse_count(row.get(column, "")))
        except ValueError as error:
            raise ValueError(f"{name}: {column}: {error}") from None
    if counts[0] is None and counts[1] is None:
        raise ValueError(f"{name}: neither a 30-day nor an all-time count")
    return day, Observation(name, row.get("hub_id") or None, *counts)


def _is_repeated(observation: Observation, known: Observation | None, day: date) -> bool:
    """Return whether a row says of a model only what a row in another case said already.

    Raises ValueError where it is there twice otherwise.
    """
    if known is None:
        return False
    name, other = observation.model_id, known.model_id
    if name == other:
        raise ValueError(f"{name} is there twice on {day}")
    if observation[2:4] != known[2:4]:
        raise ValueError(f"{name} is there twice on {day}, with other counts as {other}")
    return True


def _metadata(
    row: Mapping[str, str], name: str, hub_id: str | None, origin: Origin, day: date
) -> ModelMetadata:
    for item in row.get("base_models", "").split():
        models.parse_parent(item)
    return ModelMetadata(
        model_id=name,
        hub_id=hub_id or "",
        created_at=_day_of(row.get("created_at", "")),
        last_modified=_day_of(row.get("last_modified", "")),
        pipeline_tag=row.get("pipeline_tag", ""),
        library_name=row.get("library_name", ""),
        license=row.get("license", ""),
        gated=row.get("gated", ""),
        parameters=models.parse_parameters(row.get("parameters", "").removesuffix(".0")),
        base_models=row.get("base_models", ""),
        source=origin.source,
        seen_on=day.isoformat(),
    )


def _day_of(text: str) -> str:
    """Return the day of an ISO time, which is in UTC on the Hub; raises ValueError."""
    if not text:
        return ""
    match = UTC_TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no time in UTC")
    return parse_day(match[1]).isoformat()


def _newer(known: ModelMetadata | None, seen: ModelMetadata) -> ModelMetadata:
    return seen if known is None or seen.seen_on >= known.seen_on else known


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


def _observation_files(
    data: Path,
    days: Mapping[date, NameDict[Observation]],
    origin: Origin,
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
