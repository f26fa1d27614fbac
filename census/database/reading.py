"""Everything that a build reads: all of data/, checked, with every problem told at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from census.base import file_changes
from census.base.csv_files import DataError, Problem, Row
from census.base.names import folded
from census.channels.load import ChannelInput, read_channels
from census.findings.published_figures import Facts, load_facts
from census.findings.stage import Tasks, read_tasks
from census.history.window_lengths import (
    WindowLengths,
    read_window_lengths,
)
from census.inputs.attributes import (
    Rules,
    load_rules,
)
from census.inputs.licences import read_licences
from census.inputs.models import ModelMetadata, read_models
from census.inputs.registry import Registry, load_registry
from census.inputs.registry_files import HUB_CHANNEL
from census.rollups.calibration_table import CalibrationRow, read_calibration
from census.rollups.derivatives import read_derivatives
from census.store.freshness import FreshnessInput, read_freshness
from census.store.ledger import LedgerEntry, read_ledger
from census.store.notices import read_notices
from census.store.observation_columns import ObservationColumns, read_observation_columns
from census.store.observations import read_manifest
from census.store.recordings import RecordedPoint, Recording, read_recordings
from census.store.rules_digest import rules_digest


class Input(NamedTuple):
    """Everything that a build reads, checked."""

    registry: Registry
    rules: Rules
    models: list[ModelMetadata]
    observed: ObservationColumns
    ledger: list[LedgerEntry]
    facts: Facts
    licences: list[Row]
    derivatives: list[Row]
    tasks: Tasks
    window_lengths: WindowLengths
    calibration: list[CalibrationRow]
    recordings: list[tuple[Recording, list[RecordedPoint]]]
    rules_digest: str
    notices: list[Row]
    channels: ChannelInput
    freshness: FreshnessInput

    @property
    def last_day(self) -> date:
        """The last day with an observation, which dates what the build says of labs."""
        return max(file.day for file in self.observed.files)


def read_input(data: Path, as_of: date | None = None) -> Input:
    """Read and check the data directory; raises DataError with every problem found.

    `as_of` leaves out the observations that were retrieved, and what was recorded, after that day.
    """
    file_changes.complete(data)
    problems: list[Problem] = []
    registry = load_registry(data, problems)
    rules = load_rules(data, registry, problems)
    models = read_models(data, problems)
    files = read_manifest(data, problems)
    for file in files:
        if file.source not in registry.sources:
            reason = f"{file.path}: source {file.source!r} is not in sources.csv"
            problems.append(Problem(str(data / "observations/manifest.csv"), 0, reason))
        elif (channel := registry.sources[file.source]["channel"]) != HUB_CHANNEL:
            reason = f"{file.path}: source {file.source!r} is of the channel {channel}, not the Hub"
            problems.append(Problem(str(data / "observations/manifest.csv"), 0, reason))
    model_names = {folded(registry.present_name(model.model_id)) for model in models}
    observed = read_observation_columns(data, files, problems)
    problems.extend(_unknown_models(data, observed, registry, model_names))
    ledger = read_ledger(data, registry.sources, problems)
    facts = load_facts(data, problems)
    tasks = read_tasks(data, facts, registry.sources, problems)
    licences = read_licences(data, problems)
    derivatives = read_derivatives(data, registry.sources, problems)
    window_lengths = read_window_lengths(data, problems)
    calibration = read_calibration(data, problems)
    recordings = read_recordings(data, problems)
    notices = read_notices(data, problems)
    channels = read_channels(data, registry, [model.model_id for model in models], problems)
    score_sources = [row["source"] for row in channels.capability.sources]
    freshness = read_freshness(data, [*registry.sources, *score_sources], problems)
    if as_of is not None:
        recordings = [
            (recording, points)
            for recording, points in recordings
            if recording.recorded_on <= as_of.isoformat()
        ]
        observed = observed.of_files(lambda file: file.retrieved_at[:10] <= as_of.isoformat())
        channels, freshness = channels.until(as_of), freshness.until(as_of)
    if not observed.files and not problems:
        first = min((file.retrieved_at[:10] for file in files), default="")
        retrieved_words = (
            f" retrieved by {as_of}; the first were on {first}" if as_of and first else ""
        )
        problems.append(Problem(str(data / "observations"), 0, f"no observations{retrieved_words}"))
    if problems:
        raise DataError(problems)
    return Input(
        registry,
        rules,
        models,
        observed,
        ledger,
        facts,
        licences,
        derivatives,
        tasks,
        window_lengths,
        calibration,
        recordings,
        rules_digest(data),
        notices,
        channels,
        freshness,
    )


def _unknown_models(
    data: Path, observed: ObservationColumns, registry: Registry, model_names: set[str]
) -> Iterator[Problem]:
    """Yield the rows of models that the census does not know, each with its file and line."""
    reasons = {}
    for place, observed_name in enumerate(observed.names):
        name = registry.present_name(observed_name)
        if registry.lab_of(name) is None:
            reasons[place] = f"{observed_name}: its namespace is not registered"
        elif folded(name) not in model_names:
            reasons[place] = f"{observed_name} is not in models.csv"
    rows = np.flatnonzero(np.isin(observed.name, [*reasons]))
    file_of_row = observed.file[rows]
    lines = rows - np.searchsorted(observed.file, file_of_row) + 2
    for place, line, name in zip(
        file_of_row, lines.tolist(), observed.name[rows].tolist(), strict=True
    ):
        path = str(data / "observations" / observed.files[place].path)
        yield Problem(path, line, reasons[name])
