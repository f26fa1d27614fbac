"""What others' programs make of the site: readers of feeds, pages, citations, charts and embeds.

Programs that cannot be installed with Python alone are listed in docs/checks.md.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import altair
import extruct
import feedparser
import html5lib
import pytest
from browser import Served
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.bibtex import BibTeX
from jsonschema import Draft7Validator
from pyoembed import oEmbed
from site_client import Client

from census.questions.question_files import read_questions

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = read_questions(ROOT / "canned_queries")
HOST = "http://localhost"
PAGES = (
    *("/", "/questions", "/channels", "/methodology", "/quality", "/downloads", "/status"),
    *("/census", "/census/labs", "/census/share_by_country", "/census/top_models", "/check"),
    *("/countries/CN", "/labs/qwen", "/fact-check", "/search?q=qwen", "/nothing-here"),
    "/-/embed/share_by_country",
)
# One question stands for its kind of chart.
OF_KINDS = {
    question.chart["kind"]: name for name, question in sorted(QUESTIONS.items()) if question.chart
}


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_html_without_an_error_of_its_grammar(site: Client, path: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(site.get(path).text)
    lines = site.get(path).text.splitlines()
    faults = [
        f"{kind} {more}: {lines[place[0] - 1].strip()[:80]}"
        for place, kind, more in parser.errors
        # Names of entities and of elements in drawings are SVG's business.
        if place
    ]
    assert faults == []


@pytest.mark.parametrize("name", ["milestones", "models"])
def test_a_reader_of_feeds_takes_every_entry(site: Client, name: str) -> None:
    feed = feedparser.parse(site.get(f"/feeds/{name}.atom").content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.feed.title
    assert feed.entries
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert all(entry.link.startswith("http") and entry.updated_parsed for entry in feed.entries)


@pytest.mark.parametrize(
    ("path", "kinds"),
    [("/", {"Dataset"}), ("/census/press_fact_checks", {"ClaimReview"})],
)
def test_a_reader_of_structured_data_finds_what_a_page_is(
    site: Client, path: str, kinds: set[str]
) -> None:
    found = extruct.extract(site.get(path).text, base_url=HOST, syntaxes=["json-ld"])["json-ld"]
    assert {kind for item in found for kind in types_in(item)} & kinds


def types_in(item: Any) -> Iterator[str]:
    """Yield the types of a structure and of all that is in it."""
    if isinstance(item, dict):
        kind = item.get("@type", [])
        yield from [kind] if isinstance(kind, str) else kind
    for inner in (
        item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    ):
        yield from types_in(inner)


def test_a_citation_is_set_in_a_style_of_journals(site: Client, tmp_path: Path) -> None:
    path = tmp_path / "census.bib"
    path.write_bytes(site.get("/census/share_by_country.bib").content)
    with warnings.catch_warnings():
        # It knows fewer fields of BibTeX than a style asks for.
        warnings.simplefilter("ignore")
        source = BibTeX(str(path), encoding="utf-8")
        (key,) = list(source)
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        bibliography.register(Citation([CitationItem(key)]))
        (entry,) = [str(one) for one in bibliography.bibliography()]
    assert "Open Model Census" in entry
    assert re.search(r"\b20\d\d\b", entry)


@pytest.fixture(scope="module")
def vega_lite() -> Draft7Validator:
    """The JSON schema of Vega-Lite, as Altair has it."""
    folder = Path(altair.__file__).parent / "vegalite/v6/schema/vega-lite-schema.json"
    return Draft7Validator(json.loads(folder.read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", sorted(OF_KINDS))
def test_charts_are_what_the_schema_of_vega_lite_says(
    site: Client, vega_lite: Draft7Validator, kind: str
) -> None:
    specification = site.get(f"/census/{OF_KINDS[kind]}.vl.json").json()
    # Rows are no part of the grammar, and there are many.
    specification.pop("datasets", None)
    assert "/vega-lite/v6" in specification["$schema"]
    fault = next(vega_lite.iter_errors(specification), None)
    assert fault is None, f"{fault.json_path}: {fault.message[:300]}"


def test_every_page_of_the_sitemap_leads_only_to_pages_that_are_there(site: Client) -> None:
    listed = re.findall(r"<loc>([^<]+)</loc>", site.get("/sitemap.xml").text)
    assert listed
    ElementTree.fromstring(site.get("/sitemap.xml").content)
    own = [urlsplit(address).path for address in listed]
    # One page of each kind has the links of its kind.
    kinds = {re.sub(r"[^/]+$", "", path): path for path in reversed(own)}
    links = {
        link.split("#")[0]
        for path in [*kinds.values(), *PAGES[:7]]
        for link in re.findall(r'href="(/[^"]*)"', site.get(path).text)
    }
    pages = sorted(link for link in links if not link.startswith(("/-/", "/static/", "/exports")))
    by_shape = {re.sub(r"=[^&]*|[^/]+$", "", link): link for link in pages}
    broken = {
        link: status
        for link in by_shape.values()
        if (status := site.get(link.replace("&amp;", "&")).status_code) >= 400
    }
    assert broken == {}


def test_a_consumer_of_oembed_discovers_the_embed(served: Served) -> None:
    found = oEmbed(f"{served.origin}/census/share_by_country")
    assert found["type"] == "rich"
    assert "/-/embed/share_by_country" in found["html"]
    assert found["title"]
