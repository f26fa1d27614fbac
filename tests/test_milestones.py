"""Milestones of a hand-made cut, of the made census and of the real one."""

from __future__ import annotations

import sqlite3

import pytest
import sqlite_utils
from made_census import ask, make_census, pick

from census.bands import WIDEST_BAND
from census.intervals import Bounds
from census.milestones import Cut, find_milestones, load_milestones, named, round_words

MONTHS = ["2026-01", "2026-02", "2026-03"]
MILLION = 10**6


def cut(**series: list[tuple[int, int]]) -> Cut:
    """Return a cut by country in millions; the estimate is the middle."""
    made = {
        key: {
            month: Bounds(low * MILLION, high * MILLION, (low + high) * MILLION // 2)
            for month, (low, high) in zip(MONTHS, values, strict=True)
        }
        for key, values in series.items()
    }
    totals = {
        month: Bounds(*(sum(one[month][place] for one in made.values()) for place in range(3)))
        for month in MONTHS
    }
    labels = {"CN": "China", "US": "United States", "FR": "France"}
    return Cut("frontier", "country", MONTHS, made, labels, totals)


def said(made: Cut, kind: str) -> list[str]:
    return [row["what"] for row in find_milestones(made) if row["kind"] == kind]


def test_a_crossing_names_the_months_between_which_it_happened() -> None:
    made = cut(CN=[(10, 10), (40, 60), (90, 90)], US=[(50, 50), (50, 50), (50, 50)])
    assert said(made, "crossing") == [
        "China passed the United States between February 2026 and March 2026."
    ]
    assert said(made, "lead") == []
    assert said(made, "number_one") == [
        "The United States had the most downloads by January 2026.",
        "China took the first place from the United States between February 2026 and March 2026.",
    ]


def test_an_open_beginning_is_said_and_no_date_made_up() -> None:
    made = cut(CN=[(0, 80), (0, 85), (90, 90)], US=[(0, 50), (0, 50), (50, 50)])
    rows = [row for row in find_milestones(made) if row["kind"] == "lead"]
    assert [row["what"] for row in rows] == [
        "China was ahead of the United States by March 2026;"
        " the observations do not say since when."
    ]
    assert (rows[0]["earliest"], rows[0]["latest"], rows[0]["known_before"]) == (
        "2026-01",
        "2026-03",
        0,
    )
    assert rows[0]["estimate"] is None, "a wide band gives no estimate"


def test_round_numbers_of_keys_and_of_the_whole() -> None:
    made = cut(CN=[(10, 90), (80, 240), (260, 260)], US=[(50, 50), (50, 50), (50, 50)])
    rows = [row for row in find_milestones(made) if row["kind"] == "round_number"]
    assert [(row["label"], row["value"], row["what"]) for row in rows] == [
        (
            "China",
            100 * MILLION,
            "China reached 100 million downloads between February 2026 and March 2026.",
        ),
        (
            "China",
            200 * MILLION,
            "China reached 200 million downloads between February 2026 and March 2026.",
        ),
        # 10 + 50 to 90 + 50 million in January: the first month can have had it.
        (
            "All models of the scope",
            100 * MILLION,
            "All models of the scope reached 100 million downloads by February 2026.",
        ),
        (
            "All models of the scope",
            200 * MILLION,
            "All models of the scope reached 200 million downloads between February 2026 and"
            " March 2026.",
        ),
    ]


def test_an_estimate_is_given_only_where_the_share_is_narrow() -> None:
    narrow = cut(CN=[(10, 10), (48, 55), (90, 90)], US=[(50, 50), (50, 50), (50, 50)])
    wide = cut(CN=[(10, 10), (9, 95), (95, 95)], US=[(50, 50), (50, 50), (50, 50)])
    for made, expected in ((narrow, "2026-02"), (wide, None)):
        row = next(row for row in find_milestones(made) if row["kind"] == "crossing")
        assert row["estimate"] == expected


@pytest.mark.parametrize(
    ("number", "words"), [(100 * MILLION, "100 million"), (2 * 10**9, "2 billion")]
)
def test_round_numbers_in_words(number: int, words: str) -> None:
    assert round_words(number) == words


def test_countries_in_a_sentence() -> None:
    assert named("United Arab Emirates") == "the United Arab Emirates"
    assert named("Rest of the world") == "the rest of the world"
    assert named("China") == "China"


def test_the_question_on_the_made_census() -> None:
    db = make_census()
    load_milestones(sqlite_utils.Database(db))
    rows = ask(db, "milestones_in_order", dimension="country")
    # China 340 to 360 against 300 to 520 in February, 730 to 770 against 540 to 660 in March.
    assert pick(rows, "what", "earliest", "latest", "certain_before", kind="lead") == [
        (
            "China was ahead of the United States by March 2026;"
            " the observations do not say since when.",
            "2026-02",
            "2026-03",
            0,
        )
    ]
    # In January China's 100 were as many as the lowest of the United States.
    assert pick(rows, "what", "earliest", kind="number_one") == [
        ("China had the most downloads by March 2026.", "2026-01")
    ]
    assert ask(db, "milestones_in_order", kind="round_number") == []


def test_milestones_of_the_real_census_follow_from_its_bounds(census: sqlite3.Connection) -> None:
    rows = ask(census, "milestones_in_order", limit="5000")
    assert len(rows) > 20
    values = census.execute(
        "select dimension, key, month, cumulative_low, cumulative_high from series"
        " where scope = 'frontier' and attribution = 'publisher' and basis = 'operating'"
    )
    known = {(dimension, key, month): (low, high) for dimension, key, month, low, high in values}
    for row in rows:
        assert row["earliest"] <= row["latest"]
        if row["dimension"] == "total":
            continue
        low, _ = known[row["dimension"], row["key"], row["latest"]]
        if row["kind"] == "round_number":
            assert low >= row["value"]
        elif row["kind"] != "number_one":
            _, high = known[row["dimension"], row["other_key"], row["latest"]]
            assert low > high


def test_no_real_estimate_stands_in_a_month_with_a_wide_share(census: sqlite3.Connection) -> None:
    query = """
        select m.key, 100.0 * p.cumulative_high / (p.cumulative_high + t.low - p.cumulative_low)
            - 100.0 * p.cumulative_low / (p.cumulative_low + t.high - p.cumulative_high)
        from milestones as m
        inner join series as p
            on p.scope = m.scope and p.attribution = 'publisher' and p.basis = 'operating'
            and p.dimension = m.dimension and p.key = m.key and p.month = m.estimate
        inner join (
            select scope, dimension, month, sum(cumulative_low) as low, sum(cumulative_high) as high
            from series
            where attribution = 'publisher' and basis = 'operating'
            group by scope, dimension, month
        ) as t on t.scope = m.scope and t.dimension = m.dimension and t.month = m.estimate
    """
    bands = census.execute(query).fetchall()
    assert bands
    assert all(band <= WIDEST_BAND + 1e-9 for _, band in bands)
