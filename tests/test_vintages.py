"""What was published on a day stays so at its address, and a figure has its life written down."""

from __future__ import annotations

import csv
import io
import sqlite3

import pytest
from site_client import Client

from census.questions.vintages import RECORDED

FORMATS = (".csv", ".json?_shape=array", ".svg", ".vl.json", ".tsv", ".metadata.json")


@pytest.fixture
def days(census: sqlite3.Connection) -> list[str]:
    found = census.execute("select day from recorded_vintages order by day").fetchall()
    assert len(found) >= 2
    return [day for (day,) in found]


def as_of(path: str, day: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}_as_of={day}"


def test_a_share_is_that_of_the_recording_to_the_last_digit(
    site: Client, census: sqlite3.Connection, days: list[str]
) -> None:
    for day in days:
        recorded = census.execute(
            """
            select month, coalesce(key, ''), downloads, share_pct, low_pct, likely_low_pct
            from recorded_points
            where day = ? and dimension = 'country' and measure = 'cumulative'
                and share_pct is not null
            """,
            (day,),
        ).fetchall()
        rows = site.rows(as_of("/census/share_by_country", day))
        columns = ("month", "country", "downloads", "share_pct", "low_pct", "likely_low_pct")
        published = [tuple(row[name] or "" if name == "country" else row[name] for name in columns)
                     for row in rows]  # fmt: skip
        assert sorted(published, key=str) == sorted(recorded, key=str)


@pytest.mark.parametrize("name", RECORDED)
def test_files_and_pictures_have_what_was_recorded(
    site: Client, days: list[str], name: str
) -> None:
    now = site.rows(f"/census/{name}")
    then = site.rows(as_of(f"/census/{name}", days[0]))
    assert list(then[0]) == list(now[0])
    assert then != now
    for form in FORMATS:
        answer = site.get(as_of(f"/census/{name}{form}", days[0]))
        assert answer.status_code == 200, (form, answer.text[:200])
    text = site.get(as_of(f"/census/{name}.csv", days[0])).text
    assert len(list(csv.DictReader(io.StringIO(text)))) == len(then)


@pytest.mark.parametrize("name", RECORDED)
def test_two_days_have_two_pictures_and_neither_is_todays(
    site: Client, days: list[str], name: str
) -> None:
    """Kept answers must not be given for another day."""
    paths = [f"/census/{name}.svg", *(as_of(f"/census/{name}.svg", day) for day in days[:2])]
    for _ in range(2):
        pictures = [site.get(path).text for path in paths]
        assert len(set(pictures)) == len(paths)


def test_an_embed_shows_the_day_and_leads_back_to_it(site: Client, days: list[str]) -> None:
    page = site.get(as_of("/-/embed/share_by_country", days[0]))
    assert page.status_code == 200
    assert f"as_of={days[0]}" in page.text
    assert "frame-ancestors *" in page.headers["content-security-policy"]


def test_a_page_says_that_it_is_of_a_day(site: Client, days: list[str]) -> None:
    page = site.get(as_of("/census/ranking_by_country", days[0])).text
    assert "as published on" in page


@pytest.mark.parametrize("path", ["top_models.csv", "series_status.json", "country_history.svg"])
def test_elsewhere_it_is_refused_naming_where_it_is_not(site: Client, path: str) -> None:
    answer = site.get(f"/census/{path}?_as_of=2026-11-26")
    assert answer.status_code == 400
    for name in RECORDED:
        assert name in answer.text


@pytest.mark.parametrize(
    "query",
    ["_as_of=2020-01-01", "_as_of=", "_as_of=x'--", "_as_of={day}&scope=labs",
     "_as_of={day}&basis=incorporation", "_as_of={day}&step=day"],
)  # fmt: skip
def test_what_was_not_recorded_is_refused_not_answered_by_today(
    site: Client, days: list[str], query: str
) -> None:
    asked = query.format(day=days[0])
    assert site.get(f"/census/share_by_country.json?{asked}").status_code == 400


def test_nothing_is_said_to_be_counted_that_a_recording_does_not_hold(
    site: Client, days: list[str]
) -> None:
    rows = site.rows(as_of("/census/share_by_country", days[-1]))
    assert {row["rests_on"] for row in rows} <= {"estimated", "bounds"}
    assert all(row["counted_pct"] is None and row["p_place"] is None for row in rows)


def test_the_life_of_a_figure_goes_from_its_first_print_to_now(
    site: Client, census: sqlite3.Connection, days: list[str]
) -> None:
    rows = site.rows("/census/life_of_a_figure?key=CN&month=2026-03&measure=share")
    assert [row["published"] for row in rows] == [*days, "now"]
    assert rows[0]["cause"] == "first print"
    for row, before in zip(rows[1:], rows, strict=False):
        assert row["changed_by"] == pytest.approx(row["value"] - before["value"], abs=1e-4)
    digests = dict(census.execute("select day, rules_digest from recorded_vintages").fetchall())
    if digests[days[0]] != digests[days[1]]:
        assert rows[1]["cause"].startswith("new rules")
        assert "method" in rows[1]["cause"]
    (now,) = census.execute(
        """
        select share_pct from series_steps
        where scope = 'frontier' and attribution = 'publisher' and basis = 'operating'
            and dimension = 'country' and key = 'CN' and step = 'month' and month = '2026-03'
            and measure = 'cumulative'
        """
    ).fetchone()
    assert rows[-1]["value"] == now


def test_the_usual_revision_is_not_said_before_six_recordings(
    site: Client, days: list[str]
) -> None:
    rows = site.rows("/census/life_of_a_figure")
    enough = len(days) >= 6
    assert all((row["usual_revision"] is not None) == enough for row in rows)
