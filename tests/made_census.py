"""A small census in memory whose every number can be checked by hand, for the tests of questions.

Scope `frontier`, all downloads by the end of each month (May is counted to the 20th; one number is
known exactly, three are estimate, lowest and highest):

    model           lab  country 2025-12   2026-01     2026-02     2026-03     2026-04 05-20
    Red/One-8B      red   CN     -         100         300         600         1000    1200
    Red/One-1B      red   CN     -         -           50 40 60    150 130 170 300     400
    Blue/One-70B    blue  US     100 0 200 200 100 300 400 300 500 500 450 550 600     700
    Blue/Vision-3B  blue  US     -         -           10 0 20     100 90 110  150     200
    Rose/Small-8B   rose  FR     -         -           -           40          100     150
    Lost/Thing-8B   lost  (none) -         -           -           10          30      50
    all                          100       300         760         1400        2180    2700

The draws of a model are spread evenly from its lowest to its highest count, rising or falling by
turns: of the 200 the lowest that an interval keeps lies at 5.25 % of the way. Blue/Vision-3B has
too few windows for a likely interval of a key that it dominates. Between the dates every count
grows evenly.

Outside of it: Red/Embed (scope `labs`: 1000 in December, 100 more a month) and Packer/One-8B-GGUF
(scope `hub`: made from Red/One-8B; 100 in February, 100 more a month). Blue/Uncounted-7B is in
`frontier` without any all-time count, so that no cumulative series has it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import sqlite_utils

from census.base.csv_files import Row
from census.base.days import day_number, iso, month_end_before
from census.base.names import NameDict
from census.database.declared_tables import schema
from census.inputs.families import Family
from census.inputs.licences import load_licences
from census.inputs.registry import Lab, Registry
from census.questions.question_files import (
    SHARED_FILE,
    load_yaml,
    parse_question,
    validate,
    with_choices,
)
from census.rollups.concentration import load_concentration
from census.rollups.derivatives import DERIVATIVES_FILE, load_derivatives
from census.rollups.downloads import Measured, ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.mix import load_mix
from census.rollups.noise import DRAWS
from census.rollups.published_days import PublishedDays, Span
from census.rollups.sample import Sample
from census.rollups.series import roll_up

QUESTIONS = Path(__file__).parent.parent / "canned_queries"
THROUGH = "2026-05-20"
BASES = ("operating", "headquarters", "parent_headquarters", "incorporation", "founding_location")

COUNTRIES = (
    ("CN", "China", "China"),
    ("FR", "France", "Europe"),
    ("US", "United States", "United States"),
    ("XX", "Distributed", "Distributed"),
)
# Slug, name, role, country.
LABS = (
    ("blue", "Blue Lab", "lab", "US"),
    ("lost", "Lost Lab", "lab", None),
    ("packer", "Packer", "repackager", None),
    ("red", "Red Lab", "lab", "CN"),
    ("rose", "Rose Lab", "lab", "FR"),
)
NAMESPACES = (
    ("Blue", "blue", None),
    ("Lost", "lost", None),
    ("Packer", "packer", None),
    ("Red", "red", None),
    ("RedOld", "red", "Red"),
    ("Rose", "rose", None),
)
# Lab, basis, country, decides: Rose Lab is disputed, with its seat in France by law in America.
CLAIMS = (
    ("blue", "headquarters", "US", 1),
    ("red", "headquarters", "CN", 1),
    ("rose", "headquarters", "FR", 1),
    ("rose", "incorporation", "US", 0),
)
FAMILIES = (("blue-one", "Blue One", "blue"), ("red-one", "Red One", "red"))
# Key, name, released_on, pipeline tag, modality, licence, gated, parameters, bucket, family, scope.
MODELS = (
    (1, "Red/One-8B", "2026-01-10", "text-generation", "text", "apache-2.0", "false",
     8_000_000_000, "5-10B", "red-one", "frontier"),
    (2, "Red/One-1B", "2026-02-10", "text-generation", "text", "apache-2.0", "false",
     1_000_000_000, "1-5B", "red-one", "frontier"),
    (3, "Blue/One-70B", "2025-12-01", "text-generation", "text", "llama3", "manual",
     70_000_000_000, "50-100B", "blue-one", "frontier"),
    (4, "Blue/Vision-3B", "2026-02-20", "image-text-to-text", "vision", "mit", "false",
     3_000_000_000, "1-5B", None, "frontier"),
    (5, "Rose/Small-8B", "2026-03-05", "text-generation", "text", "cc-by-nc-4.0", "auto",
     8_000_000_000, "5-10B", None, "frontier"),
    (6, "Lost/Thing-8B", "2026-03-20", "text-generation", "text", None, None,
     8_000_000_000, "5-10B", None, "frontier"),
    (7, "Packer/One-8B-GGUF", "2026-02-01", "text-generation", "text", "apache-2.0", "false",
     8_000_000_000, "5-10B", None, "hub"),
    (8, "Red/Embed", "2022-03-02", "feature-extraction", "embedding", "mit", "false",
     None, None, None, "labs"),
    (9, "Blue/Uncounted-7B", "2026-04-02", "text-generation", "text", "mit", "false",
     7_000_000_000, "5-10B", None, "frontier"),
)  # fmt: skip
# Newest counts of each model: 30 days, all time, likes; all of the last day.
LATEST = {
    1: (400, 1200, 30),
    2: (150, 400, 4),
    3: (150, 700, 70),
    4: (70, 200, 1),
    5: (70, 150, 15),
    6: (30, 50, 2),
    7: (130, 400, 8),
    8: (130, 1500, 10),
    9: (60, None, 3),
}
DATES = ("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", THROUGH)
Bounded = int | tuple[int, int, int] | None
CURVES: dict[int, tuple[Bounded, ...]] = {
    1: (None, 100, 300, 600, 1000, 1200),
    2: (None, None, (50, 40, 60), (150, 130, 170), 300, 400),
    3: ((100, 0, 200), (200, 100, 300), (400, 300, 500), (500, 450, 550), 600, 700),
    4: (None, None, (10, 0, 20), (100, 90, 110), 150, 200),
    5: (None, None, None, 40, 100, 150),
    6: (None, None, None, 10, 30, 50),
    7: (None, None, 100, 200, 300, 400),
    8: (1000, 1100, 1200, 1300, 1400, 1500),
}
# Licence, class; the licence of the files that models state and this list lacks is `unread`.
LICENCES = (
    ("apache-2.0", "open"),
    ("cc-by-nc-4.0", "non_commercial"),
    ("llama3", "restricted"),
    ("mit", "open"),
)
# As in data/derivatives.csv: two that lead to Red/One-8B, one in two steps; a merge of two labs'
# models; a merge of two of one lab; one under a former name, whose downloads are not known.
DERIVATIVES = (
    ("Ann/Fine", "2026-02-05", "finetune", "Red/One-8B", "100", "2026-05-20", "made"),
    ("Ann/Fine-GGUF", "2026-02-06", "unspecified", "Ann/Fine", "10", "2026-05-20", "made"),
    ("Bob/Merge", "2026-03-01", "merge", "Blue/One-70B", "50", "2026-05-20", "made"),
    ("Bob/Merge", "2026-03-01", "merge", "Red/One-8B", "50", "2026-05-20", "made"),
    ("Cat/Merge", "2026-03-02", "merge", "Red/One-1B", "3", "2026-05-20", "made"),
    ("Cat/Merge", "2026-03-02", "merge", "Red/One-8B", "3", "2026-05-20", "made"),
    ("Dan/Adapter", "2026-03-03", "adapter", "RedOld/One-8B", "", "", "made"),
)
# Model, days, until, downloads, low, high, known, and the two metrics with their bounds.
ADOPTION = (
    (1, 30, "2026-02-09", 150, 150, 150, 1, 1.5, 1.25, 2.0, 0.75, 0.5, 1.0),
    (1, 90, "2026-04-10", 700, 600, 800, 0, 2.0, 1.0, None, 1.0, 0.8, None),
    (2, 30, "2026-03-12", 90, 60, 110, 0, 0.9, 0.4, 1.5, 0.45, 0.2, 0.8),
    (3, 30, "2025-12-31", 100, 0, 200, 0, None, None, None, None, None, None),
    (7, 30, "2026-03-03", 120, 120, 120, 1, None, None, None, None, None, None),
)
# Model, days, through, downloads, low, high, had, its low and high, growth in percent, its low.
GROWTH = (
    (1, 30, THROUGH, 300, 300, 300, 900, 900, 900, 33.3333, 33.3333),
    (2, 30, THROUGH, 150, 140, 160, 250, 240, 260, 60.0, 53.8462),
    (3, 30, THROUGH, 120, 120, 120, 580, 580, 580, 20.6897, 20.6897),
    (4, 30, THROUGH, 70, 70, 70, 130, 130, 130, 53.8462, 53.8462),
    (7, 30, THROUGH, 130, 130, 130, 270, 270, 270, 48.1481, 48.1481),
)
REFERENCES = (
    ("5-10B", 30, 12, 3, 100, 75, 120, 200.0, 150.0, 300.0),
    ("1-5B", 30, 10, 0, 100, 0, 150, 200.0, 0.0, 300.0),
)
# Scope, label, models, models with counts.
SCOPES = (
    ("frontier", "Language and vision-language models", 7, 6),
    ("labs", "All models of labs", 8, 7),
    ("hub", "All observed models of registered publishers", 9, 8),
)


# Models without the windows that a likely interval of their own key would need.
FEW_WINDOWS = (4,)


def make_census() -> sqlite3.Connection:
    """Return the small census, its rollups made by the build's own code."""
    return make_census_with_draws()[0]


