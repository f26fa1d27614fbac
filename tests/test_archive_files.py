"""What archives say of their own days, read in the forms that it may come in."""

from __future__ import annotations

from datetime import date

import pytest

from census.archive_files import read_flags, spans_of

DAY1, DAY2 = date(2026, 4, 1), date(2026, 4, 2)


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
