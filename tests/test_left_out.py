"""The ranking with one thing left out, and the line that says which of them moves the headline."""

from __future__ import annotations

import sqlite3
from html import unescape
from typing import Any

import pytest
from made_census import ask, insert, made_sample, make_census_with_draws, pick
from site_client import Client

from census.pages.left_out_words import ROWS, left_out_effects, left_out_sentence
from census.rollups.left_out import load_left_out

SWITCHES = ("under_1b", "flagged", "largest_model")


@pytest.fixture
def made() -> sqlite3.Connection:
    db, downloads, draws = make_census_with_draws()
    insert(db, "quality_events", [
        (901, "outlier", None, "2026-04-01", "2026-04-01", 3, None, "A count that stands out."),
        (902, "repeated", None, "2026-04-01", "2026-04-01", None, 5, "Of nobody in particular."),
    ])  # fmt: skip
    load_left_out(db, downloads, draws, made_sample(downloads.published))
    return db


def test_without_the_most_downloaded_model(made: sqlite3.Connection) -> None:
    rows = ask(made, "ranking_by_country", without="largest_model")
    # Without Red/One-8B (1200) China has 400 and the United States 900 of 1500.
    assert pick(rows, "downloads", "share_pct", country="CN") == [(400, 26.6667)]
    assert pick(rows, "downloads", "share_pct", "place", country="US") == [(900, 60.0, 1)]


def test_without_models_with_a_count_in_doubt(made: sqlite3.Connection) -> None:
    # Blue/One-70B had 700 of the United States' 900.
    rows = ask(made, "ranking_by_country", without="flagged")
    assert pick(rows, "downloads", country="US") == [200]
    labs = ask(made, "ranking_by_lab", without="flagged")
    assert pick(labs, "downloads", lab="blue") == [200]


def test_nothing_under_a_billion_leaves_the_ranking_as_it_is(made: sqlite3.Connection) -> None:
    columns = ("downloads", "low", "high", "share_pct")
    whole, without = (
        pick(ask(made, "ranking_by_lab", without=switch), "lab", *columns)
        for switch in ("none", "under_1b")
    )
    assert whole == without


def test_with_nothing_left_out_the_rows_are_those_of_the_series(census: sqlite3.Connection) -> None:
    """Two ways to the same numbers: the series of the build, and the sums of the switches."""
    for dimension in ("country", "lab"):
        rows = census.execute(
            """
            select
                w.key, w.downloads - p.cumulative, w.low - p.cumulative_low,
                w.high - p.cumulative_high, w.likely_low is p.cumulative_likely_low,
                w.likely_high is p.cumulative_likely_high, w.share_pct - p.cumulative_share_pct,
                w.likely_low_pct is p.cumulative_likely_low_pct,
                w.p_place is p.cumulative_p_place, w.counted - p.cumulative_counted
            from left_out_series as w
            inner join scopes as s on w.scope = s.scope
            inner join series_keys as k
                on k.scope = w.scope and k.attribution = w.attribution and k.basis = 'operating'
                and k.dimension = w.dimension and k.key is w.key
            inner join series_points as p
                on p.series = k.id and p.month = substr(s.through, 1, 7)
            where w.dimension = ? and w.switch = 'none'
            """,
            (dimension,),
        ).fetchall()
        assert len(rows) > 10
        for key, *differences in rows:
            assert differences == [0, 0, 0, 1, 1, 0, 1, 1, 0], (dimension, key)


def test_what_is_left_out_is_gone_from_the_sum(census: sqlite3.Connection) -> None:
    for dimension in ("country", "lab"):
        low = dict(
            census.execute(
                "select switch, sum(low) from left_out_series where dimension = ? group by switch",
                (dimension,),
            ).fetchall()
        )
        (largest,) = census.execute(
            """
            select max(c.cumulative_low)
            from curves as c
            inner join models as m on c.model = m.id and m.in_frontier = 1
            inner join scopes as s on s.scope = 'frontier' and c.date = s.through
            """
        ).fetchone()
        assert low["none"] - low["largest_model"] == largest
        (small,) = census.execute(
            """
            select sum(c.cumulative_low)
            from curves as c
            inner join models as m on c.model = m.id and m.in_frontier = 1
            inner join scopes as s on s.scope = 'frontier' and c.date = s.through
            where m.parameters < 1000000000
            """
        ).fetchone()
        assert low["none"] - low["under_1b"] == small


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("dimension", ["country", "lab"])
def test_each_switch_is_in_the_address(site: Client, dimension: str, switch: str) -> None:
    rows = site.rows(f"/census/ranking_by_{dimension}?without={switch}")
    whole = site.rows(f"/census/ranking_by_{dimension}")
    assert list(rows[0]) == list(whole[0])
    assert rows != whole
    page = site.get(f"/census/ranking_by_{dimension}?without={switch}")
    assert page.status_code == 200
    assert site.get(f"/census/ranking_by_{dimension}.svg?without={switch}").status_code == 200


@pytest.mark.parametrize("other", ["scope=labs", "attribution=base", "measure=recent"])
def test_a_switch_that_was_not_worked_out_is_refused(site: Client, other: str) -> None:
    answer = site.get(f"/census/ranking_by_country.json?without=flagged&{other}")
    assert answer.status_code == 400
    assert "worked out" in answer.json()["error"]


def test_one_line_under_the_headline_says_what_moves_it(
    site: Client, census: sqlite3.Connection
) -> None:
    cursor = census.execute(ROWS, {"country": "CN"})
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    line = left_out_sentence("China", left_out_effects(rows))
    assert line
    page = unescape(site.get("/").text)
    assert line in page
    for move in left_out_effects(rows):
        assert f'href="/census/ranking_by_country?without={move.without}"' in page


def row(switch: str, share: float, **more: Any) -> dict[str, Any]:
    return {
        "switch": switch, "downloads": 100, "counted": 100, "share_pct": share, "low_pct": share,
        "high_pct": share, "likely_low": 100, "likely_low_pct": share, "likely_high_pct": share,
        "left_out_models": 3, "left_out": None, **more,
    }  # fmt: skip


def test_the_line_says_numbers_only_where_they_may_be_said() -> None:
    moving = left_out_effects(
        [row("none", 57.0), row("under_1b", 56.7), row("largest_model", 55.5)]
    )
    assert left_out_sentence("China", moving) == (
        "What changes China's share: without the most downloaded model it is 55.5%; without models"
        " under 1B it changes by less than a point."
    )
    wide = {"counted": 0, "likely_low_pct": 40.0, "likely_high_pct": 65.0}
    assert (
        left_out_sentence(
            "China", left_out_effects([row("none", 57.0), row("flagged", 50.0, **wide)])
        )
        == ""
    )
    still = left_out_effects([row("none", 57.0), row("under_1b", 56.9)])
    assert left_out_sentence("China", still).endswith("less than a point without models under 1B.")
    assert left_out_effects([]) == []
