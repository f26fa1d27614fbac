"""Observation files: what is written is read back, and what was altered is noticed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.base import file_changes
from census.base.csv_files import Problem
from census.base.names import BARE_NAME, MODEL_NAME
from census.store.observations import (
    MANIFEST,
    DayOfObservations,
    Observation,
    add_days,
    format_day,
    read_manifest,
    read_observations,
)

DAY = date(2026, 5, 20)
ID = "0123456789abcdef01234567"
FILE = "observations/hub/2026/2026-05-20.csv"
ROWS = [
    Observation("b/two", ID, 5, None, 0),
    Observation("a/one", None, 0, 100, None),
]


def a_day(rows: list[Observation] = ROWS) -> DayOfObservations:
    return DayOfObservations(
        "hub", DAY, rows, "counted then", "https://example.org", "", "2026-05-21"
    )


def write(data: Path, *days: DayOfObservations) -> None:
    with file_changes.locked(data):
        file_changes.apply(data, add_days(data, days))


def read(data: Path) -> tuple[list[Observation], list[Problem]]:
    problems: list[Problem] = []
    files = read_manifest(data, problems)
    return [row for file in files for row in read_observations(data, file, problems)], problems


def test_a_day_is_read_back_sorted_with_unknown_as_none(tmp_path: Path) -> None:
    write(tmp_path, a_day())
    assert read(tmp_path) == (sorted(ROWS), [])
    assert (tmp_path / FILE).read_text() == (
        f"model_id,hub_id,downloads_30d,downloads_all_time,likes\na/one,,0,100,\nb/two,{ID},5,,0\n"
    )


def test_the_same_day_again_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, a_day())
    assert add_days(tmp_path, [a_day(list(reversed(ROWS)))]) == {}


def test_a_day_with_other_counts_is_refused(tmp_path: Path) -> None:
    write(tmp_path, a_day())
    with pytest.raises(ValueError, match="exists already with other"):
        add_days(tmp_path, [a_day(ROWS[:1])])


@pytest.mark.parametrize(
    ("altered", "said"),
    [
        (lambda text: text.replace("100", "101"), "altered: its sha256 is not the manifest's"),
        (lambda text: text.replace(f"b/two,{ID},5,,0\n", ""), "1 valid rows; the manifest says 2"),
        (lambda text: text.replace("100", "-1"), "a/one: downloads_all_time: -1 is negative"),
        (lambda text: text.replace("100", "1e3"), "'1e3' is not a whole number"),
        (lambda text: text.replace("100", "9" * 13), "larger than any download count"),
        (lambda text: text.replace("b/two", "a/aaa"), "repeated or not in order"),
        (lambda text: text.replace("b/two", "a/one"), "repeated or not in order"),
        (lambda text: text.replace(",0\n", "\n"), "4 values; expected 5"),
        (lambda text: text.replace("0,100,", ",,"), "a/one: no count"),
        (lambda text: text.replace("a/one", "a/o\u0661"), "is not a model name"),
        (lambda text: text.replace(ID, ID[:-1]), "is not an id of the Hub"),
    ],
)
def test_an_altered_file_is_noticed_with_line_and_reason(
    tmp_path: Path, altered: object, said: str
) -> None:
    write(tmp_path, a_day())
    path = tmp_path / FILE
    path.write_text(altered(path.read_text()))  # type: ignore[operator]
    _, problems = read(tmp_path)
    assert any(said in problem.reason for problem in problems)
    assert {problem.file for problem in problems} == {str(path)}


def test_a_missing_file_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, a_day())
    (tmp_path / FILE).unlink()
    _, problems = read(tmp_path)
    assert [problem.reason for problem in problems] == [
        "the manifest lists this file, but it is missing"
    ]


@pytest.mark.parametrize(
    "row",
    [
        Observation("a b/c", None, 1, 2, 3),
        Observation("a/b", "x", 1, 2, 3),
        Observation("a/b", None, None, None, None),
        Observation("a/b", None, -1, 2, 3),
        Observation("a/b", None, 1, 10**12 + 1, 3),
    ],
)
def test_what_a_build_would_refuse_is_not_written(tmp_path: Path, row: Observation) -> None:
    refused = r"not a model name|not an id of the Hub|not a count|no count"
    with pytest.raises(ValueError, match=refused):
        add_days(tmp_path, [a_day([row])])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hub/2026/2026-02-30.csv,1,x,basis,,,", "not a possible date"),
        ("hub/2025/2026-05-21.csv,1,x,basis,,,", "is not SOURCE/YYYY/YYYY-MM-DD.csv"),
        ("../2026/2026-05-21.csv/x,1,x,basis,,,", "is not a possible date"),
        ("hub/2026/2026-05-21.csv,0,x,basis,,,", "rows is empty or 0"),
        ("hub/2026/2026-05-20.csv,1,x,basis,,,", "duplicate of line 2"),
    ],
)
def test_a_faulty_manifest_is_noticed(tmp_path: Path, line: str, said: str) -> None:
    write(tmp_path, a_day())
    with (tmp_path / MANIFEST).open("a") as file:
        file.write(line + "\n")
    _, problems = read(tmp_path)
    assert any(said in problem.reason for problem in problems)


counts = st.none() | st.integers(0, 10**12)


@given(
    st.lists(
        st.builds(
            Observation,
            st.from_regex(MODEL_NAME, fullmatch=True) | st.from_regex(BARE_NAME, fullmatch=True),
            st.none() | st.from_regex(r"[0-9a-f]{24}", fullmatch=True),
            counts,
            counts,
            counts,
        ).filter(lambda row: any(count is not None for count in row[2:])),
        unique_by=lambda row: row.model_id,
        min_size=1,
    )
)
def test_any_observations_survive_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Observation]
) -> None:
    data = tmp_path_factory.mktemp("data")
    write(data, a_day(rows))
    found, problems = read(data)
    assert problems == []
    assert format_day(found) == format_day(rows)
