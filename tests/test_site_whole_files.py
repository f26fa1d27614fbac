"""Whole files as the site serves them: questions, tables and free SQL."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from typing import Any
from urllib.parse import quote

import pytest
from site_client import Client

ROWS = 30_000
COUNTING = "with recursive n(i) as (select 1 union all select i + 1 from n{until}) select i from n"
MANY = COUNTING.format(until=f" where i < {ROWS}")
ENDLESS = COUNTING.format(until="")


def read(response: Any) -> list[dict[str, str]]:
    """Return the rows of a CSV answer."""
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def test_free_sql_is_whole_beyond_datasettes_limit(site: Client) -> None:
    assert site.datasette.setting("max_returned_rows") < ROWS
    assert len(read(site.get(f"/census.csv?sql={quote(MANY)}"))) == ROWS
    assert len(site.get(f"/census.json?_shape=array&sql={quote(MANY)}").json()) == ROWS
    lines = site.get(f"/census.json?_shape=array&_nl=on&sql={quote(MANY)}")
    assert lines.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line)["i"] for line in lines.text.splitlines()] == [*range(1, ROWS + 1)]
    assert site.get(f"/census.json?sql={quote(MANY)}").json()["truncated"] is True


def test_a_question_is_whole_beyond_datasettes_limit(
    site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.datasette, "max_returned_rows", 10)
    rows = read(site.get("/census/cumulative_downloads.csv"))
    assert len(rows) > 10
    assert site.get("/census/cumulative_downloads.json").json()["truncated"] is True
    assert len(site.rows("/census/cumulative_downloads")) == len(rows)


@pytest.mark.parametrize("table", ["models", "observations", "recent_series", "build_info"])
def test_a_table_or_view_is_whole(site: Client, census: sqlite3.Connection, table: str) -> None:
    counted = census.execute(f'select count(*) from "{table}"').fetchone()[0]
    assert len(read(site.get(f"/census/{table}.csv"))) == counted
    assert len(read(site.get(f"/census/{table}.csv?_size=max"))) == counted


def test_filters_sorting_search_and_labels_of_a_table_hold(
    site: Client, census: sqlite3.Connection
) -> None:
    rows = read(site.get("/census/models.csv?lab=qwen&_sort_desc=latest_30d&_labels=on"))
    expected = census.execute(
        "select m.name, l.name from models as m join labs as l on m.lab = l.id"
        " where m.lab = 'qwen' order by m.latest_30d desc nulls last, m.id"
    ).fetchall()
    assert len(rows) == len(expected) > 100
    assert {(row["name"], row["lab_label"]) for row in rows} == set(expected)
    counts = [int(row["latest_30d"]) for row in rows if row["latest_30d"]]
    assert counts == sorted(counts, reverse=True)
    found = read(site.get("/census/models.csv?_search=qwen3&_where=likes+%3E+10"))
    assert found
    assert all(int(row["likes"]) > 10 for row in found)


def test_one_page_is_had_only_when_it_is_asked_for(site: Client) -> None:
    assert len(read(site.get("/census/models.csv?_size=7"))) == 7


@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        # Too many rows on a fast machine, too long on a slow one: test_whole_files.py tells apart.
        (ENDLESS, "Nothing was cut: nothing is sent"),
        ("select abs(", "cannot be run"),
        ("delete from labs", "SELECT"),
        ("select * from no_such_table", "no such table"),
    ],
)
def test_what_cannot_be_whole_is_refused_clearly(
    site: Client, kind: str, sql: str, said: str
) -> None:
    answer = site.get(f"/census.{kind}?_shape=array&sql={quote(sql)}")
    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"
    if kind == "json":
        assert said in answer.json()["error"]
    else:
        assert answer.headers["content-type"].startswith("text/plain")
        assert said in answer.text


def test_a_failure_on_the_way_breaks_the_transfer_off(site: Client) -> None:
    broken = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9000)"
        " select case when i < 8000 then i else abs(-9223372036854775808) end as i from n"
    )
    with pytest.raises(sqlite3.Error, match="overflow"):
        site.get(f"/census.csv?sql={quote(broken)}")


def test_headers_name_and_date_the_file(site: Client) -> None:
    through = site.rows("/census/series_status")[0]["through"]
    answer = site.get("/census/share_by_country.csv?measure=monthly")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="share_by_country-measure-monthly-{through}.csv"'
    )
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert not answer.text.startswith("#")
    again = {"if-none-match": answer.headers["etag"]}
    unchanged = site.get("/census/share_by_country.csv?measure=monthly", headers=again)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    other = site.get("/census/share_by_country.csv?measure=cumulative", headers=again)
    assert other.status_code == 200


def test_excel_gets_its_mark_and_no_formula_on_request(site: Client) -> None:
    plain = site.get("/census/share_by_country.csv").content
    assert site.get("/census/share_by_country.csv?_bom=1").content == b"\xef\xbb\xbf" + plain
    sql = quote("select '=1+1' as formula")
    assert site.get(f"/census.csv?sql={sql}").text.endswith("\n=1+1\r\n")
    assert site.get(f"/census.csv?_spreadsheet=1&sql={sql}").text.endswith("\n'=1+1\r\n")
    assert site.get("/census/share_by_country.csv?_bom=maybe").status_code == 400


def test_a_wrong_value_of_a_question_is_still_refused(site: Client) -> None:
    answer = site.get("/census/share_by_country.csv?scope=everything")
    assert answer.status_code == 400
    assert "frontier" in answer.text


def test_free_sql_may_have_parameters(site: Client) -> None:
    sql = quote("select name from labs where id = :lab")
    assert read(site.get(f"/census.csv?sql={sql}&lab=qwen")) == [{"name": "Qwen"}]
    assert read(site.get(f"/census.csv?sql={sql}")) == []
