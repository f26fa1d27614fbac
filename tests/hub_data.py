"""A small data directory and the collector's settings, for tests against the stand-in Hub."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hub_server import HubServer

from census.base.csv_files import Problem
from census.collect.collecting import Collected, collect
from census.collect.hub_transport import HubSettings
from census.inputs.models import ModelMetadata, read_models
from census.inputs.registry_files import (
    ALIASES_FILE,
    CLAIMS_FILE,
    COUNTRIES_FILE,
    LABS_FILE,
    NAMESPACES_FILE,
    SOURCES_FILE,
)
from census.store.observations import MANIFEST, Observation, read_manifest, read_observations

MONDAY = date(2026, 5, 18)
TUESDAY = date(2026, 5, 19)
WEDNESDAY = date(2026, 5, 20)
NAMESPACES = {"Qwen": "qwen", "zai-org": "zhipu", "meta-llama": "meta", "facebook": "meta"}
SOURCES = ("hub", "modelpulse", "hub-stats")


def write_csv(path: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Write a CSV file of the data directory; values that a row lacks are empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def make_data(folder: Path, namespaces: dict[str, str] | None = None) -> Path:
    """Write a data directory with these namespaces (name -> lab) and nothing observed."""
    data = folder / "data"
    data.mkdir()
    owners = NAMESPACES if namespaces is None else namespaces
    labs = [
        {"lab": lab, "name": lab.title(), "kind": "company", "role": "lab", "in_house": "no"}
        for lab in sorted(set(owners.values()))
    ]
    write_csv(data / "labs.csv", LABS_FILE.columns, labs)
    register(data, owners)
    write_csv(data / "countries.csv", COUNTRIES_FILE.columns, [])
    write_csv(data / "origin_claims.csv", CLAIMS_FILE.columns, [])
    write_csv(data / "model_aliases.csv", ALIASES_FILE.columns, [])
    sources = [
        {
            "source": source,
            "name": source,
            "kind": "hub" if source == "hub" else "archive",
            "channel": "hub",
            "licence": "Apache-2.0",
            "attribution": source,
            "url": "https://example.org/",
            "preference": str(number),
        }
        for number, source in enumerate(SOURCES)
    ]
    write_csv(data / "sources.csv", SOURCES_FILE.columns, sources)
    return data


def register(data: Path, owners: dict[str, str], renamed: dict[str, str] | None = None) -> None:
    """Write namespaces.csv."""
    rows = [
        {"namespace": name, "lab": lab, "renamed_to": (renamed or {}).get(name, "")}
        for name, lab in owners.items()
    ]
    write_csv(data / "namespaces.csv", NAMESPACES_FILE.columns, rows)


def fill(hub: HubServer, models: int = 6, namespaces: dict[str, str] | None = None) -> None:
    """Give each namespace some models."""
    for namespace in NAMESPACES if namespaces is None else namespaces:
        hub.add_models(namespace, models)


def settings(hub: HubServer, **changes: Any) -> HubSettings:
    """Return settings that never really wait; the waits asked for are thrown away."""
    quick: dict[str, Any] = {"endpoint": hub.url, "timeout": 5.0, "tries": 2, "threads": 4}
    no_wait: Callable[[float], None] = lambda _seconds: None  # noqa: E731
    return HubSettings(**{**quick, "sleep": no_wait, **changes})


def noon(day: date) -> datetime:
    """Return noon of a day in UTC."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def run(data: Path, hub: HubServer, day: date = MONDAY, **options: Any) -> Collected:
    """Collect a day as at noon of it."""
    return collect(data, settings(hub), now=noon(day), **options)


def observed(data: Path, day: date, source: str = "hub") -> dict[str, Observation]:
    """Return the observations of a day by model; the files must be as the manifest says."""
    problems: list[Problem] = []
    rows = {
        observation.model_id: observation
        for file in read_manifest(data, problems)
        if (file.day, file.source) == (day, source)
        for observation in read_observations(data, file, problems)
    }
    assert problems == []
    return rows


def metadata(data: Path) -> dict[str, ModelMetadata]:
    """Return the lines of models.csv by model."""
    problems: list[Problem] = []
    lines = {model.model_id: model for model in read_models(data, problems)}
    assert problems == []
    return lines


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content_of(data: Path) -> dict[str, bytes]:
    """Return every file of a data directory, without the lock that a run leaves."""
    return {
        str(path.relative_to(data)): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def days(data: Path) -> list[str]:
    """Return the paths that the manifest lists."""
    if not (data / MANIFEST).is_file():
        return []
    return [row["path"] for row in rows_of(data / MANIFEST)]
