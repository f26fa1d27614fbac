"""Every question on paper: printed by Chromium on A4 and Letter, and read back from the PDF."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from browser import ROOT, Served
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from census.questions.question_files import read_questions

QUESTIONS = sorted(read_questions(ROOT / "canned_queries"))
MARGIN = "10mm"
# The width of the paper less its margins, in pixels of CSS (96 to the inch).
PAPERS = {"A4": 718, "Letter": 740}
# Rows are alike, so a few tell whether all columns have room; a short paper is quickly printed.
SHORTEN = """
() => {
  const unneeded = "table.result tbody tr:nth-child(n + 4), #about ~ *, figure.chart";
  for (const one of document.querySelectorAll(unneeded)) one.remove();
}
"""
READ = """
() => {
  const cells = [...document.querySelectorAll("table.result td")].map(one => one.innerText);
  const heads = [...document.querySelectorAll("table.result thead th")].map(one => one.innerText);
  return [heads, cells];
}
"""
# What stands beyond the paper's edge, or over its neighbour at the right.
BEYOND = """
edge => [...document.querySelectorAll("main td, main th, main img, main p, main dd")]
  .filter(one => one.getClientRects().length)
  .filter(one => one.getBoundingClientRect().right > edge + 1
    || one.scrollWidth > one.clientWidth + 1)
  .map(one => one.outerHTML.slice(0, 120))
"""


@pytest.fixture(scope="module")
def paper(browser: Browser, served: Served) -> Iterator[Page]:
    """A page to be printed, without its pictures, which other tests look at."""
    context = browser.new_context(base_url=served.origin, java_script_enabled=False)
    context.route(re.compile(r"\.svg"), lambda route: route.abort())
    yield context.new_page()
    context.close()


def bare(text: str) -> str:
    """Return a text without the blanks at which a line can break, and with ligatures as letters."""
    return re.sub(r"[\s\u00ad\u200b]", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_column_and_number_is_on_paper(paper: Page, name: str) -> None:
    # With its stylesheet: a page that is only parsed may still be laid out without it.
    paper.goto(f"/census/{name}", wait_until="load")
    # Before it is laid out for paper, which takes long with all rows.
    paper.evaluate(SHORTEN)
    # Printing the page before has ended what the browser was told of its media.
    paper.emulate_media(media="screen")
    paper.emulate_media(media="print")
    assert paper.evaluate("matchMedia('print').matches")
    heads, cells = paper.evaluate(READ)
    assert heads or paper.get_by_text("There are no rows for this choice").count()
    for size, width in PAPERS.items():
        paper.set_viewport_size({"width": width, "height": 1000})
        assert paper.evaluate(BEYOND, width) == [], size
    for size in PAPERS:
        text = printed(paper, size)
        assert [one for one in (*heads, *cells) if bare(one) not in text] == [], size


def printed(paper: Page, size: str) -> str:
    """Return the bare text of a page as it is printed on a paper."""
    margins: Any = dict.fromkeys(("top", "right", "bottom", "left"), MARGIN)
    pages = PdfReader(io.BytesIO(paper.pdf(format=size, margin=margins))).pages
    return bare("".join(page.extract_text() for page in pages))
