"""What every output of an estimate carries: its intervals, what it rests on, what it covers."""

from __future__ import annotations

import sqlite3
from itertools import pairwise
from typing import Any

import pytest
from made_census import ask, make_census, only, pick

from census.questions.parameters import ParameterError

OF_ROW = ["rests_on", "counted_pct", "covered_pct"]
# The columns that other people's programs read, in their order; more may follow.
COLUMNS = {
    "share_by_country": [
        "month", "country", "country_name", "downloads", "share_pct", "low_pct", "high_pct",
        "likely_low_pct", "likely_high_pct", *OF_ROW, "through",
        "half_low_pct", "half_high_pct", "p_place",
    ],
    "cumulative_downloads": [
        "month", "key", "label", "downloads", "low", "high",
        "likely_low", "likely_high", *OF_ROW, "through", "half_low", "half_high", "p_place",
    ],
    "monthly_downloads": [
        "month", "key", "label", "downloads", "low", "high",
        "likely_low", "likely_high", *OF_ROW, "through", "half_low", "half_high", "p_place",
    ],
    "share_of_downloads": [
        "month", "key", "label", "downloads", "low", "high", "share_pct", "low_pct", "high_pct",
        "likely_low", "likely_high", "likely_low_pct", "likely_high_pct", *OF_ROW, "through",
        "half_low_pct", "half_high_pct", "p_place",
    ],
    "series_status": [
        "scope", "through", "running_month", "models", "models_with_counts",
        "counted_pct", "covered_pct", "carried_pct",
    ],
    "ranking_by_country": [
        "place", "country", "country_name", "models", "downloads", "share_pct", "low_pct",
        "high_pct", "through", "likely_low_pct", "likely_high_pct", *OF_ROW,
    ],
    "ranking_by_lab": [
        "place", "lab", "lab_name", "country", "country_name", "disputed", "models", "downloads",
        "low", "high", "share_pct", "through", "likely_low", "likely_high", *OF_ROW,
    ],
    "model_curve": [
        "date", "month", "downloads", "low", "high", "in_month", "in_month_low", "in_month_high",
        "method", "likely_low", "likely_high", *OF_ROW, "through",
    ],
    "vintage_days": [
        "as_of", "files", "observations", "last_observation", "through", "changed_later", "kind",
        "method",
    ],
    "series_as_of": [
        "month", "key", "label", "downloads", "low", "high", "downloads_now", "revised_by",
    ],
    "latest_revision": [
        "month", "key", "label", "known_then", "known_now", "revised_by", "revised_pct",
        "band_before", "band_now", "vintage_before", "vintage_now", "because",
    ],
}  # fmt: skip
STEPPED = ("share_by_country", "cumulative_downloads", "monthly_downloads")


@pytest.fixture(scope="module")
def made() -> sqlite3.Connection:
    return make_census()


@pytest.mark.parametrize("question", COLUMNS)
def test_columns_stand_in_the_order_of_the_contract(
    census: sqlite3.Connection, question: str
) -> None:
    wanted = COLUMNS[question]
    assert list(ask(census, question)[0])[: len(wanted)] == wanted


def test_shares_with_their_intervals(made: sqlite3.Connection) -> None:
    rows = ask(made, "share_by_country", since="2026-03", until="2026-03")
    china = only([row for row in rows if row["country"] == "CN"])
    # In March One-8B's 600 of China's 750 are counted, and all that is known is two months away.
    assert (china["rests_on"], china["counted_pct"], china["covered_pct"]) == (
        "estimated",
        80.0,
        None,
    )
    assert china["low_pct"] < china["likely_low_pct"] < china["half_low_pct"] < china["share_pct"]
    assert china["share_pct"] < china["half_high_pct"] < china["likely_high_pct"]
    assert china["likely_high_pct"] < china["high_pct"]
    assert (china["place"], china["p_place"], china["through"]) == (1, 1.0, "2026-03-31")
    last = ask(made, "share_by_country", since="2026-05")
    assert pick(last, "rests_on", "counted_pct", country="CN") == [("counted", 100.0)]
    # Blue/Uncounted-7B has 60 of America's 280 downloads in thirty days.
    assert pick(last, "covered_pct", country="US") == [round(100 * 220 / 280, 2)]


def test_weeks_and_days_end_on_the_scope_s_last_day(made: sqlite3.Connection) -> None:
    for question in STEPPED:
        weeks = [row["through"] for row in ask(made, question, step="week")]
        days = [row["through"] for row in ask(made, question, step="day")]
        assert [*dict.fromkeys(weeks)][-2:] == ["2026-05-13", "2026-05-20"]
        assert len({*weeks}) == 14
        assert [*dict.fromkeys(days)][-2:] == ["2026-05-19", "2026-05-20"]
        assert len({*days}) == 92
        assert days == sorted(days)
        months = {row["month"] for row in ask(made, question, step="day", since="2026-05")}
        assert months == {"2026-05"}
        with pytest.raises(ParameterError, match="allowed: month, week, day"):
            ask(made, question, step="year")


