"""The census's own pages, Datasette's pages inside its frame, health and headers."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from site_client import Client

from census.base import speech
from census.base.numbers import day_words, long_count, percent
from census.charts.uncertainty import WIDEST_BAND
from census.history.bounds import TOLERANCE
from census.history.cleaning import UNDECIDED_SNAPSHOTS
from census.history.ends import COUNTED_PCT
from census.pages.method import calibration_words, lesson_words
from census.pages.news import headline_countries, scope_words
from census.pages.sentences import headline
from census.publish.live import served_databases
from census.questions.question_files import read_questions
from census.rollups.noise import DRAWS
from census.rollups.size_references import AGES
from census.rollups.used_counts import LEAST_WINDOWS
from census.site.site import age_in_days

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
    # A module only adds to what is already there.
    scripts = [tag for tag in re.findall("<script[^>]*>", page.text) if "ld+json" not in tag]
    assert all(tag.startswith('<script type="module" src="/static/') for tag in scripts)
    assert len(scripts) == len(set(scripts))
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


@pytest.mark.parametrize("path", ["/", "/methodology"])
def test_a_reader_is_told_that_makers_are_counted_and_not_who_downloads(
    site: Client, path: str
) -> None:
    page = unescape(site.get(path).text)
    assert "The Hub does not publish who downloads" in page.replace("the Hub does", "The Hub does")


def test_the_home_page_says_what_other_scopes_give_and_what_the_headline_hangs_on(
    site: Client,
) -> None:
    page = unescape(site.get("/").text)
    for name in ("headline_robustness", "denominators", "origin_sensitivity"):
        assert f'href="/census/{name}"' in page
    ranking = site.rows("/census/ranking_by_country")
    named = headline_countries(ranking)
    assert len(named) == 2
    labels = {"labs": "all models of labs", "hub": "all observed models of registered publishers"}
    for scope, label in labels.items():
        rows = site.rows(f"/census/ranking_by_country?scope={scope}")
        for row in rows:
            if row["country"] in named:
                value = speech.value_of(row, "share_pct", "low_pct", "high_pct")
                assert value is not None
                assert f"{row['country_name']} {speech.share_words(value)}" in page
        assert label in page


def test_another_scope_says_nothing_of_a_share_that_is_too_uncertain() -> None:
    rows = [
        {"country": "US", "country_name": "United States", "share_pct": 50.4, "low_pct": 50.4,
         "high_pct": 50.4, "likely_low_pct": 50.4, "likely_high_pct": 50.4, "rests_on": "counted"},
        {"country": "CN", "country_name": "China", "share_pct": 19.5, "low_pct": 10.0,
         "high_pct": 40.0, "likely_low_pct": 17.0, "likely_high_pct": 21.0,
         "rests_on": "estimated"},
    ]  # fmt: skip
    assert scope_words("All models of labs", rows, ["CN", "US"]) == (
        "all models of labs: the United States 50.4%, China 20% (90% interval 17 to 21%)"
    )
    rows[1]["likely_high_pct"] = 38.0
    assert scope_words("All models of labs", rows, ["CN", "US"]) is None


def test_the_home_page_shows_the_share_over_time_and_the_last_30_days(site: Client) -> None:
    page = unescape(site.get("/").text)
    order = [page.index(f'id="{name}"') for name in ("over-time", "recent", "ranking", "labs")]
    assert order == sorted(order)
    for path in ("/census/share_by_country", "/census/ranking_by_country?measure=recent"):
        answer = re.search(r'class="answer">(.+?)</p>', unescape(site.get(path).text))
        assert answer is not None
        assert f'<p class="answer">{answer[1]}</p>' in page


def test_the_home_page_says_how_much_is_counted_by_weight(
    site: Client, census: sqlite3.Connection
) -> None:
    (covered,) = census.execute(
        "select covered_pct from scopes where scope = 'frontier'"
    ).fetchone()
    page = unescape(site.get("/").text)
    assert f"The models counted make up {percent(covered)} of all recent downloads" in page
    # How many models of a list are counted says nothing of their weight.
    assert "models on the list of" not in page


def test_the_table_of_labs_is_the_ranking(site: Client) -> None:
    page = unescape(site.get("/").text)
    table = page[page.index('id="labs"') :]
    places = [table.index(f">{row['lab_name']}</a>")
              for row in site.rows("/census/ranking_by_lab?limit=15")]  # fmt: skip
    assert places == sorted(places)


def test_an_uncertain_share_is_in_no_sentence() -> None:
    counted = {"downloads": 10, "models": 2, "through": "2026-05-20"}
    shares = {"share_pct": 60.0, "low_pct": 20.0, "high_pct": 90.0, "rests_on": "estimated",
              "likely_low_pct": 55.0, "likely_high_pct": 65.0}  # fmt: skip
    row = {"country": "CN", "country_name": "China", **counted, **shares}
    assert "60% (90% interval 55 to 65%)" in headline([row], "Models")
    wide = headline([{**row, "likely_low_pct": 45.0}], "Models")
    assert "45 to 65% (90% interval, middle 60%)" in wide
    uncertain = headline([{**row, "likely_low_pct": 44.9}], "Models")
    assert "60" not in uncertain
    assert "we count the downloads of 2 models" in uncertain


def test_every_question_is_listed_and_downloadable(site: Client) -> None:
    listed = site.get("/questions").text
    files = site.get("/downloads").text
    for name in QUESTIONS:
        assert f'href="/census/{name}"' in listed
        assert f'href="/census/{name}.csv"' in files


def test_exactly_one_database_is_listed_and_can_be_had(site: Client) -> None:
    assert list(served_databases(site.get("/-/databases.json").json())) == ["census"]
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
    stale = age_in_days(info["data_through"]) > 2
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
    page = unescape(site.get("/methodology").text)
    for said in (
        f"after {UNDECIDED_SNAPSHOTS} snapshots",
        f"off by {100 * TOLERANCE.part:.0f}% and {TOLERANCE.slack} downloads",
        f"hold {COUNTED_PCT:.0f}%",
        f"we draw {DRAWS} of them",
        f"with {LEAST_WINDOWS} or more used windows",
        f"at most {speech.NUMBER_FIRST_WIDTH:.0f} points wide",
        f"Up to {speech.WIDEST_SAID:.0f} points",
        ", ".join(str(age) for age in AGES[:-1]),
    ):
        assert said in page
    for reason, models in census.execute(
        "select scope_reason, count(*) from models group by scope_reason, in_frontier"
        " order by count(*) desc limit 3"
    ):
        assert f"{reason[1:]}</th>" in page
        assert f">{models:,}<" in page


def test_the_method_counts_what_the_database_holds(
    site: Client, census: sqlite3.Connection
) -> None:
    page = unescape(site.get("/methodology").text)
    windows, all_time = census.execute(
        "select count(downloads_30d), count(downloads_all_time) from history"
    ).fetchone()
    assert f"{windows:,} 30-day counts and {all_time:,} all-time counts" in page
    for first, last, shortest, longest in census.execute(
        "select first_day, last_day, shortest, longest from window_lengths"
    ):
        row = page[page.index(day_words(first or last)) :]
        assert f">{shortest}</td>" in row
        assert f">{longest}</td>" in row
    for label, note in census.execute(
        "select s.label, e.note from scopes as s inner join scope_ends as e on s.scope = e.scope"
    ):
        line = page[page.index(f"<li>{label}: ") :]
        line = line[: line.index("</li>")].lower()
        assert ("only the largest models were counted" in line) == ("largest" in (note or ""))


def test_the_lesson_of_the_first_series_is_computed() -> None:
    row = {"day": "2026-05-20", "about": 1, "day_before": "2026-04-30", "day_after": "2026-05-31"}
    china = {"country": "CN", "country_name": "China", "held_pct": 42.1, "share_then": 46.1,
             "share_before": 53.0, "share_after": 54.8}  # fmt: skip
    france = {"country": "FR", "country_name": "France", "held_pct": 98.9, "share_then": 7.3,
              "share_before": 6.0, "share_after": 5.5}  # fmt: skip
    said = lesson_words([{**row, **china}, {**row, **france}])
    assert said is not None
    assert "one snapshot, of about 20 May 2026" in said
    assert "42% of the recent downloads of China, but 99% of those of France" in said
    assert "So the snapshot understated the share by 7 to 9 points." in said
    # A share that lies between the estimates of both months teaches nothing.
    right = {**china, "share_then": 53.5}
    assert lesson_words([{**row, **right}, {**row, **france}]) is None
    assert lesson_words([]) is None


def test_the_calibration_is_told_by_the_test_that_decides() -> None:
    row = {"test": "one monthly crawl hidden", "level": "model", "cases": 1200, "inside_90": 90.4}
    said = calibration_words([{**row, "level": "share", "inside_90": 80.0}, row])
    assert said is not None
    assert "Of its 1,200 counts of single models, 90.4% lay inside" in said
    assert calibration_words([]) is None


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
    week = re.search(
        r'in the week to <time datetime="([\d-]+)">.+?list ([\d,]+) new model', page, re.DOTALL
    )
    assert week is not None
    last = date.fromisoformat(week[1])
    days = {(last - timedelta(days=n)).isoformat() for n in range(7)}
    released = [row for row in site.rows("/census/newest_models?limit=500")
                if row["released_on"] in days]  # fmt: skip
    assert int(week[2].replace(",", "")) == len(released)
    assert any(f'href="/models/{row["model"]}"' in page for row in released)
    changes = site.rows("/census/changes_of_the_data")
    assert changes[0]["what"] in page


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("ranking_by_country?measure=recent", "Counted on {day}."),
        ("share_by_country?measure=recent", "Counted on single days, the last {day}."),
        ("ranking_by_country?scope=labs", "Totals to {labs}"),
    ],
)
def test_a_question_says_of_which_day_it_is(
    site: Client, census: sqlite3.Connection, path: str, said: str
) -> None:
    (day,) = census.execute(
        "select max(counted_on) from recent_days where scope = 'frontier'"
    ).fetchone()
    labs, cut = census.execute(
        "select through, largest_only from scope_ends where scope = 'labs'"
    ).fetchone()
    note = " (only the largest models were counted on this day)" if cut else ""
    page = unescape(site.get(f"/census/{path}").text)
    assert said.format(day=day_words(day), labs=f"{day_words(labs)}{note}.") in page
