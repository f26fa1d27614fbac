"""The months between which something happened, by tables that can be checked by eye."""

from __future__ import annotations

import pytest

from census.intervals import (
    Bounds,
    Change,
    Interval,
    crossings,
    estimated_crossing,
    leaders,
    reached,
    share_band,
    was_behind,
)

MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]


def series(*values: tuple[int, int] | int | None) -> dict[str, Bounds]:
    """Return bounds by month; a number is known exactly, None is no value yet."""
    made = {}
    for month, value in zip(MONTHS, values, strict=True):
        if value is not None:
            low, high = value if isinstance(value, tuple) else (value, value)
            made[month] = Bounds(low, high, (low + high) // 2)
    return made


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # Behind in January, ahead in March: it happened in February or March.
        (
            series(1, (2, 9), 9, 9, 9),
            series(5, 5, 5, 5, 5),
            [Interval("2026-02", "2026-03", True)],
        ),
        # Known exactly on both sides.
        (series(1, 9, 9, 9, 9), series(5, 5, 5, 5, 5), [Interval("2026-02", "2026-02", True)]),
        # Never certainly behind: it may have been ahead from the first month in which it could.
        (
            series(None, (0, 8), (0, 9), 9, 9),
            series((0, 7), (0, 7), (0, 7), 7, 7),
            [Interval("2026-02", "2026-04", False)],
        ),
        # Passed, was passed, passed again.
        (
            series(1, 9, 9, 9, 30),
            series(5, 5, 20, 20, 20),
            [Interval("2026-02", "2026-02", True), Interval("2026-05", "2026-05", True)],
        ),
        # What is not there yet cannot be passed.
        (
            series(5, 5, 5, 5, 5),
            series(None, None, (0, 6), 1, 1),
            [Interval("2026-03", "2026-04", False)],
        ),
        # Equal is not ahead; overlapping bounds decide nothing.
        (series(5, 5, 5, 5, 5), series(5, 5, 5, 5, 5), []),
        (series(1, (2, 9), (2, 9), (2, 9), (2, 9)), series(5, 5, 5, 5, 5), []),
    ],
)
def test_crossings(
    first: dict[str, Bounds], second: dict[str, Bounds], expected: list[Interval]
) -> None:
    assert list(crossings(first, second, MONTHS)) == expected


def test_a_lead_that_was_never_in_doubt_is_no_crossing() -> None:
    assert not was_behind(series(2, 3, 4, 5, 6), series(1, 1, 1, 1, 1), MONTHS)
    assert was_behind(series((0, 3), 3, 4, 5, 6), series(1, 1, 1, 1, 1), MONTHS)


def test_a_value_is_reached_between_what_high_and_low_say() -> None:
    values = series((10, 40), (20, 99), (50, 120), (90, 130), (100, 140))
    assert reached(values, 100, MONTHS) == Interval("2026-03", "2026-05", True)
    assert reached(values, 30, MONTHS) == Interval("2026-01", "2026-03", False)
    assert reached(values, 101, MONTHS) is None


def test_a_new_leader_follows_the_last_month_in_which_the_old_one_was_certain() -> None:
    made = {
        "a": series(10, 10, (10, 30), (10, 30), 30),
        "b": series(5, 5, (5, 25), 40, 50),
        "c": series(1, 1, 1, 1, 1),
    }
    assert list(leaders(made, MONTHS)) == [
        Change("a", None, Interval("2026-01", "2026-01", False)),
        Change("b", "a", Interval("2026-03", "2026-04", True)),
    ]


def test_the_month_of_the_estimate_is_the_last_change() -> None:
    first, second = series(9, 1, 9, 9, 9), series(5, 5, 5, 5, 5)
    assert estimated_crossing(first, second, MONTHS) == "2026-03"
    assert estimated_crossing(second, first, MONTHS) is None


def test_a_share_band_is_the_distance_of_its_bounds() -> None:
    own = series((10, 30), 0, 0, 0, 0)
    # Highest 30 of 30 + 70, lowest 10 of 10 + 90.
    assert share_band(own, others_low=70, others_high=90, month="2026-01") == pytest.approx(20)
