"""Counts on pages: each has one definition, and says what it is of."""

from __future__ import annotations

import re
import sqlite3
from html import unescape

import pytest
from site_client import Client

from census.pages.site_counts import COUNTS, read_counts


def text_of(site: Client, path: str) -> str:
    """Return the text of a page without its tags."""
    page = site.get(path)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def test_pages_and_health_state_the_same_counts(site: Client, census: sqlite3.Connection) -> None:
    counts = read_counts(census)
    about = text_of(site, "/about")
    for name, count in COUNTS.items():
        assert f"{counts[name]:,} {count.words}" in about
    health = site.get("/-/healthz?live=1").json()
    for name in ("labs", "models", "observations"):
        assert health[name] == counts[name]


def test_counts_are_those_of_the_questions_that_list_them(
    site: Client, census: sqlite3.Connection
) -> None:
    counts = read_counts(census)
    assert counts["unverified"] == len(site.rows("/census/unverified_labs"))
    assert counts["disputed"] == len(site.rows("/census/disputed_labs"))


@pytest.mark.parametrize(("kind", "column", "key"), [
    ("families", "family", "qwen"), ("labs", "lab", "qwen"), ("labs", "lab", "tencent"),
])  # fmt: skip
def test_a_page_counts_models_beyond_the_limit_of_a_query(
    site: Client, census: sqlite3.Connection, kind: str, column: str, key: str
) -> None:
    known, scope, counted = census.execute(
        "select count(*), sum(in_frontier), sum(in_frontier = 1 and latest_all_time is not null)"
        f" from models where {column} = ?",
        (key,),
    ).fetchone()
    assert (
        f"Models {known:,} in the census, {scope:,} of them counted by default,"
        f" {counted:,} of those with an all-time count"
    ) in text_of(site, f"/{kind}/{key}")


def test_a_country_says_how_many_models_its_labs_have_and_how_many_are_counted(
    site: Client, census: sqlite3.Connection
) -> None:
    rows = site.rows("/census/labs_of_country?country=CN")
    for row in rows:
        known = census.execute(
            "select count(*) from models where lab = ? and in_frontier = 1", (row["lab"],)
        ).fetchone()[0]
        assert row["models_in_scope"] == known >= row["models"]
    page = text_of(site, "/countries/CN")
    assert "Models counted by default With an all-time count Downloads" in page
    own = sum(row["role"] == "lab" for row in rows)
    assert f"{own} labs" in page
