"""The boundaries of a verdict: 95 % and 5 % of the draws belong to what is said."""

from __future__ import annotations

import pytest

from census.findings.claim_outcomes import outcome_by_chance
from census.findings.our_figures import OurFigure
from census.rollups.drawn_events import Chance


@pytest.mark.parametrize(
    ("least", "most", "verdict", "p"),
    [
        (0.95, 1.0, "very likely true", 0.95),
        (0.94, 0.94, "cannot be decided", 0.94),
        (0.94, 1.0, "cannot be decided", 0.94),
        (0.0, 0.05, "very likely false", 0.05),
        (0.05, 0.06, "cannot be decided", 0.05),
        (0.0, 0.06, "cannot be decided", 0.0),
    ],
)
def test_95_in_100_draws_make_a_claim_likely(
    least: float, most: float, verdict: str, p: float
) -> None:
    outcome = outcome_by_chance(Chance(least, most), "Said.", "query")
    assert (outcome.verdict, outcome.p, outcome.query) == (verdict, p, "query")


def test_hard_bounds_make_a_claim_true_or_false_without_draws() -> None:
    sure = outcome_by_chance(Chance(1.0, 1.0), "Said.", "query", hard=True)
    assert (sure.verdict, sure.evidence) == ("true", "Said.")
    wrong = outcome_by_chance(Chance(0.0, 0.0), "Said.", "query", hard=True)
    assert (wrong.verdict, wrong.evidence) == ("false", "Said.")
    assert outcome_by_chance(None, "Said.", "query").verdict == "cannot be decided"


@pytest.mark.parametrize(
    ("low", "high", "chance"),
    [
        (95, 105, 1.0),
        (94, 105, None),
        (95, 106, None),
        # Bounds that touch the range do not rule it out.
        (80, 95, None),
        (80, 94.9, 0.0),
        (105, 120, None),
        (105.1, 120, 0.0),
    ],
)
def test_bounds_alone_decide_what_lies_inside_or_outside(
    low: float, high: float, chance: float | None
) -> None:
    assert OurFigure((low + high) / 2, low, high).chance(95, 105) == chance
