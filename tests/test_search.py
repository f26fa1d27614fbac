"""Search: what finds what, in which order, and what it never takes for a command."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from urllib.parse import urlencode

import pytest
from site_client import Client

from census.pages.search import Group, search_all
from census.pages.search_meanings import PAGES
from census.questions.question_files import read_questions

QUESTIONS = read_questions(Path(__file__).resolve().parent.parent / "canned_queries")


def found(census: sqlite3.Connection, text: str) -> dict[str, Group]:
    """Return the groups of a search by title."""
    return {group.title: group for group in search_all(census, QUESTIONS, text)}


@pytest.mark.parametrize(
    ("text", "title", "path"),
    [
        ("Qwen3-8B", "Models", "/models/Qwen/Qwen3-8B"),
        ("Qwen/Qwen3-8B", "Models", "/models/Qwen/Qwen3-8B"),
        ("bert-base-uncased", "Models", "/models/google-bert/bert-base-uncased"),
        ("deepseek", "Labs", "/labs/deepseek"),
        ("THUDM", "Labs", "/labs/zai"),
        ("ALIBABA", "Labs", "/labs/qwen"),
        ("china", "Countries", "/countries/CN"),
        ("kingdom", "Countries", "/countries/GB"),
        ("fr", "Countries", "/countries/FR"),
        ("share country", "Questions", "/census/share_by_country"),
    ],
)
def test_a_search_finds(census: sqlite3.Connection, text: str, title: str, path: str) -> None:
    groups = found(census, text)
    assert path in [result.path for result in groups[title].results]


def test_the_exact_name_comes_first_then_the_most_downloaded(census: sqlite3.Connection) -> None:
    assert found(census, "Qwen/Qwen3-8B")["Models"].results[0].name == "Qwen/Qwen3-8B"
    shown = [result.name for result in found(census, "qwen")["Models"].results]
    counts = [
        census.execute("select latest_all_time from models where name = ?", (name,)).fetchone()[0]
        for name in shown
    ]
    assert counts == sorted(counts, reverse=True)


def test_a_group_says_how_many_there_are(census: sqlite3.Connection) -> None:
    group = found(census, "qwen")["Models"]
    (number,) = census.execute(
        "select count(*) from models_fts where models_fts match '\"qwen\"*'"
    ).fetchone()
    assert group.found == number > len(group.results)


@pytest.mark.parametrize("text", ["", "   ", "---", '"', "%", "_", "*", "()"])
def test_a_text_without_words_finds_nothing(census: sqlite3.Connection, text: str) -> None:
    assert search_all(census, QUESTIONS, text) == []


@pytest.mark.parametrize(
    "text", ["a OR b", 'x" OR "y', "name:qwen", "NEAR(a b)", "qwen*", "'; drop table models", "é"]
)
def test_no_text_is_a_command(site: Client, text: str) -> None:
    answer = site.get(f"/search?{urlencode({'q': text})}")
    assert answer.status_code == 200


def test_a_search_page_leads_to_what_it_finds(site: Client) -> None:
    page = site.get("/search?q=mistral").text
    assert 'href="/labs/mistral' in page
    assert 'value="mistral"' in page
    nothing = site.get("/search?q=zzzzqqq").text
    assert "Nothing was found" in nothing
    assert "<script>" not in site.get("/search?q=%3Cscript%3E").text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("usa", "/countries/US"),
        ("Britain", "/countries/GB"),
        ("license", "/census/licences_by_country"),
        ("Chinese share", "/countries/CN"),
        ("share of China", "/countries/CN"),
        ("share of China", "/census/share_by_country"),
        ("American labs", "/countries/US"),
        ("small models", "/census/share_of_downloads?dimension=size_bucket"),
        ("image model", "/census/top_models?task=image"),
        ("embeddings", "/census/top_models?task=embedding"),
        ("API", "/api"),
        ("feeds", "/downloads"),
        ("rss", "/downloads"),
        ("qwen vs llama", "/compare?kind=families&show=qwen~llama"),
        ("China versus USA", "/compare?kind=countries&show=CN~US"),
        ("mistral vs. deepseek vs gemma", "/compare?kind=families&show=mistral~deepseek~gemma"),
    ],
)
def test_other_words_for_the_same_are_understood(
    census: sqlite3.Connection, text: str, path: str
) -> None:
    groups = search_all(census, QUESTIONS, text)
    assert path in [result.path for group in groups for result in group.results]


def test_every_page_that_words_lead_to_is_there(site: Client) -> None:
    for path in {page[2] for page in PAGES}:
        assert site.get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("text", "meant"), [("deepsek", "deepseek"), ("mistrall", "mistral"), ("quen", "qwen")]
)
def test_a_slip_of_the_pen_is_forgiven(site: Client, text: str, meant: str) -> None:
    found = site.get(f"/-/suggest?q={text}").json()
    assert found["meant"] == meant
    assert f"/labs/{meant}" in [one["path"] for one in found["suggestions"]]
    page = site.get(f"/search?q={text}").text
    assert f'href="/search?q={meant}"' in page


def test_suggestions_come_from_every_kind_with_the_newest_count(site: Client) -> None:
    found = site.get("/-/suggest?q=qwen").json()["suggestions"]
    assert {"Labs", "Model families", "Models"} <= {one["kind"] for one in found}
    model = next(one for one in found if one["kind"] == "Models")
    assert re.search(r"\d[\d.]*[MB] downloads to \d+ \w+ 20\d\d", model["about"])
    questions = site.get("/-/suggest?q=share").json()["suggestions"]
    assert "/census/share_by_country" in [one["path"] for one in questions]
    assert site.get("/-/suggest").json()["suggestions"] == []


def test_hostile_texts_are_answered_as_text(site: Client) -> None:
    answer = site.get("/-/suggest?q=%3Cscript%3E%27%3B--")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")


def test_the_questions_are_filtered_and_housekeeping_comes_last(site: Client) -> None:
    page = site.get("/questions?q=licence").text
    shown = re.findall(r'<li data-question="[^"]*">', page)
    hidden = re.findall(r'<li data-question="[^"]*" hidden>', page)
    assert 0 < len(shown) < len(hidden)
    themes = re.findall(r'data-theme="(\w+)"', page)
    assert themes[0] == "countries"
    assert set(themes[-3:]) == {"profiles", "coverage", "revisions"}
    assert "No question has" in site.get("/questions?q=zzzz").text
