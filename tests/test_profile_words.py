"""The sentences and cells of profiles: what the intervals allow to be said."""

from __future__ import annotations

from typing import Any

import pytest

from census.pages.profiles import (
    Standing,
    cell_words,
    model_words,
    standing_words,
)

NOW = {"month": "2026-05", "through": "2026-05-20", "downloads": 1_200_000, "low": 1_000_000,
       "high": 1_900_000, "likely_low": 1_150_000, "likely_high": 1_250_000, "place": 2,
       "p_place": 0.97, "share_pct": 40.0, "low_pct": 20.0, "high_pct": 55.0,
       "likely_low_pct": 38.0, "likely_high_pct": 43.0, "rests_on": "estimated",
       "counted_pct": 60.0, "covered_pct": 90.0}  # fmt: skip
SCOPE = {"through": "2026-05-20", "covered_pct": 98.0, "about": 0}
MODEL = {"name": "A/One", "lab_name": "A", "latest_all_time": 1_200_000, "all_time_about": 0,
         "latest_all_time_on": "2026-05-20", "latest_30d": None, "latest_30d_on": None,
         "recent_about": None, "at_least": None, "last_day": "2026-09-05"}  # fmt: skip


def words(**changed: Any) -> str:
    """Return the sentence of a lab whose newest month differs so from NOW."""
    return standing_words(Standing([{**NOW, **changed}], None, SCOPE), "models by X", "labs")


def test_a_sentence_says_what_the_intervals_allow() -> None:
    assert words() == (
        "Up to 20 May 2026, models by X had 1.2 million (90% interval 1.1 to 1.2 million)"
        " downloads, 40% (90% interval 38 to 43%) of all counted: number 2 among labs."
    )
    # Between 10 and 20 points the range comes first.
    assert "30 to 43% (90% interval, middle 40%) of all" in words(likely_low_pct=30.0)
    # Wider ones are not said, and a place only where 95 % of the draws have it.
    assert "%" not in words(likely_low_pct=20.0).replace("90% interval", "")
    assert "number" not in words(p_place=0.94)
    assert words(rests_on="bounds", p_place=None) == (
        "Up to 20 May 2026, models by X had at least 1.0 million downloads."
    )


def test_a_cell_has_the_interval_beside_its_number() -> None:
    share = ("share_pct", "low_pct", "high_pct")
    assert cell_words(NOW, *share) == ("40%", "38 to 43%")
    assert cell_words({**NOW, "likely_low_pct": 30.0}, *share) == ("30 to 43%", "middle 40%")
    assert cell_words({**NOW, "likely_low_pct": 20.0}, *share) is None
    counted = {**NOW, "likely_low_pct": 40.0, "likely_high_pct": 40.0, "rests_on": "counted"}
    assert cell_words(counted, *share) == ("40.0%", "")
    assert cell_words({**NOW, "month": "2024-08"}, *share) is None


def test_a_day_that_is_only_bounded_is_about_that_day() -> None:
    scope = {**SCOPE, "about": 1}
    said = standing_words(Standing([NOW], None, scope), "models by X", "labs")
    assert said.startswith("Up to about 20 May 2026, ")
    assert "up to 20 May 2026." in model_words(MODEL)
    assert "up to about 20 May 2026." in model_words({**MODEL, "all_time_about": 1})


def test_a_model_without_an_all_time_count_had_at_least_what_its_windows_prove() -> None:
    model = {**MODEL, "latest_all_time": None, "latest_all_time_on": None, "at_least": 34_500}
    assert model_words(model) == (
        "A/One by A had at least 34,500 downloads of all time by 5 September 2026."
    )
    assert "No source" in model_words({**model, "at_least": None})


@pytest.mark.parametrize(
    ("covered", "said"),
    [
        (92.9, "likely understated"),
        (93.0, ""),
        (100.0, ""),
        (None, "coverage unknown"),
    ],
)
def test_coverage_has_a_direction(covered: float | None, said: str) -> None:
    assert Standing([{**NOW, "covered_pct": covered}], None, SCOPE).coverage == said
