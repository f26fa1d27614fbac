"""Every question as the site answers it: page, JSON, CSV, wrong values."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest
from site_client import Client

from census.base.numbers import percent
from census.questions.question_files import read_questions

FOLDER = Path(__file__).resolve().parent.parent / "canned_queries"
QUESTIONS = read_questions(FOLDER)
NAMES = sorted(QUESTIONS)
# Columns that say what a row of a series rests on; they stand after those of the counts.
ROWS_REST_ON = ("rests_on", "counted_pct", "covered_pct", "through")


def as_text(value: object) -> str:
    """Return a value as a CSV file has it."""
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", NAMES)
def test_a_question_answers_alike_in_every_format(site: Client, name: str) -> None:
    whole = site.get(f"/census/{name}.json").json()
    assert whole["truncated"] is False
    rows = site.rows(f"/census/{name}")
    response = site.get(f"/census/{name}.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    read = list(csv.DictReader(io.StringIO(response.text)))
    assert read == [{key: as_text(value) for key, value in row.items()} for row in rows]
    assert site.rows(f"/census/{name}") == rows, "the order must be stable"


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_question_says_what_it_is(site: Client, name: str) -> None:
    question = QUESTIONS[name]
    page = site.get(f"/census/{name}")
    assert page.status_code == 200
    assert "<h1>" in page.text
    for words in (question.title, question.unit_words(question.defaults())[1:]):
        assert words.replace("'", "&#39;") in page.text
    for parameter in question.parameters:
        assert f'for="choice-{parameter.name}"' in page.text
        assert f'name="{parameter.name}"' in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("scope=everything", "frontier, labs, hub"),
        ("measure=total", "cumulative, monthly"),
        ("since=2025-13", "YYYY-MM"),
        ("sope=hub", "scope"),
        ("scope=hub&scope=labs", "one value"),
        ("scope=", "frontier, labs, hub"),
    ],
)
def test_a_wrong_value_is_refused_in_the_format_asked_for(
    site: Client, query: str, said: str
) -> None:
    page = site.get(f"/census/share_by_country?{query}")
    data = site.get(f"/census/share_by_country.json?{query}&_shape=array")
    file = site.get(f"/census/share_by_country.csv?{query}")
    picture = site.get(f"/census/share_by_country.svg?{query}")
    spec = site.get(f"/census/share_by_country.vl.json?{query}")
    answers = (page, data, file, picture, spec)
    assert [answer.status_code for answer in answers] == [400] * 5
    assert page.headers["content-type"].startswith("text/html")
    assert data.json()["ok"] is False
    assert said in data.json()["error"]
    assert spec.json()["parameter"] == data.json()["parameter"]
    assert file.headers["content-type"].startswith("text/plain")
    assert said in page.text
    assert said in file.text
    assert said in picture.text


def test_what_sharing_programs_append_is_no_parameter(site: Client) -> None:
    assert site.get("/census/share_by_country?utm_source=x&fbclid=1").status_code == 200


def test_a_value_changes_the_rows(site: Client) -> None:
    every = site.rows("/census/share_by_country")
    month = every[-1]["month"]
    some = site.rows(f"/census/share_by_country?since={month}")
    assert some == [row for row in every if row["month"] == month]


@pytest.mark.parametrize("measure", ["cumulative", "monthly"])
@pytest.mark.parametrize("scope", ["frontier", "labs", "hub"])
@pytest.mark.parametrize("basis", ["operating", "incorporation"])
def test_shares_of_a_month_sum_to_a_hundred_within_their_bounds(
    site: Client, measure: str, scope: str, basis: str
) -> None:
    rows = site.rows(f"/census/share_by_country?measure={measure}&scope={scope}&basis={basis}")
    assert list(rows[0])[:7] == [
        "month", "country", "country_name", "downloads", "share_pct", "low_pct", "high_pct",
    ]  # fmt: skip
    assert set(ROWS_REST_ON) <= set(rows[0])
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[row["month"]] += row["share_pct"]
        assert row["low_pct"] <= row["share_pct"] + 0.0001
        assert row["share_pct"] <= row["high_pct"] + 0.0001
        assert row["rests_on"] in ("counted", "estimated", "bounds")
    assert all(abs(total - 100) < 0.01 for total in sums.values())


@pytest.mark.parametrize("dimension", ["country", "region", "lab", "family", "size_bucket"])
def test_the_rest_is_one_row_and_nothing_is_lost(site: Client, dimension: str) -> None:
    few = site.rows(f"/census/cumulative_downloads?dimension={dimension}&top=2")
    many = site.rows(f"/census/cumulative_downloads?dimension={dimension}&top=50")
    assert list(few[0])[:6] == ["month", "key", "label", "downloads", "low", "high"]
    assert set(ROWS_REST_ON) <= set(few[0])
    totals: list[dict[str, int]] = [defaultdict(int), defaultdict(int)]
    for place, rows in enumerate((few, many)):
        for row in rows:
            totals[place][row["month"]] += row["downloads"]
            assert row["low"] <= row["downloads"] <= row["high"]
    assert totals[0] == totals[1]
    for month in totals[0]:
        keys = [row["key"] for row in few if row["month"] == month]
        assert len(keys) == len(set(keys)) <= 3
        assert "other" not in keys[:-1]


def test_series_status_has_the_columns_of_the_contract(site: Client) -> None:
    rows = site.rows("/census/series_status")
    first = ["scope", "through", "running_month", "models", "models_with_counts"]
    assert list(rows[0]) == [*first, "counted_pct", "covered_pct", "carried_pct", "note"]
    assert [row["scope"] for row in rows] == ["frontier", "labs", "hub"]


def test_the_ranking_is_the_last_month_of_the_series(site: Client) -> None:
    ranking = site.rows("/census/ranking_by_country")
    shares = site.rows("/census/share_by_country")
    last = [row for row in shares if row["month"] == shares[-1]["month"]]
    pairs = [(row["country"], row["downloads"], row["share_pct"]) for row in ranking]
    assert sorted(pairs, key=str) == sorted(
        ((row["country"], row["downloads"], row["share_pct"]) for row in last), key=str
    )


def test_no_question_has_the_name_of_a_table(site: Client, census_db: Path) -> None:
    tables = {
        name for (name,) in sqlite3.connect(census_db).execute("select name from sqlite_master")
    }
    assert not tables & set(NAMES)


def test_datasette_is_handed_copies(site: Client) -> None:
    site.get("/census/series_status")
    first = site.loop.run_until_complete(site.datasette.get_canned_queries("census", None))
    first["series_status"]["sql"] = "select 'changed'"
    second = site.loop.run_until_complete(site.datasette.get_canned_queries("census", None))
    assert second["series_status"]["sql"] == QUESTIONS["series_status"].sql


def test_a_page_shows_the_last_rows_of_a_series_and_counts_them_all(site: Client) -> None:
    rows = site.rows("/census/share_by_country")
    assert len(rows) > 100
    page = site.get("/census/share_by_country")
    assert f"{len(rows):,} rows</h2>" in page.text
    assert f"Shown are the last 100 rows; the files have all {len(rows):,}." in page.text
    body = page.text.partition('<table class="result">')[2].partition("<tbody>")[2]
    assert body.partition("</tbody>")[0].count("<tr>") == 100
    assert f">{rows[-1]['month']}<" in body
    assert page.headers["link"] == (
        '<http://localhost/census/share_by_country.json>; rel="alternate";'
        ' type="application/json+datasette"'
    )


def test_what_counts_by_base_says_how_much_names_no_base(site: Client) -> None:
    shares = {row["named_by"]: row["share_pct"] for row in site.rows("/census/bases_named")}
    page = site.get("/census/share_by_country?attribution=base").text
    said = page.partition("Counted by base model. ")[2].partition("</p>")[0]
    assert f"For {percent(shares['nobody'])} <a href=" in said
    assert f"for {percent(shares['document'])} a document does" in said
    assert "Counted by base" not in site.get("/census/share_by_country").text


def test_sources_of_the_hub_are_counted_without_those_of_other_channels(
    site: Client, census: sqlite3.Connection
) -> None:
    (sources,) = census.execute("select count(distinct source) from observation_files").fetchone()
    assert f">{sources} public sources</a>" in site.get("/census/share_by_country").text
