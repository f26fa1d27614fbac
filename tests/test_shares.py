"""Shares and their bounds, for any bounds of the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.base.shares import share, share_bounds

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
