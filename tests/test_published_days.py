"""The days that are published: month ends, and the weeks and days before a scope's last one."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from census.base.days import day_number
from census.history.model_counts import HUB_FLOOR
from census.rollups.published_days import DAY, MONTH, WEEK, PublishedDays, Span, rows_of


def number(text: str) -> int:
    return day_number(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("end", "before"),
    [
        # A month that is over is told once, a running one to the last day.
        ("2026-03-31", "2026-02-28"),
        ("2026-03-30", "2026-02-28"),
        ("2026-04-01", "2026-03-31"),
        ("2026-02-28", "2026-01-31"),
        ("2024-02-28", "2024-01-31"),
        ("2024-02-29", "2024-01-31"),
    ],
)
def test_months_end_on_their_last_days_and_on_that_of_the_scope(end: str, before: str) -> None:
    months = [row for row in rows_of(number(end)) if row.step == MONTH]
    assert months[-1] == (MONTH, number(end), Span(number(before), number(end)))
    assert months[-2].through == number(before)
    assert all(one.through == other.span.start for one, other in itertools.pairwise(months))
    # The Hub gives no earlier day of creation than one in March 2022.
    assert months[0] == (
        MONTH,
        number("2022-03-31"),
        Span(number("2022-02-28"), number("2022-03-31")),
    )


def test_weeks_end_on_the_last_day_and_days_are_the_last_92() -> None:
    end = number("2026-03-20")
    rows = rows_of(end)
    weeks, days = ([row for row in rows if row.step == step] for step in (WEEK, DAY))
    assert [row.step for row in rows] == sorted(
        (row.step for row in rows), key=(MONTH, WEEK, DAY).index
    )
    assert [row.through for row in days] == list(range(end - 91, end + 1))
    assert {row.through - row.span.start for row in days} == {1}
    assert [row.through for row in weeks] == list(range(end - 91, end + 1, 7))
    assert {row.through - row.span.start for row in weeks} == {7}


def test_no_week_begins_before_the_hubs_first_day() -> None:
    rows = rows_of(HUB_FLOOR + 15)
    assert [row.through - HUB_FLOOR for row in rows if row.step == WEEK] == [8, 15]
    assert [row.through - HUB_FLOOR for row in rows if row.step == DAY] == list(range(7, 16))
    assert [row.through - HUB_FLOOR for row in rows if row.step == MONTH] == [15]
    assert [row.through - HUB_FLOOR for row in rows_of(HUB_FLOOR + 14) if row.step == WEEK] == [
        7,
        14,
    ]


def test_days_and_spans_of_several_scopes_are_each_there_once() -> None:
    ends = [number("2026-03-20"), number("2026-03-10"), number("2026-03-20")]
    published = PublishedDays(ends)
    assert list(published.days) == sorted({*published.days})
    assert list(published.spans) == sorted({*published.spans})
    for end in ends:
        for row in rows_of(end):
            assert published.days[published.day_at[row.through]] == row.through
            assert published.days[published.day_at[row.span.start]] == row.span.start
            assert published.spans[published.span_at[row.span]] == row.span
