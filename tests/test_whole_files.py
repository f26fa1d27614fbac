"""Whole results: never cut, refused before the first byte, harmless in spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tracemalloc
from collections.abc import Callable

import pytest

from census.export.whole_files import (
    BOM,
    FIRST_PIECE,
    Limits,
    RefusedResultError,
    Statement,
    StatementResult,
    csv_pieces,
    file_name,
    json_pieces,
    spreadsheet_cell,
    switch,
)
from census.questions.parameters import ParameterError

COUNTED = "with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows}) {then}"
LIMITS = Limits(seconds=20)


def opened(
    sql: str, limits: Limits = LIMITS, trusted: bool = False, **values: str
) -> StatementResult:
    """Return a result on an empty database."""
    return StatementResult(sqlite3.connect(":memory:"), Statement(sql, values, trusted), limits)


def numbers(rows: int, then: str = "select i, 'row ' || i as words from n") -> str:
    """Return a statement with that many rows."""
    return COUNTED.format(rows=rows, then=then)


def test_every_row_is_there() -> None:
    text = b"".join(csv_pieces(opened(numbers(30_000)))).decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["i", "words"]
    assert [int(row[0]) for row in rows[1:]] == list(range(1, 30_001))


@pytest.mark.parametrize("rows", [0, 1, FIRST_PIECE, FIRST_PIECE + 1, 2_345])
def test_json_is_valid_at_every_length(rows: int) -> None:
    sql = f"select i, null as empty, 0.5 as half from ({numbers(3_000)}) where i <= {rows}"
    found = json.loads(b"".join(json_pieces(opened(sql))))
    assert found == [{"i": i, "empty": None, "half": 0.5} for i in range(1, rows + 1)]
    lines = b"".join(json_pieces(opened(sql), lines=True)).decode().splitlines()
    assert [json.loads(line) for line in lines] == found
    assert json.loads(b"".join(json_pieces(opened(sql), "arrayfirst"))) == [
        row["i"] for row in found
    ]


def test_an_empty_result_still_has_its_heading() -> None:
    result = opened("select 1 as one, 2 as two where 0")
    assert b"".join(csv_pieces(result)) == b"one,two\r\n"


def test_the_first_piece_comes_before_the_rest_is_computed() -> None:
    result = opened(numbers(10_000_000), trusted=True)
    first = next(csv_pieces(result))
    assert first.count(b"\r\n") == FIRST_PIECE + 1


@pytest.mark.parametrize("pieces", [csv_pieces, json_pieces])
def test_memory_does_not_grow_with_the_rows(pieces: Callable[[StatementResult], object]) -> None:
    def most_used(rows: int) -> int:
        tracemalloc.start()
        for _ in pieces(opened(numbers(rows), trusted=True)):  # type: ignore[attr-defined]
            pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert most_used(60_000) < 1.5 * most_used(3_000)


def test_too_many_rows_are_refused_before_the_first_byte() -> None:
    assert opened(numbers(100), Limits(20, rows=100)).columns == ["i", "words"]
    with pytest.raises(RefusedResultError, match="more than 100 rows"):
        opened(numbers(101), Limits(20, rows=100))


def test_what_takes_too_long_is_refused() -> None:
    with pytest.raises(RefusedResultError, match=r"longer than 0\.05 seconds"):
        opened(numbers(10**9, "select sum(i) from n"), Limits(seconds=0.05))


def test_a_failure_on_the_way_is_no_end() -> None:
    broken = numbers(
        5_000, "select case when i < 4000 then i else abs(-9223372036854775808) end from n"
    )
    with pytest.raises(sqlite3.Error, match="overflow"):
        list(csv_pieces(opened(broken, trusted=True)))


def test_a_stopped_result_breaks_off() -> None:
    result = opened(
        numbers(10**9, "select i from n where i % 1000000 = 0 or i < 100"), trusted=True
    )
    pieces = csv_pieces(result)
    next(pieces)
    result._seconds = 0
    with pytest.raises(sqlite3.Error, match="interrupted"):
        next(pieces)


def test_a_value_that_nobody_gave_is_empty() -> None:
    result = opened("select :given as given, :left_out as left_out", given="x")
    assert b"".join(csv_pieces(result)) == b"given,left_out\r\nx,\r\n"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"]
)
def test_a_formula_is_a_text_in_the_spreadsheet_variant_only(text: str) -> None:
    assert spreadsheet_cell(text) == f"'{text}"
    sql = "select :text as text, -5 as number, 'a=b' as harmless"
    plain = b"".join(csv_pieces(opened(sql, text=text))).decode()
    assert list(csv.reader(io.StringIO(plain, newline="")))[1] == [text, "-5", "a=b"]
    safe = b"".join(csv_pieces(opened(sql, text=text), spreadsheet=True)).decode()
    assert safe.startswith(BOM)
    assert list(csv.reader(io.StringIO(safe, newline="")))[1] == [f"'{text}", "-5", "a=b"]


def test_a_mark_for_excel_only_on_request() -> None:
    sql = "select 'Zürich' as city"
    assert b"".join(csv_pieces(opened(sql))) == "city\r\nZürich\r\n".encode()
    assert b"".join(csv_pieces(opened(sql), bom=True)) == "\ufeffcity\r\nZürich\r\n".encode()


def test_bytes_and_infinity_are_written_as_datasette_does() -> None:
    sql = "select x'00ff' as bytes, 9e999 as endless"
    assert b"".join(csv_pieces(opened(sql))).startswith(b"bytes,endless\r\nAP8=,")
    assert json.loads(b"".join(json_pieces(opened(sql)))) == [
        {"bytes": {"$base64": True, "encoded": "AP8="}, "endless": None}
    ]


def test_a_file_is_named_for_its_query_and_day() -> None:
    assert file_name("share_by_country", {}, "2026-05-20", "csv") == (
        "share_by_country-2026-05-20.csv"
    )
    named = file_name("models_of_lab", {"lab": 'a"/../b', "scope": ""}, "2026-05-20", "csv")
    assert named == "models_of_lab-lab-a-..-b-scope-none-2026-05-20.csv"
    assert len(file_name("x", {"sql": "y" * 500}, "", "json")) < 130


def test_a_switch_is_on_or_off() -> None:
    assert switch({"_bom": "1"}, "_bom")
    assert not switch({}, "_bom")
    with pytest.raises(ParameterError, match="_bom"):
        switch({"_bom": "perhaps"}, "_bom")
