"""What the made census has of countries, labs, namespaces, families and models (`made_rows`)."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from made_rows import (
    BASES,
    CLAIMS,
    COUNTRIES,
    FAMILIES,
    LABS,
    LATEST,
    NAMESPACES,
    THROUGH,
)

from census.base.csv_files import Row
from census.base.names import NameDict
from census.database.declared_tables import schema
from census.inputs.families import Family
from census.inputs.registry import Lab, Registry


def as_row(values: dict[str, str]) -> Row:
    """Return a row as if it had been read from a file."""
    return Row(values, "made.csv", 2)


def made_registry() -> Registry:
    """Return the labs and namespaces of the made census, for code that follows names."""
    labs = {
        slug: Lab(slug, name, "company", role, "", False, "", "") for slug, name, role, _ in LABS
    }
    namespaces = NameDict(
        (name, as_row({"namespace": name, "lab": lab, "renamed_to": new or ""}))
        for name, lab, new in NAMESPACES
    )
    return Registry({}, labs, namespaces, {}, NameDict(), {})


def made_families() -> list[Family]:
    """Return the families of the made census, whose names begin alike."""
    return [
        Family(slug, name, lab, re.compile("/One-", re.IGNORECASE), "")
        for slug, name, lab in FAMILIES
    ]


def empty_census() -> sqlite3.Connection:
    """Return the census's tables without rows."""
    db = sqlite3.connect(":memory:")
    db.executescript(schema())
    db.execute("pragma foreign_keys = on")
    return db


def insert(db: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert whole rows."""
    places = ", ".join("?" * len(rows[0]))
    db.executemany(f'insert into "{table}" values ({places})', rows)


def add_registry(db: sqlite3.Connection) -> None:
    """Add countries, labs, namespaces, claims, families and one source with its days."""
    insert(db, "countries", [*COUNTRIES])
    regions = {code: region for code, _, region in COUNTRIES}
    for slug, name, role, country in LABS:
        status = "sourced" if country else "unverified"
        disputed = int(slug == "rose")
        row = (slug, name, "company", role, None, 0, country, regions.get(country or ""), status,
               disputed, None, None)  # fmt: skip
        insert(db, "labs", [row])
    insert(
        db,
        "namespaces",
        sorted(((*row, None, None) for row in NAMESPACES), key=lambda row: row[2] is not None),
    )
    for number, (lab, basis, country, decides) in enumerate(CLAIMS, start=1):
        page = f"https://example.com/{lab}/{basis}"
        says = (f"Names {country}.", f"Page of {lab}", page, None, "2026-05-01", None, decides)
        head = (number, lab, basis, country, None, None, None, None, 0, "primary", "high")
        insert(db, "origin_claims", [(*head, *says)])
    insert(db, "families", [(*row, row[0], None) for row in FAMILIES])
    source = (1, "made", "Made source", "archive", "hub", "CC0", "Nobody", "https://example.com", 1,
              None)  # fmt: skip
    insert(db, "sources", [source])


def add_model(
    db: sqlite3.Connection,
    key: int,
    name: str,
    released_on: str,
    tag: str,
    modality: str,
    licence: str | None,
    gated: str | None,
    parameters: int | None,
    bucket: str | None,
    family: str | None,
    scope: str,
) -> None:
    """Add a model, its newest counts and its countries; `scope` is the narrowest that has it."""
    namespace = name.split("/")[0]
    lab, country, region = db.execute(
        "select l.id, l.country, l.region from labs as l inner join namespaces as n on n.lab = l.id"
        " where n.namespace = ?",
        (namespace,),
    ).fetchone()
    made_from_red = namespace == "Packer"
    root, depth = ("Red/One-8B", 1) if made_from_red else (name, 0)
    base = ("red", "red-one", "CN") if made_from_red else (lab, family, country)
    counts = LATEST.get(key, (None, None, None))
    row = (
        key, name, f"hub{key}", namespace, lab, released_on, int(released_on == "2022-03-02"),
        released_on, "hub", None, tag, None, modality, "transformers", licence, None, gated,
        parameters, "curated" if parameters else None, None, bucket, family, country, region, root,
        depth, *base, "listed", int(scope == "frontier"), int(scope != "hub"),
        f"made for scope {scope}",
        "made", THROUGH, counts[0], THROUGH if counts[0] is not None else None, counts[1],
        THROUGH if counts[1] is not None else None, counts[2],
        counts[0] if counts[1] is None else None,
    )  # fmt: skip
    insert(db, "models", [row])
    claims = {(claim[0], claim[1]): claim[2] for claim in CLAIMS}
    countries: list[tuple[Any, ...]] = []
    for attribution, of_lab, operating in (
        ("publisher", lab, country),
        ("base", base[0], base[2]),
    ):
        for basis in BASES:
            stated = claims.get((of_lab, basis))
            filled = int(basis != "operating" and stated is None and operating is not None)
            countries.append((key, attribution, basis, stated or operating, filled))
    insert(db, "model_countries", countries)
