"""The steps that fill a database, in their order: which tables each fills, and which it reads.

A further table is a line here: its step, the tables that it fills and reads, and what is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import sqlite_utils

from census.database.building import (
    Building,
    aliases,
    build_info,
    changes,
    channels,
    concentration,
    derivatives,
    events,
    facts,
    lab_countries,
    left_out,
    models,
    observations,
    recent,
    registry,
    robustness,
    series,
    unregistered,
)
from census.database.loading import finish_database, load_families_table
from census.database.reading import Input
from census.findings.changelog import load_changelog
from census.findings.claims import load_fact_checks
from census.findings.milestones import load_milestones
from census.findings.peer_differences import load_peer_differences
from census.findings.scoreboard import load_scoreboard
from census.history.window_lengths import load_window_lengths
from census.inputs.licences import load_licences
from census.rollups.adoption import load_adoption
from census.rollups.calibration_table import load_calibration
from census.rollups.lab_coverage import load_lab_coverage
from census.rollups.mix import load_mix
from census.store.freshness import load_freshness
from census.store.notices import load_notices
from census.store.recorded_tables import load_recordings

Announce = Callable[[str], None]


class Step(NamedTuple):
    """A step: its name, the tables that it fills or adds to, and those that it reads beside them.

    `stage` is what is being done, in words for people.
    """

    name: str
    stage: str
    fills: tuple[str, ...]
    reads: tuple[str, ...]
    run: Callable[[Building], object]


REGISTRY = "Loading the registry and the models"
OBSERVATIONS = "Loading the observations"
SERIES = "Making the series"
CHANNELS = "Other channels"
FINDINGS = "Milestones and comparisons"
FINISH = "Search and statistics"

# All that needs no series.
BEFORE_SERIES = (
    Step(
        "registry",
        REGISTRY,
        ("countries", "labs", "namespaces", "origin_claims", "sources"),
        (),
        registry,
    ),
    Step(
        "families",
        REGISTRY,
        ("families",),
        (),
        lambda b: load_families_table(b.db, b.inputs.rules.families),
    ),
    Step("models", REGISTRY, ("models", "lineage", "model_countries"), (), models),
    Step("aliases", REGISTRY, ("model_aliases",), (), aliases),
    Step("facts", REGISTRY, ("published_figures", "press_claims", "peer_models"), (), facts),
    Step(
        "licences",
        REGISTRY,
        ("licences",),
        ("models",),
        lambda b: load_licences(b.db, b.inputs.licences),
    ),
    Step(
        "observations",
        OBSERVATIONS,
        ("observation_files", "snapshots", "history", "models"),
        ("sources",),
        observations,
    ),
    Step(
        "derivatives",
        OBSERVATIONS,
        ("derivatives", "derived_models", "derivative_months", "derivative_bases"),
        ("countries", "labs", "families", "models", "lineage"),
        derivatives,
    ),
)
STEPS = (
    *BEFORE_SERIES,
    Step(
        "series",
        SERIES,
        ("models", "scopes", "curves", "series_keys", "series_points", "series_days"),
        ("countries", "labs", "families", "sources", "model_countries", "snapshots", "history"),
        series,
    ),
    Step(
        "recent downloads",
        SERIES,
        ("recent_days", "recent_counts", "recent_series"),
        ("countries", "labs", "families", "sources", "models", "model_countries"),
        recent,
    ),
    Step(
        "mix",
        SERIES,
        ("model_mix", "mix_sums"),
        ("countries", "models", "scopes", "licences"),
        lambda b: load_mix(b.db.conn, b.estimates.downloads, b.estimates.draws, b.estimates.sample),
    ),
    Step(
        "concentration",
        SERIES,
        ("concentration",),
        ("countries", "labs", "families", "models", "model_countries"),
        concentration,
    ),
    Step(
        "changes of shares",
        SERIES,
        ("share_changes",),
        ("countries", "labs", "families", "models", "model_countries"),
        changes,
    ),
    Step(
        "adoption",
        SERIES,
        ("adoption", "adoption_references", "recent_growth"),
        ("models", "scopes"),
        lambda b: load_adoption(b.db, b.estimates.histories),
    ),
    Step("quality events", SERIES, ("quality_events",), ("sources",), events),
    Step(
        "channels",
        CHANNELS,
        (
            "quality_events",
            "channels",
            "channels_missing",
            "channel_names",
            "channel_counts",
            "channel_series",
            "capability_sources",
            "capability_scores",
            "capability_best",
        ),
        ("countries", "labs", "sources", "models", "snapshots"),
        channels,
    ),
    Step(
        "countries of labs",
        FINDINGS,
        ("lab_countries", "lab_moves"),
        ("labs", "origin_claims", "models", "model_countries"),
        lab_countries,
    ),
    Step(
        "coverage of labs",
        FINDINGS,
        ("lab_coverage",),
        ("models", "curves", "series_keys", "series_points"),
        lambda b: load_lab_coverage(b.db),
    ),
    Step(
        "robustness",
        FINDINGS,
        ("robustness",),
        ("labs", "models", "model_countries", "scopes", "curves"),
        robustness,
    ),
    Step(
        "left out",
        FINDINGS,
        ("left_out_series",),
        ("labs", "models", "model_countries", "scopes", "curves", "series_keys", "quality_events"),
        left_out,
    ),
    Step(
        "milestones",
        FINDINGS,
        ("milestones",),
        ("countries", "labs", "families", "models", "model_countries", "scopes"),
        lambda b: load_milestones(b.db, b.sums),
    ),
    Step(
        "peer differences",
        FINDINGS,
        ("peer_differences",),
        ("models", "history", "peer_models"),
        lambda b: load_peer_differences(b.db),
    ),
    Step(
        "scoreboard",
        FINDINGS,
        ("scoreboard",),
        (
            "countries",
            "labs",
            "namespaces",
            "sources",
            "models",
            "model_aliases",
            "snapshots",
            "history",
            "scopes",
            "curves",
            "series_keys",
            "series_points",
            "adoption",
            "derived_models",
            "derivative_months",
            "published_figures",
            "peer_models",
        ),
        lambda b: load_scoreboard(b.db, b.inputs.tasks.scoreboard, b.sums),
    ),
    # Some claims rest on the scoreboard.
    Step(
        "fact checks",
        FINDINGS,
        ("fact_checks",),
        (
            "countries",
            "labs",
            "origin_claims",
            "families",
            "sources",
            "models",
            "lineage",
            "snapshots",
            "history",
            "scopes",
            "quality_events",
            "capability_sources",
            "capability_scores",
            "published_figures",
            "peer_models",
            "scoreboard",
        ),
        lambda b: load_fact_checks(b.db, b.inputs.tasks.fact_checks, b.sums),
    ),
    Step("unregistered", FINDINGS, ("unregistered_publishers",), ("namespaces",), unregistered),
    Step(
        "changelog",
        FINDINGS,
        ("changelog",),
        (),
        lambda b: load_changelog(b.db, b.inputs.tasks.changelog),
    ),
    Step(
        "vintages",
        FINDINGS,
        ("recorded_vintages", "recorded_points"),
        ("series_keys", "series_points"),
        lambda b: load_recordings(b.db.conn, b.inputs.recordings),
    ),
    Step(
        "notices",
        FINDINGS,
        ("notices",),
        ("history",),
        lambda b: load_notices(b.db.conn, b.inputs.notices),
    ),
    Step(
        "freshness",
        FINDINGS,
        ("source_freshness", "age_record"),
        ("sources", "observation_files", "channel_counts", "capability_scores"),
        lambda b: load_freshness(b.db.conn, b.inputs.freshness),
    ),
    Step(
        "window lengths",
        FINDINGS,
        ("window_lengths",),
        (),
        lambda b: load_window_lengths(b.db.conn, b.inputs.window_lengths),
    ),
    Step(
        "calibration",
        FINDINGS,
        ("calibration",),
        (),
        lambda b: load_calibration(b.db.conn, b.inputs.calibration),
    ),
    Step("build info", FINISH, ("build_info",), ("history", "scopes"), build_info),
    Step("search", FINISH, (), (), lambda b: finish_database(b.db)),
)


def fill_database(building: Building, announce: Announce) -> None:
    """Fill an empty database with everything that a build makes of its input.

    `announce` is called with the name of each stage when it begins.
    """
    _run(STEPS, building, announce)


def load_observed(db: sqlite_utils.Database, inputs: Input, announce: Announce) -> Building:
    """Fill an empty database with all that needs no series; return what is known by then."""
    building = Building(db, inputs)
    _run(BEFORE_SERIES, building, announce)
    return building


def filled_by() -> dict[str, list[str]]:
    """Return for each table the names of the steps that fill it, in their order."""
    names_of_steps: dict[str, list[str]] = {}
    for step in STEPS:
        for table in step.fills:
            names_of_steps.setdefault(table, []).append(step.name)
    return names_of_steps


def _run(steps: Iterable[Step], building: Building, announce: Announce) -> None:
    stage = ""
    for step in steps:
        if step.stage != stage:
            stage = step.stage
            announce(stage)
        step.run(building)
