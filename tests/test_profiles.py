"""The pages of countries, labs, models and families: what they show, and where names lead."""

from __future__ import annotations

import re
import sqlite3
from html import unescape
from pathlib import Path

import pytest
from site_client import Client

from census.numbers import long_count, percent
from census.profiles import Census, Profile, find_profile, standing_words
from census.site import open_site

ROOT = Path(__file__).resolve().parent.parent
NOW = {"downloads": 1_200_000, "low": 1_000_000, "high": 1_300_000, "place": 2,
       "share_pct": 40.0, "share_low_pct": 30.0, "share_high_pct": 45.0}  # fmt: skip


@pytest.fixture(scope="module")
def read(census_db: Path) -> Census:
    """What the pages are made from."""
    known = open_site(ROOT, census_db)
    connection = sqlite3.connect(f"file:{census_db}?mode=ro", uri=True)
    return Census(connection, known.questions, known.context)


def text_of(site: Client, path: str) -> str:
    """Return a page's text; it must be there."""
    answer = site.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return unescape(answer.text)


@pytest.mark.parametrize("code", ["CN", "US", "FR"])
def test_a_country_has_the_figures_of_its_question(site: Client, code: str) -> None:
    page = text_of(site, f"/countries/{code}")
    last = site.rows(f"/census/country_history?country={code}")[-1]
    said = re.search(r'<p class="headline">(.*?)</p>', page)
    assert said is not None
    assert long_count(last["downloads"]) in said[1]
    assert f"number {last['place']} among countries" in said[1]
    certain = last["share_high_pct"] - last["share_low_pct"] <= 20
    assert (percent(last["share_pct"]) in said[1]) == certain
    for lab in site.rows(f"/census/labs_of_country?country={code}")[:10]:
        assert f'href="/labs/{lab["lab"]}"' in page


def test_every_country_lab_and_family_has_a_page(read: Census) -> None:
    for kind, table, key in (("countries", "countries", "code"), ("labs", "labs", "id"),
                             ("families", "families", "id")):  # fmt: skip
        for (name,) in read.db.execute(f"select {key} from {table}").fetchall():
            assert isinstance(find_profile(read, kind, name), Profile), f"/{kind}/{name}"


def test_a_lab_says_what_each_document_says(site: Client, census: sqlite3.Connection) -> None:
    lab = "qwen"
    page = text_of(site, f"/labs/{lab}")
    claims = census.execute(
        "select says, source_url, source_title, confidence from origin_claims"
        " where lab = ? and evidence <> 'none'", (lab,)).fetchall()  # fmt: skip
    assert claims
    for says, address, title, confidence in claims:
        assert says in page
        assert f'href="{address}" rel="noopener">{title}</a>' in page
        assert f"{confidence} confidence" in page


def test_disputed_labs_are_marked(site: Client, census: sqlite3.Connection) -> None:
    disputed = census.execute("select id, country from labs where disputed = 1 order by id")
    found = disputed.fetchall()
    assert found
    for lab, country in found[:3]:
        assert "<strong>Disputed.</strong>" in text_of(site, f"/labs/{lab}")
        assert f'href="/labs/{lab}#origin">disputed' in text_of(site, f"/countries/{country}")
    assert "<strong>Disputed.</strong>" not in text_of(site, "/labs/qwen")


def test_what_is_unverified_is_said_to_be(site: Client, census: sqlite3.Connection) -> None:
    (lab,) = census.execute("select id from labs where country is null and origin_status ="
                            " 'unverified' order by id limit 1").fetchone()  # fmt: skip
    page = text_of(site, f"/labs/{lab}")
    assert '<a href="/census/unverified_labs">Unverified</a>' in page


def test_a_model_shows_its_counts_with_their_days(site: Client, census: sqlite3.Connection) -> None:
    name, count, month, likes = census.execute(
        "select name, latest_all_time, latest_30d, likes from models"
        " where name = 'Qwen/Qwen3-8B'").fetchone()  # fmt: skip
    page = text_of(site, f"/models/{name}")
    assert long_count(count) in page
    assert long_count(month) in page
    assert f"{likes:,}" in page
    assert '<img src="/census/model_curve.svg' in page
    assert '<img src="/census/model_history.svg' in page


def test_lineage_leads_both_ways(site: Client, census: sqlite3.Connection) -> None:
    child, parent = census.execute(
        "select c.name, p.name from lineage as g inner join models as c on g.child = c.id"
        " inner join models as p on g.parent = p.id"
        " order by c.latest_all_time desc, c.name limit 1").fetchone()  # fmt: skip
    assert f'<a href="/models/{parent}">{parent}</a>' in text_of(site, f"/models/{child}")
    assert f'<a href="/models/{child}">{child}</a>' in text_of(site, f"/models/{parent}")


def test_unknown_values_are_said_to_be_unknown(site: Client, census: sqlite3.Connection) -> None:
    (name,) = census.execute(
        "select name from models where parameters is null and latest_all_time is null"
        " order by name limit 1").fetchone()  # fmt: skip
    page = text_of(site, f"/models/{name}")
    assert '<span class="empty">unknown</span>' in page
    assert "There is no curve" in page


