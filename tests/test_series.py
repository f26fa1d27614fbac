"""The series of a census whose four models can be added up by hand, with all their columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from made_census import add_model, add_registry, empty_census, insert
from numpy.typing import NDArray

from census.base.days import day_number, iso
from census.rollups.downloads import MeasureByModel, ModelDownloads
from census.rollups.estimate import ModelDraws, estimate
from census.rollups.noise import DRAWS
from census.rollups.published_days import PublishedDays
from census.rollups.sample import Sample
from census.rollups.series import RolledUp, roll_up

# The end of the day before the first download, and the last day, ninety days later.
FIRST = day_number(date(2025, 12, 31))
LAST = FIRST + 90
# Where each draw lies between lowest and highest: draw n at n - ½ of 200, in no order.
PLACES = np.roll((np.arange(DRAWS) + 0.5) / DRAWS, 61)
NAMES = ("Red/One", "Blue/One", "Lost/One", "Blue/Uncounted")
FAR = 10**6


class Census:
    """Red has d to 3d downloads by day d, Blue 20 + 2d of which every one is counted, Lost d.

    Blue's last count is of day 80, and another model of Blue has no all-time count.
    """

    def __init__(self, *, windowed: bool = True, ends: Sequence[int] = (LAST,)) -> None:
        published = PublishedDays(ends)
        days = np.array(published.days)
        since = np.maximum(days - FIRST, 0)
        blue = np.where(since > 0, 20 + 2 * since, 0)
        level = MeasureByModel.empty(3, len(days))
        level.low[:] = [since, blue, since]
        level.high[:] = [3 * since, blue, since]
        level.counted[1] = True
        growth = MeasureByModel.empty(3, len(published.spans))
        starts, stops = (
            np.array([published.day_at[span[end]] for span in published.spans]) for end in (0, 1)
        )
        grown = level.low[:, stops] - level.low[:, starts]
        growth.low[:], growth.high[:] = grown, grown
        growth.low[0], growth.high[0] = 0, FAR
        self.downloads = ModelDownloads(
            published,
            (1, 2, 3),
            np.array([FIRST, FIRST, FIRST + 59]),
            np.array([LAST, FIRST + 80, LAST]),
            np.array([windowed, True, False]),
            level,
            growth,
        )
        self.since = since
        weights = np.tile(np.array([[30], [50], [-1], [20]]), (1, len(days)))
        self.sample = Sample((1, 2, 3, 4), weights, {4: 8})
        self.db = empty_census()
        add_registry(self.db)
        insert(self.db, "families", [("f", "F", "red", "f", None)])
        insert(self.db, "scopes", [("frontier", "F", "", iso(LAST), None, 0, 0, None, None, None)])
        for number, name in enumerate(NAMES, start=1):
            add_model(
                self.db, number, name, "2022-12-01", "text-generation", "text", "mit", "false",
                8_000_000_000, "5-10B", None, "frontier",
            )  # fmt: skip
        self.ends = {"frontier": ends[0]}

    def draw(self, row: int) -> NDArray[np.float64]:
        drawn: NDArray[np.float64] = self.since * (1 + 2 * PLACES[:, None])
        return drawn

    def roll_up(self) -> RolledUp:
        return roll_up(self.db, self.downloads, self.draw, self.sample, self.ends)


def rows(db: sqlite3.Connection, table: str, key: str | None, where: str = "1") -> list[Any]:
    """Return the rows of a country's series as publishers have it."""
    db.row_factory = sqlite3.Row
    return db.execute(
        f"select p.* from {table} as p inner join series_keys as k on k.id = p.series"
        " where k.scope = 'frontier' and k.attribution = 'publisher' and k.basis = 'operating'"
        f" and k.dimension = 'country' and k.key is ? and {where} order by p.through",
        (key,),
    ).fetchall()


def values(row: Any, measure: str) -> dict[str, Any]:
    head = f"{measure}_"
    return {name.removeprefix(head): row[name] for name in row.keys()  # noqa: SIM118
            if name == measure or name.startswith(head)}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> sqlite3.Connection:
    census = Census()
    assert census.roll_up().widened == 0
    return census.db


