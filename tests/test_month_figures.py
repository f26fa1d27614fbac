"""Downloads of several months, of some models, and of the largest, on the small census."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from made_census import add_model, insert, make_census_with_draws
from made_sums import Stated, add_curves, stated

from census.base.days import day_number
from census.findings.month_figures import (
    cumulative_of,
    median_ratio,
    monthly_of_other_labs,
    select_models,
    window_downloads,
    window_share,
)
from census.findings.our_figures import OurFigure
from census.rollups.downloads import MeasureByModel, ModelDownloads
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
    ours = window_downloads(*made, given)
    assert ours is not None
    assert (ours.middle, ours.low, ours.high) == pytest.approx(expected, abs=0.5)


def test_nothing_is_made_up_of_who_has_no_downloads(
    made: tuple[sqlite3.Connection, DrawnSums],
) -> None:
    assert window_downloads(*made, row("lab", "nobody", "2026-04", "2026-03")) is None
    assert window_downloads(*made, row("lab", "red", "2026-12", "2026-06")) is None


def test_an_interval_of_a_window_is_that_of_its_draws(
    made: tuple[sqlite3.Connection, DrawnSums],
) -> None:
    """One-1B had 60 - 20p by the end of February and 300 by the end of April.

    Of 200 draws the 11th and the 190th are at p = 0.0525 and 0.9475.
    """
    ours = window_downloads(*made, row("model", "Red/One-1B", "2026-04", "2026-03"))
    assert ours is not None
    assert ours.likely == pytest.approx((240 + 20 * 0.0525, 240 + 20 * 0.9475), abs=0.01)
    assert ours.chance(0, 250) == 0.5
    # Vision-3B has too few windows: bounds alone speak of it, and no number is said.
    vision = window_downloads(*made, row("model", "Blue/Vision-3B", "2026-03", "2026-03"))
    assert vision is not None
    assert (vision.likely, vision.is_quotable) == (None, False)
    assert vision.chance(0, 89) is None


def test_a_window_that_ends_after_the_series_has_no_upper_bound(
    made: tuple[sqlite3.Connection, DrawnSums],
) -> None:
    ours = window_downloads(*made, row("lab", "rose", "2026-06", "2026-04"))
    # 150 on 20 May less 40 at the end of March.
    words = "at least 110 to 20 May 2026, where the series ends"
    assert ours == OurFigure(110, 110, math.inf, words=words)
    assert not ours.is_quotable


def test_a_window_that_ends_with_the_series_is_whole() -> None:
    """A scope that ends on the last day of April has all of April."""
    db, downloads, draws = make_census_with_draws()
    db.execute("update scopes set through = '2026-04-30'")
    sums = DrawnSums(downloads, draws)
    ours = window_downloads(db, sums, row("lab", "rose", "2026-04", "2026-04"))
    assert ours is not None
    assert (ours.low, ours.high, ours.words) == (60, 60, None)
    share = window_share(db, sums, row("country", "CN", "2026-04", "2026-04"))
    assert share is not None
    assert share.high < 100
    assert monthly_of_other_labs(db, sums, row("lab", "red", "2026-04", number="2")) is not None
    db.execute("update scopes set through = '2026-04-29'")
    assert window_share(db, sums, row("country", "CN", "2026-04", "2026-04")) is None
    assert monthly_of_other_labs(db, sums, row("lab", "red", "2026-04", number="2")) is None


def test_a_share_of_a_window(made: tuple[sqlite3.Connection, DrawnSums]) -> None:
    # April: China 400 and 130 to 170; of all others 100 to 200, 40 to 60, 60 and 20.
    china = window_share(*made, row("country", "CN", "2026-04", "2026-04"))
    assert china is not None
    assert (china.low, china.high) == pytest.approx(
        (100 * 530 / (530 + 290), 100 * 570 / (570 + 170)), abs=0.01
    )
    assert china.low < china.middle < china.high
    # At p = 0.5 it is 550 of 780.
    assert china.middle == pytest.approx(100 * 550 / 780, abs=0.3)
    above = window_share(*made, row("lab", "red", "2026-04", "2026-03", "labs", part=">1B"))
    assert above is not None
    assert (above.middle, above.low, above.high) == pytest.approx(
        (100 * 700 / 950, 100 * 700 / 960, 100 * 700 / 940), abs=0.01
    )
    assert window_share(*made, row("country", "CN", "2026-05", "2026-04")) is None
    assert window_share(*made, row("country", "JP", "2026-04", "2026-04")) is None


def test_models_by_their_names(made: tuple[sqlite3.Connection, DrawnSums]) -> None:
    named = cumulative_of(*made, row("names", "Blue/One-*+Red/One-1*", "2026-04"))
    assert named == OurFigure(900, 900, 900)
    assert cumulative_of(*made, row("names", "Green/*", "2026-04")) is None


def test_the_labs_after_the_largest(made: tuple[sqlite3.Connection, DrawnSums]) -> None:
    # In March without Red: Blue 50 + 70 to 150 + 110, Rose 40, Lost 10.
    found = monthly_of_other_labs(*made, row("lab", "red", "2026-03", number="2"))
    assert found is not None
    # Lows of 0 + 70 and 40, highs of 250 + 110 and 40.
    assert (found.low, found.high) == (110, 400)
    # By p One-70B grew by 150 - 100p, Vision-3B by 90; with Rose 40.
    assert found.middle == pytest.approx(100 + 90 + 40, abs=1)
    assert monthly_of_other_labs(*made, row("lab", "red", "2026-03", number="3")) is not None
    assert monthly_of_other_labs(*made, row("lab", "red", "2026-03", number="4")) is None
    # May is not over.
    assert monthly_of_other_labs(*made, row("lab", "red", "2026-05", number="2")) is None


def test_a_ratio_of_medians() -> None:
    """Ten models have 100, 200 … 1000 for sure, ten others 5 to 20 times their number."""
    db, *_ = make_census_with_draws()
    day = day_number(date(2026, 4, 30))
    published = PublishedDays([day])
    level = MeasureByModel.empty(20, len(published.days))
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
        MeasureByModel.empty(20, len(published.spans)),
    )  # fmt: skip
    sums = DrawnSums(downloads, ModelDraws((day,), values))
    # The medians are between the fifth and the sixth: 550, and 27.5 to 110.
    found = median_ratio(db, sums, row("size_bucket", "100-250B", "2026-04", versus="250B+"))
    assert found is not None
    assert (found.low, found.high) == (5, 20)
    assert found.middle == pytest.approx(8, abs=0.1)
    assert found.likely is not None
    assert not found.is_quotable
    # Fewer than ten models have no median of ten.
    assert median_ratio(db, sums, row("size_bucket", "100-250B", "2026-04", versus="1-5B")) is None


def test_a_median_is_of_the_ten_largest_wherever_they_stand() -> None:
    """100 to 1,000 and one of 50 between them, over ten that all had 50 or 200."""
    of_one = [100, 1000, 200, 900, 50, 300, 800, 400, 700, 500, 600]
    one = [Stated(f"Red/{at}", [(200, [count])], bucket="1-5B") for at, count in enumerate(of_one)]
    other = [Stated(f"Blue/{at}", [(100, [50]), (100, [200])]) for at in range(10)]
    db, sums = stated(*one, *other, ends=["2026-03-31"])
    found = median_ratio(db, sums, row("size_bucket", "1-5B", "2026-03", versus="5-10B"))
    assert found is not None
    assert (found.low, found.high) == (2.75, 11)
    assert found.middle == pytest.approx((2.75 + 11) / 2)
    # Of a day whose draws are not kept nothing is known, whatever the bounds say.
    add_curves(db, range(1, 22), ["2026-02-28"], np.ones((21, 1)), np.ones((21, 1)))
    assert median_ratio(db, sums, row("size_bucket", "1-5B", "2026-02", versus="5-10B")) is None


def test_bounds_of_a_window_are_those_of_its_months_and_of_its_ends() -> None:
    """By its months the model had 0 to 140 more, by the two ends 40 to 70."""
    model = Stated("Red/One", [(200, [10, 20, 30, 60])], [10, 10, 10, 60], [20, 60, 60, 80])
    db, sums = stated(model)
    ours = window_downloads(db, sums, row("model", "Red/One", "2026-03", "2026-01"))
    assert ours is not None
    assert (ours.low, ours.high) == (60 - 20, 80 - 10)
    # In each of two months 20 to 30; the ends leave 0 to 110 open.
    db.execute("update curves set monthly_low = 20, monthly_high = 30")
    db.execute("update curves set cumulative_low = 0, cumulative_high = 110")
    ours = window_downloads(db, sums, row("model", "Red/One", "2026-03", "2026-02"))
    assert ours is not None
    assert (ours.low, ours.high) == (40, 60)


def test_last_days_of_other_scopes_are_no_months_of_a_window() -> None:
    model = Stated("Red/One", [(200, [10, 20, 30, 60])])
    db, sums = stated(model)
    zeros = (0,) * 6
    within = (1, "2026-03-20", "2026-03", 50, 50, 50, 20, 20, 20, "estimated", *zeros)
    insert(db, "curves", [within])
    db.execute("insert into scopes select 'labs', label, description, '2026-03-20', null, 0, 0,"
               " null, null, null from scopes")  # fmt: skip
    db.execute("insert into scopes select 'hub', label, description, null, null, 0, 0,"
               " null, null, null from scopes where scope = 'labs'")  # fmt: skip
    ours = window_downloads(db, sums, row("model", "Red/One", "2026-03", "2026-02"))
    assert ours is not None
    assert (ours.low, ours.high, ours.words) == (40, 40, None)
    earlier = window_downloads(db, sums, row("model", "Red/One", "2026-03", "2026-02", "labs"))
    assert earlier is not None
    assert (earlier.low, earlier.words) == (
        30,
        "at least 30 to 20 March 2026, where the series ends",
    )
    # A scope that has no last day has no figures.
    assert window_downloads(db, sums, row("model", "Red/One", "2026-03", "2026-02", "hub")) is None


def test_a_share_is_known_though_some_draws_have_no_downloads_at_all() -> None:
    nothing = [(20, [0, 0, 0, 0]), (180, [0, 0, 0, 30])]
    db, sums = stated(Stated("Red/One", nothing), Stated("Blue/One", nothing))
    share = window_share(db, sums, row("country", "CN", "2026-03", "2026-03"))
    assert share is not None
    assert (share.low, share.middle, share.high) == (0, 50, 100)
    db, sums = stated(Stated("Red/One", [(200, [0] * 4)]), Stated("Blue/One", [(200, [0] * 4)]))
    assert window_share(db, sums, row("country", "CN", "2026-03", "2026-03")) is None


def test_a_share_may_be_said_where_both_of_its_sides_have_windows() -> None:
    red, blue = (Stated(name, [(200, [0, 0, 0, 30])]) for name in ("Red/One", "Blue/One"))
    for one, other, known in ((True, True, True), (True, False, False), (False, True, False)):
        made = stated(red._replace(windowed=one), blue._replace(windowed=other))
        share = window_share(*made, row("country", "CN", "2026-03", "2026-03"))
        assert share is not None
        assert (share.draws is not None) == known


def test_models_above_a_size_have_more_parameters_than_that() -> None:
    db, sums = stated(Stated("Red/One", [(200, [0, 0, 0, 30])]))
    for parameters, counts in ((70_000_000_000, False), (70_000_000_001, True), (None, False)):
        db.execute("update models set parameters = ?", (parameters,))
        ours = window_downloads(db, sums, row("lab", "red", "2026-03", "2026-03", part=">70B"))
        assert (ours is not None) == counts


@pytest.mark.parametrize("part", ["blue", ">B", "70B"])
def test_a_part_that_is_none_is_told(part: str) -> None:
    with pytest.raises(ValueError, match="is not sized or of the form >70B"):
        select_models("lab", "red", part)
