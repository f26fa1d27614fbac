"""The pages of checked claims and about the census."""

from __future__ import annotations

import re
import sqlite3
from html import unescape

from site_client import Client


def test_every_claim_has_its_verdict_and_its_evidence(site: Client) -> None:
    page = unescape(site.get("/fact-check").text)
    claims = site.rows("/census/press_fact_checks")
    assert claims
    for claim in claims:
        place = page.index(f"“{claim['claim']}”")
        assert claim["evidence"] in page[place:]
    said = re.findall(r'class="verdict verdict-([a-z-]+)"', page)
    assert sorted(said) == sorted(claim["verdict"].replace(" ", "-") for claim in claims)


def test_a_verdict_leads_to_its_data(site: Client) -> None:
    page = unescape(site.get("/fact-check").text)
    paths = re.findall(r'<a href="(/census/[^"]+)">The data that decide claim', page)
    assert paths
    for path in paths:
        assert site.get(path).status_code == 200, path


def test_a_claim_with_two_verdicts_says_in_which_reading_each_holds(site: Client) -> None:
    page = unescape(site.get("/fact-check").text)
    cards = [part for part in page.split("<article")[1:] if "taken the place of Llama" in part]
    assert len(cards) == 2
    assert "a statement about all downloads so far" in "".join(cards)
    assert "a statement about downloads of the last 30 days" in "".join(cards)
    assert all("checked in 2 readings" in card for card in cards)


def test_others_figures_are_written_whole_and_their_unit_once(
    site: Client, census: sqlite3.Connection
) -> None:
    page = unescape(site.get("/fact-check").text)
    (models,) = census.execute(
        "select max(value) from published_figures where unit = 'models' and value < 10000"
    ).fetchone()
    assert f'{models:,.0f} <span class="about">models</span>' in page
    assert ">of 2026 downloads</span>" in page
    assert "percent of 2026 downloads" not in page


def test_figures_of_others_stand_beside_ours(site: Client, census: sqlite3.Connection) -> None:
    page = unescape(site.get("/fact-check").text)
    (number,) = census.execute("select count(*) from scoreboard").fetchone()
    assert number > 0
    table = page[page.index('id="others"') :]
    assert table.count('<th scope="row">') == number


def test_about_says_what_is_not_known_and_how_to_correct_it(
    site: Client, census: sqlite3.Connection
) -> None:
    page = unescape(site.get("/about").text)
    (unknown,) = census.execute(
        "select count(*) from labs where country is null and role = 'lab'"
    ).fetchone()
    assert f"{unknown:,} labs without a document that decides their country" in page
    assert 'id="correct"' in page
    assert "data/origin_claims.csv" in page
