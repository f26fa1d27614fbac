"""A census of a few models whose draws a test states: for what is decided draw by draw."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from made_census import add_model, add_registry, empty_census, insert
from numpy.typing import NDArray

from census.base.days import day_number
from census.rollups.downloads import MeasureByModel, ModelDownloads
from census.rollups.drawn_sums import DrawnSums
from census.rollups.estimate import ModelDraws
from census.rollups.noise import DRAWS
from census.rollups.published_days import PublishedDays

Counts = NDArray[np.int64]

ENDS = ("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31")


class Stated(NamedTuple):
    """A model and its downloads by the end of each day, as so many draws of the same history.

    Its lab is that of the namespace (`Red/…` Chinese, `Blue/…` American, `Rose/…` French). `low`
    and `high` are the hard bounds, those of the draws by default. Without draws it has no all-time
    count, and `at_least` downloads. `windowed` says whether its likely interval may be said.
    """

    name: str
    draws: Sequence[tuple[int, Sequence[float]]] = ()
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    windowed: bool = True
    at_least: int | None = None
    family: str | None = None
    modality: str | None = "text"
    bucket: str = "5-10B"
    scope: str = "frontier"


def stated(
    *models: Stated,
    ends: Sequence[str] = ENDS,
    families: Sequence[tuple[str, str, str]] = (),
) -> tuple[sqlite3.Connection, DrawnSums]:
    """Return a census with some models, which ends on the last of some days, and their draws.

    `families` are slug, name and lab, beside those of the made census.
    """
    db = empty_census()
    add_registry(db)
    insert(db, "families", [(*row, row[0], None) for row in families] or [
        ("none", "None", "red", "none", None)
    ])  # fmt: skip
    insert(
        db, "scopes", [("frontier", "Models of the test", "", ends[-1], None, 0, 0, *[None] * 3)]
    )
    for number, model in enumerate(models, start=1):
        add_model(
            db, number, model.name, "2022-12-01", "text-generation", model.modality or "", "mit",
            "false", 8_000_000_000, model.bucket, model.family, model.scope,
        )  # fmt: skip
        db.execute(
            "update models set at_least = ?, modality = nullif(modality, ''), latest_30d = null,"
            " latest_30d_on = null, latest_all_time = null, latest_all_time_on = null where id = ?",
            (model.at_least, number),
        )
    days = [day_number(date.fromisoformat(day)) for day in ends]
    published = PublishedDays([days[-1]])
    at = [published.day_at[day] for day in days]
    counted = [(number, one) for number, one in enumerate(models, start=1) if one.draws]
    level = MeasureByModel.empty(len(counted), len(published.days))
    growth = MeasureByModel.empty(len(counted), len(published.spans))
    growth.high[:] = 1 << 40
    values = np.zeros((len(counted), DRAWS, len(days)), dtype=np.float32)
    for row, (_, model) in enumerate(counted):
        histories = np.array([of for number, of in model.draws for _ in range(number)])
        assert histories.shape == (DRAWS, len(days)), model.name
        values[row] = histories
        level.middle[row, at] = np.median(histories, axis=0)
        level.low[row, at] = histories.min(axis=0) if model.low is None else model.low
        level.high[row, at] = histories.max(axis=0) if model.high is None else model.high
    add_curves(db, [number for number, _ in counted], ends, level.low[:, at], level.high[:, at])
    downloads = ModelDownloads(
        published,
        tuple(number for number, _ in counted),
        np.zeros(len(counted), dtype=np.int64),
        np.full(len(counted), days[-1]),
        np.array([model.windowed for _, model in counted]),
        level,
        growth,
    )
    return db, DrawnSums(downloads, ModelDraws(tuple(days), values))


def add_curves(
    db: sqlite3.Connection, models: Sequence[int], ends: Sequence[str], low: Counts, high: Counts
) -> None:
    """Add the hard bounds of some models by their days; a month is bounded by its two ends."""
    for model, lows, highs in zip(models, low.tolist(), high.tolist(), strict=True):
        for at, day in enumerate(ends):
            before = (lows[at - 1], highs[at - 1]) if at else (0, 0)
            cumulative = (lows[at], lows[at], highs[at])
            least = max(lows[at] - before[1], 0)
            monthly = (least, least, highs[at] - before[0])
            rest = ("estimated", 0, 0, 0, 0, 0, 0)
            insert(db, "curves", [(model, day, day[:7], *cumulative, *monthly, *rest)])
