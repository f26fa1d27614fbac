"""Shares and their bounds, for any bounds of the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.base.shares import fraction, percent_of, percent_or_none, share, share_bounds

# low, best less low, high less best
counts = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
months = st.lists(counts, min_size=1, max_size=6)


@given(months)
def test_a_share_lies_in_its_bounds(month: list[tuple[int, int, int]]) -> None:
    low = np.array([least for least, _, _ in month])
    best = low + [more for _, more, _ in month]
    high = best + [most for _, _, most in month]
    lowest, highest = share_bounds(low, high, low.sum(), high.sum())
    middle = share(best, best.sum() - best)
    if best.sum():
        assert middle.sum() == pytest.approx(100)
    known = ~np.isnan(middle) & ~np.isnan(lowest) & ~np.isnan(highest)
    assert (lowest[known] <= middle[known] + 1e-9).all()
    assert (middle[known] <= highest[known] + 1e-9).all()


@given(months)
def test_a_bound_is_the_share_if_this_one_is_at_its_end_and_the_others_at_theirs(
    month: list[tuple[int, int, int]],
) -> None:
    lows = [least for least, _, _ in month]
    highs = [sum(values) for values in month]
    lowest, highest = share_bounds(lows, highs, sum(lows), sum(highs))
    for place, (low, high) in enumerate(zip(lows, highs, strict=True)):
        others_high, others_low = sum(highs) - high, sum(lows) - low
        if low + others_high:
            assert lowest[place] == pytest.approx(100 * low / (low + others_high))
        if high + others_low:
            assert highest[place] == pytest.approx(100 * high / (high + others_low))


def test_nothing_of_nothing_has_no_share() -> None:
    assert np.isnan(share(0, 0))
    assert share(0, 5) == 0
    assert share(3, 1) == 75
    assert share(1, 0) == 100


def test_a_part_of_nothing_is_what_the_caller_says() -> None:
    parts, wholes = np.array([1.0, 0.0]), np.array([4.0, 0.0])
    assert np.array_equal(percent_of(parts, wholes), [25, np.nan], equal_nan=True)
    assert percent_of(parts, wholes, of_nothing=0.0).tolist() == [25, 0]
    assert fraction(parts, wholes, of_nothing=np.inf).tolist() == [0.25, np.inf]


def test_draws_keep_their_precision_and_are_taken_of_the_sum_beside_them() -> None:
    draws = np.array([[1, 3], [2, 2]], dtype=np.float32)
    percents = percent_of(draws, draws.sum(axis=1, keepdims=True))
    assert percents.tolist() == [[25, 75], [50, 50]]
    assert percents.dtype == np.float32
    assert percent_of([1, 2], 4).tolist() == [25, 50]


def test_a_single_percentage_is_rounded_as_asked_and_unknown_of_nothing() -> None:
    assert percent_or_none(2, 3, 2) == 66.67
    assert percent_or_none(3, 8) == 37.5
    assert percent_or_none(0, 0, 2) is None
