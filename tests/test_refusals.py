"""Requests that cannot be answered: the status says whose fault it is, in the format asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from site_client import Client

ROOT = Path(__file__).resolve().parent.parent
# Paths that begin with a table or the database; each is asked for as a page and as two files.
WRONG = (
    "labs?_sort=nope",
    "labs?_sort_desc=nope",
    "labs?_sort=id&_sort_desc=id",
    "labs?_through=x",
    "labs?_through={}",
    'labs?_through={"table":"models","column":"nope","value":1}',
    'models?_through={"table":"labs","column":"id","value":1}',
    "models?id__in=[1",
    "models?id__in=[[1]]",
    "models?id__notin=[99999999999999999999]",
    "models?id__gt=99999999999999999999",
    "models?id__gt=²",
    "labs?_timelimit=abc",
    "labs?_timelimit=0",
    "labs?_facet=country&_facet_size=abc",
    "labs?_size=abc",
    "labs?_searchnope=x",
    "labs?_search_nope=x",
    "labs?_where=nope",
    "observations?_next=abc&_size=5",
    "history?_next=abc&_size=5",
)


def asked(kind: str, path: str) -> str:
    """Return the address of a table's page or file."""
    name, _, query = path.partition("?")
    return f"/census/{name}{kind}?{query}"


def check_refused(answer: Any, kind: str, status: int = 400) -> None:
    """Assert that an answer is an error with a reason, in a format."""
    assert answer.status_code == status, answer.text
    said = answer.headers["content-type"].partition(";")[0]
    if kind == ".json":
        assert said == "application/json"
        assert (answer.json()["ok"], answer.json()["status"]) == (False, status)
        assert answer.json()["error"]
    elif kind == ".csv":
        assert said == "text/plain"
        assert answer.text.strip()
        assert "<" not in answer.text
    else:
        assert said == "text/html"
        assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("kind", ["", ".json", ".csv"])
@pytest.mark.parametrize("path", WRONG)
def test_a_slip_in_what_is_asked_of_a_table_is_no_fault_of_the_site(
    site: Client, path: str, kind: str
) -> None:
    check_refused(site.get(asked(kind, path)), kind)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/census.csv", "needs sql"),
        ("/census.csv?sql=", "needs sql"),
        ("/census.json?_shape=array", "needs sql"),
        ("/census.json?sql=select+1&_shape=object", "primary key"),
        ("/census/observations.json?_shape=object", "primary key"),
        ("/census/series_status.json?_shape=object", "primary key"),
        ("/census/series_status.json?_shape=nope", "arrayfirst"),
        ("/census/labs.json?_json_infinity=maybe", "on, off"),
        ("/census.json?sql=select+1&_timelimit=abc", "whole number"),
        ("/census?sql=select+1&_timelimit=abc", "whole number"),
        ("/census/share_by_country.zip?scope=x", "frontier"),
        ("/census/share_by_country.svg?_size=x", "narrow"),
        ("/-/card/share_by_country.png?scope=x", "frontier"),
        ("/-/embed/share_by_country?_theme=x", "dark"),
    ],
)
def test_a_wrong_request_says_what_is_right(site: Client, path: str, said: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.parametrize("kind", ["", ".json", ".csv"])
@pytest.mark.parametrize("row", ["adoption/1", "models/1,2", "labs/nope", "observations/1"])
def test_an_address_of_no_row_is_404(site: Client, row: str, kind: str) -> None:
    check_refused(site.get(f"/census/{row}{kind}"), kind, 404)


def test_a_key_of_two_parts_may_have_its_comma_encoded(site: Client) -> None:
    row = site.get("/census/adoption.json?_shape=objects&_size=1").json()["rows"][0]
    path = f"/census/adoption/{row['model']},{row['days']}.json"
    assert site.get(path).status_code == 200
    encoded = site.get(path.replace(",", "%2C") + "?_shape=array")
    assert encoded.status_code == 301
    assert encoded.headers["location"] == f"{path}?_shape=array"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/", "/census/share_by_country", "/census/labs.json", "/census.csv", "/-/healthz"]
)
def test_the_site_is_only_read(site: Client, method: str, path: str) -> None:
    answer = site.request(method, path)
    kind = path[path.index(".") :] if "." in path else ""
    check_refused(answer, kind, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path",
    [
        "/census/share_by_country.json",
        "/census/labs.csv",
        "/census.db",
        "/exports/census.db",
        "/feeds/changes.atom",
        "/census/share_by_country.svg",
    ],
)
def test_scripts_of_other_origins_may_ask_what_is_allowed(site: Client, path: str) -> None:
    answer = site.request("OPTIONS", path)
    assert answer.status_code == 204
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert int(answer.headers["access-control-max-age"]) > 0
    may_be_sent = answer.headers["access-control-allow-headers"].lower().split(", ")
    wanted = {"if-none-match", "if-modified-since", "range", "cache-control", "content-type"}
    assert wanted <= set(may_be_sent)


