"""The verdict on a published figure, from the draws and the bounds of ours."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from census.findings.our_figures import OurFigure
from census.findings.scoreboard import verdict
from census.rollups.noise import DRAWS

SHARE = {"measure": "share", "scope": "frontier", "dimension": "country"}
SUM = {"measure": "cumulative", "scope": "frontier", "dimension": "country"}
OWN_LIST = {"measure": "listed", "scope": "frontier", "dimension": "tracker"}
WHOLE_HUB = {"measure": "windowed_share", "scope": "hub", "dimension": "country"}
WITHIN_A_LAB = {**WHOLE_HUB, "dimension": "lab"}


def drawn(*parts: tuple[int, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return draws that have each value so often."""
    values = [value for number, value in parts for _ in range(number)]
    assert len(values) == DRAWS
    return np.array(values)


@pytest.mark.parametrize(
    ("of", "ours", "expected"),
    [
        # Hard bounds decide without any draw.
        (SHARE, OurFigure(100, 96, 104), ("agrees", 1.0)),
        (SHARE, OurFigure(100, 95, 105), ("agrees", 1.0)),
        (SHARE, OurFigure(110, 106, 120), ("differs", 0.0)),
        (SHARE, OurFigure(90, 80, 94.9), ("differs", 0.0)),
        # Between them draws decide from 95 % on; the middle decides nothing.
        (SHARE, OurFigure(100, 90, 104), ("cannot be decided", None)),
        (SHARE, OurFigure(100, 0, 200, drawn((190, 100), (10, 110))), ("agrees", 0.95)),
        (SHARE, OurFigure(100, 0, 200, drawn((189, 100), (11, 110))), ("cannot be decided", 0.94)),
        (SHARE, OurFigure(110, 0, 200, drawn((190, 110), (10, 100))), ("differs", 0.05)),
        (SHARE, OurFigure(110, 0, 200, drawn((188, 110), (12, 100))), ("cannot be decided", 0.06)),
        # A sum of ours is a part of theirs: below it is consistent, above it differs.
        (SUM, OurFigure(80, 70, 90), ("consistent", 1.0)),
        (SUM, OurFigure(80, 0, 200, drawn((190, 80), (10, 110))), ("consistent", 0.95)),
        (SUM, OurFigure(120, 0, 200, drawn((190, 120), (10, 80))), ("differs", 0.05)),
        (SUM, OurFigure(100, 96, 104), ("agrees", 1.0)),
        (SUM, OurFigure(80, 80, math.inf), ("consistent", 1.0)),
        (SUM, OurFigure(120, 120, math.inf), ("differs", 0.0)),
        # A list counted again agrees with itself alone.
        (OWN_LIST, OurFigure(100, 100, 100), ("the same list", 1.0)),
        (OWN_LIST, OurFigure(120, 120, 120), ("differs", 0.0)),
        # The census does not see all of the Hub, but all of a lab.
        (WHOLE_HUB, OurFigure(100, 96, 104), ("not comparable", None)),
        (WITHIN_A_LAB, OurFigure(100, 96, 104), ("agrees", 1.0)),
        (SHARE, None, ("no data", None)),
    ],
)
def test_the_verdict_follows_from_draws_and_bounds(
    of: Mapping[str, str], ours: OurFigure | None, expected: tuple[str, float | None]
) -> None:
    assert verdict(100, 5, ours, of) == expected


def test_a_middle_is_said_only_with_a_narrow_interval() -> None:
    assert OurFigure(100, 100, 100).is_quotable
    assert not OurFigure(100, 99, 101).is_quotable, "hard bounds without draws say nothing"
    assert OurFigure(100, 0, 200, drawn((100, 95), (100, 105))).is_quotable
    assert not OurFigure(100, 0, 200, drawn((100, 85), (100, 110))).is_quotable
    assert OurFigure(50, 0, 100, drawn((100, 41), (100, 60)), share=True).is_quotable
    assert not OurFigure(50, 0, 100, drawn((100, 39), (100, 60)), share=True).is_quotable


def test_draws_on_the_edge_of_a_tolerance_are_within_it() -> None:
    ours = OurFigure(100, 0, 200, drawn((100, 95), (100, 105)))
    chances = [ours.chance(*ends) for ends in ((95, 105), (95, 104), (96, 105), (96, 104))]
    assert chances == [1, 0.5, 0.5, 0]


def test_a_figure_is_said_to_be_counted_or_likely_as_it_is() -> None:
    assert OurFigure(5, 5, 5).value.counted
    likely = OurFigure(100, 0, 200, drawn((100, 95), (100, 105))).value
    assert (likely.likely, likely.low, likely.high) == (True, 95, 105)
    assert not OurFigure(100, 0, 200).value.likely
