"""Filling census.db: the schema, the tables in the order of their references, search."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import sqlite_utils

from census.base.days import day_number
from census.base.inserting import blank_to_null, insert_named, insert_rows
from census.base.names import NameDict, namespace_of, spellings
from census.database.declared_tables import schema
from census.history.model_counts import HUB_FLOOR
from census.inputs.attributes import Attributes
from census.inputs.families import Family
from census.inputs.origins import operating_origin
from census.inputs.registry import Claim, Lab, Registry
from census.inputs.registry_files import DISTRIBUTED, ENDED, SOURCES_FILE


def create_database(path: Path) -> sqlite_utils.Database:
    """Create an empty census database with its schema."""
    connection = sqlite3.connect(path)
    connection.executescript("pragma page_size = 4096; pragma journal_mode = off;")
    # References are checked once, in the finished database, and not with each row.
    connection.executescript(schema())
    return sqlite_utils.Database(connection)


def load_registry_tables(db: sqlite_utils.Database, registry: Registry, today: date) -> None:
    """Load countries, labs with their country on `today`, namespaces, claims and sources."""
    db.table("countries").insert_all(
        {"code": row["code"], "name": row["name"], "region": row["region"]}
        for row in registry.countries.values()
    )
    db.table("labs").insert_all(_lab_row(lab, registry, today) for lab in registry.labs.values())
    db.table("namespaces").insert_all(
        sorted(
            (blank_to_null(row) for row in registry.namespaces.values()),
            # A retired namespace refers to its new name, which must be there first.
            key=lambda row: (row["renamed_to"] is not None, row["namespace"]),
        )
    )
    db.table("origin_claims").insert_all(_claim_rows(registry, today))
    db.table("sources").insert_all(
        blank_to_null(
            {
                "id": number,
                "slug": row["source"],
                **{column: row[column] for column in SOURCES_FILE.columns if column != "source"},
                "preference": int(row["preference"]),
            }
        )
        for number, row in enumerate(registry.sources.values(), start=1)
    )


def load_families_table(db: sqlite_utils.Database, families: Sequence[Family]) -> None:
    """Load the model families."""
    db.table("families").insert_all(
        {
            "id": family.slug,
            "name": family.name,
            "lab": family.lab,
            "pattern": family.pattern.pattern,
            "note": family.note or None,
        }
        for family in families
    )


def _lab_row(lab: Lab, registry: Registry, today: date) -> dict[str, Any]:
    origin = operating_origin(lab, registry.claims.get(lab.slug, []), today)
    status = "sourced" if origin.country else "unverified"
    return blank_to_null(
        {
            "id": lab.slug,
            "name": lab.name,
            "kind": lab.kind,
            "role": lab.role,
            "parent": lab.parent,
            "in_house": int(lab.in_house),
            "country": origin.country,
            "region": registry.countries[origin.country]["region"] if origin.country else None,
            "origin_status": "distributed" if origin.country == DISTRIBUTED else status,
            "disputed": int(origin.disputed),
            "disputed_because": lab.disputed_because,
            "note": lab.note,
        }
    )


def _claim_rows(registry: Registry, today: date) -> Iterator[dict[str, Any]]:
    number = 0
    for slug in sorted(registry.claims):
        claims = registry.claims[slug]
        decided = operating_origin(registry.labs[slug], claims, today).decided_by
        for claim in claims:
            number += 1
            yield _claim_row(number, claim, decides=claim is decided)


def _claim_row(number: int, claim: Claim, *, decides: bool) -> dict[str, Any]:
    ended = claim.valid_to != ""
    row = {
        "id": number,
        **vars(claim),
        "valid_to": "" if claim.valid_to == ENDED else claim.valid_to,
        "ended": int(ended),
        "decides": int(decides),
    }
    return blank_to_null(row)


def load_models(
    db: sqlite_utils.Database, models: Sequence[Attributes], registry: Registry
) -> NameDict[int]:
    """Load models, lineage and countries; return the key of each model by its name."""
    keys = NameDict((model.metadata.model_id, key) for key, model in enumerate(models, start=1))
    bases = [_bases(model, registry) for model in models]
    spelling_of = spellings(
        [*keys, *(name for bases_of_model in bases for _, name, _ in bases_of_model)]
    )
    insert_named(
        db.conn,
        "models",
        (_model_row(keys[model.metadata.model_id], model, registry) for model in models),
    )
    lineage = (
        {
            "child": keys[model.metadata.model_id],
            "relation": relation,
            "parent_name": parent,
            "parent": keys.get(parent),
            "source_url": source_url or None,
        }
        for model, bases_of_model in zip(models, bases, strict=True)
        for relation, parent, source_url in sorted(
            {(relation, spelling_of[name], url or "") for relation, name, url in bases_of_model}
        )
    )
    insert_named(db.conn, "lineage", lineage)
    insert_rows(
        db.conn,
        "model_countries",
        (
            (
                keys[model.metadata.model_id],
                country.attribution,
                country.basis,
                country.country,
                int(country.filled),
            )
            for model in models
            for country in model.countries
        ),
    )
    return keys


def _release_basis(model: Attributes) -> str | None:
    if model.announced:
        return "announcement"
    return "hub" if model.released else None


def _bases(model: Attributes, registry: Registry) -> list[tuple[str, str, str | None]]:
    """Return relation, name and, for a base that the card does not declare, the document."""
    correction = model.undeclared_base
    if correction is not None and correction.base_model:
        return [("finetune", registry.present_name(correction.base_model), correction.source_url)]
    return [
        (relation, registry.present_name(name), None) for relation, name in model.metadata.parents
    ]


def _model_row(key: int, model: Attributes, registry: Registry) -> dict[str, Any]:
    metadata = model.metadata
    country = model.country("publisher")
    created = day_number(model.created) if model.created else None
    return blank_to_null(
        {
            "id": key,
            "name": metadata.model_id,
            "hub_id": metadata.hub_id,
            "namespace": metadata.namespace,
            "lab": model.lab.slug,
            "created_at": metadata.created_at,
            "created_at_floor": int(created is not None and created <= HUB_FLOOR),
            "released_on": model.released.isoformat() if model.released else None,
            "released_from": _release_basis(model),
            "release_url": model.announced.source_url if model.announced else None,
            "pipeline_tag": model.pipeline_tag,
            "pipeline_tag_url": model.pipeline_tag_url,
            "modality": model.modality,
            "library": metadata.library_name,
            "licence": model.licence,
            "licence_url": model.licence_url,
            "gated": metadata.gated,
            "parameters": model.parameters,
            "parameters_from": model.parameters_from,
            "parameters_url": model.parameters_url,
            "size_bucket": model.size_bucket,
            "family": model.family,
            "country": country,
            "region": registry.countries[country]["region"] if country else None,
            "root": model.root.name if model.root else None,
            "root_depth": model.root.depth if model.root else 0,
            "base_lab": model.base_lab.slug if model.base_lab else None,
            "base_family": model.base_family,
            "base_country": model.country("base"),
            "status": metadata.status,
            "in_frontier": int(model.in_frontier),
            "in_labs": int(model.in_labs),
            "scope_reason": model.scope_reason,
            "metadata_source": metadata.source,
            "seen_on": metadata.seen_on,
            "latest_30d": None,
            "latest_30d_on": None,
            "latest_all_time": None,
            "latest_all_time_on": None,
            "likes": None,
        }
    )


def load_aliases(
    db: sqlite_utils.Database,
    renamed: Mapping[str, str],
    registry: Registry,
    keys: NameDict[int],
) -> None:
    """Load the former names of models: those written down, and those of retired namespaces."""
    rows = {}
    for alias, name in renamed.items():
        namespace = registry.namespaces.get(namespace_of(alias))
        reason = "its namespace was renamed"
        url = namespace["source_url"] if namespace else ""
        rows[alias] = (name, reason, url)
    for alias, row in registry.aliases.items():
        rows[alias] = (registry.present_name(alias), row["reason"], row["source_url"])
    db.table("model_aliases").insert_all(
        {"alias": alias, "model": keys[name], "reason": reason, "source_url": url or None}
        for alias, (name, reason, url) in sorted(rows.items())
        if name in keys
    )


def finish_database(db: sqlite_utils.Database) -> None:
    """Add full-text search and statistics, and pack the file."""
    db.table("models").enable_fts(["name"], tokenize="unicode61 remove_diacritics 2")
    db.table("labs").enable_fts(
        ["name", "parent", "note"], tokenize="unicode61 remove_diacritics 2"
    )
    db.conn.commit()
    db.conn.execute("pragma analysis_limit = 1000")
    db.analyze()
    db.conn.commit()
    db.vacuum()
