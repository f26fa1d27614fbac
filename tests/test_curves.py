"""The bounds of a model's curve: known answers, and what must hold of every curve."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.cleaning import Count, clean_counts
from census.curves import HUB_FLOOR, Curve, Growth, Value, make_curve
from census.series import day_number

CREATED = day_number(date(2025, 1, 1))


def curve_from(
    counts: dict[int, int],
    counts_30d: dict[int, int] | None = None,
    created: int | None = CREATED,
    pairs: dict[int, int] | None = None,
) -> Curve:
    """Make the curve of counts given by days after creation (or after 0 without one)."""
    start = created or 0
    curve = make_curve(
        clean_counts([Count(start + day, value) for day, value in sorted(counts.items())]),
        {start + day: value for day, value in (counts_30d or {}).items()},
        created,
        {start + day: value for day, value in (pairs or {}).items()},
    )
    assert curve is not None
    return curve


def test_between_two_points_the_estimate_is_even_and_the_bounds_are_the_points() -> None:
    curve = curve_from({100: 1000})
    assert curve.at(CREATED + 25) == Value(250, 0, 1000, "interpolated")
    assert curve.at(CREATED + 100) == Value(1000, 1000, 1000, "observed")
    assert curve.at(CREATED) == Value(0, 0, 0, "observed")
    assert curve.at(CREATED + 130) == Value(1000, 1000, 1000, "carried")


def test_a_30_day_count_beside_an_all_time_count_gives_a_point_thirty_days_earlier() -> None:
    curve = curve_from({100: 1000}, {100: 300}, pairs={100: 300})
    assert curve.at(CREATED + 70) == Value(700, 700, 700, "window")
    assert curve.at(CREATED + 35) == Value(350, 0, 700, "interpolated")
    assert curve.at(CREATED + 85) == Value(850, 700, 1000, "window")


def test_a_30_day_count_alone_narrows_the_bounds_around_its_window() -> None:
    # 600 of the 1,000 downloads came in the days 41 to 70; the other 400 in the 70 days around.
    curve = curve_from({100: 1000}, {70: 600})
    assert curve.at(CREATED + 40) == Value(228, 0, 400, "interpolated")
    assert curve.at(CREATED + 70) == Value(828, 600, 1000, "interpolated")
    assert curve.at(CREATED + 55) == Value(528, 0, 1000, "window")
    assert curve.growth(CREATED + 40, CREATED + 70) == Growth(600, 600, 1000)
    assert curve.growth(CREATED + 70, CREATED + 100) == Growth(172, 0, 400)


def test_overlapping_windows_are_never_summed_and_the_latest_comes_first() -> None:
    curve = curve_from({100: 1000}, {60: 500, 70: 300, 80: 200})
    assert [(w.end - CREATED, w.growth) for w in curve.windows_before(1)] == [(80, 200)]
    curve = curve_from({100: 1000}, {50: 100, 70: 300, 80: 200})
    assert [(w.end - CREATED, w.growth) for w in curve.windows_before(1)] == [(50, 100), (80, 200)]


def test_a_window_begins_at_the_creation_of_the_model() -> None:
    curve = curve_from({100: 1000}, {10: 50})
    assert curve.at(CREATED + 10) == Value(50, 50, 1000, "interpolated")


def test_windows_that_claim_more_than_the_points_are_cut_to_them() -> None:
    curve = curve_from({100: 100}, {50: 70, 90: 80})
    assert [w.growth for w in curve.windows_before(1)] == [20, 80]


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        ({100: 1100}, "it would be below zero, the left neighbour"),
        ({20: 1}, "it would lie before creation"),
    ],
)
def test_a_derived_point_that_contradicts_its_neighbours_is_not_taken(
    pair: dict[int, int], reason: str
) -> None:
    curve = curve_from({20: 10, 100: 1000}, pairs=pair)
    assert [point.derived for point in curve.points] == [False, False, False], reason


def test_a_derived_point_never_overrules_an_observed_one() -> None:
    curve = curve_from({70: 800, 100: 1000}, pairs={100: 300})
    assert curve.at(CREATED + 70) == Value(800, 800, 800, "observed")


def test_a_model_as_old_as_the_hubs_floor_has_no_zero_point() -> None:
    curve = curve_from({20000: 5000}, created=None)
    assert curve.first_day == HUB_FLOOR
    assert curve.at(HUB_FLOOR).low == 0
    assert curve.at(HUB_FLOOR).high == 5000
    assert curve.growth(HUB_FLOOR - 10, 20000) == Growth(5000, 0, 5000)


def test_a_model_without_an_all_time_count_has_no_curve() -> None:
    assert make_curve(clean_counts([]), {20000: 5}, CREATED, {}) is None


days = st.integers(1, 400)
values = st.integers(0, 10**6)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    counts = draw(st.dictionaries(days, values, min_size=1, max_size=12))
    windows = draw(st.dictionaries(days, st.integers(0, 10**5), max_size=20))
    paired = draw(st.lists(st.sampled_from(sorted(counts)), unique=True))
    pairs = {day: draw(st.integers(0, counts[day] + 10)) for day in paired}
    created = draw(st.sampled_from([CREATED, HUB_FLOOR]))
    shifted = [Count(created + day, value) for day, value in sorted(counts.items())]
    curve = make_curve(
        clean_counts(shifted),
        {created + day: value for day, value in {**windows, **pairs}.items()},
        created,
        {created + day: value for day, value in pairs.items()},
    )
    assert curve is not None
    return curve


@given(curves(), st.lists(st.integers(0, 450), min_size=2, max_size=30))
def test_bounds_hold_and_the_curve_never_falls(curve: Curve, offsets: list[int]) -> None:
    last = None
    for day in sorted({curve.first_day + offset for offset in offsets}):
        value = curve.at(day)
        assert 0 <= value.low <= value.best <= value.high
        if last is not None:
            assert value.best >= last.best
            assert value.low >= last.low
            assert value.high >= last.high
        last = value


@given(curves(), st.integers(-40, 450), st.integers(1, 60))
def test_growth_lies_in_its_bounds_and_is_the_difference_of_the_curve(
    curve: Curve, offset: int, length: int
) -> None:
    start = curve.first_day + offset
    growth = curve.growth(start, start + length)
    assert 0 <= growth.low <= growth.best <= growth.high
    before = curve.at(start).best if start >= curve.first_day else 0
    after = curve.at(start + length).best if start + length >= curve.first_day else 0
    assert growth.best == after - before


@given(curves())
def test_growth_between_good_points_is_preserved(curve: Curve) -> None:
    points = [point for point in curve.points if not point.derived]
    for left, right in itertools.pairwise(points):
        total = right.value - left.value
        assert curve.growth(left.day, right.day) == Growth(total, total, total)
        steps = range(left.day, right.day, 7)
        parts = [curve.growth(day, min(day + 7, right.day)).best for day in steps]
        assert sum(parts) == total


@given(curves())
def test_the_curve_ends_at_the_last_good_count(curve: Curve) -> None:
    assert curve.at(curve.days[-1] + 100).best == curve.points[-1].value
