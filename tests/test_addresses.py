"""Addresses with what programs append: every one of them answers as if it had nothing appended."""

from __future__ import annotations

from pathlib import Path

import pytest
from site_client import Client

from census.questions.question_files import read_questions
from census.site.addresses import without_appended

QUESTIONS = read_questions(Path(__file__).resolve().parent.parent / "canned_queries")
APPENDED = (
    "v=1764169200000&_=1&cb=2&t=3&ref=letter&ref_src=x&igsh=x&igshid=x&si=x&mtm_source=x&pk_kwd=x"
    "&utm_source=x&UTM_Medium=x&fbclid=x&gclid=x&msclkid=x&dclid=x&twclid=x&ttclid=x&yclid=x"
    "&gbraid=x&wbraid=x&gad_source=1&srsltid=x&li_fat_id=x&mkt_tok=x&_hsenc=x&_hsmi=1&mc_cid=x"
)
SQL = "/census.json?_shape=array&sql=select+:v+as+v"


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_answers_as_without_them(site: Client, name: str) -> None:
    plain = site.get(f"/census/{name}.csv")
    shared = site.get(f"/census/{name}.csv?{APPENDED}")
    assert (shared.status_code, shared.content) == (200, plain.content)
    for header in ("etag", "content-disposition"):
        assert shared.headers[header] == plain.headers[header]


@pytest.mark.parametrize(
    "path",
    [
        "/census/labs.csv?country=FR",
        "/census/labs.json?_shape=objects&country=FR",
        "/census/labs/qwen.json?_shape=array",
        "/-/quote/ranking_by_country.json",
        "/census/share_by_country.vl.json?measure=monthly",
        "/census/share_by_country.bib?measure=monthly",
        "/census/share_by_country.metadata.json?measure=monthly",
        "/census.csv?sql=select+1+as+one",
        "/feeds/changes.json",
    ],
)
def test_files_answer_as_without_them(site: Client, path: str) -> None:
    between = "&" if "?" in path else "?"
    plain, shared = site.get(path), site.get(f"{path}{between}{APPENDED}")
    assert plain.status_code == shared.status_code == 200

    def said(text: str) -> str:
        return text.replace("&", "?").replace(f"?{APPENDED.replace('&', '?')}", "")

    # Datasette says how many milliseconds a query took.
    kept = [line for line in said(plain.text).split(",") if "query_ms" not in line]
    assert kept == [line for line in said(shared.text).split(",") if "query_ms" not in line]


@pytest.mark.parametrize(
    "path",
    ["/", "/labs/qwen", "/-/embed/share_by_country", "/-/quote/share_by_country", "/search?q=qwen"],
)
def test_pages_answer_as_without_them(site: Client, path: str) -> None:
    between = "&" if "?" in path else "?"
    assert site.get(f"{path}{between}{APPENDED}").text == site.get(path).text


def test_the_rows_of_a_table_stay(site: Client) -> None:
    plain = site.get("/census/labs?country=FR").text
    shared = site.get(f"/census/labs?country=FR&{APPENDED}").text
    assert plain.count("<tr>") == shared.count("<tr>") > 2
    assert "fbclid" not in shared


def test_an_address_to_embed_may_have_them(site: Client) -> None:
    asked = "/-/oembed?url=http://localhost/census/share_by_country"
    shared = site.get(f"{asked}%3Fmeasure%3Dmonthly%26utm_source%3Dx%26v%3D1&v=2")
    assert shared.status_code == 200
    assert shared.json() == site.get(f"{asked}%3Fmeasure%3Dmonthly").json()


def test_sql_that_uses_such_a_name_gets_its_value(site: Client) -> None:
    assert site.get(f"{SQL}&v=7&t=1").json() == [{"v": "7"}]
    assert "7" in site.get("/census?sql=select+:v+as+v&v=7").text


def test_names_that_mean_something_stay() -> None:
    query = "v=1&v__gt=2&t=3&lab=a%26b&pk_x__exact=4&lab=c"
    assert without_appended(query, ["v", "pk_x"]) == "v=1&v__gt=2&lab=a%26b&pk_x__exact=4&lab=c"
    assert without_appended(query, []) == "v__gt=2&lab=a%26b&lab=c"
    assert (
        without_appended("_shape=array&_size=5&_search=x", []) == "_shape=array&_size=5&_search=x"
    )