def made_database(path: Path) -> Path:
    """Write the made census to a file; return its path."""
    target = sqlite3.connect(path)
    make_census().backup(target)
    target.close()
    return path


def make_census_with_draws() -> tuple[sqlite3.Connection, ModelDownloads, ModelDraws]:
    """Return the small census, which a test may change, its downloads by model and their draws."""
    image, downloads, draws = made_once()
    db = sqlite3.connect(":memory:")
    db.deserialize(image)
    db.execute("pragma foreign_keys = on")
    return db, downloads, draws


@cache
def made_once() -> tuple[bytes, ModelDownloads, ModelDraws]:
    """Make the small census, which takes a second, once for all tests of a process."""
    db = empty_census()
    add_registry(db)
    for model in MODELS:
        add_model(db, *model)
    insert(db, "lineage", [(7, "quantized", "Red/One-8B", 1, None)])
    insert(
        db,
        "scopes",
        [
            (
                scope,
                label,
                f"{label} of the made census.",
                THROUGH,
                THROUGH[:7],
                *numbers,
                100.0,
                93.55,
                0.0,
            )
            for scope, label, *numbers in SCOPES
        ],
    )
    insert(db, "build_info", [("data_through", THROUGH), ("last_observation", THROUGH)])
    insert(db, "adoption", [*ADOPTION])
    insert(db, "recent_growth", [*GROWTH])
    insert(db, "adoption_references", [*REFERENCES])
    files = sqlite_utils.Database(db)
    load_licences(
        files,
        [
            row({"licence": key, "name": key, "class": group, "note": "made", "source_url": ""})
            for key, group in LICENCES
        ],
    )
    load_derivatives(
        files,
        [row(dict(zip(DERIVATIVES_FILE.columns, values, strict=True))) for values in DERIVATIVES],
        made_registry(),
        made_families(),
    )
    downloads = made_downloads()
    sample = made_sample(downloads.published)
    ends = dict.fromkeys((scope for scope, *_ in SCOPES), day_number(date.fromisoformat(THROUGH)))
    rolled_up = roll_up(db, downloads, lambda row: made_draws(downloads, row), sample, ends)
    add_curves(db, downloads)
    load_mix(db)
    load_concentration(db)
    db.commit()
    return db.serialize(), downloads, rolled_up.draws


