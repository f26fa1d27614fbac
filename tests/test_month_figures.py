"""Downloads of several months, of some models, and of the largest, on the small census."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from made_census import add_model, insert, make_census_with_draws

from census.base.days import day_number
from census.findings.month_figures import (
    cumulative_of,
    median_ratio,
    monthly_of_next,
    selected,
    windowed,
    windowed_share,
)
from census.findings.our_figures import Ours
from census.rollups.downloads import Measured, ModelDownloads
from census.rollups.drawn_sums import DrawnSums
from census.rollups.estimate import ModelDraws
from census.rollups.noise import DRAWS
from census.rollups.published_days import PublishedDays


@pytest.fixture(scope="module")
def made() -> tuple[sqlite3.Connection, DrawnSums]:
    db, downloads, draws = make_census_with_draws()
    return db, DrawnSums(downloads, draws)


def row(
    dimension: str,
    key: str,
    month: str,
    since: str = "",
    scope: str = "frontier",
    **beside: str,
) -> Mapping[str, str]:
    return {
        **dict.fromkeys(("versus", "part", "number"), ""),
        **{"dimension": dimension, "key": key, "scope": scope, "since": since, "month": month},
        **beside,
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # Red in March and April: One-8B 700, and One-1B 300 less 40 to 60.
        (row("lab", "red", "2026-04", "2026-03"), (950, 940, 960)),
        # With Embed 200 more.
        (row("lab", "red", "2026-04", "2026-03", "labs"), (1150, 1140, 1160)),
        (row("lab", "red", "2026-04", "2026-03", "labs", part="sized"), (950, 940, 960)),
        (row("lab", "red", "2026-04", "2026-03", part=">1B"), (700, 700, 700)),
        (row("model", "Red/One-1B", "2026-04", "2026-02"), (300, 300, 300)),
        (row("names", "Rose/*+Lost/*", "2026-04", "2026-03"), (130, 130, 130)),
        # Made in the window: all of it.
        (row("country", "FR", "2026-04", "2025-12"), (100, 100, 100)),
        # In December it could have been anything from 0 to 200.
        (row("model", "Blue/One-70B", "2025-12", "2025-12"), (100, 0, 200)),
    ],
)
def test_a_window_of_months(
    made: tuple[sqlite3.Connection, DrawnSums],
    given: Mapping[str, str],
    expected: tuple[float, float, float],
) -> None:
    ours = windowed(*made, given)
    assert ours is not None
    assert (ours.best, ours.low, ours.high) == pytest.approx(expected, abs=0.5)


def test_nothing_is_made_up_of_who_has_no_downloads(
    made: tuple[sqlite3.Connection, DrawnSums],
) -> None:
    assert windowed(*made, row("lab", "nobody", "2026-04", "2026-03")) is None
    assert windowed(*made, row("lab", "red", "2026-12", "2026-06")) is None


def test_an_interval_of_a_window_is_that_of_its_draws(
    made: tuple[sqlite3.Connection, DrawnSums],
) -> None:
    """One-1B had 60 - 20p by the end of February and 300 by the end of April.

    Of 200 draws the 11th and the 190th are at p = 0.0525 and 0.9475.
    """
    ours = windowed(*made, row("model", "Red/One-1B", "2026-04", "2026-03"))
    assert ours is not None
    assert ours.likely == pytest.approx((240 + 20 * 0.0525, 240 + 20 * 0.9475), abs=0.01)
    assert ours.chance(0, 250) == 0.5
    # Vision-3B has too few windows: bounds alone speak of it, and no number is said.
    vision = windowed(*made, row("model", "Blue/Vision-3B", "2026-03", "2026-03"))
    assert vision is not None
    assert (vision.likely, vision.said) == (None, False)
    assert vision.chance(0, 89) is None


def test_a_window_that_ends_after_the_series_has_no_upper_bound(
    made: tuple[sqlite3.Connection, DrawnSums],
) -> None:
    ours = windowed(*made, row("lab", "rose", "2026-06", "2026-04"))
    # 150 on 20 May less 40 at the end of March.
    words = "at least 110 to 20 May 2026, where the series ends"
    assert ours == Ours(110, 110, math.inf, words=words)
    assert not ours.said


def test_a_window_that_ends_with_the_series_is_whole() -> None:
    """A scope that ends on the last day of April has all of April."""
    db, downloads, draws = make_census_with_draws()
    db.execute("update scopes set through = '2026-04-30'")
    sums = DrawnSums(downloads, draws)
    ours = windowed(db, sums, row("lab", "rose", "2026-04", "2026-04"))
    assert ours is not None
    assert (ours.low, ours.high, ours.words) == (60, 60, None)
    share = windowed_share(db, sums, row("country", "CN", "2026-04", "2026-04"))
    assert share is not None
    assert share.high < 100
    assert monthly_of_next(db, sums, row("lab", "red", "2026-04", number="2")) is not None
    db.execute("update scopes set through = '2026-04-29'")
    assert windowed_share(db, sums, row("country", "CN", "2026-04", "2026-04")) is None
    assert monthly_of_next(db, sums, row("lab", "red", "2026-04", number="2")) is None


def test_a_share_of_a_window(made: tuple[sqlite3.Connection, DrawnSums]) -> None:
    # April: China 400 and 130 to 170; of all others 100 to 200, 40 to 60, 60 and 20.
    china = windowed_share(*made, row("country", "CN", "2026-04", "2026-04"))
    assert china is not None
    assert (china.low, china.high) == pytest.approx(
        (100 * 530 / (530 + 290), 100 * 570 / (570 + 170)), abs=0.01
    )
    assert china.low < china.best < china.high
    # At p = 0.5 it is 550 of 780.
    assert china.best == pytest.approx(100 * 550 / 780, abs=0.3)
    above = windowed_share(*made, row("lab", "red", "2026-04", "2026-03", "labs", part=">1B"))
    assert above is not None
    assert (above.best, above.low, above.high) == pytest.approx(
        (100 * 700 / 950, 100 * 700 / 960, 100 * 700 / 940), abs=0.01
    )
    assert windowed_share(*made, row("country", "CN", "2026-05", "2026-04")) is None
    assert windowed_share(*made, row("country", "JP", "2026-04", "2026-04")) is None


def test_models_by_their_names(made: tuple[sqlite3.Connection, DrawnSums]) -> None:
    named = cumulative_of(*made, row("names", "Blue/One-*+Red/One-1*", "2026-04"))
    assert named == Ours(900, 900, 900)
    assert cumulative_of(*made, row("names", "Green/*", "2026-04")) is None


def test_the_labs_after_the_largest(made: tuple[sqlite3.Connection, DrawnSums]) -> None:
    # In March without Red: Blue 50 + 70 to 150 + 110, Rose 40, Lost 10.
    found = monthly_of_next(*made, row("lab", "red", "2026-03", number="2"))
    assert found is not None
    assert found.low <= found.best <= found.high
    # By p One-70B grew by 150 - 100p, Vision-3B by 90; with Rose 40.
    assert found.best == pytest.approx(100 + 90 + 40, abs=1)
    assert monthly_of_next(*made, row("lab", "red", "2026-03", number="9")) is None
    # May is not over.
    assert monthly_of_next(*made, row("lab", "red", "2026-05", number="2")) is None


def test_a_ratio_of_medians() -> None:
    """Ten models have 100, 200 … 1000 for sure, ten others 5 to 20 times their number."""
    db, *_ = make_census_with_draws()
    day = day_number(date(2026, 4, 30))
    published = PublishedDays([day])
    level = Measured.empty(20, len(published.days))
    values = np.zeros((20, DRAWS, 1), dtype=np.float32)
    numbers = [*range(101, 111), *range(201, 211)]
    at = published.day_at[day]
    for line, number in enumerate(numbers):
        place, sure = number % 100, number < 200
        low, high = (100 * place, 100 * place) if sure else (5 * place, 20 * place)
        level.low[line, at], level.high[line, at] = low, high
        values[line, :, 0] = np.linspace(low, high, DRAWS)
        add_model(
            db, number, f"Red/Sized-{number}", "2025-12-01", "text-generation", "text", "mit",
            "false", 10**11, "100-250B" if sure else "250B+", None, "frontier",
        )  # fmt: skip
        zeros = (0,) * 6
        curve = (number, "2026-04-30", "2026-04", low, low, high, 0, 0, 0, "estimated", *zeros)
        insert(db, "curves", [curve])
    first = np.zeros(20, dtype=np.int64)
    downloads = ModelDownloads(
        published, tuple(numbers), first, first + day, first == 0, level,
        Measured.empty(20, len(published.spans)),
    )  # fmt: skip
    sums = DrawnSums(downloads, ModelDraws((day,), values))
    # The medians are between the fifth and the sixth: 550, and 27.5 to 110.
    found = median_ratio(db, sums, row("size_bucket", "100-250B", "2026-04", versus="250B+"))
    assert found is not None
    assert (found.low, found.high) == (5, 20)
    assert found.best == pytest.approx(8, abs=0.1)
    assert found.likely is not None
    assert not found.said
    # Fewer than ten models have no median of ten.
    assert median_ratio(db, sums, row("size_bucket", "100-250B", "2026-04", versus="1-5B")) is None


@pytest.mark.parametrize("part", ["blue", ">B", "70B"])
def test_a_part_that_is_none_is_told(part: str) -> None:
    with pytest.raises(ValueError, match="is not sized or of the form >70B"):
        selected("lab", "red", part)
