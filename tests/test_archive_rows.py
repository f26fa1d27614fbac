"""What archives hold and say of their own days, read in the forms that it may come in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hub_data import days, make_data, metadata, observed
from test_archives import ALL, month_file, parquet

from census.base.csv_files import DataError
from census.collect.archive_rows import Columns, read_days, read_flags, spans_of
from census.collect.archives import DaySpan, backfill_file

COLUMNS = Columns("id", "day", "dl30", "dl_all", "likes", None)
DAY1, DAY2 = date(2026, 4, 1), date(2026, 4, 2)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path)


@pytest.mark.parametrize(
    ("value", "flags"),
    [
        (["2026-04-01", "2026-04-02"], [(DAY1, DAY1, None), (DAY2, DAY2, None)]),
        ([["2026-04-01", "2026-04-02"]], [(DAY1, DAY2, None)]),
        ([{"start": "2026-04-01", "end": "2026-04-02"}], [(DAY1, DAY2, None)]),
        ([{"day": "2026-04-01"}], [(DAY1, DAY1, None)]),
        ({"from": "2026-04-01", "to": "2026-04-02"}, [(DAY1, DAY2, None)]),
        ({"2026-04-01": "why"}, [(DAY1, DAY1, None)]),
        ({"Qwen/a": ["2026-04-01"], "Qwen/b": ["2026-04-01"]}, [(DAY1, DAY1, 2)]),
        ({"Qwen/a": ["2026-04-01", "2026-04-02"]}, [(DAY1, DAY2, 1)]),
        ("2026-04-01", [(DAY1, DAY1, None)]),
        (None, []),
        ([], []),
    ],
)
def test_flags_are_read_in_several_forms(value: object, flags: list[tuple[date, date, object]]):
    read, unclear = read_flags({"frozen": value})
    assert [(flag.first, flag.last, flag.models) for flag in read] == flags
    assert {flag.kind for flag in read} <= {"frozen"}
    assert unclear == []


@pytest.mark.parametrize("value", [["soon"], [7], {"Qwen/a": True}, ["2026-13-01"]])
def test_a_flag_that_is_not_understood_is_said_and_not_guessed(value: object):
    read, unclear = read_flags({"low_days": value})
    assert read == []
    assert len(unclear) == 1
    assert unclear[0].startswith("meta.json: low_days: not understood")


def test_spans_join_neighbouring_days():
    assert spans_of([date(2026, 1, 1), date(2026, 1, 3), date(2026, 1, 2), date(2026, 1, 5)]) == [
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 1, 5), date(2026, 1, 5)),
    ]


def test_names_in_another_case_are_those_of_the_registered_namespaces(tmp_path: Path):
    data, path = make_data(tmp_path), tmp_path / "march.csv"
    path.write_text(
        "id,day,dl30,dl_all,likes\nQWEN/a,2026-03-30,10,100,1\nQwen/A,2026-03-30,10,90,1\n"
        "qwen/b,2026-03-31,5,50,1\n"
    )
    filled = backfill_file(data, path, "modelpulse", None, DaySpan())
    assert filled.rows == 2
    assert list(observed(data, date(2026, 3, 30), "modelpulse")) == ["QWEN/a"]
    assert list(metadata(data)) == ["QWEN/a", "qwen/b"]


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path):
    data, path = make_data(tmp_path), tmp_path / "day.csv"
    path.write_text("id,day,dl30,dl_all,likes,dl_all\nQwen/a,2026-03-30,1,2,3,4\n")
    with pytest.raises(DataError, match="column 'dl_all' appears twice"):
        backfill_file(data, path, "modelpulse", None, DaySpan())
    assert days(data) == []


def test_a_creation_day_that_is_none_is_unknown(tmp_path: Path):
    data, path = make_data(tmp_path), tmp_path / "day.csv"
    path.write_text(
        "id,downloads,downloadsAllTime,likes,createdAt\nQwen/a,1,2,3,2024-02-30\n"
        "Qwen/b,1,2,3,2024-02-29 10:00:00\n"
    )
    backfill_file(data, path, "hub-stats", date(2026, 3, 30), DaySpan())
    assert {name: line.created_at for name, line in metadata(data).items()} == {
        "Qwen/a": "",
        "Qwen/b": "2024-02-29",
    }


def test_a_model_listed_twice_counts_with_its_larger_all_time_count(tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_text(
        "id,day,dl30,dl_all,likes\nQwen/a,2026-03-01,5,50,1\nQwen/a,2026-03-01,4,60,1\n"
        "Qwen/a,2026-03-01,9,,1\n"
    )
    (day,) = read_days(path, COLUMNS, ["Qwen"])
    assert [one[2:] for one in day.observations] == [(4, 60, 1)]


@pytest.mark.parametrize("day_type", ["date", "timestamp", "varchar"])
def test_days_may_be_dates_times_or_texts(tmp_path: Path, day_type: str):
    path = tmp_path / "month.parquet"
    path.write_bytes(month_file(tmp_path, [("Qwen/a", "2026-03-30", 1, 2, 3)], day_type))
    assert [day.day for day in read_days(path, COLUMNS, ["Qwen"])] == [date(2026, 3, 30)]


def test_counts_stored_as_floating_numbers_are_whole_numbers(tmp_path: Path):
    path = tmp_path / "floats.parquet"
    path.write_bytes(
        parquet(
            tmp_path,
            "select 'Qwen/' || n as id, date '2026-03-30' as day, v as dl30, 7::double as dl_all,"
            " null::double as likes from (values ('a', 4434868.0::double), ('b', 1.5),"
            " ('c', 'nan'::double), ('d', 'inf'::double)) t(n, v)",
        )
    )
    (day,) = read_days(path, COLUMNS, ["Qwen"])
    assert [one[:1] + one[2:] for one in day.observations] == [("Qwen/a", 4434868, 7, None)]
    assert day.unusable == 3


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"name,day\nx,y\n", "no column id"),
        ("a.csv", b"id,day,likes\nQwen/a,2026-01-01,1\n", "no column dl30 or dl_all"),
        ("a.parquet", b"<html></html>", "cannot be read"),
        ("a.parquet", b"", "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_named(
    data: Path, tmp_path: Path, name: str, content: bytes, reason: str
):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"{name}: .*{reason}"):
        backfill_file(data, path, "modelpulse", None, ALL)
    assert days(data) == []
