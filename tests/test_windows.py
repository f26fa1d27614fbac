"""Downloads of several months, of some models, and of the largest, on the small census."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping

import pytest
from made_census import DATES, add_curve, add_model, make_census

from census.selections import Ours
from census.windows import (
    cumulative_of,
    median_ratio,
    monthly_of_next,
    selected,
    windowed,
    windowed_share,
)


def row(
    dimension: str, key: str, month: str, since: str = "", scope: str = "frontier"
) -> Mapping[str, str]:
    return {"dimension": dimension, "key": key, "scope": scope, "since": since, "month": month}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # Red in March and April: One-8B 700, and One-1B 300 less 40 to 60.
        (row("lab", "red", "2026-04", "2026-03"), Ours(950, 940, 960)),
        # With Embed 200 more.
        (row("lab", "red", "2026-04", "2026-03", "labs"), Ours(1150, 1140, 1160)),
        (row("lab", "red@sized", "2026-04", "2026-03", "labs"), Ours(950, 940, 960)),
        (row("lab", "red@>1B", "2026-04", "2026-03"), Ours(700, 700, 700)),
        (row("model", "Red/One-1B", "2026-04", "2026-02"), Ours(300, 300, 300)),
        (row("names", "Rose/*+Lost/*", "2026-04", "2026-03"), Ours(130, 130, 130)),
        # Made in the window: all of it.
        (row("country", "FR", "2026-04", "2025-12"), Ours(100, 100, 100)),
        # In December it could have been anything from 0 to 200.
        (row("model", "Blue/One-70B", "2025-12", "2025-12"), Ours(100, 0, 200, wide=True)),
        (row("lab", "nobody", "2026-04", "2026-03"), None),
        (row("lab", "red", "2026-12", "2026-06"), None),
    ],
)
def test_a_window_of_months(given: Mapping[str, str], expected: Ours | None) -> None:
    ours = windowed(make_census(), given)
    assert ours == expected


def test_a_window_that_ends_after_the_series_has_no_upper_bound() -> None:
    ours = windowed(make_census(), row("lab", "rose", "2026-06", "2026-04"))
    # 150 on 20 May less 40 at the end of March.
    words = "at least 110 to 20 May 2026, where the series ends"
    assert ours == Ours(110, 110, math.inf, wide=True, words=words)


def test_a_share_of_a_window() -> None:
    db = make_census()
    # April: China 400 and 130 to 170; of all others 100 to 200, 40 to 60, 60 and 20.
    china = windowed_share(db, row("country", "CN", "2026-04", "2026-04"))
    assert china is not None
    assert china[:3] == pytest.approx(
        (100 * 550 / 780, 100 * 530 / (530 + 290), 100 * 570 / (570 + 170)), abs=0.01
    )
    above = windowed_share(db, row("lab", "red@>1B", "2026-04", "2026-03", "labs"))
    assert above is not None
    assert above[:3] == pytest.approx((100 * 700 / 950, 100 * 700 / 960, 100 * 700 / 940), abs=0.01)
    assert windowed_share(db, row("country", "CN", "2026-05", "2026-04")) is None
    assert windowed_share(db, row("country", "JP", "2026-04", "2026-04")) is None


def test_models_by_their_names() -> None:
    db = make_census()
    assert cumulative_of(db, row("names", "Blue/One-*+Red/One-1*", "2026-04")) == Ours(
        900, 900, 900
    )
    assert cumulative_of(db, row("names", "Green/*", "2026-04")) is None


def test_the_labs_after_the_largest() -> None:
    db = make_census()
    # In March without Red: Blue 100 and 90, Rose 40, Lost 10.
    found = monthly_of_next(db, row("lab", "red@2", "2026-03"))
    assert found is not None
    assert found.best == 100 + 90 + 40
    assert found.low <= found.best <= found.high
    assert monthly_of_next(db, row("lab", "red@9", "2026-03")) is None
    # May is not over.
    assert monthly_of_next(db, row("lab", "red@2", "2026-05")) is None


def test_a_ratio_of_medians() -> None:
    db = make_census()
    for place in range(1, 11):
        known = 100 * place
        add_sized(db, 100 + place, "100-250B", known, known, known)
        add_sized(db, 200 + place, "250B+", 10 * place, 5 * place, 20 * place)
    # The medians are between the fifth and the sixth: 550, and 55 that may be 27.5 to 110.
    found = median_ratio(db, row("size_bucket", "100-250B/250B+", "2026-04"))
    assert found == Ours(10, 5, 20, wide=True)
    assert median_ratio(db, row("size_bucket", "250B+/250B+", "2026-03")) == Ours(1, 0.25, 4, True)
    # Fewer than ten models have no median of ten.
    assert median_ratio(db, row("size_bucket", "100-250B/1-5B", "2026-04")) is None


def add_sized(
    db: sqlite3.Connection, key: int, bucket: str, best: int, low: int, high: int
) -> None:
    """Add a model of a size with the same count at the end of each month."""
    tag, licence = "text-generation", "mit"
    add_model(
        db, key, f"Red/Sized-{key}", "2025-12-01", tag, "text", licence, "false", 10**11, bucket,
        None, "frontier",
    )  # fmt: skip
    add_curve(db, key, ((best, low, high),) * len(DATES))


@pytest.mark.parametrize("key", ["red@", "red@blue", "red@>B", "red@70B"])
def test_a_key_that_is_none_is_told(key: str) -> None:
    with pytest.raises(ValueError, match="after @ stands sized or >70B"):
        selected("lab", key)
