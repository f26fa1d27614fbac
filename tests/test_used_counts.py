"""Which counts the estimate is drawn through, to the day."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from census.history.cleaning import Count
from census.history.model_counts import HUB_FLOOR, ModelCounts, Window
from census.history.window_lengths import WindowLength, WindowLengths
from census.rollups.used_counts import Span, UsedCounts, used_counts, used_windows

# Windows of four weeks, so that a quarter of one is a week.
FOUR_WEEKS = WindowLengths([WindowLength(0, 28, 28, 28.0)])
DAY = 20_000


def used(
    counts: Sequence[int],
    windows: Sequence[int],
    zero: int | None = 0,
    created: int | None = 0,
    unseen: int | None = None,
) -> UsedCounts:
    """Return what is used of counts and windows on some days after `DAY`."""
    known = ModelCounts(
        None if created is None else DAY + created,
        None if zero is None else DAY + zero,
        tuple(Count(DAY + day, 1000 + day) for day in counts),
        tuple(Window(DAY + day, 10) for day in windows),
    )
    return used_counts(known, FOUR_WEEKS, None if unseen is None else DAY + unseen)


def days_of(spans: Sequence[Span]) -> list[float]:
    return [span.end - DAY for span in spans]


def test_windows_are_twelve_days_apart_and_counts_twenty_five_the_latest_first() -> None:
    found = used([55, 75, 99, 100], [40, 50, 62, 88, 99, 100])
    assert [count.day - DAY for count in found.counts] == [75, 100]
    assert days_of(found.spans) == [50, 62, 88, 100]
    known = ModelCounts(DAY, DAY, (), tuple(Window(DAY + day, 1) for day in (88, 99, 100)))
    assert used_windows(known) == 2
    assert used_windows(known._replace(windows=())) == 0


def test_windows_behind_the_last_count_are_not_used() -> None:
    assert days_of(used([100], [70, 100, 130]).spans) == [70, 100]
    # Of a model without one all serve.
    known = ModelCounts(DAY, DAY, (), tuple(Window(DAY + day, 1) for day in (70, 100, 130)))
    assert used_windows(known) == 3
    assert days_of(used_counts(known, FOUR_WEEKS).spans) == [70, 100, 130]


def test_a_window_covers_its_length_but_not_what_was_before_the_model() -> None:
    long, short = used([200], [10, 100]).spans[::-1]
    assert (long.start - DAY, long.until - DAY, long.end - DAY, long.growth) == (72, 100, 100, 10)
    assert (long.middle - DAY, long.days, long.drawn) == (86, 28, True)
    assert (short.start - DAY, short.middle - DAY, short.days) == (0, 5, 10)
    # Of the day of creation nothing is covered.
    assert days_of(used([200], [0, 100]).spans) == [100]


@pytest.mark.parametrize(("later", "drawn"), [(121, True), (120, False), (128, True)])
def test_a_window_that_shares_up_to_a_quarter_has_the_rest(later: int, drawn: bool) -> None:
    first, second = used([200], [100, later]).spans
    assert second.drawn
    assert first.drawn == drawn
    assert first.until - DAY == (min(later - 28, 100) if drawn else 72)


def test_a_window_that_is_not_drawn_takes_no_days_from_those_before_it() -> None:
    """The second shares too much with the third; then the first is whole."""
    first, second, third = used([200], [80, 100, 114]).spans
    assert (third.start - DAY, second.drawn) == (86, False)
    assert (first.drawn, first.until - DAY) == (True, 80)


@pytest.mark.parametrize(("count", "drawn"), [(72, True), (73, False), (99, False), (100, True)])
def test_a_window_that_crosses_a_count_fixes_the_speed_alone(count: int, drawn: bool) -> None:
    (span,) = used([count, 200], [100]).spans
    assert span.drawn == drawn
    assert (span.until == span.start) != drawn


def test_a_known_creation_is_the_beginning() -> None:
    found = used([0, 30], [20])
    assert found.begins == (DAY, DAY)
    # A count on that very day is none after it.
    assert [count.day - DAY for count in found.counts] == [30]


@pytest.mark.parametrize(
    ("counts", "windows", "created", "unseen", "begins"),
    [
        # Nobody knows when: up to 540 days before the first count of any kind.
        ([100], [90], None, None, (90 - 540, 89)),
        ([80], [90], None, None, (80 - 540, 79)),
        # Or after a crawl that did not have it.
        ([100], [90], None, 50, (50, 89)),
        ([100], [90], None, 95, (89, 89)),
        # The Hub has no earlier day.
        ([100], [90], None, HUB_FLOOR - DAY - 5, (HUB_FLOOR - DAY, 89)),
        # A day of creation without a zero holds as far as counts allow.
        ([100], [90], 60, None, (60, 60)),
        ([100], [90], 95, None, (89, 89)),
    ],
)
def test_an_unknown_beginning_lies_before_what_was_seen_first(
    counts: list[int], windows: list[int], created: int | None, unseen: int | None,
    begins: tuple[int, int],
) -> None:  # fmt: skip
    found = used(counts, windows, None, created, unseen)
    assert found.begins == (DAY + begins[0], DAY + begins[1])
