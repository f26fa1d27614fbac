"""The census's own pages, Datasette's pages inside its frame, health and headers."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from site_client import Client

from census.adoption import AGES
from census.bands import WIDEST_BAND
from census.cleaning import UNDECIDED_SNAPSHOTS
from census.history.ends import COUNTED_PCT
from census.numbers import day_words, long_count, percent
from census.questions import read_questions
from census.sentences import headline
from census.site import STALE_AFTER_DAYS, age_in_days

QUESTIONS = read_questions(Path(__file__).resolve().parent.parent / "canned_queries")
OWN = ("/", "/questions", "/methodology", "/quality", "/downloads", "/census/share_by_country")
STOCK = ("/census", "/census/labs", "/census?sql=select+1+as+one", "/census/labs/qwen")
LOADED = re.compile(
    r'<(?:script|img|iframe|source|link rel="(?:stylesheet|icon)")'
    r'[^>]*?(?:src|href|srcset)="([^"]+)"'
)


@pytest.mark.parametrize("path", [*OWN, *STOCK])
def test_a_page_is_framed_for_every_reader(site: Client, path: str) -> None:
    page = site.get(path)
    assert page.status_code == 200, page.text
    text = page.text
    assert '<html lang="en">' in text
    assert 'class="skip" href="#main"' in text
    for landmark in ("<header", "<nav", '<main id="main"', "<footer"):
        assert landmark in text
    assert text.count("<h1") == 1
    assert re.search(r"<title>\s*\S", text)


@pytest.mark.parametrize("path", [*OWN, *STOCK, "/no-such-page"])
def test_a_page_loads_nothing_from_elsewhere(site: Client, path: str) -> None:
    page = site.get(path).text
    loaded = LOADED.findall(page)
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)


@pytest.mark.parametrize("path", OWN)
def test_own_pages_need_no_script(site: Client, path: str) -> None:
    page = site.get(path)
    # A module only adds to what is already there, and a page has one at most.
    scripts = [tag for tag in re.findall("<script[^>]*>", page.text) if "ld+json" not in tag]
    assert all(tag.startswith('<script type="module" src="/static/') for tag in scripts)
    assert len(scripts) == ("/census/" in path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_datasette_vega_is_only_where_readers_explore(site: Client) -> None:
    assert "datasette_vega" in site.get("/census/labs").text
    assert "datasette_vega" in site.get("/census?sql=select+1+as+one").text
    for path in (*OWN, "/census"):
        assert "datasette_vega" not in site.get(path).text


def test_the_home_page_answers_with_numbers_of_a_question(site: Client) -> None:
    page = unescape(site.get("/").text)
    rows = site.rows("/census/ranking_by_country")
    said = re.search(r'<p class="headline">(.*?)</p>', page)
    assert said is not None
    total = sum(row["downloads"] for row in rows)
    assert long_count(total) in said[1]
    assert day_words(rows[0]["through"]) in said[1]
    named = [row for row in rows if row["country"] not in (None, "XX")][:2]
    certain = all(row["high_pct"] - row["low_pct"] <= WIDEST_BAND for row in named)
    for row in named:
        assert (percent(row["share_pct"]) in said[1]) == certain
        assert (percent(row["high_pct"]) in said[1]) == certain


def test_the_home_page_says_how_much_of_other_lists_is_counted(site: Client) -> None:
    page = unescape(site.get("/").text)
    rows = site.rows("/census/peer_coverage")
    assert rows
    for row in rows:
        assert f"{row['with_counts']:,} of the {row['listed']:,} models" in page


def test_the_table_of_labs_is_the_ranking(site: Client) -> None:
    page = unescape(site.get("/").text)
    places = [page.index(f">{row['lab_name']}</a></th>")
              for row in site.rows("/census/ranking_by_lab?limit=15")]  # fmt: skip
    assert places == sorted(places)


def test_an_uncertain_share_is_in_no_sentence() -> None:
    counted = {"downloads": 10, "models": 2, "through": "2026-05-20"}
    shares = {"share_pct": 60.0, "low_pct": 45.0, "high_pct": 65.0}
    row = {"country": "CN", "country_name": "China", **counted, **shares}
    assert "60.0% (45.0–65.0%)" in headline([row], "Models")
    uncertain = headline([{**row, "low_pct": 44.9}], "Models")
    assert "60" not in uncertain
    assert "10 downloads" in uncertain


def test_every_question_is_listed_and_downloadable(site: Client) -> None:
    questions = site.loop.run_until_complete(site.datasette.get_canned_queries("census", None))
    listed = site.get("/questions").text
    files = site.get("/downloads").text
    for name in questions:
        assert f'href="/census/{name}"' in listed
        assert f'href="/census/{name}.csv"' in files


def test_exactly_one_database_is_listed_and_can_be_had(site: Client) -> None:
    assert [base["name"] for base in site.get("/-/databases.json").json()] == ["census"]
    answer = site.get("/census.db")
    assert answer.status_code == 200
    assert answer.content.startswith(b"SQLite format 3\x00")


@pytest.mark.parametrize(
    "path", ["/census/series_status.json?_shape=array", "/census/series_status.csv"]
)
def test_data_is_open_to_every_origin_once(site: Client, path: str) -> None:
    answer = site.get(path)
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    # Datasette itself sends the stricter one with JSON.
    assert answer.headers["referrer-policy"] in ("no-referrer", "strict-origin-when-cross-origin")


def test_static_files_are_named_by_their_content(site: Client) -> None:
    page = site.get("/").text
    address = re.search(r'href="(/static/census\.css\?v=[0-9a-f]{12})"', page)
    assert address is not None
    answer = site.get(address[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


def test_health_says_of_which_day_the_data_are(site: Client, census_db: Path) -> None:
    info = dict(sqlite3.connect(census_db).execute("select key, value from build_info"))
    answer = site.get("/-/healthz")
    said = answer.json()
    assert said["data_through"] == info["data_through"]
    assert said["models"] > 0
    assert said["observations"] > 0
    stale = age_in_days(info["data_through"]) > STALE_AFTER_DAYS
    assert answer.status_code == (503 if stale else 200)
    assert said["ok"] is not stale
    assert site.get("/-/healthz?live=1").status_code == 200


def test_data_are_fresh_for_two_days() -> None:
    today = datetime.now(UTC).date()
    days = [(today - timedelta(days=n)).isoformat() for n in range(4)]
    assert [age_in_days(day) for day in days] == [0, 1, 2, 3]
    assert age_in_days("2026-02-27", date(2026, 3, 1)) == 2


def test_an_error_page_is_a_page_of_the_site(site: Client) -> None:
    answer = site.get("/census/no_such_table")
    assert answer.status_code == 404
    assert '<html lang="en">' in answer.text
    assert 'href="/questions"' in answer.text


def test_the_method_is_told_with_the_numbers_of_the_code(
    site: Client, census: sqlite3.Connection
) -> None:
    page = unescape(site.get("/methodology").text).replace("\xa0", " ")
    assert f"after {UNDECIDED_SNAPSHOTS} snapshots" in page
    assert f"wider than {WIDEST_BAND:.0f} points" in page
    assert f"hold {COUNTED_PCT:.0f} %" in page
    assert ", ".join(str(age) for age in AGES[:-1]) in page
    for reason, models in census.execute(
        "select scope_reason, count(*) from models group by scope_reason, in_frontier"
        " order by count(*) desc limit 3"
    ):
        assert f"{reason[1:]}</th>" in page
        assert f">{models:,}<" in page


def test_explore_shows_every_chart_small_with_its_answer(site: Client) -> None:
    page = unescape(site.get("/questions").text)
    for name, question in QUESTIONS.items():
        if question.chart is None:
            continue
        card = page[page.index(f'src="/census/{name}.svg?_size=thumb"') :]
        answer = re.search(r'class="answer">(.+?)</p>', unescape(site.get(f"/census/{name}").text))
        assert answer is not None
        assert f"<p>{answer[1]}</p>" in card[: card.index("</li>")]
    thumb = site.get("/census/top_models.svg?_size=thumb")
    assert thumb.status_code == 200
    assert len(thumb.content) < 12_000
    assert site.get("/census/top_models.svg?_size=tiny").status_code == 400


def test_the_home_page_has_the_latest_milestones_and_the_week(site: Client) -> None:
    page = unescape(site.get("/").text)
    events = [row for row in site.rows("/census/milestones_in_order") if row["kind"] != "lead"]
    assert events[0]["what"] in page
    week = re.search(r'In the week to <time datetime="([\d-]+)">.+?list ([\d,]+) new model', page)
    assert week is not None
    last = date.fromisoformat(week[1])
    days = {(last - timedelta(days=n)).isoformat() for n in range(7)}
    released = [row for row in site.rows("/census/newest_models?limit=500")
                if row["released_on"] in days]  # fmt: skip
    assert int(week[2].replace(",", "")) == len(released)
    assert any(f'href="/models/{row["model"]}"' in page for row in released)
    changes = site.rows("/census/changes_of_the_data")
    assert changes[0]["what"] in page
