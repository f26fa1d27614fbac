"""Reading hand-edited tables: each fault is told with file, line and reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from census.base.csv_files import (
    Problem,
    check_unique,
    first_day,
    parse_count,
    parse_day,
    parse_number,
    read_rows,
)


def read(tmp_path: Path, content: bytes) -> tuple[list[dict[str, str]], list[str]]:
    path = tmp_path / "some.csv"
    path.write_bytes(content)
    problems: list[Problem] = []
    rows = read_rows(path, ["a", "b"], problems)
    check_unique(rows, ["a"], problems)
    return [dict(row) for row in rows], [
        str(problem).removeprefix(f"{tmp_path}/") for problem in problems
    ]


def test_sound_rows_are_read_with_their_blanks_stripped(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, b'a,b\n 1 ,"x, y"\n2,\n')
    assert rows == [{"a": "1", "b": "x, y"}, {"a": "2", "b": ""}]
    assert problems == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "some.csv:1: columns are ; expected a,b"),
        (b"a,c\n1,2\n", "some.csv:1: columns are a,c; expected a,b"),
        (b"a,b\n1,2\n3\n", "some.csv:3: 1 values; expected 2"),
        (b"a,b\n1,2\n1,3\n", "some.csv:3: duplicate of line 2: 1"),
        (b"a,b\n1,\xff\n", "some.csv: not UTF-8 text: invalid start byte at byte 6"),
        (b'a,b\n1,"2\n', "some.csv:2: broken CSV: unexpected end of data"),
    ],
)
def test_a_fault_names_file_line_and_reason(tmp_path: Path, content: bytes, problem: str) -> None:
    assert read(tmp_path, content)[1] == [problem]


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert read_rows(tmp_path / "no.csv", ["a"], problems) == []
    assert [problem.reason for problem in problems] == ["the file is missing"]


@pytest.mark.parametrize(("text", "count"), [("", None), ("0", 0), ("187000000", 187000000)])
def test_counts(text: str, count: int | None) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["-1", "1.5", "1e3", "1,000", "٣", "NaN", "9" * 14])
def test_what_is_no_count(text: str) -> None:
    with pytest.raises(ValueError, match=r"negative|whole number|larger"):
        parse_count(text)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "20260520", "2026-W01-1", "today"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match="date"):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023", date(2023, 1, 1)),
        ("2023-11", date(2023, 11, 1)),
        ("2023-11-05", date(2023, 11, 5)),
    ],
)
def test_a_partial_date_begins_on_its_first_day(text: str, day: date) -> None:
    assert first_day(text) == day


@pytest.mark.parametrize("parse", [parse_count, parse_number, parse_day, first_day])
@pytest.mark.parametrize(
    "text",
    [
        "2026\n",
        "2026-05-20\n",
        " 1",
        "1_000",
        "\u0661",
        "\uff12026",
        "nan",
        "inf",
        "1e3",
        "0x1",
        "+1",
    ],
)
def test_what_only_python_would_read_as_a_number_or_a_day_is_none(
    parse: Callable[[str], object], text: str
) -> None:
    with pytest.raises(ValueError, match="is not a "):
        parse(text)


def test_numbers_are_decimal() -> None:
    assert [parse_number(text) for text in ("0", "-12.5", "100.0")] == [0.0, -12.5, 100.0]
