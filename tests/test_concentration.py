"""Shares of the largest, Herfindahl-Hirschman index and Gini, with bounds that hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_census import ask, make_census, only, pick

from census.rollups.concentration import (
    Bounded,
    drawn_statistics,
    gini,
    herfindahl,
    statistics,
    summarised,
    top_shares,
)

EXACT: list[Bounded] = [(60, 60, 60), (30, 30, 30), (10, 10, 10)]


def test_exact_counts_have_one_value() -> None:
    assert top_shares(EXACT) == [(0.6, 0.6, 0.6), (0.9, 0.9, 0.9), (1.0, 1.0, 1.0)]
    # 60² + 30² + 10²; and (2 (0.6 + 0.9) - 3 + 1) / 3.
    assert herfindahl(EXACT) == pytest.approx((4600, 4600, 4600))
    assert gini(top_shares(EXACT)) == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_bounds_put_the_largest_against_the_others() -> None:
    counts = [(60, 40, 80), (40, 30, 60)]
    # Lowest: 40 of 40 + 60; highest: 80 of 80 + 30.
    assert top_shares(counts)[0] == pytest.approx((0.6, 0.4, 80 / 110))
    # Of two the sum cannot be below 5,000, which equal shares have.
    assert herfindahl(counts) == pytest.approx(
        (5200, 5000, (100 * 80 / 110) ** 2 + (100 * 60 / 100) ** 2)
    )


def test_statistics_are_named_and_rounded() -> None:
    found = {name: value for name, value, _, _ in statistics(EXACT)}
    assert found == {
        "top_1": 60.0,
        "top_3": 100.0,
        "top_5": 100.0,
        "top_10": 100.0,
        "top_20": 100.0,
        "hhi": 4600.0,
        "gini": 33.3333,
    }


def test_nothing_downloaded_has_no_statistics() -> None:
    assert list(statistics([(0, 0, 5)])) == []
    assert list(statistics([])) == []


@pytest.mark.parametrize(
    ("counts", "value"), [([10, 10, 10, 10], 0.0), ([10, 0, 0, 0], 0.75), ([10], 0.0)]
)
def test_gini_of_equal_and_of_one(counts: list[int], value: float) -> None:
    shares = top_shares([(count, count, count) for count in counts])
    assert gini(shares)[0] == pytest.approx(value)


BOUNDED = st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)).map(sorted)


@given(st.lists(st.tuples(BOUNDED, st.integers(0, 99)), min_size=1, max_size=8))
def test_any_possible_counts_lie_within_the_bounds(drawn: list[tuple[list[int], int]]) -> None:
    counts = [(middle, low, high) for (low, middle, high), _ in drawn]
    true = [low + where * (high - low) // 99 for (low, _, high), where in drawn]
    if sum(true) == 0 or sum(count[0] for count in counts) == 0:
        return
    exact = {name: value for name, value, _, _ in statistics([(n, n, n) for n in true])}
    for name, _, low, high in statistics(counts):
        assert low - 1e-3 <= exact[name] <= high + 1e-3, name


def test_statistics_of_each_draw_are_those_of_its_counts() -> None:
    draws = [[60, 30, 10], [10, 50, 40], [5, 5, 0], [0, 7, 0]]
    drawn = drawn_statistics(np.array(draws, dtype=np.float64))
    for at, draw in enumerate(draws):
        exact = {name: value for name, value, _, _ in statistics([(n, n, n) for n in draw])}
        found = {name: values[at] for name, values in drawn.items()}
        assert found == pytest.approx(exact, abs=1e-3)


def test_who_is_largest_may_differ_from_draw_to_draw() -> None:
    # Of two that take turns in having 60 and 40, the largest has 60 in every draw.
    drawn = drawn_statistics(np.array([[60.0, 40.0], [40.0, 60.0]] * 100))
    top = {"top_1": drawn["top_1"]}
    assert [*summarised([("top_1", 50.0, 40.0, 60.0)], top)] == [(60.0, 60.0, 60.0)]


def test_ends_are_rounded_and_cut_to_the_bounds() -> None:
    drawn = {"hhi": np.linspace(1234.56, 1434.56, 200), "top_1": np.linspace(12.3456, 14.3456, 200)}
    found = [("hhi", 1300.0, 1000.0, 1425.0), ("top_1", 13.0, 12.0, 15.0)]
    assert [*summarised(found, drawn)] == [(1334.56, 1245.0, 1425.0), (13.3456, 12.45, 14.25)]
    # A draw in which nothing was downloaded has no statistic.
    drawn = {name: np.append(np.nan, values[1:]) for name, values in drawn.items()}
    assert [*summarised(found, drawn)] == [(1300.0, None, None), (13.0, None, None)]


def test_the_interval_of_a_month() -> None:
    rows = ask(make_census(), "concentration_by_month", statistic="top_1")
    # Red has 770 less 40 of all 1380 and 40 more, by where in its bounds a draw is; 200 draws stand
    # evenly between, and the ends are the eleventh of either side, at 5.25 %.
    march = only(pick(rows, "value", "likely_low", "likely_high", month="2026-03"))
    assert march == (53.5714, 51.63, 55.56)
    grounds = ("rests_on", "counted_pct", "covered_pct")
    # Counted are Red/One-8B's 600, 40 and 10 of 1400.
    assert only(pick(rows, *grounds, month="2026-03")) == ("estimated", 46.43, None)
    assert only(pick(rows, *grounds, month="2026-05")) == ("counted", 100.0, 93.55)
