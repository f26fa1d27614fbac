"""What a reader mistypes: refused with what there is, or led to what can only be meant."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from site_client import Client

from census.questions.question_files import read_questions
from census.requests.corrections import OFFERED, nearest

QUESTIONS = read_questions(Path(__file__).resolve().parent.parent / "canned_queries")


@pytest.mark.parametrize("query", ["labs=qwen", "labs__not=x", "lab_id__gt=5", "_lab__exact=x"])
@pytest.mark.parametrize("table", ["models", "observations"])
def test_a_filter_of_no_column_is_refused_with_the_columns(
    site: Client, table: str, query: str
) -> None:
    page = site.get(f"/census/{table}?{query}")
    data = site.get(f"/census/{table}.json?{query}&_shape=array")
    file = site.get(f"/census/{table}.csv?{query}")
    book = site.get(f"/census/{table}.xlsx?{query}")
    assert [answer.status_code for answer in (page, data, file, book)] == [400] * 4
    columns = data.json()["columns"]
    assert columns
    assert ", ".join(columns) in unescape(page.text)
    assert ", ".join(columns) in file.text


def test_the_column_that_was_perhaps_meant_is_named(site: Client) -> None:
    assert "perhaps lab" in site.get("/census/models.csv?labs=qwen").text


def test_a_comparison_that_there_is_not_is_refused(site: Client) -> None:
    answer = site.get("/census/labs.csv?country__is=FR")
    assert answer.status_code == 400
    assert "contains" in answer.text


@pytest.mark.parametrize("query", ["country=FR", "Country=FR", "country__exact=FR", "rowid=1"])
def test_a_filter_of_a_column_holds(site: Client, query: str) -> None:
    every = site.get("/census/labs.json?_shape=array&_size=max").json()
    some = site.get(f"/census/labs.json?_shape=array&_size=max&{query}").json()
    assert 0 < len(some) < len(every)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/census/share_by_country?Scope=HUB", "/census/share_by_country?scope=hub"),
        ("/census/country_history.csv?country=cn", "/census/country_history.csv?country=CN"),
        ("/census/country_history?country=china", "/census/country_history?country=CN"),
        (
            "/census/model_history.json?_shape=array&model=qwen/qwen3-8b",
            "/census/model_history.json?_shape=array&model=Qwen%2FQwen3-8B",
        ),
        ("/-/embed/share_by_country?scope=Labs", "/-/embed/share_by_country?scope=labs"),
        ("/-/card/share_by_country.png?SCOPE=labs", "/-/card/share_by_country.png?scope=labs"),
        ("/-/quote/share_by_country?Scope=labs", "/-/quote/share_by_country?scope=labs"),
    ],
)
def test_another_case_leads_to_the_right_one(site: Client, asked: str, meant: str) -> None:
    answer = site.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (302, meant)
    assert site.get(meant).status_code == 200


@pytest.mark.parametrize("query", ["scope=everything", "sope=hub", "scope=hub&scope=labs"])
def test_the_page_of_a_wrong_value_keeps_its_form_and_what_is_right(
    site: Client, query: str
) -> None:
    answer = site.get(f"/census/share_by_country?measure=monthly&{query}")
    assert answer.status_code == 400
    page = unescape(answer.text)
    assert '<option value="monthly" selected>' in page
    for parameter in QUESTIONS["share_by_country"].parameters:
        assert f'name="{parameter.name}"' in page
    address = re.search(r'href="([^"]+)">The same question without this choice', page)
    assert address is not None
    assert "measure=monthly" in address[1]
    assert site.get(address[1]).status_code == 200


def test_a_value_out_of_a_long_list_gets_the_nearest(site: Client) -> None:
    data = site.get("/census/family_history.json?family=lama&_shape=array").json()
    assert data["status"] == 400
    assert "llama" in data["allowed"]
    assert len(data["allowed"]) <= OFFERED < data["allowed_count"]
    page = unescape(site.get("/census/family_history?family=lama").text)
    assert 'href="/census/family_history?family=llama"' in page
    short = site.get("/census/share_by_country.json?scope=lab&_shape=array").json()
    assert short["allowed"] == ["frontier", "labs", "hub"]


def test_the_nearest_contain_what_is_wanted_or_look_like_it() -> None:
    names = {name: name for name in ("qwen2.5", "Qwen3", "qwen", "llama", "mistral", "falcon")}
    assert nearest("qwen", names) == ["qwen", "Qwen3", "qwen2.5"]
    assert nearest("mistrall", names)[0] == "mistral"
    assert nearest("zzz", names) == []
    assert nearest("", names) == []
    assert nearest("fr", {"FR": "France", "DE": "Germany"}) == ["FR"]


def test_the_nearest_of_many_names_is_found() -> None:
    names = {f"org{number}/Model-{number}B": f"org{number}" for number in range(5000)}
    assert nearest("orgs4321/Modell-4321B", names)[0] == "org4321/Model-4321B"
