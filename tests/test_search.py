"""Search: what finds what, in which order, and what it never takes for a command."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import urlencode

import pytest
from site_client import Client

from census.pages.search import Group, search_all
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
    assert "Nothing is found" in nothing
    assert "<script>" not in site.get("/search?q=%3Cscript%3E").text
