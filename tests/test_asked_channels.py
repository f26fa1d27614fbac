"""What the questions about channels answer, and that none of them adds up two channels."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest
from made_census import ask, by, only, pick
from site_client import Client

QUESTIONS = Path(__file__).parent.parent / "canned_queries"
SHARES = [
    ("ollama_pulls", {"dimension": "country"}),
    ("ollama_pulls", {"dimension": "lab", "top": "3"}),
    ("openrouter_tokens", {"dimension": "lab", "top": "5"}),
    ("openrouter_tokens", {"dimension": "weights"}),
    ("openrouter_tokens", {"weights": "open", "step": "month"}),
]


@pytest.mark.parametrize(("question", "values"), SHARES)
def test_shares_of_a_channel_sum_to_100_within_their_bounds(
    census: sqlite3.Connection, question: str, values: dict[str, str]
) -> None:
    sums: dict[str, float] = defaultdict(float)
    for row in ask(census, question, **values):
        sums[row["through"]] += row["share_pct"]
        if row["low_pct"] is not None:
            assert row["low_pct"] <= row["share_pct"] + 1e-4
            assert row["share_pct"] <= row["high_pct"] + 1e-4
    assert sums
    assert all(total == pytest.approx(100, abs=0.01) for total in sums.values())


@pytest.mark.parametrize(("question", "values"), SHARES)
def test_the_rest_is_one_row_a_step(
    census: sqlite3.Connection, question: str, values: dict[str, str]
) -> None:
    rows = ask(census, question, **values)
    assert len({(row["through"], row["key"]) for row in rows}) == len(rows)


def test_the_pulls_of_the_last_day(census: sqlite3.Connection) -> None:
    rows = [r for r in ask(census, "ollama_pulls") if r["through"] == "2026-08-21"]
    shares = by(rows, "key", "share_pct")
    assert (round(shares["US"]), round(shares["CN"])) == (56, 30)


def test_the_same_five_labs_stand_on_every_channel(census: sqlite3.Connection) -> None:
    rows = ask(census, "labs_on_channels")
    five = set(pick(rows, "lab", channel="hub"))
    assert len(five) == 5
    assert {row["lab"] for row in rows} == five
    assert {row["channel"] for row in rows} == {"hub", "modelscope", "ollama", "openrouter"}
    assert all(1 <= row["place_from"] <= row["place_to"] for row in rows)
    ollama = only([r for r in rows if (r["channel"], r["lab"]) == ("ollama", "meta")])
    assert (ollama["place_from"], ollama["place_to"], ollama["unit"]) == (1, 1, "pulls")


def test_the_headline_holds_on_some_channels_only(census: sqlite3.Connection) -> None:
    said = by(ask(census, "headline_on_channels"), "channel", "is_ahead")
    assert said == {"hub": "yes", "ollama": "no", "openrouter": "yes"}


def test_a_name_without_a_lab_is_shown_with_its_weight(census: sqlite3.Connection) -> None:
    rows = ask(census, "channel_names_unmapped", limit="3")
    assert (rows[0]["name"], rows[0]["maker"]) == ("mxbai-embed-large", "mixedbread.ai")
    counted = [row["counted"] for row in rows]
    assert counted == sorted(counted, reverse=True)


def test_every_question_keeps_channels_apart() -> None:
    """A sum over figures of channels names the channel that it is of."""
    for path in QUESTIONS.glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        sql = text.split("*/", 1)[1]
        if re.search(r"\bchannel_(series|counts)\b", sql):
            asked = re.search(r"channel = ('\w+'|:channel)", sql)
            assert asked or re.search(r"\bchannel,", sql), path.name
            if "sum(" in sql and asked is None:
                assert re.search(r"where\s+v\.channel = c\.channel", sql), path.name


def test_the_page_of_channels_says_what_each_counts_and_how_old_it_is(site: Client) -> None:
    text = site.get("/channels").text
    for words in (
        "are never added up",
        "Pulls of all time that the Ollama library shows",
        "Source: OpenRouter (openrouter.ai/rankings)",
        "15 days older than the newest figures of any channel",
        "Docker Hub",
    ):
        assert words in text


@pytest.mark.parametrize("path", ["/labs/qwen", "/families/gemma"])
def test_a_profile_shows_its_place_on_every_channel(site: Client, path: str) -> None:
    text = site.get(path).text
    section = text[text.index('id="channels"') :]
    for words in ("ModelScope", "Ollama", "OpenRouter", "pulls", "21 August 2026"):
        assert (words in section) or (path == "/families/gemma" and words == "ModelScope")


def test_a_chart_of_a_channel_says_its_own_day_and_none_of_the_hubs_events(site: Client) -> None:
    picture = site.get("/census/ollama_pulls.svg").text
    assert "figures of Ollama" in picture
    assert "21 August 2026" in picture
    assert "Hugging Face Hub" not in picture
    assert site.get("/census/ollama_pulls.json?_shape=array").status_code == 200


def test_the_page_of_channels_says_how_each_sources_figures_come(site: Client) -> None:
    text = site.get("/channels").text
    section = text[text.index('id="gathering"') : text.index('id="labs"')]
    rows = [re.sub(r"<[^>]+>", " ", row) for row in section.split("<tr>")[2:]]
    said = {row.split("  ")[1].strip(): row for row in rows}
    collected = {name for name, row in said.items() if "Collected by the census" in row}
    assert collected == {
        "ModelScope, OpenAPI",
        "OpenRouter, Data API and daily exports",
        "Epoch Capabilities Index",
        "Arena text leaderboard, with control of style",
        "Arena text leaderboard, without control of style",
    }
    bundled = next(row for name, row in said.items() if name.startswith("Ollama Gallery"))
    assert "Bundled from a file by others" in bundled
    assert "15 July 2026" in bundled
    assert len(said) == 13


def test_a_chart_of_scores_says_the_day_of_its_own_list(site: Client) -> None:
    for scores, day in (("epoch-eci-2025-12", "19 December 2025"), ("arena-fboulnois", "2025")):
        text = site.get(f"/census/best_models_by_country?scores={scores}").text
        assert re.search(rf"Observations to [^<]*{day}", text), scores
