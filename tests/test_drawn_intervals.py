"""How often the intervals of drawn histories hold a truth that was made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from made_histories import SHARED, START, Draws, histories, known_of

from census.history.model_counts import ModelCounts
from census.history.window_lengths import WindowLength, WindowLengths
from census.rollups.draws import draw_histories
from census.rollups.noise import DRAWS
from census.rollups.summaries import points_of

EVEN = WindowLengths([WindowLength(0, 29, 30, 29.1)])


def truths(many: int) -> list[Draws]:
    """Return daily cumulative histories of 600 days of made models, of all sizes."""
    chance = np.random.default_rng(5)
    made = []
    for _ in range(many):
        steps = chance.normal(0, 1.1 * np.exp(0.4 * chance.normal()) / np.sqrt(30), 600)
        wander = np.zeros(600)
        for day in range(1, 600):
            wander[day] = wander[day - 1] * np.exp(-1 / 120) + steps[day]
        speed = np.exp(chance.uniform(2, 9) + np.clip(wander, -3, 3))
        made.append(np.floor(np.cumsum(chance.poisson(speed).astype(np.float64))))
    return made


def thinned(truth: Draws, windows: Sequence[int], counts: Sequence[int]) -> ModelCounts:
    """Return what is known from 30-day counts and all-time counts on some days of a history.

    The windows are 28.6 to 30.0 days long, as those of the Hub.
    """
    growths = []
    for day in windows:
        length = 28.6 + 1.4 * (day * 37 % 100 / 100)
        start = np.interp(day - length, np.arange(601), np.concatenate([[0], truth]))
        growths.append((START + day, round(float(truth[day - 1] - start))))
    return known_of([(START + day, int(truth[day - 1])) for day in counts], growths)


@pytest.fixture(scope="module")
def made_truths() -> list[Draws]:
    return truths(150)


@pytest.mark.parametrize(
    ("windows", "least", "most"),
    [
        ([], 0.86, 0.97),
        ([120, 330, 560], 0.86, 0.97),
        (list(range(40, 600, 45)), 0.86, 0.99),
        # Windows without a gap know the truth to a few percent; then the error of a count is wide.
        (list(range(30, 600, 30)), 0.86, 1.0),
    ],
    ids=["last count alone", "three windows", "a window every 45 days", "every 30 days"],
)
def test_intervals_hold_the_truth_about_nine_times_in_ten(
    made_truths: list[Draws], windows: list[int], least: float, most: float
) -> None:
    inside = []
    for at, truth in enumerate(made_truths):
        days = [150, 300, 450]
        known = thinned(truth, windows, [600])
        draws = draw_histories(
            known, f"made/{at}", "China", [START + day for day in days], EVEN, SHARED
        )
        points = points_of(draws)
        true = truth[np.array(days) - 1]
        inside += list((points.low - 0.5 <= true) & (true <= points.high + 0.5))
    assert least <= np.mean(inside) <= most


def test_intervals_of_sums_hold_too(made_truths: list[Draws]) -> None:
    """Sums of fifteen models of even size, counted once at the end and in three windows."""
    days = np.array([150, 300, 450])
    inside = []
    for first in range(0, 150, 15):
        true, draws = np.zeros(3), np.zeros((DRAWS, 3))
        for at in range(first, first + 15):
            truth = made_truths[at]
            weight = 1e6 / truth[-1]
            known = thinned(truth, [120, 330, 560], [600])
            draws += weight * histories(known, list(START + days), f"made/{at}")
            true += weight * truth[days - 1]
        points = points_of(draws)
        inside += list((points.low <= true) & (true <= points.high))
    assert np.mean(inside) > 0.75


def test_a_further_count_does_not_widen_the_interval(
    made_truths: list[Draws],
) -> None:
    """In the mean over models each further count narrows; one model may differ by its seed."""
    steps: list[tuple[list[int], list[int]]] = [
        ([], [600]),
        ([330], [600]),
        ([120, 330, 560], [600]),
        ([120, 330, 560], [320, 600]),
    ]
    widths = []
    for windows, counts in steps:
        wide = []
        for at, truth in enumerate(made_truths[:60]):
            points = points_of(
                histories(thinned(truth, windows, counts), [START + 300], f"made/{at}")
            )
            wide.append((points.high[0] - points.low[0]) / truth[-1])
        widths.append(np.array(wide))
    for before, after in pairwise(widths):
        assert after.mean() < before.mean() * 1.02