def test_a_key_that_is_estimated_has_all_its_columns(made: sqlite3.Connection) -> None:
    """By day 90 Red has 90 to 270, draw n 90 + 180 (n - ½) / 200; the others have 200 and 90.

    Of the shares the lowest is 90 of 380, the highest 270 of 560.
    """
    last = rows(made, "series_points", "CN")[-1]
    assert (last["month"], last["through"]) == ("2026-03", "2026-03-31")
    assert values(last, "cumulative") == {
        "cumulative": 180, "low": 90, "high": 270,
        # Draws 11, 190, 51 and 150.
        "likely_low": 99, "likely_high": 261, "half_low": 135, "half_high": 225,
        "counted": 0,
        "share_pct": pytest.approx(100 * 180 / 470, abs=1e-4),
        # To four decimals: 90 of 380, 270 of 560.
        "low_pct": 23.6842,
        "high_pct": 48.2143,
        "likely_low_pct": pytest.approx(100 * 99.45 / 389.45, abs=0.005),
        "likely_high_pct": pytest.approx(100 * 260.55 / 550.55, abs=0.005),
        "half_low_pct": pytest.approx(100 * 135.45 / 425.45, abs=0.005),
        "half_high_pct": pytest.approx(100 * 224.55 / 514.55, abs=0.005),
        # Below 200 are the draws up to the 122nd.
        "place": 2, "p_place": 0.61, "rests_on": "estimated",
    }  # fmt: skip
    # In the 31 days of March it had 31 + 62 (n - ½) / 200 more; the others 62 and 31.
    assert values(last, "monthly") == {
        "monthly": 62, "low": 0, "high": FAR,
        "likely_low": 34, "likely_high": 90, "half_low": 47, "half_high": 77,
        "counted": 0,
        "share_pct": 40.0, "low_pct": 0.0,
        "high_pct": pytest.approx(100 * FAR / (FAR + 93), abs=1e-4),
        "likely_low_pct": pytest.approx(100 * 34.255 / 127.255, abs=0.005),
        "likely_high_pct": pytest.approx(100 * 89.745 / 182.745, abs=0.005),
        "half_low_pct": pytest.approx(100 * 46.655 / 139.655, abs=0.005),
        "half_high_pct": pytest.approx(100 * 77.345 / 170.345, abs=0.005),
        # Level with the 62 of Blue; the 8 more that are known of it are passed from the 127th on.
        "place": 1, "p_place": 0.37, "rests_on": "estimated",
    }  # fmt: skip
    assert [last[name] for name in ("carried", "covered", "coverable", "models")] == [0, 30, 30, 1]


def test_a_key_that_is_counted_is_a_point(made: sqlite3.Connection) -> None:
    last = rows(made, "series_points", "US")[-1]
    found = values(last, "cumulative")
    assert found["rests_on"] == "counted"
    assert {found[name] for name in ("cumulative", "low", "high", "counted", "half_low")} == {200}
    assert (found["likely_low"], found["likely_high"]) == (200, 200)
    assert (found["low_pct"], found["high_pct"]) == (
        pytest.approx(100 * 200 / 560, abs=1e-4),
        pytest.approx(100 * 200 / 380, abs=1e-4),
    )
    # A model that has no all-time count is coverable, and what it has at the least is no rival's.
    assert (found["place"], found["p_place"]) == (1, 0.61)
    assert [last[name] for name in ("carried", "covered", "coverable", "models")] == [
        200, 50, 70, 1,
    ]  # fmt: skip
    february = rows(made, "series_points", "US")[-2]
    assert (february["carried"], february["monthly"]) == (0, 56)


def test_what_is_known_at_the_least_of_a_lower_key_makes_a_place_less_probable() -> None:
    """Red is ahead of the 100 that Blue has, and of the 8 that it has beside them at the least."""
    census = Census()
    census.downloads.level.low[1] //= 2
    census.downloads.level.high[1] //= 2
    census.roll_up()
    first, second = (rows(census.db, "series_points", key)[-1] for key in ("CN", "US"))
    # From the 21st draw on.
    assert (first["cumulative_place"], first["cumulative_p_place"]) == (1, 0.9)
    assert (second["cumulative_place"], second["cumulative_p_place"]) == (2, 0.9)


def test_what_has_no_place_is_part_of_the_whole_from_its_first_day(
    made: sqlite3.Connection,
) -> None:
    lost = rows(made, "series_points", None)
    assert [row["month"] for row in lost] == ["2026-02", "2026-03"]
    assert (lost[-1]["cumulative"], lost[-1]["cumulative_share_pct"]) == (
        90,
        pytest.approx(100 * 90 / 470, abs=1e-4),
    )
    assert lost[-1]["cumulative_place"] is None
    # Without windows and counts there is no likely interval, though bounds leave one value.
    assert lost[-1]["cumulative_likely_low"] is None
    weights = [lost[-1][name] for name in ("covered", "coverable", "models")]
    assert weights == [0, 0, 1]


def test_without_windows_a_key_rests_on_its_bounds() -> None:
    census = Census(windowed=False)
    census.roll_up()
    last = rows(census.db, "series_points", "CN")[-1]
    for measure in ("cumulative", "monthly"):
        found = values(last, measure)
        assert found["rests_on"] == "bounds"
        unknown = {name for name, value in found.items() if value is None}
        ends = {f"{kind}_{end}{of}" for kind in ("likely", "half") for end in ("low", "high")
                for of in ("", "_pct")}  # fmt: skip
        assert unknown == {*ends, "p_place"}
    assert (last["cumulative"], last["cumulative_low"], last["cumulative_high"]) == (180, 90, 270)


