"""The number of the day: a value that may be said, the same in JSON, embed and permanent link."""

from __future__ import annotations

from typing import Any

import pytest
from site_client import ROOT, Client, other_scripts

from census.charts.figures import Context
from census.pages.number_of_day import QUESTION, number_of_day
from census.questions.question_files import Question, read_questions


def test_the_json_has_value_interval_date_sentence_and_link(site: Client) -> None:
    answer = site.get("/-/number.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    number = answer.json()
    row = next(row for row in site.rows("/census/ranking_by_country") if row["country"])
    assert (number["country"], number["value"]) == (row["country"], row["share_pct"])
    assert number["low"] <= number["value"] <= number["high"]
    assert number["day"] == row["through"]
    assert number["country_name"] in number["sentence"]
    page = site.get(number["link"].removeprefix("http://localhost"))
    assert "Unchanged: this site serves the same database" in page.text


def test_the_embed_says_the_sentence_and_may_be_framed(site: Client) -> None:
    number = site.get("/-/number.json").json()
    page = site.get("/-/number?_theme=dark")
    assert number["sentence"] in page.text
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert 'data-theme="dark"' in page.text
    assert other_scripts(page.text) == []
    assert site.get("/-/number?_theme=pink").status_code == 400


ROW: dict[str, Any] = {
    "country": "CN", "country_name": "China", "models": 9, "downloads": 50, "share_pct": 50.0,
    "low_pct": 20.0, "high_pct": 80.0, "likely_low_pct": 45.0, "likely_high_pct": 55.0,
    "rests_on": "estimated", "through": "2026-09-05", "place": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def ranking() -> Question:
    return read_questions(ROOT / "canned_queries")[QUESTION]


def test_an_estimate_has_its_interval_in_the_sentence(ranking: Question) -> None:
    number = number_of_day(ranking, [ROW], Context(), "0" * 64)
    assert number is not None
    assert (number.value, number.low, number.high) == (50.0, 45.0, 55.0)
    assert "50% (90% interval 45 to 55%)" in number.sentence


@pytest.mark.parametrize(
    "changed",
    [{"likely_low_pct": 30.0, "likely_high_pct": 60.0}, {"rests_on": "bounds"}],
)
def test_no_number_where_none_may_be_said(ranking: Question, changed: dict[str, Any]) -> None:
    number = number_of_day(ranking, [{**ROW, **changed}], Context(), "0" * 64)
    assert number is not None
    assert (number.value, number.low, number.high, number.said) == (None, None, None, "")
    assert "%" not in number.sentence


def test_the_unverified_are_no_country(ranking: Question) -> None:
    nobody = {**ROW, "country": None, "country_name": "Country not established"}
    assert number_of_day(ranking, [nobody], Context(), "0" * 64) is None
