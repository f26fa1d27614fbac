"""What changed since the end of a month, told in each draw."""

from __future__ import annotations

from datetime import date

import pytest
from made_census import ask, made_sample, make_census_with_draws, only

from census.base.days import day_number
from census.rollups.changes import compared_day, load_changes


def number(day: str) -> int:
    return day_number(date.fromisoformat(day))


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    """The changes from March, in which three models are not counted, to the end of April."""
    db, downloads, draws = make_census_with_draws()
    db.execute("update scopes set through = '2026-04-30', running_month = null")
    db.execute("delete from share_changes")
    ends = dict.fromkeys(("frontier",), number("2026-04-30"))
    load_changes(db, downloads, draws, made_sample(downloads.published), ends)
    return ask(db, "since_last_month")


def test_a_change_has_bounds_and_an_interval_of_its_own(rows: list[dict[str, object]]) -> None:
    china = only([row for row in rows if row["key"] == "CN"])
    assert (china["compared_with"], china["through"]) == ("2026-03-31", "2026-04-30")
    # 750 of 1400, then 1300 of 2180, which is counted.
    assert china["points"] == pytest.approx(100 * 1300 / 2180 - 100 * 750 / 1400, abs=1e-3)
    # The share of March was 51.63 to 55.56 in the draws kept, 50.69 to 56.62 by the bounds.
    assert (china["likely_low_points"], china["likely_high_points"]) == (4.07, 8.0)
    assert (china["low_points"], china["high_points"]) == (3.0154, 8.9386)
    assert (china["certain"], china["rests_on"]) == (1, "estimated")
    assert (china["counted_before_pct"], china["counted_pct"]) == (80.0, 100.0)


def test_downloads_gained_have_theirs(rows: list[dict[str, object]]) -> None:
    china = only([row for row in rows if row["key"] == "CN"])
    # Red/One-1B had 130 to 170 in March, 132.1 to 167.9 in the draws kept, and 300 then.
    gained = [china[f"gained_{end}"] for end in ("low", "likely_low", "likely_high", "high")]
    assert (china["downloads_gained"], gained) == (550, [530, 532, 568, 570])


def test_what_is_counted_on_both_days_is_exact(rows: list[dict[str, object]]) -> None:
    france = only([row for row in rows if row["key"] == "FR"])
    gained = ("gained_low", "gained_likely_low", "downloads_gained", "gained_high")
    assert [france[name] for name in gained] == [60, 60, 60, 60]
    assert france["rests_on"] == "counted"


def test_a_month_that_ended_less_than_four_weeks_before_is_not_compared_with() -> None:
    days = [number(day) for day in ("2026-01-31", "2026-02-28", "2026-03-20", "2026-03-27")]
    assert compared_day(days, number("2026-03-27")) == number("2026-01-31")
    assert compared_day(days, number("2026-03-28")) == number("2026-02-28")
    assert compared_day(days, number("2026-02-01")) is None
