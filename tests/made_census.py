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

import sqlite3
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import sqlite_utils
from made_registry import (
    add_model,
    add_registry,
    as_row,
    empty_census,
    insert,
    made_families,
    made_registry,
)
from made_rows import (
    ADOPTION,
    CURVES,
    DATES,
    DERIVATIVES,
    FEW_WINDOWS,
    GROWTH,
    LATEST,
    LICENCES,
    MODELS,
    REFERENCES,
    SCOPES,
    THROUGH,
)

from census.base.days import day_number, iso, month_end_before
from census.inputs.licences import load_licences
from census.questions.question_files import (
    SHARED_FILE,
    load_yaml,
    parse_question,
    validate,
    with_choices,
)
from census.rollups.changes import load_changes
from census.rollups.concentration import load_concentration
from census.rollups.derivatives import DERIVATIVES_FILE, load_derivatives
from census.rollups.downloads import MeasureByModel, ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.lab_countries import load_lab_countries
from census.rollups.lab_moves import load_lab_moves
from census.rollups.mix import load_mix
from census.rollups.noise import DRAWS
from census.rollups.published_days import PublishedDays, Span
from census.rollups.sample import Sample
from census.rollups.series import roll_up

QUESTIONS = Path(__file__).parent.parent / "canned_queries"


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
            as_row({"licence": key, "name": key, "class": group, "note": "made", "source_url": ""})
            for key, group in LICENCES
        ],
    )
    load_derivatives(
        files,
        [
            as_row(dict(zip(DERIVATIVES_FILE.columns, values, strict=True)))
            for values in DERIVATIVES
        ],
        made_registry(),
        made_families(),
    )
    downloads = made_downloads()
    sample = made_sample(downloads.published)
    ends = dict.fromkeys((scope for scope, *_ in SCOPES), day_number(date.fromisoformat(THROUGH)))
    rolled_up = roll_up(db, downloads, lambda row: made_draws(downloads, row), sample, ends)
    add_curves(db, downloads)
    load_mix(db, downloads, rolled_up.draws, sample)
    for load in (load_concentration, load_changes, load_lab_countries, load_lab_moves):
        load(db, downloads, rolled_up.draws, sample, ends)
    db.commit()
    return db.serialize(), downloads, rolled_up.draws


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
    level = MeasureByModel.empty(len(keys), len(published.days))
    growth = MeasureByModel.empty(len(keys), len(published.spans))
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
