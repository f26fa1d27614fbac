"""Places of series and how probable they are, against a plain reading of the rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.rollups.places import place_probabilities, places

KEYS = 4
values = st.lists(
    st.lists(st.integers(0, 60), min_size=KEYS, max_size=KEYS), min_size=5, max_size=5
)


@given(values, st.lists(st.integers(0, 15), min_size=KEYS, max_size=KEYS))
def test_a_place_holds_in_a_draw_if_nobody_could_be_on_the_other_side(
    draws: list[list[int]], missing: list[int]
) -> None:
    array = np.array(draws, dtype=np.float64)[:, :, None]
    middle = np.median(array, axis=0)
    placed = places(middle, [True] * KEYS)
    certain = np.ones((KEYS, 1), dtype=bool)
    found = place_probabilities(array, placed, np.array(missing), certain)
    for key in range(KEYS):
        if not array[:, key].any():
            assert np.isnan(found[key, 0])
            continue
        holds = []
        for draw in draws:
            order = sorted(range(KEYS), key=lambda one: (placed[one, 0], one))
            at = order.index(key)
            above = all(draw[one] > draw[key] + missing[key] for one in order[:at])
            below = all(draw[key] > draw[one] + missing[one] for one in order[at + 1 :])
            holds.append(above and below)
        assert found[key, 0] == pytest.approx(np.mean(holds), abs=0.005)


def test_equals_share_a_place_and_the_unknown_has_none() -> None:
    downloads = np.array([[50.0], [20.0], [50.0], [90.0]])
    found = places(downloads, [True, True, True, False])
    assert found[:3, 0].tolist() == [1, 3, 1]
    assert np.isnan(found[3, 0])


def test_equals_have_no_place_for_certain() -> None:
    draws = np.full((10, 2, 1), 7.0)
    placed = places(draws[0], [True, True])
    certain = np.ones((2, 1), dtype=bool)
    found = place_probabilities(draws, placed, np.zeros(2, dtype=np.int64), certain)
    assert found[:, 0].tolist() == [0, 0]


def test_what_the_lower_ones_models_have_without_a_count_can_turn_a_place() -> None:
    draws = np.tile(np.array([[100.0], [95.0]]), (10, 1, 1))
    placed = places(draws[0], [True, True])
    certain = np.ones((2, 1), dtype=bool)
    assert place_probabilities(draws, placed, np.array([0, 4]), certain)[:, 0].tolist() == [1, 1]
    assert place_probabilities(draws, placed, np.array([0, 5]), certain)[:, 0].tolist() == [0, 0]


def test_a_row_that_rests_on_bounds_has_no_probability() -> None:
    draws = np.tile(np.array([[100.0], [95.0]]), (10, 1, 1))
    placed = places(draws[0], [True, True])
    certain = np.array([[True], [False]])
    found = place_probabilities(draws, placed, np.zeros(2, dtype=np.int64), certain)
    assert found[0, 0] == 1
    assert np.isnan(found[1, 0])
