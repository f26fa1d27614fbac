"""What is published from draws, by hand-checked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from census.rollups.summaries import (
    Points,
    Summed,
    are_counted,
    crossing,
    cut_to_bounds,
    has_likely_interval,
    points_of,
    probability,
    published_downloads,
    published_shares,
    rests_on,
    round_significant,
)

Draws = NDArray[np.float64]

# 200 draws of one day: 1, 2, … 200, in no order.
NUMBERS = np.roll(np.arange(1.0, 201.0), 77)[:, None]


def column(*values: float) -> Draws:
    """Return 200 equal draws of some days."""
    return np.tile(np.array(values), (200, 1))


def summed(downloads: float, draws: Draws, low: float, high: float) -> Summed:
    return Summed(np.array([downloads]), draws, np.array([low]), np.array([high]))


def test_points_leave_out_the_lowest_and_highest_parts() -> None:
    points = points_of(NUMBERS)
    assert [float(end[0]) for end in points] == [100.5, 11, 190, 51, 150]


def test_the_middle_of_an_odd_number_of_draws_is_the_one_in_the_middle() -> None:
    assert points_of(np.array([[30.0], [1.0], [10.0], [2.0], [20.0]])).middle.tolist() == [10]


def test_draws_are_cut_to_the_bounds_of_their_day() -> None:
    draws = np.array([[1.0, 5.0, 9.0], [4.0, 4.0, 20.0]])
    cut = cut_to_bounds(draws, np.array([2, 2, 10]), np.array([3, 8, 10]))
    assert cut.tolist() == [[2, 5, 10], [3, 4, 10]]


@given(
    st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=2, max_size=6),
)
def test_cutting_keeps_histories_from_falling(steps: list[tuple[int, int, int]]) -> None:
    draws, low, more = np.cumsum(np.array(steps, dtype=np.float64), axis=0).T
    cut = cut_to_bounds(draws[None, :], low, low + more)
    assert np.all(np.diff(cut, axis=1) >= 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (7, 7), (9999, 9999), (12344, 12340), (12346, 12350), (99996, 100000), (1.6, 2)],
)
def test_published_numbers_have_four_significant_digits(value: float, expected: int) -> None:
    assert round_significant(np.array([value])).tolist() == [expected]


def test_rounded_downloads_stay_within_their_bounds_and_hold_their_middle() -> None:
    points = Points(*(np.array([value]) for value in (12_346, 12_344, 12_346, 12_345.0, 12_345)))
    stored = published_downloads(points, np.array([12_343]), np.array([12_347]), np.array([False]))
    # The middle rounds to 12,350, the ends to 12,340 and 12,350; the bounds cut them.
    assert [float(value[0]) for value in stored] == [12_347, 12_343, 12_347, 12_343, 12_347]


def test_a_counted_day_is_stored_whole() -> None:
    points = points_of(column(123_456, 123_456, 123_456))
    exact = np.array([True, False, False])
    low, high = np.array([0, 123_456, 0]), np.array([10**6, 123_456, 10**6])
    stored = published_downloads(points, low, high, exact)
    assert stored.middle.tolist() == [123_456, 123_456, 123_500]
    assert stored.low.tolist() == stored.high.tolist() == stored.middle.tolist()


def test_shares_are_of_the_stored_downloads_and_their_ends_of_the_draws() -> None:
    """A key of 1 to 200 beside one of 300: its share in each draw is n / (n + 300)."""
    key = summed(100, NUMBERS, 0, 1000)
    everything = summed(400, NUMBERS + 300, 0, 5000)
    points = published_shares(key, everything).points
    assert points.middle.tolist() == [25.0]
    assert (points.low[0], points.high[0]) == (3.54, 38.78)
    assert (points.band_low[0], points.band_high[0]) == (14.53, 33.33)


def test_ends_of_a_share_are_cut_to_its_hard_bounds() -> None:
    key = summed(100, NUMBERS, 50, 120)
    everything = summed(400, NUMBERS + 300, 350, 420)
    points = published_shares(key, everything).points
    # At least 50 of 50 + 300, at most 120 of 120 + 300.
    assert points.low.tolist() == pytest.approx([100 * 50 / 350])
    assert points.high.tolist() == pytest.approx([100 * 120 / 420])


def test_an_interval_is_widened_to_hold_its_share_and_counted() -> None:
    """The middle of each sum need not be that of the shares: here it lies above all of them."""
    key = summed(190, column(100.0) + NUMBERS / 1000, 0, 10**4)
    everything = summed(400, column(400.0) + NUMBERS / 1000, 0, 10**5)
    shares = published_shares(key, everything)
    assert shares.widened.tolist() == [True]
    assert (shares.points.middle[0], shares.points.high[0]) == (47.5, 47.5)
    assert shares.points.low[0] == pytest.approx(25.0, abs=0.05)


@pytest.mark.parametrize(
    ("drawn", "ends"),
    [
        # Ends on the other side of the share are put at its nearest hundredth outwards.
        (200.0, (12.33, 20.06, 12.33, 20.06)),
        (50.0, (5.01, 12.34, 5.01, 12.34)),
    ],
)
def test_ends_that_miss_a_share_are_rounded_away_from_it(
    drawn: float, ends: tuple[float, ...]
) -> None:
    """123 of 997 are 12.337 %, but every draw has about 20 %, or 5 %."""
    near = (NUMBERS - 100) / 10_000
    key, everything = summed(123, drawn + near, 0, 997), summed(997, column(997), 997, 997)
    shares = published_shares(key, everything)
    assert shares.points.middle.tolist() == [12.337]
    assert [float(end[0]) for end in shares.points[1:]] == pytest.approx(list(ends))
    assert shares.widened.tolist() == [True]


@pytest.mark.parametrize(
    ("downloads", "widened"),
    [(2001, False), (2000, True), (2099, False), (2101, True)],
)
def test_a_share_that_draws_miss_by_less_than_is_shown_is_not_counted(
    downloads: float, widened: bool
) -> None:
    """The interval of the draws is from 20.055 to 20.95 percent; shares are shown to 0.1."""
    key = summed(downloads, 2000 + NUMBERS / 2, 0, 10_000)
    everything = summed(10_000, column(10_000), 10_000, 10_000)
    points = published_shares(key, everything)
    assert points.widened.tolist() == [widened]


def test_draws_that_are_all_alike_are_the_share_itself() -> None:
    key, everything = summed(25, column(20), 0, 100), summed(100, column(100), 100, 100)
    shares = published_shares(key, everything)
    assert {float(value[0]) for value in shares.points} == {25}
    assert shares.widened.tolist() == [False]


def test_a_single_download_has_shares_too() -> None:
    one = summed(1, column(1), 1, 1)
    assert {float(value[0]) for value in published_shares(one, one).points} == {100}


def test_rounding_alone_is_no_widening() -> None:
    everything = summed(1_000_000, column(1_000_000.0), 0, 10**9)
    for downloads in (123, 110):
        key = summed(downloads, 100.0 + NUMBERS / 10, 0, 10**4)
        shares = published_shares(key, everything)
        assert shares.widened.tolist() == [False]
    assert shares.points.low[0] <= shares.points.middle[0] <= shares.points.high[0]


def test_a_share_that_is_counted_is_a_point() -> None:
    key, everything = summed(123, column(123), 123, 123), summed(997, column(997), 997, 997)
    points = published_shares(key, everything).points
    assert {float(value[0]) for value in points} == {12.337}


def test_shares_of_nothing_are_unknown() -> None:
    nothing = summed(0, column(0), 0, 0)
    shares = published_shares(nothing, nothing)
    assert all(np.isnan(value[0]) for value in shares.points)
    assert shares.widened.tolist() == [False]


def test_a_likely_interval_needs_models_with_five_windows_in_most_of_the_key() -> None:
    enough = has_likely_interval(np.array([100.0, 100.0, 0.0, 1.0]), np.array([80.0, 79.9, 0, 1]))
    assert enough.tolist() == [True, False, False, True]


@pytest.mark.parametrize(
    ("downloads", "counted", "likely", "expected"),
    [
        (100, 95, True, "counted"),
        (100, 95, False, "counted"),
        (100, 94.9, True, "estimated"),
        (100, 94.9, False, "bounds"),
        (0, 0, False, "bounds"),
        (1, 1, False, "counted"),
    ],
)
def test_what_a_row_rests_on(downloads: float, counted: float, likely: bool, expected: str) -> None:
    assert rests_on(downloads, counted, likely) == expected


def test_a_model_is_counted_within_a_day() -> None:
    days = np.array([98, 99, 101, 102, 111, 112])
    counted = are_counted(np.array([100, 110]), days)
    assert counted.tolist() == [False, True, True, False, True, False]


def test_a_probability_is_the_part_of_draws_in_which_all_of_an_event_holds() -> None:
    ahead = np.column_stack([NUMBERS[:, 0] > 20, NUMBERS[:, 0] <= 150])
    assert probability(ahead.all(axis=1)) == 0.65
    assert probability(NUMBERS[:, 0] > 1) == 0.99


# Crossings, from keys counted on days 100, 110 and 120.

DAYS = np.array([100, 110, 120])


def test_a_crossing_is_an_interval_of_days() -> None:
    """The leader stands still at 10; draw n passes it n / 20 days after day 100."""
    second = column(10, 10, 10)
    pace = 10 / (NUMBERS / 20)
    first = pace * np.array([0.0, 10.0, 20.0])
    assert crossing(first, second, DAYS) == (101, 106, 110, 1.0)


def test_the_ends_of_a_crossing_leave_out_ten_draws_on_either_side() -> None:
    """Draw n is behind by n - ½ on day 100, gains one a day, and so passes on its n-th day."""
    lead = np.column_stack([0.5 - NUMBERS, 300.5 - NUMBERS])
    found = crossing(lead, np.zeros((200, 2)), np.array([100, 400]))
    assert found == (111, 200, 290, 1.0)


def test_a_crossing_that_some_draws_never_make_has_no_last_day() -> None:
    first = np.where(NUMBERS > 15, column(0, 5, 15), column(0, 5, 6))
    assert crossing(first, column(10, 10, 10), DAYS) == (116, 116, None, 0.93)
    first = np.where(NUMBERS > 120, column(0, 5, 15), column(0, 5, 6))
    assert crossing(first, column(10, 10, 10), DAYS) == (116, None, None, 0.4)


def test_a_crossing_before_the_first_day_has_no_day() -> None:
    assert crossing(column(9, 20, 30), column(8, 9, 10), DAYS) == (None, None, None, 1.0)


def test_a_draw_that_falls_back_counts_with_its_last_time() -> None:
    first, second = column(5, 20, 20, 40), column(10, 10, 30, 30)
    days = np.array([100, 110, 120, 130])
    assert crossing(first, second, days) == (126, 126, 126, 1.0)
