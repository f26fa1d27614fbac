"""The build: fill a new database from what is read of data/, check it, move it into place."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

import sqlite_utils

from census.base.csv_files import DataError, Problem
from census.base.databases import open_readonly
from census.base.days import day_number
from census.base.files import sha256_of, write_json
from census.base.names import NameDict
from census.channels.load import load_channels
from census.database.checks import failed_checks
from census.database.loading import (
    create_database,
    finish_database,
    load_aliases,
    load_families_table,
    load_models,
    load_registry_tables,
)
from census.database.observation_tables import load_observations
from census.database.reading import Input, read_input
from census.findings.published_figures import load_fact_tables
from census.findings.stage import load_findings
from census.history.observed import read_history
from census.history.quality_events import (
    inexact_days,
    load_events,
    outliers,
    unusable_days,
    whole_days,
)
from census.history.window_lengths import (
    load_window_lengths,
)
from census.inputs.attributes import (
    derive_attributes,
    present_models,
    unmatched_corrections,
)
from census.inputs.licences import load_licences
from census.rollups.adoption import load_adoption
from census.rollups.calibration_table import load_calibration
from census.rollups.concentration import load_concentration
from census.rollups.derivatives import load_derivatives
from census.rollups.mix import load_mix
from census.rollups.recent import load_recent
from census.rollups.stage import make_series
from census.store.freshness import load_freshness
from census.store.notices import load_notices
from census.store.recorded_tables import load_recordings
from census.store.rules_digest import estimate_digest

SCHEMA_VERSION = 1
INSPECT = "inspect-data.json"

Step = Callable[[str], None]


class Summary(NamedTuple):
    """What a build made: rows a table, the scopes' last days, the database's SHA-256.

    `unmatched` are by file the corrections of models that nobody has observed.
    """

    rows: dict[str, int]
    through: dict[str, str | None]
    sha256: str
    unmatched: dict[str, list[str]]


def build(
    data: Path, target: Path, as_of: date | None = None, step: Step = lambda _name: None
) -> Summary:
    """Build the database and its inspect-data.json from the data directory.

    Offline and deterministic: the same data, SQLite, numpy and kind of processor give the same
    bytes. Everything is written to a temporary file beside `target`, checked and then moved into
    place; on any failure the old database stays. `step` is told what is done next. Raises
    DataError.
    """
    if not target.parent.is_dir():
        reason = "the folder for the database is missing; make it first"
        raise DataError([Problem(str(target.parent), 0, reason)])
    step("Reading and checking data")
    given = read_input(data, as_of)
    # Datasette serves every *.db of its directory, so the unfinished file is not called that.
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        db = create_database(unfinished)
        try:
            fill_database(db, given, step)
            summary_rows = _count_rows(db)
            through = {row["scope"]: row["through"] for row in db.table("scopes").rows}
        finally:
            db.conn.close()
        step("Checking the database")
        failures = failed_checks(unfinished)
        if failures:
            raise DataError([Problem(target.name, 0, failure) for failure in failures])
        sha256 = sha256_of(unfinished)
        inspected = _inspect(unfinished, target, sha256)
        note = target.with_name(INSPECT)
        unfinished.replace(target)
        write_json(note, inspected)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    unmatched = unmatched_corrections(given.rules, given.models, given.registry)
    return Summary(summary_rows, through, sha256, unmatched)


class Observed(NamedTuple):
    """What the database holds once models and observations are loaded.

    `created` is the day of creation of each model (None if unknown), `members` the models of each
    scope, `whole` the days of sources that list every model, `unusable` the (source, day) pairs
    that no series uses, `repeated` how many models a source's day lists twice, `sources` the
    number of each source, `keys` that of each model by name.
    """

    created: dict[int, int | None]
    members: dict[str, frozenset[int]]
    whole: dict[int, list[tuple[int, int]]]
    unusable: frozenset[tuple[int, int]]
    repeated: dict[tuple[str, date], int]
    sources: dict[str, int]
    keys: NameDict[int]


def fill_database(db: sqlite_utils.Database, given: Input, step: Step) -> None:
    """Fill an empty database with everything that a build makes of its input."""
    observed = load_observed(db, given, step)
    step("Making the series")
    history = read_history(db.conn, observed.unusable, observed.created)
    standing_out = outliers(db.conn)
    flagged = frozenset((outlier.model, outlier.day) for outlier in standing_out)
    made = make_series(db.conn, history, given.window_lengths, observed.members, flagged)
    contradicted = frozenset(
        (model, event.first)
        for model, events in made.downloads.events.items()
        for event in events
        if event.first == event.last
    )
    inexact = observed.unusable | inexact_days(given.ledger, observed.sources)
    load_recent(db.conn, history.known, observed.members, inexact, flagged | contradicted)
    load_mix(db.conn)
    load_concentration(db.conn)
    load_adoption(db, made.histories)
    load_events(db, history, observed.whole, given.ledger, observed.repeated, standing_out)
    step("Other channels")
    load_channels(db.conn, given.channels, given.registry, observed.keys, given.rules.families)
    step("Milestones and comparisons")
    load_findings(db, given.tasks, made)
    load_recordings(db.conn, given.recordings)
    load_notices(db.conn, given.notices)
    load_freshness(db.conn, given.freshness)
    load_window_lengths(db.conn, given.window_lengths)
    load_calibration(db.conn, given.calibration)
    step("Search and statistics")
    _load_build_info(db, given)
    finish_database(db)


def load_observed(db: sqlite_utils.Database, given: Input, step: Step) -> Observed:
    """Load the registry, the models and the observations: all that needs no series."""
    step("Loading the registry and the models")
    present, renamed = present_models(given.models, given.registry)
    models = derive_attributes(present, given.registry, given.rules, given.last_day)
    load_registry_tables(db, given.registry, given.last_day)
    load_families_table(db, given.rules.families)
    keys = load_models(db, models, given.registry)
    load_aliases(db, renamed, given.registry, keys)
    load_fact_tables(db, given.facts, keys, given.registry)
    load_licences(db, given.licences)
    step("Loading the observations")
    repeated = load_observations(db, given.observed, keys, given.registry, given.ledger)
    load_derivatives(db, given.derivatives, given.registry, given.rules.families)
    created = {
        keys[model.metadata.model_id]: day_number(model.created) if model.created else None
        for model in models
    }
    members = {
        "frontier": frozenset(keys[m.metadata.model_id] for m in models if m.in_frontier),
        "labs": frozenset(keys[m.metadata.model_id] for m in models if m.in_labs),
        "hub": frozenset(keys.values()),
    }
    sources = {row["slug"]: int(row["id"]) for row in db.table("sources").rows}
    whole = whole_days(db.conn)
    unusable = unusable_days(whole, given.ledger, sources)
    return Observed(created, members, whole, unusable, repeated, sources, keys)


def _load_build_info(db: sqlite_utils.Database, given: Input) -> None:
    through = db.execute("select through from scopes where scope = 'frontier'").fetchone()[0]
    first = min(file.day for file in given.observed.files)
    info = {
        "schema_version": str(SCHEMA_VERSION),
        "data_through": through or "",
        "first_observation": first.isoformat(),
        "last_observation": given.last_day.isoformat(),
        "observations": str(db.table("history").count),
        "collected_days": str(sum(file.source == "hub" for file in given.observed.files)),
        "rules_digest": given.rules_digest,
        "estimate_digest": estimate_digest(),
    }
    db.table("build_info").insert_all({"key": k, "value": v} for k, v in info.items())


def _count_rows(db: sqlite_utils.Database) -> dict[str, int]:
    hidden = ("_fts", "sqlite_stat")
    return {
        name: db.table(name).count
        for name in db.table_names()
        if not any(part in name for part in hidden)
    }


def _inspect(path: Path, target: Path, sha256: str) -> dict[str, dict[str, object]]:
    """Return what Datasette wants to know of an immutable database."""
    with open_readonly(path) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "select name from sqlite_master where type = 'table' order by name"
            )
        ]
        counts = {
            name: connection.execute(f'select count(*) from "{name}"').fetchone()[0]  # noqa: S608
            for name in names
        }
    tables = {name: {"count": counts[name]} for name in names}
    size = path.stat().st_size
    return {target.stem: {"hash": sha256, "size": size, "file": target.name, "tables": tables}}