@pytest.mark.parametrize("path", ["/no-such-page", "/no-such.json", "/census/nope.csv"])
def test_what_is_not_there_is_404_in_its_format(site: Client, path: str) -> None:
    check_refused(site.get(path), path[path.index(".") :] if "." in path else "", 404)


def test_statements_that_cannot_run_are_the_readers(site: Client) -> None:
    for path in ("/census.json?sql=select+:_x", "/census.json?sql=select+nope", "/census?sql=x"):
        assert site.get(path).status_code == 400


@pytest.mark.parametrize("kind", ["", ".json", ".csv"])
def test_a_query_that_takes_too_long_is_refused(site: Client, kind: str) -> None:
    endless = (
        "with+recursive+n(i)+as+(select+1+union+all+select+i+%2B+1+from+n)+select+max(i)+from+n"
    )
    answer = site.get(f"/census{kind}?sql={endless}&_timelimit=20")
    assert answer.status_code == 400
    if kind != ".csv":
        assert "longer than this site allows" in answer.text


@pytest.fixture
def empty(site: Client) -> Client:
    """The site without a database; the plugins are those that `site` has loaded."""
    datasette = Datasette([], template_dir=str(ROOT / "templates"))
    site.loop.run_until_complete(datasette.invoke_startup())
    return Client(datasette, site.loop)


@pytest.mark.parametrize(
    "path",
    [
        "/questions", "/methodology", "/quality", "/fact-check", "/about", "/search?q=x",
        "/labs/qwen", "/models/Qwen/Qwen3-8B", "/census", "/census/labs.json",
        "/census/share_by_country.csv", "/census/share_by_country.svg", "/-/oembed?url=x",
        "/-/embed/share_by_country", "/-/card/share_by_country.png", "/sitemap.xml", "/census.db",
    ],
)  # fmt: skip
def test_without_a_database_pages_of_data_are_not_there(empty: Client, path: str) -> None:
    answer = empty.get(path)
    assert answer.status_code == 404
    assert "There is no database" in answer.text


@pytest.mark.parametrize("path", ["/", "/downloads", "/status", "/api", "/exports", "/robots.txt"])
def test_without_a_database_pages_about_the_site_are_there(empty: Client, path: str) -> None:
    assert empty.get(path).status_code == 200


@pytest.mark.parametrize("kind", ["", ".svg"])
def test_a_question_that_takes_too_long_says_that_the_site_is_busy(
    site: Client, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(site.datasette._settings, "sql_time_limit_ms", 0)
    monkeypatch.setattr(site.datasette, "sql_time_limit_ms", 0)
    answer = site.get(f"/census/share_by_country{kind}?scope=hub&since=2024-03&until=2024-09")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_an_error_is_answered_once_and_shows_no_values(
    site: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """Datasette's own answer prints all that is in memory where the package `rich` is there."""
    assert site.get("/census?sql=select+secret+from+nothing").status_code == 400
    assert capsys.readouterr().out == ""