@pytest.mark.parametrize(
    ("former", "present"),
    [
        ("/models/bert-base-uncased", "/models/google-bert/bert-base-uncased"),
        ("/models/THUDM/glm-4-9b-chat", "/models/zai-org/glm-4-9b-chat"),
        ("/models/qwen/qwen3-8b", "/models/Qwen/Qwen3-8B"),
        ("/countries/cn", "/countries/CN"),
        ("/labs/Qwen", "/labs/qwen"),
        ("/labs", "/census/ranking_by_lab?limit=5000"),
    ],
)
def test_a_former_name_leads_to_the_present_one(site: Client, former: str, present: str) -> None:
    answer = site.get(former, follow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["location"] == present
    assert site.get(present).status_code == 200


def test_every_alias_leads_to_its_model(read: Census) -> None:
    aliases = read.db.execute("select a.alias, m.name from model_aliases as a"
                              " inner join models as m on a.model = m.id").fetchall()  # fmt: skip
    assert aliases
    for alias, name in aliases:
        assert find_profile(read, "models", alias) == f"/models/{name}"


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/labs/mistralx", "/search"),
        ("/models/Qwen/Qwen3", "/models/Qwen/Qwen3-8B"),
        ("/families/deep", "/families/deepseek"),
        ("/countries/ZZ", "/census/ranking_by_country"),
    ],
)
def test_what_is_not_there_is_answered_with_what_was_meant(
    site: Client, path: str, near: str
) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert near in answer.text
    assert 'action="/search"' in answer.text


@pytest.mark.parametrize("path", ["/labs/%3Cscript%3E", "/models/a%27b/c%22d"])
def test_an_address_is_never_taken_for_markup(site: Client, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert "<script>" not in answer.text
    assert '"c"d"' not in answer.text


def test_an_uncertain_share_is_not_in_the_sentence() -> None:
    certain = standing_words(NOW, "2026-05-20", "models by X", "labs")
    assert "40.0% of all counted (30.0% to 45.0%)" in certain
    assert "1.2 million downloads (1.0 million to 1.3 million)" in certain
    assert "number 2 among labs" in certain
    loose = standing_words({**NOW, "share_low_pct": 24.9}, "2026-05-20", "models by X", "labs")
    assert "%" not in loose


def test_profiles_keep_the_policy_of_pages(site: Client) -> None:
    for path in ("/countries/CN", "/labs/qwen", "/models/Qwen/Qwen3-8B", "/search?q=qwen"):
        answer = site.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "<script" not in answer.text
        assert 'class="' in answer.text
        assert " own" in re.findall(r'<body class="([^"]*)"', answer.text)[0]


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("/countries/CN", "country_history?country=CN"),
        ("/labs/qwen", "lab_history?lab=qwen"),
        ("/families/qwen", "family_history?family=qwen"),
    ],
)
def test_share_and_rank_are_told_by_month_where_they_are_certain(
    site: Client, path: str, question: str
) -> None:
    page = text_of(site, path)
    table = page[page.index('id="months"') :]
    shown = dict(
        re.findall(r'<th scope="row" class="short">(\d{4}-\d{2})</th>(.+?)</tr>', table, re.S)
    )
    rows = {row["month"]: row for row in site.rows(f"/census/{question}")}
    assert list(shown) == sorted(rows, reverse=True)[:6]
    for month, cells in shown.items():
        row = rows[month]
        sure = row["share_high_pct"] - row["share_low_pct"] <= 20
        assert (f">{percent(row['share_pct'])}<" in cells) == sure
        assert (f">{row['place']}</td>" in cells) == sure
        assert ("not certain" in cells) != sure
    assert any(row["share_high_pct"] - row["share_low_pct"] > 20 for row in rows.values())


def test_a_family_says_why_its_country_and_what_was_made_from_it(
    site: Client, census: sqlite3.Connection
) -> None:
    page = text_of(site, "/families/qwen")
    (says,) = census.execute(
        "select says from origin_claims where lab = 'qwen' and decides = 1"
    ).fetchone()
    assert says in page[page.index('id="origin"') :]
    name, models = census.execute(
        "select m.name, count(*) from models as m, derivatives as d"
        " where m.family = 'qwen' and d.parent_name = m.name"
        " group by m.name order by count(*) desc, m.name"
    ).fetchone()
    assert f'{name}</a> <span class="about">{models:,} model' in page


def test_a_model_without_an_announcement_is_only_said_to_be_created_on_the_hub(
    site: Client,
) -> None:
    announced = text_of(site, "/models/Qwen/Qwen3-8B")
    assert "<dt>Released</dt><dd>29 April 2025" in announced
    assert "as announced</a>; created on the Hub on 27 April 2025" in announced
    created = text_of(site, "/models/deepseek-ai/DeepSeek-R1")
    assert "<dt>Created on the Hub</dt><dd>20 January 2025" in created
    assert "<dt>Released</dt>" not in created


def test_a_parent_that_the_card_does_not_name_is_shown_with_its_document(site: Client) -> None:
    page = text_of(site, "/models/deepseek-ai/DeepSeek-R1-Distill-Llama-8B")
    assert "meta-llama/Llama-3.1-8B" in page
    assert "by a document</a>; its card names no parent" in page
