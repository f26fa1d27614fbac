"""A database being built: what its steps hand on, and the steps of more than one call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlite_utils

from census.base.days import day_number
from census.base.names import NameDict, spellings
from census.channels.load import load_channels
from census.database.loading import (
    load_aliases,
    load_models,
    load_registry_tables,
)
from census.database.observation_tables import load_observations
from census.database.reading import Input
from census.findings.published_figures import load_fact_tables
from census.findings.unregistered import load_unregistered
from census.history.observed import History, clean_history
from census.history.observed_rows import ObservedRows
from census.history.quality_events import (
    Outlier,
    inexact_days,
    load_events,
    outliers,
    unusable_days,
    whole_days,
)
from census.inputs.attributes import derive_attributes, present_models
from census.rollups.changes import load_changes
from census.rollups.concentration import load_concentration
from census.rollups.derivatives import load_derivatives
from census.rollups.drawn_sums import DrawnSums
from census.rollups.lab_countries import load_lab_countries
from census.rollups.lab_moves import load_lab_moves
from census.rollups.left_out import load_left_out
from census.rollups.recent import load_recent
from census.rollups.robustness import load_robustness
from census.rollups.stage import ModelEstimates, make_series
from census.rollups.uncounted import draw_uncounted
from census.store.rules_digest import estimate_digest

SCHEMA_VERSION = 1


class Building:
    """A database being built, and what its steps hand on to later ones beside the tables.

    `keys` are the numbers of the models by name, `renamed` the former names. `created` is the day
    of creation of each model (None if unknown), `members` the models of each scope,
    `sizes_by_source` the (day, number of models) pairs of each source that lists every model,
    `unusable_days` the (source, day) pairs that no series uses, `repeated` how many models a
    source's day lists twice.
    """

    renamed: Mapping[str, str]
    keys: NameDict[int]
    observed: ObservedRows
    repeated: dict[tuple[str, date], int]
    created: dict[int, int | None]
    members: dict[str, frozenset[int]]
    sizes_by_source: dict[int, list[tuple[int, int]]]
    unusable_days: frozenset[tuple[int, int]]
    history: History
    outliers: list[Outlier]
    estimates: ModelEstimates
    sums: DrawnSums

    def __init__(self, db: sqlite_utils.Database, inputs: Input) -> None:
        self.db = db
        self.inputs = inputs

    @property
    def sources(self) -> dict[str, int]:
        """The number of each source by its name."""
        return dict(self.db.execute("select slug, id from sources").fetchall())

    @property
    def last_days(self) -> dict[str, int]:
        """The last day of each scope."""
        return {scope: scope_end.day for scope, scope_end in self.estimates.scope_ends.items()}

    @property
    def flagged(self) -> frozenset[tuple[int, int]]:
        """The (model, day) pairs of counts that stand out."""
        return frozenset((outlier.model, outlier.day) for outlier in self.outliers)


def registry(building: Building) -> None:
    """Load countries, labs, namespaces, claims and sources."""
    load_registry_tables(building.db, building.inputs.registry, building.inputs.last_day)


def models(building: Building) -> None:
    """Load the models, their lineage and countries; later steps know them by their keys."""
    inputs = building.inputs
    present, building.renamed = present_models(inputs.models, inputs.registry)
    models = derive_attributes(present, inputs.registry, inputs.rules, inputs.last_day)
    building.keys = keys = load_models(building.db, models, inputs.registry)
    building.created = {
        keys[model.metadata.model_id]: day_number(model.created) if model.created else None
        for model in models
    }
    building.members = {
        "frontier": frozenset(
            keys[model.metadata.model_id] for model in models if model.in_frontier
        ),
        "labs": frozenset(keys[model.metadata.model_id] for model in models if model.in_labs),
        "hub": frozenset(keys.values()),
    }


def aliases(building: Building) -> None:
    """Load the former names of the models."""
    load_aliases(building.db, building.renamed, building.inputs.registry, building.keys)


def facts(building: Building) -> None:
    """Load what others published, and which models they list."""
    inputs = building.inputs
    load_fact_tables(building.db, inputs.facts, building.keys, inputs.registry)


def observations(building: Building) -> None:
    """Load the observations by day, and judge which days the series may use."""
    registry, ledger = building.inputs.registry, building.inputs.ledger
    building.observed, building.repeated = load_observations(
        building.db, building.inputs.observed, building.keys, registry, ledger
    )
    # From here on they take no room but as they were loaded.
    files_alone = building.inputs.observed.without_rows()
    building.inputs = building.inputs._replace(observed=files_alone)
    building.sizes_by_source = whole_days(building.db.conn)
    building.unusable_days = unusable_days(building.sizes_by_source, ledger, building.sources)


def derivatives(building: Building) -> None:
    """Load what was made from the models."""
    inputs = building.inputs
    load_derivatives(building.db, inputs.derivatives, inputs.registry, inputs.rules.families)


def series(building: Building) -> None:
    """Make the curves of the models and their series, from what is known of each model."""
    connection, inputs = building.db.conn, building.inputs
    building.history = clean_history(building.observed, building.unusable_days, building.created)
    building.outliers = outliers(connection)
    building.estimates = make_series(
        connection, building.history, inputs.window_lengths, building.members, building.flagged
    )


def recent(building: Building) -> None:
    """Load the counts of thirty days, but for days that are not exact."""
    contradicted = frozenset(
        (model, event.first)
        for model, events in building.estimates.downloads.events.items()
        for event in events
        if event.first == event.last
    )
    inexact = building.unusable_days | inexact_days(building.inputs.ledger, building.sources)
    flagged = building.flagged | contradicted
    history = building.history
    load_recent(building.db.conn, history.rows, history.counts, building.members, inexact, flagged)


def concentration(building: Building) -> None:
    """Load how concentrated downloads are."""
    estimates, connection = building.estimates, building.db.conn
    load_concentration(
        connection, estimates.downloads, estimates.draws, estimates.sample, building.last_days
    )


def changes(building: Building) -> None:
    """Load what changed in the shares since the end of a month."""
    estimates, connection = building.estimates, building.db.conn
    load_changes(
        connection, estimates.downloads, estimates.draws, estimates.sample, building.last_days
    )


def lab_countries(building: Building) -> None:
    """Load the downloads of labs by country, and how far a lab moves a country's share."""
    estimates, connection = building.estimates, building.db.conn
    for load in (load_lab_countries, load_lab_moves):
        load(connection, estimates.downloads, estimates.draws, estimates.sample, building.last_days)


