"""Sums of draws: the days that a scope has, and when a sum may be said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from made_sums import Stated, stated

from census.base.days import day_number
from census.rollups.drawn_sums import DrawnSums

# Month ends, and the last day of a scope that ends within March.
ENDS = ("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-20", "2026-03-31")


def always(*values: float) -> Sequence[tuple[int, Sequence[float]]]:
    return [(200, values)]


def number(day: str) -> int:
    return day_number(date.fromisoformat(day))


def test_a_scope_has_month_ends_and_its_own_last_day() -> None:
    _, sums = stated(Stated("Red/One", always(1, 2, 3, 4, 5)), ends=ENDS)
    found = {end: [ENDS[column] for column in sums.columns(number(end))] for end in ENDS[1:]}
    assert found == {
        "2026-01-31": ["2025-12-31", "2026-01-31"],
        "2026-02-28": ["2025-12-31", "2026-01-31", "2026-02-28"],
        "2026-03-20": ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-20"],
        "2026-03-31": ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"],
    }


def counted(first: float, second: float, *, windowed: bool = False) -> DrawnSums:
    """Return two models of which the first is counted on the last day and the second is not."""
    one, other = (
        Stated(name, always(0, 0, 0, count), windowed=windowed)
        for name, count in (("Red/One", first), ("Red/Two", second))
    )
    _, sums = stated(one, other)
    sums.downloads.level.counted[0, -1] = True
    return sums


@pytest.mark.parametrize(
    ("first", "second", "certain"),
    [(95, 5, True), (94, 6, False), (100, 0, True), (0, 0, True), (0, 1, False), (1, 0, True)],
)
def test_a_sum_may_be_said_where_95_of_100_are_counted(
    first: float, second: float, certain: bool
) -> None:
    sums = counted(first, second)
    assert sums.certain_on([1, 2], number("2026-03-31")) == certain
    # Of nothing nothing is unknown.
    assert sums.certain([1, 2], [0, 3]).tolist() == [True, certain]


def test_growth_may_be_said_by_windows_alone() -> None:
    day = number("2026-03-31")
    assert not counted(100, 0).windowed_on([1, 2], day)
    assert counted(100, 5, windowed=True).windowed_on([1, 2], day)
    assert not counted(0, 0, windowed=True).windowed_on([1, 2], day)
