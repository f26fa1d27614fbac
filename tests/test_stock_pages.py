"""Datasette's own pages in the frame of the census."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import Page
from site_client import Client

from census.pages.sql_examples import EXAMPLES, SqlExample

PAGES = ("/census", "/census/labs", "/census/labs/qwen", "/census?sql=select+1+as+one")


@pytest.mark.parametrize(
    "path", ["/-/threads", "/-/threads.json", "/-/messages", "/-/patterns", "/-/allow-debug"]
)
def test_pages_for_developers_are_closed(site: Client, path: str) -> None:
    assert site.get(path).status_code == 404


def test_tables_come_before_questions_each_with_its_description(site: Client) -> None:
    page = site.get("/census").text
    assert page.index('id="tables"') < page.index('id="queries"')
    (tables,) = re.findall(r'<ul class="tables">(.*?)</ul>', page, re.DOTALL)
    items = tables.split("<li>")[1:]
    assert len(items) > 20
    assert not [item for item in items if "<p>" not in item]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_of_sql_has_rows(census: sqlite3.Connection, example: SqlExample) -> None:
    assert len(census.execute(example.sql).fetchall()) > 1


def test_examples_and_columns_stand_beside_the_editor(site: Client) -> None:
    for path in ("/census", "/census?sql=select+1+as+one"):
        page = site.get(path).text
        assert page.count("sql=select") >= len(EXAMPLES)
        assert '<dt><a href="/census/models">models</a></dt>' in page
        assert "_fts" not in page.partition('class="sql-tables"')[2].partition("</dl>")[0]


@pytest.mark.parametrize("path", ["/census/labs", "/census/models", "/census/series_points"])
def test_the_first_row_of_a_table_is_on_the_screen(page: Page, path: str) -> None:
    page.goto(path)
    box = page.locator("table.rows-and-columns tbody tr").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900


@pytest.mark.parametrize("path", PAGES)
def test_they_are_dark_in_the_dark(page: Page, path: str) -> None:
    """That they are for everyone, too, is asked with all other kinds of pages."""
    page.emulate_media(color_scheme="dark")
    page.goto(path)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(20, 24, 29)"