def events(building: Building) -> None:
    """Load what was done to the observations."""
    load_events(
        building.db,
        building.history,
        building.sizes_by_source,
        building.inputs.ledger,
        building.repeated,
        building.outliers,
    )


def channels(building: Building) -> None:
    """Load the other channels."""
    inputs = building.inputs
    load_channels(
        building.db.conn, inputs.channels, inputs.registry, building.keys, inputs.rules.families
    )


def robustness(building: Building) -> None:
    """Load the variants of the series."""
    estimates = building.estimates
    last_days = sorted({scope_end.day for scope_end in estimates.scope_ends.values()})
    load_robustness(
        building.db.conn,
        estimates.downloads,
        estimates.draws,
        estimates.sample,
        draw_uncounted(
            estimates.counts, estimates.sample.uncounted, estimates.histories, last_days
        ),
    )


def left_out(building: Building) -> None:
    """Load the series without some of their models; the findings rest on sums of the same draws."""
    estimates = building.estimates
    load_left_out(building.db.conn, estimates.downloads, estimates.draws, estimates.sample)
    building.sums = DrawnSums(estimates.downloads, estimates.draws)


def unregistered(building: Building) -> None:
    """Load the publishers that are not registered."""
    namespaces = spellings(row["namespace"] for row in building.db.table("namespaces").rows)
    load_unregistered(building.db, building.inputs.tasks.unregistered, namespaces)


def build_info(building: Building) -> None:
    """Load what the build was made of."""
    db, inputs = building.db, building.inputs
    through = db.execute("select through from scopes where scope = 'frontier'").fetchone()[0]
    first = min(file.day for file in inputs.observed.files)
    info = {
        "schema_version": str(SCHEMA_VERSION),
        "data_through": through or "",
        "first_observation": first.isoformat(),
        "last_observation": inputs.last_day.isoformat(),
        "observations": str(db.table("history").count),
        "collected_days": str(sum(file.source == "hub" for file in inputs.observed.files)),
        "rules_digest": inputs.rules_digest,
        "estimate_digest": estimate_digest(),
    }
    db.table("build_info").insert_all({"key": k, "value": v} for k, v in info.items())