def row(values: dict[str, str]) -> Row:
    """Return a row as if it had been read from a file."""
    return Row(values, "made.csv", 2)


def made_registry() -> Registry:
    """Return the labs and namespaces of the made census, for code that follows names."""
    labs = {
        slug: Lab(slug, name, "company", role, "", False, "", "") for slug, name, role, _ in LABS
    }
    namespaces = NameDict(
        (name, row({"namespace": name, "lab": lab, "renamed_to": new or ""}))
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


def made_value(key: int, day: int) -> tuple[int, int, int]:
    """Return estimate, lowest and highest count of a model on any day; 0 before its first one."""
    days = [day_number(date.fromisoformat(text)) for text in DATES]
    points: list[tuple[int, tuple[int, int, int]]] = []
    if key == 8:
        # As old as the Hub's floor: it had 900 a month before the first of the dates.
        points.append((month_end_before(days[0]), (900, 900, 900)))
    else:
        created = day_number(date.fromisoformat({row[0]: row[2] for row in MODELS}[key]))
        points.append((created, (0, 0, 0)))
    for at, value in zip(days, CURVES[key], strict=True):
        if value is not None:
            points.append((at, (value, value, value) if isinstance(value, int) else value))
    before = [point for point in points if point[0] <= day]
    after = [point for point in points if point[0] >= day]
    if not before:
        return (0, 0, 0) if key != 8 else points[0][1]
    if not after:
        return points[-1][1]
    (start, left), (end, right) = before[-1], after[0]
    if start == end:
        return left
    part = [
        one + (other - one) * (day - start) // (end - start)
        for one, other in zip(left, right, strict=True)
    ]
    return part[0], part[1], part[2]


def made_downloads() -> ModelDownloads:
    """Return the downloads of the made models, their middles and likely ends not filled yet.

    A month is bounded by what its two ends allow: low is its low less the last high, not below 0.
    """
    end = day_number(date.fromisoformat(THROUGH))
    published = PublishedDays([end])
    keys = sorted(CURVES)
    level = Measured.empty(len(keys), len(published.days))
    growth = Measured.empty(len(keys), len(published.spans))
    released = {row[0]: day_number(date.fromisoformat(row[2])) for row in MODELS}
    first_days = {**released, 8: day_number(date.fromisoformat(DATES[0]))}
    for row, key in enumerate(keys):
        values = {day: made_value(key, day) for day in published.days}
        known = {
            day_number(date.fromisoformat(text))
            for text, value in zip(DATES, CURVES[key], strict=True)
            if isinstance(value, int)
        }
        for at, day in enumerate(published.days):
            _, level.low[row, at], level.high[row, at] = values[day]
            level.counted[row, at] = day in known
        for at, span in enumerate(published.spans):
            one, other = values[span.start], values[span.end]
            growth.low[row, at] = max(other[1] - one[2], 0)
            growth.high[row, at] = other[2] - one[1]
            begins = span.start in known or span.start <= first_days[key]
            growth.counted[row, at] = span.end in known and begins
    return ModelDownloads(
        published,
        tuple(keys),
        np.array([first_days[key] for key in keys]),
        np.array([end for _ in keys]),
        np.array([key not in FEW_WINDOWS for key in keys]),
        level,
        growth,
    )


def made_draws(downloads: ModelDownloads, row: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the draws of a model: spread evenly from low to high, every other model falling."""
    places = np.arange(DRAWS) if row % 2 == 0 else np.arange(DRAWS)[::-1]
    part = (places + 0.5)[:, None] / DRAWS
    low, high = downloads.level.low[row], downloads.level.high[row]
    drawn: np.ndarray[Any, np.dtype[np.float64]] = low + (high - low) * part
    return drawn


def made_sample(published: PublishedDays) -> Sample:
    """Return the newest 30-day counts as weights of the last 45 days, and what is not counted."""
    last = day_number(date.fromisoformat(THROUGH))
    weights = np.array(
        [
            [LATEST[key][0] if last - day <= 45 else -1 for day in published.days]
            for key in sorted(LATEST)
        ]
    )
    uncounted = {key: LATEST[key][0] for key in LATEST if key not in CURVES}
    return Sample(tuple(sorted(LATEST)), weights, uncounted)


def add_curves(db: sqlite3.Connection, downloads: ModelDownloads) -> None:
    """Add the models' curves on `DATES`, from the arrays that the series are made of."""
    published, level, growth = downloads.published, downloads.level, downloads.growth
    for row, key in enumerate(downloads.models):
        for day in (day_number(date.fromisoformat(text)) for text in DATES):
            if day < downloads.first_days[row]:
                continue
            at, span = published.day_at[day], published.span_at[Span(month_end_before(day), day)]
            months = (growth.middle, growth.low, growth.high)
            method = "observed" if level.counted[row, at] else "estimated"
            values = (
                key, iso(day), iso(day)[:7],
                *(int(part[row, at]) for part in (level.middle, level.low, level.high)),
                *(int(part[row, span]) for part in months), method,
                int(level.likely_low[row, at]), int(level.likely_high[row, at]),
                int(growth.likely_low[row, span]), int(growth.likely_high[row, span]),
                int(level.counted[row, at]), int(growth.counted[row, span]),
            )  # fmt: skip
            insert(db, "curves", [values])


def ask(db: sqlite3.Connection, name: str, **values: str) -> list[dict[str, Any]]:
    """Return the rows of a question of canned_queries/; other parameters have their defaults."""
    shared = load_yaml((QUESTIONS / SHARED_FILE).read_text(encoding="utf-8"), SHARED_FILE)
    file = QUESTIONS / f"{name}.sql"
    question = parse_question(file.name, file.read_text(encoding="utf-8"), shared)
    question = with_choices(question, db)
    cursor = db.execute(question.sql, validate(question, values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def pick(rows: list[dict[str, Any]], *columns: str, **where: object) -> list[Any]:
    """Return some columns of the rows that have certain values; a single column without a tuple."""
    found = [row for row in rows if all(row[name] == value for name, value in where.items())]
    picked: list[Any] = [tuple(row[column] for column in columns) for row in found]
    return [values[0] for values in picked] if len(columns) == 1 else picked


def only(values: list[Any]) -> Any:
    """Return the one value of a list; AssertionError where there are more or none."""
    assert len(values) == 1, values
    return values[0]


def by(rows: list[dict[str, Any]], key: str, value: str) -> Mapping[Any, Any]:
    """Return one column by another."""
    return {row[key]: row[value] for row in rows}
