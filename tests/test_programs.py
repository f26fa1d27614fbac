"""The census described for programs: OpenAPI and llms.txt say what the pages say."""

from __future__ import annotations

import re
from typing import Any

import pytest
from site_client import Client

from census.pages.http_interface import SECTIONS


@pytest.fixture(scope="module")
def described(site: Client) -> dict[str, Any]:
    answer = site.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_openapi_has_every_question_with_its_parameters(
    site: Client, described: dict[str, Any]
) -> None:
    questions = site.datasette._census_site.questions
    assert described["openapi"].startswith("3.1")
    for name, question in questions.items():
        asked = described["paths"][f"/census/{name}.json"]["get"]
        given = {one["name"]: one for one in asked["parameters"]}
        assert set(given) == {p.name for p in question.parameters} | {"_shape"}
        for parameter in question.parameters:
            schema = given[parameter.name]["schema"]
            assert schema["default"] == parameter.default
            if "enum" in schema:
                assert parameter.default in schema["enum"]
            if "pattern" in schema:
                assert re.search(schema["pattern"], parameter.default)
        columns = asked["responses"]["200"]["content"]["application/json"]["schema"]
        assert set(question.columns) == set(columns["items"]["properties"])


def test_openapi_has_every_address_of_the_page(described: dict[str, Any]) -> None:
    patterns = [
        re.compile(re.sub(r"\\{\w+\\}", "[a-z0-9_]+", re.escape(path)))
        for path in described["paths"]
    ]
    for section in SECTIONS:
        for example in section.examples:
            path = example.path.partition("?")[0]
            assert any(pattern.fullmatch(path) for pattern in patterns), path


def test_each_operation_is_told_apart_and_declares_what_its_path_needs(
    described: dict[str, Any],
) -> None:
    ids = []
    for path, item in described["paths"].items():
        operation = item["get"]
        ids.append(operation.get("operationId", path))
        needed = set(re.findall(r"\{(\w+)\}", path))
        given = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        assert needed == given, path
        assert set(operation["tags"]) <= {tag["name"] for tag in described["tags"]}
        assert operation["responses"]["200"]["description"]
    assert len(ids) == len(set(ids))


def test_llms_txt_has_questions_first_then_tables_words_and_limits(site: Client) -> None:
    answer = site.get("/llms.txt")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    text = answer.text
    heads = re.findall(r"^## (\w+)", text, re.MULTILINE)
    assert list(dict.fromkeys(heads)) == [
        "Questions", "Tables", "Words", "Limits", "Addresses",
    ]  # fmt: skip
    for name in site.datasette._census_site.questions:
        assert f"/census/{name}.json?_shape=array" in text
    assert "[observations](" in text
    assert "counted by the maker" in text


def test_every_link_of_llms_txt_answers(site: Client) -> None:
    text = site.get("/llms.txt").text
    links = re.findall(r"\]\(http://localhost(/[^)]+)\)", text)
    assert len(links) > 60
    for link in links[::8]:
        assert site.get(link).status_code == 200, link
