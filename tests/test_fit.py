"""Growth is fitted to its totals, each time between two counts by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from census.rollups.fit import FIXED, LEVELS, fit
from census.rollups.noise import DRAWS


def drawn_growth(pieces: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(3, 1, (pieces, DRAWS)).astype(np.float32)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([FIXED, 1, 5, LEVELS]), min_size=1, max_size=6),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 1000),
    st.data(),
)
def test_segments_fitted_together_are_those_fitted_alone(
    levels: list[list[int]], seed: int, data: st.DataObject
) -> None:
    totals = np.array([float(data.draw(st.integers(0, 5000))) for _ in levels])
    segments = np.repeat(np.arange(len(levels)), [len(of_segment) for of_segment in levels])
    growth = drawn_growth(len(segments), seed)
    together = fit(growth, segments, np.concatenate(levels).astype(np.intp), totals)
    for segment, total in enumerate(totals):
        mine = segments == segment
        alone = fit(growth[mine], segments[mine], np.array(levels[segment], dtype=np.intp), totals)
        assert np.array_equal(together[mine], alone)
        assert (alone[-1] == total).all()
        assert (np.diff(alone, axis=0, prepend=0) >= 0).all()


def test_what_windows_fix_stays_and_the_rest_gives_way() -> None:
    growth = drawn_growth(3, 1)
    levels = np.array([1, FIXED, LEVELS], dtype=np.intp)
    fixed = growth[1].astype(np.float64)
    history = fit(growth, np.zeros(3, dtype=np.intp), levels, np.array([3000.0]))
    assert history[1] - history[0] == pytest.approx(fixed, rel=1e-4)
    grown = history[0] / growth[0], (history[2] - history[1]) / growth[2]
    # The piece that is free gives way by the 16th power of what one next to a window does.
    assert grown[0] ** LEVELS == pytest.approx(grown[1], rel=0.02)


def test_a_total_that_windows_alone_exceed_scales_all() -> None:
    growth = drawn_growth(2, 2)
    history = fit(growth, np.zeros(2, dtype=np.intp), np.array([FIXED, 3]), np.array([1.0]))
    assert history[0] == pytest.approx(growth[0] / growth.sum(axis=0), rel=1e-5)