def test_weeks_and_days_are_those_of_the_last_92(made: sqlite3.Connection) -> None:
    days, weeks = (
        rows(made, "series_days", "US", f"p.step = '{step}'") for step in ("day", "week")
    )
    # The first download is of day 1; on that before nothing was there yet.
    assert (len(days), days[0]["through"], days[-1]["through"]) == (91, "2025-12-31", "2026-03-31")
    assert (days[-1]["monthly"], days[1]["monthly"], days[0]["monthly"]) == (2, 22, 0)
    assert (len(weeks), weeks[0]["through"], weeks[-1]["through"]) == (
        13,
        "2026-01-06",
        "2026-03-31",
    )
    assert [weeks[-1][name] for name in ("month", "monthly", "cumulative")] == ["2026-03", 14, 200]


def test_series_of_the_same_models_have_the_same_rows(made: sqlite3.Connection) -> None:
    keys = made.execute(
        "select attribution, basis, dimension, key, label from series_keys order by id"
    ).fetchall()
    found = [tuple(key) for key in keys if key["dimension"] == "country"]
    assert found[:3] == [
        ("publisher", "operating", "country", None, "Country not established"),
        ("publisher", "operating", "country", "CN", "China"),
        ("publisher", "operating", "country", "US", "United States"),
    ]
    # Every attribution has every basis of a place, and one of what is nobody's.
    places = {tuple(key)[:3] for key in keys if key["dimension"] == "region"}
    assert {cut[0] for cut in places} == {"publisher", "base"}
    assert len(places) == 2 * 5
    assert {tuple(key)[:3] for key in keys if key["dimension"] == "modality"} == {
        ("publisher", "operating", "modality"),
        ("base", "operating", "modality"),
    }
    (text,) = made.execute(
        "select p.cumulative, p.cumulative_low, p.cumulative_high, p.models"
        " from series_points as p inner join series_keys as k on k.id = p.series"
        " where k.attribution = 'base' and k.key = 'text' and p.month = '2026-03'"
    ).fetchall()
    assert tuple(text) == (470, 380, 560, 3)


def test_each_scope_has_its_own_last_day() -> None:
    census = Census(ends=(LAST - 10, LAST))
    insert(census.db, "scopes", [("labs", "L", "", iso(LAST), None, 0, 0, None, None, None)])
    census.ends["labs"] = LAST
    drawn = census.roll_up()
    assert rows(census.db, "series_points", "US")[-1]["through"] == "2026-03-21"
    assert rows(census.db, "series_days", "US")[-1]["cumulative"] == 20 + 2 * 80
    # The draws of month ends and of the last days are kept, the others not.
    ends = [iso(day) for day in drawn.draws.days if day >= FIRST]
    assert ends == ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-21", "2026-03-31"]


def test_a_counted_sum_is_stored_whole_an_estimate_with_four_digits() -> None:
    census = Census()
    for part in (census.downloads.level.low, census.downloads.level.high):
        part *= 12_347
    census.since = census.since * 12_347
    census.roll_up()
    one, other = (rows(census.db, "series_points", key)[-1] for key in ("CN", "US"))
    assert (one["cumulative"], one["cumulative_low"]) == (2_222_000, 90 * 12_347)
    assert (other["cumulative"], other["cumulative_likely_low"]) == (2_469_400, 2_469_400)


@pytest.mark.parametrize(("counted", "known"), [(190, True), (189, False)])
def test_a_key_is_certain_where_95_of_100_are_counted(counted: int, known: bool) -> None:
    """Blue's downloads are counted, those of Lost, which is American here, are not."""
    census = Census()
    census.db.execute("update model_countries set country = 'US' where model = 3")
    at = census.downloads.published.day_at[LAST]
    census.downloads.windowed[:] = False
    for part in (census.downloads.level.low, census.downloads.level.high):
        part[1:, at] = counted, 200 - counted
    census.roll_up()
    last = rows(census.db, "series_points", "US")[-1]
    assert (last["cumulative"], last["cumulative_counted"]) == (200, counted)
    assert (last["cumulative_p_place"] is not None) == known


def test_keys_without_counted_models_have_no_rows_and_keep_no_others_out() -> None:
    census = Census()
    census.db.execute("update model_countries set country = null where model = 4")
    census.db.execute("update model_countries set country = 'FR' where model = 3")
    census.downloads.first_days[1] = 0
    rolled_up = census.roll_up()
    assert rows(census.db, "series_points", None) == []
    months = [row["month"] for row in rows(census.db, "series_points", "US")]
    # What was there from the first published month on has a row from then on.
    assert (months[0], months[-1], len(months)) == ("2022-03", "2026-03", 49)
    assert [row["cumulative"] for row in rows(census.db, "series_points", "FR")][-1:] == [90]
    # Every key of every cut has a share in each row of both measures.
    assert rolled_up.shares % 2 == 0
    assert rolled_up.shares > rolled_up.widened == 0


