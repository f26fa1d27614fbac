"""The plain estimate that decides where a scope ends, and that end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.history.cleaning import Count
from census.history.ends import CANDIDATE_DAYS, candidate_days, candidates, end_of_scope
from census.history.middle import is_counted, middle_values
from census.history.model_counts import HUB_FLOOR, ModelCounts, Window
from census.history.window_lengths import WindowLength, WindowLengths

DAY = 20_000
THIRTY = WindowLengths([WindowLength(0, 30, 30, 30.0)])


def known(*counts: tuple[int, int], windows: tuple[Window, ...] = ()) -> ModelCounts:
    made = tuple(Count(DAY + day, value) for day, value in counts)
    return ModelCounts(DAY, DAY, made, windows)


def test_what_windows_leave_is_spread_over_the_days_left() -> None:
    # 300 in the thirty days to day 60; the other 700 evenly over the other seventy days.
    model = known((100, 1000), windows=(Window(DAY + 60, 300),))
    days = [DAY, DAY + 15, DAY + 30, DAY + 45, DAY + 60, DAY + 80, DAY + 100, DAY + 150]
    assert middle_values(model, days, THIRTY) == [0, 150, 300, 450, 600, 800, 1000, 1000]


def test_overlapping_windows_are_never_summed() -> None:
    windows = (Window(DAY + 55, 900), Window(DAY + 60, 300))
    assert middle_values(known((100, 1000), windows=windows), [DAY + 30], THIRTY) == [300]


def test_a_model_without_a_known_beginning_grows_from_the_hubs_first_day() -> None:
    model = ModelCounts(None, None, (Count(HUB_FLOOR + 100, 500),), ())
    assert middle_values(model, [HUB_FLOOR, HUB_FLOOR + 50], THIRTY) == [0, 250]


@given(
    st.lists(st.tuples(st.integers(1, 300), st.integers(0, 1000)), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(1, 300), st.integers(0, 1000)), max_size=5),
)
def test_the_estimate_never_falls_and_passes_through_every_count(
    grown: list[tuple[int, int]], seen: list[tuple[int, int]]
) -> None:
    total, counts = 0, []
    for day, more in sorted(dict(grown).items()):
        total += more
        counts.append((day, total))
    windows = tuple(Window(DAY + day, count) for day, count in sorted(dict(seen).items()))
    model = known(*counts, windows=windows)
    days = list(range(DAY - 5, DAY + 320))
    values = dict(zip(days, middle_values(model, days, THIRTY), strict=True))
    assert list(values.values()) == sorted(values.values())
    assert all(values[count.day] == count.value for count in model.counts)


def test_a_day_is_counted_if_a_count_or_the_zero_is_of_it() -> None:
    model = known((10, 70))
    assert [is_counted(model, DAY + day) for day in (0, 9, 10, 11)] == [True, False, True, False]


@pytest.mark.parametrize(("carried", "end"), [(99, 50), (100, 50), (101, 40)])
def test_a_scope_ends_where_nine_tenths_are_counted_on_the_day(carried: int, end: int) -> None:
    models = {1: known((50, 900)), 2: known((40, carried))}
    tried = candidates(models, THIRTY)
    assert tried.days == [DAY + 40, DAY + 50]
    # On day 40 the first model has 720 that are not counted then.
    found = end_of_scope(tried, [1, 2])
    if end == 40:
        assert found is None
    else:
        assert found is not None
        assert found.day == DAY + end
        assert found.counted_pct == pytest.approx(100 * 900 / (900 + carried))


def test_models_outside_of_the_scope_do_not_move_its_end() -> None:
    models = {1: known((50, 900)), 2: known((60, 10**6))}
    found = end_of_scope(candidates(models, THIRTY), [1])
    assert found is not None
    assert found.day == DAY + 50
    assert end_of_scope(candidates(models, THIRTY), [3]) is None


def test_only_the_last_counted_days_are_tried() -> None:
    models = {1: known(*((day, day) for day in range(1, 100)))}
    days = candidate_days(models)
    assert days == [DAY + day for day in range(99, 99 - CANDIDATE_DAYS, -1)]
