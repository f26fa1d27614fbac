"""The documented HTTP interface: each example is run and answers with what the page says."""

from __future__ import annotations

import csv
import io
import json
from html import unescape
from xml.etree import ElementTree

import pytest
from site_client import Client, other_scripts

from census.pages.http_interface import SECTIONS, AddressExample

EXAMPLES = [example for section in SECTIONS for example in section.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path)
def test_an_example_answers_as_documented(site: Client, example: AddressExample) -> None:
    answer = site.get(example.path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].split(";")[0] == example.content_type
    kind = example.content_type
    if kind.endswith("json") and not kind.endswith("ndjson"):
        assert answer.json()
    elif kind == "application/x-ndjson":
        assert [json.loads(line) for line in answer.text.splitlines()]
    elif kind == "text/csv":
        assert len(list(csv.reader(io.StringIO(answer.text)))) > 1
    elif kind.endswith("xml"):
        assert len(ElementTree.fromstring(answer.content))
    else:
        assert len(answer.content) > 40


def test_the_page_has_every_example(site: Client) -> None:
    answer = site.get("/api")
    assert answer.status_code == 200
    page = unescape(answer.text)
    for section in SECTIONS:
        assert f"<h2>{section.title}</h2>" in page
    for example in EXAMPLES:
        assert f'href="{example.path}"' in page
    assert other_scripts(page) == []


def test_no_example_twice() -> None:
    paths = [example.path for example in EXAMPLES]
    assert len(paths) == len(set(paths))


def test_every_route_of_files_has_an_example(site: Client) -> None:
    """A new format of a question that nobody documents fails here."""
    stem = "/census/share_by_country."
    shown = {path.path.partition("?")[0] for path in EXAMPLES}
    links = site.get("/census/share_by_country.metadata.json").json()["files"]
    assert {f"{stem}{form}" for form in links} <= shown


def test_pandas_reads_a_csv_as_the_page_says(site: Client) -> None:
    import pandas as pd

    text = site.get("/census/share_by_country.csv").text
    read = pd.read_csv(io.StringIO(text), keep_default_na=False)
    assert len(read) == len(site.rows("/census/share_by_country"))
    assert set(read["country"]) >= {"CN", "US", ""}
