"""Now, since release and ever: three measures side by side, from the same days."""

from __future__ import annotations

import sqlite3
from datetime import date
from html import unescape

import pytest
from site_client import Client

BY = ("country", "lab", "family", "model")


@pytest.mark.parametrize("by", BY)
def test_the_three_measures_agree_with_the_rankings(
    site: Client, census: sqlite3.Connection, by: str
) -> None:
    rows = site.rows(f"/census/now_and_ever?by={by}&measure=ever&limit=5000")
    assert len(rows) > 10
    assert [row["ever"] for row in rows] == sorted((row["ever"] for row in rows), reverse=True)
    first = rows[0]
    days = (date.fromisoformat(first["through"]) - date.fromisoformat(first["released_on"])).days
    assert first["a_day"] == pytest.approx(first["ever"] / days, abs=0.1)
    for row in rows:
        if row["climbed"] is not None:
            assert row["climbed"] == row["place_ever"] - row["place_now"]
            assert row["now_covered_pct"] >= 95
            assert row["ever_rests_on"] != "bounds"


def test_countries_are_those_of_the_ranking(site: Client) -> None:
    ranking = {row["country"]: row for row in site.rows("/census/ranking_by_country")}
    recent = {row["country"]: row for row in site.rows("/census/ranking_by_country?measure=recent")}
    for row in site.rows("/census/now_and_ever?measure=ever"):
        assert row["ever"] == ranking[row["key"]]["downloads"]
        if row["now_30d"] is not None:
            assert row["now_30d"] == recent[row["key"]]["downloads"]
            assert row["counted_on"] == recent[row["key"]]["through"]


@pytest.mark.parametrize("measure", ["now", "since", "ever"])
def test_the_measure_decides_the_order(site: Client, measure: str) -> None:
    rows = site.rows(f"/census/now_and_ever?by=model&measure={measure}&limit=50")
    assert [row["downloads"] for row in rows] == sorted(
        (row["downloads"] for row in rows), reverse=True
    )
    assert [row["place"] for row in rows] == [row[f"place_{measure}"] for row in rows]
    assert site.get(f"/census/now_and_ever.svg?measure={measure}").status_code == 200


def test_days_since_an_unknown_release_are_none(site: Client) -> None:
    rows = site.rows("/census/now_and_ever?scope=labs&by=lab&limit=500")
    unknown = [row for row in rows if row["released_on"] is None]
    assert unknown
    assert all(row["a_day"] is None and row["place_since"] is None for row in unknown)


@pytest.mark.parametrize(
    "path",
    ["/", "/census/ranking_by_country", "/census/ranking_by_lab", "/census/top_models",
     "/census/now_and_ever", "/countries/CN", "/labs/qwen", "/families/qwen",
     "/models/Qwen/Qwen3-8B"],
)  # fmt: skip
def test_the_switch_stands_where_places_are_shown(site: Client, path: str) -> None:
    page = unescape(site.get(path).text)
    for measure in ("now", "since", "ever"):
        assert f'href="/census/now_and_ever?measure={measure}&by=' in page


def test_a_profile_says_where_it_stands_now_and_ever(site: Client) -> None:
    row = next(row for row in site.rows("/census/now_and_ever?by=lab") if row["key"] == "meta")
    page = unescape(site.get("/labs/meta").text)
    higher = "higher" if row["climbed"] > 0 else "lower"
    assert f"rank {row['place_now']}, {abs(row['climbed'])} {higher} than by all downloads" in page
    # Of what is known by hard bounds only no place is said.
    bounds = site.get("/labs/mistral").text
    assert "too little counted to say" in bounds
