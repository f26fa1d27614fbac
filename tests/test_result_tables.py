"""Tables of questions on pages: headings in words, sorting and filtering by address."""

from __future__ import annotations

import re
from html import unescape

import pytest
from site_client import ROOT, Client

from census.pages.result_tables import ROWS_SHOWN, heading, sorted_rows
from census.questions.question_files import read_questions

QUESTIONS = read_questions(ROOT / "canned_queries")


def heads(page: str) -> list[str]:
    """Return the headings of the table of rows."""
    table = page[page.index('id="rows"') :]
    return [
        unescape(words) for words in re.findall(r"<th scope=\"col\"[^>]*><a[^>]*>([^<]+)", table)
    ]


def cells(page: str, column: int) -> list[str]:
    """Return the texts of a column of the table of rows."""
    table = page[page.index('id="rows"') :]
    found = re.findall(r"<tr><td.*?</tr>", table, re.DOTALL)
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in found]
    return [unescape(re.sub(r"<[^>]+>", "", row[column])) for row in rows]


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_headings_are_words_and_no_two_are_alike(name: str) -> None:
    columns = list(QUESTIONS[name].columns)
    words = [heading(column, columns) for column in columns]
    assert not [one for one in words if "_" in one or "pct" in one]
    assert len(set(words)) == len(words), sorted(words)


def test_the_month_the_name_and_the_value_come_first(site: Client) -> None:
    page = site.get("/census/share_by_country").text
    assert heads(page)[:3] == ["Month", "Country", "Share, %"]
    page = site.get("/census/ranking_by_lab").text
    assert heads(page)[:2] == ["Lab", "Downloads"]
    first = next(iter(site.rows("/census/ranking_by_lab")[0]))
    assert first != "downloads", "files keep their order"


def test_raw_names_are_in_tooltips(site: Client) -> None:
    page = site.get("/census/share_by_country").text
    assert re.search(r'<th scope="col"[^>]* title="share_pct: [^"]+"', page)


@pytest.mark.parametrize(("asked", "down"), [("_sort", False), ("_sort_desc", True)])
def test_rows_are_sorted_by_address(site: Client, asked: str, down: bool) -> None:
    page = site.get(f"/census/ranking_by_lab?limit=5000&{asked}=models").text
    column = heads(page).index("Models")
    numbers = [int(text.replace(",", "")) for text in cells(page, column)]
    every = sorted((row["models"] for row in site.rows("/census/ranking_by_lab?limit=5000")),
                   reverse=down)  # fmt: skip
    assert numbers == every[:ROWS_SHOWN]
    assert f'aria-sort="{"descending" if down else "ascending"}"' in page


def test_what_is_unknown_comes_last_either_way() -> None:
    rows = [{"n": None}, {"n": 2}, {"n": 10}]
    assert [row["n"] for row in sorted_rows(rows, "n", False)] == [2, 10, None]
    assert [row["n"] for row in sorted_rows(rows, "n", True)] == [10, 2, None]


def test_a_column_that_there_is_not_is_refused(site: Client) -> None:
    page = site.get("/census/ranking_by_lab?_sort=downlaods")
    assert page.status_code == 400
    assert "downloads" in page.text


def test_a_filter_looks_at_all_rows(site: Client) -> None:
    page = site.get("/census/ranking_by_lab?limit=5000&_filter=tsinghua").text
    every = site.rows("/census/ranking_by_lab?limit=5000")
    matching = [row for row in every if "tsinghua" in " ".join(map(str, row.values())).lower()]
    assert len(cells(page, 0)) == len(matching)
    hostile = site.get("/census/ranking_by_lab?_filter=%3Cscript%3E1").text
    assert "<script>1" not in hostile
    assert 'value="&lt;script&gt;1"' in hostile
    assert "There are no rows" in hostile


def test_a_click_keeps_the_choices(site: Client) -> None:
    page = site.get("/census/ranking_by_lab?scope=labs&_filter=a").text
    links = re.findall(r'<a href="([^"]+)#rows" data-swap rel="nofollow">', page)
    assert links
    for link in links:
        assert "scope=labs" in link
        assert "_filter=a" in link