def test_the_growth_of_a_week(made: sqlite3.Connection) -> None:
    rows = ask(made, "monthly_downloads", dimension="lab", step="week", since="2026-05")
    # Rose/Small-8B grew from 100 on 30 April by 50 in 20 days: to 132 on the 13th, then to 150.
    assert pick(rows, "downloads", "low", "high", key="rose", through="2026-05-20") == [
        (18, 18, 18)
    ]
    shares = ask(made, "share_by_country", measure="monthly", step="week", since="2026-05")
    by_week: dict[str, float] = {}
    for row in shares:
        by_week[row["through"]] = by_week.get(row["through"], 0) + row["share_pct"]
    assert [*by_week.values()] == pytest.approx([100.0] * len(by_week), abs=0.001)


@pytest.mark.parametrize("question", ["cumulative_downloads", "monthly_downloads"])
def test_the_rest_is_a_sum_without_an_interval(made: sqlite3.Connection, question: str) -> None:
    every = ask(made, question, dimension="lab", top="50", since="2026-03", until="2026-03")
    rows = ask(made, question, dimension="lab", top="1", since="2026-03", until="2026-03")
    largest, rest = rows
    assert largest in every
    assert (largest["likely_low"] is None, rest["key"]) == (False, "other")
    others = [row for row in every if row["key"] != largest["key"]]
    for column in ("downloads", "low", "high"):
        assert rest[column] == sum(row[column] for row in others)
    for column in ("likely_low", "likely_high", "half_low", "half_high", "p_place"):
        assert rest[column] is None
    counted = sum(row["counted_pct"] * row["downloads"] for row in others) / rest["downloads"]
    assert rest["counted_pct"] == pytest.approx(counted, abs=0.01)
    assert rest["rests_on"] == "bounds"


def test_the_rest_of_a_share(made: sqlite3.Connection) -> None:
    rows = ask(made, "share_of_downloads", dimension="lab", top="1", since="2026-03")
    rest = only(pick(rows, "downloads", "low_pct", "high_pct", "likely_low_pct", "rests_on",
                     month="2026-03", key="other"))  # fmt: skip
    # 590 of 590 + 770, and 710 of 710 + 730.
    assert rest == (650, round(100 * 590 / 1360, 4), round(100 * 710 / 1440, 4), None, "bounds")
    last = only(pick(rows, "rests_on", "counted_pct", "covered_pct", month="2026-05", key="other"))
    assert last == ("counted", 100.0, round(100 * 320 / 380, 2))


def test_a_key_without_windows_has_no_interval(made: sqlite3.Connection) -> None:
    rows = ask(made, "share_of_downloads", dimension="modality", since="2026-03", until="2026-03")
    # Blue/Vision-3B has too few windows.
    vision = only(pick(rows, "downloads", "likely_low", "rests_on", "p_place", key="vision"))
    assert vision == (100, None, "bounds", None)
    curve = ask(made, "model_curve", model="Blue/Vision-3B")
    march = only(pick(curve, "likely_low", "likely_high", "rests_on", month="2026-03"))
    # A model by itself has one: 90 to 110 without the ten lowest and the ten highest draws.
    assert march == (91, 109, "estimated")


def test_places_in_one_country_are_not_those_among_all(made: sqlite3.Connection) -> None:
    assert pick(ask(made, "ranking_by_lab"), "p_place", lab="rose") == [1.0]
    assert pick(ask(made, "ranking_by_lab", country="FR"), "place", "p_place") == [(1, None)]


def test_every_bundled_row_lies_within_its_bounds(census: sqlite3.Connection) -> None:
    for question in ("share_by_country", "share_of_downloads"):
        for measure in ("cumulative", "monthly"):
            for row in ask(census, question, measure=measure, since=""):
                check_order(row, "share_pct", "_pct")
    for question in ("cumulative_downloads", "monthly_downloads"):
        for step in ("month", "week"):
            for row in ask(census, question, dimension="lab", step=step, since=""):
                check_order(row, "downloads", "")


def check_order(row: dict[str, Any], middle: str, unit: str) -> None:
    """Assert that a row's bounds hold its interval, and the interval its middle."""
    values = [row[f"low{unit}"], row[middle], row[f"high{unit}"]]
    if row[f"likely_low{unit}"] is not None:
        half = (row[f"half_low{unit}"], row[middle], row[f"half_high{unit}"])
        ends = (row[f"likely_low{unit}"], *half, row[f"likely_high{unit}"])
        values = [values[0], *ends, values[-1]]
    # Bounds of a share have four decimals, ends of an interval two.
    slack = 0.01 if unit else 0
    for lower, upper in pairwise(values):
        assert lower <= upper + slack, row
    estimated = row["likely_low" + unit] is not None
    assert row["rests_on"] in ("counted", "estimated" if estimated else "bounds"), row
    assert (row["counted_pct"] or 0) <= 100
