"""The pages of countries, labs, models and families: what they show, and where names lead."""

from __future__ import annotations

import re
import sqlite3
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from site_client import Client, other_scripts

from census.base import speech
from census.base.numbers import day_words, long_count, percent, short_count
from census.pages.profiles import (
    Profile,
    ProfileSource,
    cell_words,
    find_profile,
)
from census.site.site import open_site

ROOT = Path(__file__).resolve().parent.parent
NOW = {"month": "2026-05", "through": "2026-05-20", "downloads": 1_200_000, "low": 1_000_000,
       "high": 1_900_000, "likely_low": 1_150_000, "likely_high": 1_250_000, "place": 2,
       "p_place": 0.97, "share_pct": 40.0, "low_pct": 20.0, "high_pct": 55.0,
       "likely_low_pct": 38.0, "likely_high_pct": 43.0, "rests_on": "estimated",
       "counted_pct": 60.0, "covered_pct": 90.0}  # fmt: skip
SCOPE = {"through": "2026-05-20", "covered_pct": 98.0, "about": 0}
MODEL = {"name": "A/One", "lab_name": "A", "latest_all_time": 1_200_000, "all_time_about": 0,
         "latest_all_time_on": "2026-05-20", "latest_30d": None, "latest_30d_on": None,
         "recent_about": None, "at_least": None, "last_day": "2026-09-05"}  # fmt: skip


@pytest.fixture(scope="module")
def read(census_db: Path) -> ProfileSource:
    """What the pages are made from."""
    known = open_site(ROOT, census_db)
    connection = sqlite3.connect(f"file:{census_db}?mode=ro", uri=True)
    return ProfileSource(connection, known.questions, known.context)


def text_of(site: Client, path: str) -> str:
    """Return a page's text; it must be there."""
    answer = site.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return unescape(answer.text)


def newest(census: sqlite3.Connection, dimension: str, key: str) -> dict[str, Any]:
    """Return the newest month of a series of the default scope."""
    cursor = census.execute(
        "select * from series_steps where scope = 'frontier' and attribution = 'publisher'"
        " and basis = 'operating' and step = 'month' and measure = 'cumulative'"
        " and dimension = ? and key = ? order by month desc limit 1",
        (dimension, key),
    )
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


@pytest.mark.parametrize("code", ["CN", "US", "FR"])
def test_a_country_has_the_figures_of_its_series(
    site: Client, census: sqlite3.Connection, code: str
) -> None:
    page = text_of(site, f"/countries/{code}")
    row = newest(census, "country", code)
    said = re.search(r'<p class="headline">(.*?)</p>', page)
    assert said is not None
    count = speech.value_of(row, "downloads", "low", "high")
    share = speech.value_of(row, "share_pct", "low_pct", "high_pct")
    assert count is not None
    assert share is not None
    words = speech.count_words(count, long_count) or f"at least {long_count(row['low'])}"
    assert f"had {words} downloads" in said[1]
    assert (f"{speech.share_words(share)} of all counted" in said[1]) == speech.may_say(share, True)
    assert ("number " in said[1]) == speech.is_very_likely(row["p_place"])
    for lab in site.rows(f"/census/labs_of_country?country={code}")[:10]:
        assert f'href="/labs/{lab["lab"]}"' in page


@pytest.mark.parametrize(
    ("path", "dimension", "key"),
    [("/countries/CN", "country", "CN"), ("/labs/meta", "lab", "meta")],
)
def test_a_profile_says_how_much_of_it_is_counted_and_covered(
    site: Client, census: sqlite3.Connection, path: str, dimension: str, key: str
) -> None:
    page = text_of(site, path)
    row = newest(census, dimension, key)
    (of_scope,) = census.execute(
        "select covered_pct from scopes where scope = 'frontier'"
    ).fetchone()
    coverage = page[page.index("<dt>Coverage by weight</dt>") :]
    coverage = coverage[: coverage.index("</dd>")]
    assert f"<dd>{percent(row['covered_pct'])} of the recent downloads" in coverage
    assert f"all models counted: {percent(of_scope)}" in coverage
    assert speech.coverage_words(row["covered_pct"], of_scope) in coverage
    assert f"<dt>Data to</dt><dd>{day_words(row['through'])}" in page


def test_a_profile_shows_the_last_30_days_beside_all_downloads(
    site: Client, census: sqlite3.Connection
) -> None:
    day, downloads, models, total = census.execute(
        "select r.counted_on, r.downloads, r.models,"
        " (select sum(o.downloads) from recent_series as o where o.scope = r.scope"
        "  and o.attribution = r.attribution and o.basis = r.basis and o.dimension = r.dimension"
        "  and o.counted_on = r.counted_on)"
        " from recent_series as r where r.scope = 'frontier' and r.attribution = 'publisher'"
        " and r.basis = 'operating' and r.dimension = 'lab' and r.key = 'qwen'"
        " order by r.counted_on desc limit 1"
    ).fetchone()
    page = text_of(site, "/labs/qwen")
    recent = page[page.index(f"<dt>The last 30 days, to {day_words(day)}</dt>") :]
    recent = recent[: recent.index("</dd>")]
    assert f"<dd>{short_count(downloads)}, {percent(100 * downloads / total)}" in recent
    assert f"{models:,} models" in recent


