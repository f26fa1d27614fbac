"""Workbooks: every value as it is, nothing that runs, a sheet that says whose the values are."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from xml.etree import ElementTree

import pytest
from site_client import Client

from census.export.whole_files import Limits, RefusedResultError, Statement, StatementResult
from census.serving import workbooks
from census.serving.workbooks import make_workbook

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ABOUT = [("Title", "Made")]
DAY = "2026-05-20"
Cell = str | float | None


def read_sheet(content: bytes, number: int) -> list[list[Cell]]:
    """Return the cells of a sheet, read from the file's XML as Excel does."""
    book = zipfile.ZipFile(io.BytesIO(content))
    texts: list[str] = []
    if "xl/sharedStrings.xml" in book.namelist():
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(text.itertext()) for text in shared.iter(f"{NAMESPACE}si")]
    sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    assert not list(sheet.iter(f"{NAMESPACE}f")), "a formula"
    rows: list[list[Cell]] = []
    for row in sheet.iter(f"{NAMESPACE}row"):
        cells: dict[int, Cell] = {}
        for cell in row.iter(f"{NAMESPACE}c"):
            column = 0
            for letter in cell.attrib["r"].rstrip("0123456789"):
                column = 26 * column + ord(letter) - 64
            value = cell.findtext(f"{NAMESPACE}v")
            kind = cell.get("t", "n")
            if kind == "inlineStr":
                cells[column] = "".join(cell.itertext())
            elif value is not None:
                cells[column] = texts[int(value)] if kind == "s" else float(value)
        rows.append([cells.get(place) for place in range(1, max(cells, default=0) + 1)])
    return rows


def book(sql: str) -> bytes:
    """Return the workbook of a statement on an empty database."""
    result = StatementResult(sqlite3.connect(":memory:"), Statement(sql), Limits(seconds=20))
    try:
        return make_workbook(result, ABOUT, DAY)
    finally:
        result.close()


def test_values_are_as_they_are() -> None:
    sql = "select 1 as one, 0.5 as half, null as unknown, '007' as text, 9007199254740993 as large"
    content = book(f"{sql} union all select 2, -1.25, '', '=1+1', -3")
    assert read_sheet(content, 1) == [
        ["one", "half", "unknown", "text", "large"],
        [1.0, 0.5, None, "007", "9007199254740993"],
        [2.0, -1.25, "", "=1+1", -3.0],
    ]
    assert read_sheet(content, 2) == [["Title", "Made"]]


def test_texts_that_could_be_more_than_texts_stay_texts() -> None:
    said = ["=cmd|' /C calc'!A0", "https://example.org/", "mailto:x@example.org", "@x", "{=1}"]
    sql = " union all ".join(f"select '{text.replace(chr(39), chr(39) * 2)}' as t" for text in said)
    content = book(sql)
    assert read_sheet(content, 1) == [["t"], *([text] for text in said)]
    assert not any("rels" in name for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
                   if name.startswith("xl/worksheets"))  # fmt: skip


def test_the_same_rows_give_the_same_bytes() -> None:
    assert book("select 1 as one") == book("select 1 as one")


def test_what_no_workbook_holds_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RefusedResultError, match="characters"):
        book("select printf('%.*c', 32768, 'x') as long")
    counting = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)"
    monkeypatch.setattr(workbooks, "MOST_CELLS", 3999)
    with pytest.raises(RefusedResultError, match=r"3,999 cells.*\.csv"):
        book(f"{counting} select i, i from n")
    monkeypatch.setattr(workbooks, "MOST_CELLS", 4000)
    assert len(read_sheet(book(f"{counting} select i, i from n"), 1)) == 2001


def test_a_question_as_a_workbook(site: Client) -> None:
    rows = site.rows("/census/share_by_country?measure=monthly")
    answer = site.get("/census/share_by_country.xlsx?measure=monthly")
    assert answer.status_code == 200
    assert "share_by_country-measure-monthly-2" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    data = read_sheet(answer.content, 1)
    assert data[0] == list(rows[0])
    assert len(data) == len(rows) + 1
    for cells, row in zip(data[1:], rows, strict=True):
        assert cells == list(row.values())[: len(cells)]
    about = {str(line[0]): str(line[1]) for line in read_sheet(answer.content, 2)}
    assert about["Address"].startswith(
        "http://localhost/census/share_by_country.xlsx?show=&measure=mo"
    )
    assert about["Licence"] == "CC BY 4.0"
    assert about["Data to"] in answer.headers["content-disposition"]
    assert about["Column share_pct"]


def test_a_table_and_a_statement_as_workbooks(site: Client) -> None:
    answer = site.get("/census/labs.xlsx?country=FR")
    labs = site.get("/census/labs.json?country=FR&_shape=array&_size=max").json()
    assert [row[0] for row in read_sheet(answer.content, 1)[1:]] == [lab["id"] for lab in labs]
    about = {str(line[0]): str(line[1]) for line in read_sheet(answer.content, 2)}
    assert about["Column country"].startswith("Outcome of the rule")
    free = site.get("/census.xlsx?sql=select+id+from+labs+where+country+%3D+:c&c=FR")
    assert len(read_sheet(free.content, 1)) == len(labs) + 1
    assert site.get("/census.xlsx?sql=select+nope").status_code == 400