# The estimate alone.


def small(low: list[list[int]], high: list[list[int]]) -> ModelDownloads:
    """Return models with bounds on the last two month ends of `PublishedDays([LAST])`."""
    published = PublishedDays([LAST])
    level = MeasureByModel.empty(len(low), len(published.days))
    growth = MeasureByModel.empty(len(low), len(published.spans))
    at = [published.day_at[FIRST + 59], published.day_at[LAST]]
    level.low[:, at], level.high[:, at] = low, high
    growth.high[:] = FAR
    first = np.zeros(len(low), dtype=np.int64)
    return ModelDownloads(
        published, tuple(range(len(low))), first, first, first == 0, level, growth
    )


def test_draws_are_cut_to_the_bounds_and_summed_by_sets() -> None:
    downloads = small([[5, 10], [7, 7]], [[5, 20], [7, 9]])
    at = [downloads.published.day_at[FIRST + 59], downloads.published.day_at[LAST]]
    drawn = np.zeros((DRAWS, len(downloads.published.days)))
    drawn[:, at[0]] = 99
    # From 0 to 40: a quarter is below 10, a half above 20.
    drawn[:, at[1]] = 40 * PLACES
    asked = []

    def draw(row: int) -> NDArray[np.float64]:
        asked.append(row)
        return drawn / (1 + 3 * row)

    sets, kept = estimate(downloads, draw, [(0,), (0, 1), ()], [FIRST + 59, LAST])
    assert asked == [0, 1]
    assert isinstance(kept, ModelDraws)
    assert kept.days == (FIRST + 59, LAST)
    of_first, of_second = np.clip(40 * PLACES, 10, 20), np.clip(10 * PLACES, 7, 9)
    assert np.allclose(kept.values[0].T, [np.full(DRAWS, 5), of_first])
    assert np.allclose(kept.values[1].T, [np.full(DRAWS, 7), of_second])
    assert np.allclose(sets.level[:, :, at[1]], [of_first, of_first + of_second, 0 * of_first])
    assert set(sets.level[1, :, at[0]].tolist()) == {12}
    level = downloads.level
    ends = [part[0, at[1]] for part in (level.middle, level.likely_low, level.likely_high)]
    assert ends == [20, 10, 20]
    assert [part[0, at[0]] for part in (level.middle, level.likely_low, level.likely_high)] == [
        5
    ] * 3
    # Growth is the difference of cut values, cut to its own bounds.
    span = downloads.published.span_at[(FIRST + 59, LAST)]  # type: ignore[index]
    assert np.allclose(sets.growth[0, :, span], of_first - 5)
    assert downloads.growth.likely_high[0, span] == 15


def test_draws_without_a_download_are_summed_beside_those_with_some() -> None:
    downloads = small([[0, 0]], [[20, 20]])
    drawn = np.zeros((DRAWS, len(downloads.published.days)))
    for day in (FIRST + 59, LAST):
        drawn[:, downloads.published.day_at[day]] = 40 * PLACES - 20
    sets, _ = estimate(downloads, lambda _row: drawn, [(0,)], [LAST])
    half = np.maximum(40 * PLACES - 20, 0)
    for day in (FIRST + 59, LAST):
        assert np.allclose(sets.level[0, :, downloads.published.day_at[day]], half)


def test_growth_is_cut_to_its_own_bounds() -> None:
    downloads = small([[0, 10]], [[0, 20]])
    span = downloads.published.span_at[(FIRST + 59, LAST)]  # type: ignore[index]
    downloads.growth.low[0, span], downloads.growth.high[0, span] = 12, 13
    at = downloads.published.day_at[LAST]
    drawn = np.zeros((DRAWS, len(downloads.published.days)))
    drawn[:, at] = 40 * PLACES
    sets, _ = estimate(downloads, lambda _row: drawn, [(0,)], [LAST])
    assert np.allclose(sets.growth[0, :, span], np.clip(np.clip(40 * PLACES, 10, 20), 12, 13))
    assert np.allclose(sets.level[0, :, at], np.clip(40 * PLACES, 10, 20))


def test_nothing_is_drawn_where_bounds_leave_one_value() -> None:
    downloads = small([[5, 8]], [[5, 8]])
    downloads.growth.high[:] = 0

    def draw(row: int) -> NDArray[np.float64]:
        raise AssertionError(f"model {row} was drawn")

    sets, _ = estimate(downloads, draw, [(0,)], [LAST])
    assert set(sets.level[0, :, downloads.published.day_at[LAST]].tolist()) == {8}