def test_a_country_lab_and_family_of_which_nothing_is_counted_has_a_page(
    read: ProfileSource, site: Client
) -> None:
    """All others are in the sitemap, whose pages other tests open one by one."""
    listed = site.get("/sitemap.xml").text
    for kind, table, key in (("countries", "countries", "code"), ("labs", "labs", "id"),
                             ("families", "families", "id")):  # fmt: skip
        names = [name for (name,) in read.db.execute(f"select {key} from {table}")]
        others = [name for name in names if f"/{kind}/{name}<" not in listed]
        assert 0 < len(others) < len(names)
        for name in others:
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
    assert '<a href="/census/unverified_labs">Country not established</a>' in page


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


def test_likes_are_shown_with_the_day_on_which_they_were_counted(
    site: Client, census: sqlite3.Connection
) -> None:
    # Of a model whose downloads were counted later than its likes.
    name, likes, day = census.execute(
        "select m.name, m.likes, max(o.date) from models as m"
        " inner join observations as o on m.name = o.model"
        " where o.likes is not null"
        " and m.lab = 'shanghai-ai-lab' and m.likes > 0"
        " group by m.name having max(o.date) <> coalesce(m.latest_30d_on, '')"
        " order by m.likes desc, m.name limit 1"
    ).fetchone()
    page = text_of(site, f"/models/{name}")
    fact = page.partition("<dt>Likes</dt>")[2].partition("</div>")[0]
    assert fact == f'<dd>{likes:,} <span class="about">on {day_words(day)}</span></dd>'
    (line,) = [
        row for row in site.rows(f"/census/model_profile?model={name}") if row["fact"] == "Likes"
    ]
    assert (line["value"], line["as_of"]) == (likes, day)


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


def test_every_alias_leads_to_its_model(read: ProfileSource) -> None:
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


def test_profiles_keep_the_policy_of_pages(site: Client) -> None:
    for path in ("/countries/CN", "/labs/qwen", "/models/Qwen/Qwen3-8B", "/search?q=qwen"):
        answer = site.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert other_scripts(answer.text) == []
        assert 'class="' in answer.text
        assert " own" in re.findall(r'<body class="([^"]*)"', answer.text)[0]


@pytest.mark.parametrize(
    ("path", "dimension", "key"),
    [
        ("/countries/CN", "country", "CN"),
        ("/labs/qwen", "lab", "qwen"),
        ("/families/qwen", "family", "qwen"),
    ],
)
def test_share_and_rank_are_told_by_month_where_they_may_be_said(
    site: Client, census: sqlite3.Connection, path: str, dimension: str, key: str
) -> None:
    page = text_of(site, path)
    table = page[page.index('id="months"') :]
    shown = dict(
        re.findall(
            r'<th scope="row" class="short">([-\d]+)</th>(.+?)</tr>',
            table,
            re.S,
        )
    )
    cursor = census.execute(
        "select * from series_steps where scope = 'frontier' and attribution = 'publisher'"
        " and basis = 'operating' and step = 'month' and measure = 'cumulative'"
        " and dimension = ? and key = ? order by month desc limit 6",
        (dimension, key),
    )
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    assert list(shown) == [row["through"] for row in rows]
    for row in rows:
        cells = shown[row["through"]]
        words = cell_words(row, "share_pct", "low_pct", "high_pct")
        assert ("hard bounds" in cells) == (words is None)
        for part in words or ():
            assert part in cells
        assert (f">{row['place']}</td>" in cells) == speech.is_very_likely(row["p_place"])


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


@pytest.mark.parametrize(
    ("fact", "column"),
    [
        ("Parameters", "parameters_url"),
        ("Task", "pipeline_tag_url"),
        ("Licence", "licence_url"),
    ],
)
def test_what_a_document_says_of_a_model_is_shown_with_the_document(
    site: Client, census: sqlite3.Connection, fact: str, column: str
) -> None:
    name, url = census.execute(
        f"select name, {column} from models where {column} is not null order by id desc"
    ).fetchone()
    line = text_of(site, f"/models/{name}").partition(f"<dt>{fact}</dt>")[2].partition("</div>")[0]
    assert f'<a href="{url}" rel="noopener">by a document</a>' in line


def test_what_a_rule_decides_of_a_model_says_which(site: Client) -> None:
    text = text_of(site, "/models/Qwen/Qwen3-8B")
    facts = dict(re.findall(r"<dt>([^<]*)</dt><dd>(.*?)</dd>", text))
    assert "by its namespace" in facts["Lab"]
    assert 'href="#origin"' in facts["Country of the lab at release"]
    assert "by its name, which has <code>" in facts["Family"]
    assert facts["Parameters"].endswith("by its name</span>") or "weights" in facts["Parameters"]
    assert "Facts without another source here are from" in text


def test_a_misspelt_lab_is_found_as_by_the_search(site: Client) -> None:
    answer = site.get("/labs/qwenn")
    assert answer.status_code == 404
    assert 'href="/labs/qwen"' in answer.text
