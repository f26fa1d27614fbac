"""Milestones of hand-made draws, and those of the real census against its database."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from made_census import ask

from census.base.days import day_number
from census.findings.download_claims import chance_of_leading, is_hard
from census.findings.milestones import (
    find_milestones,
    in_sentence,
    round_words,
    without_repeats,
)
from census.rollups.drawn_events import (
    Cut,
    Key,
    chance_ahead,
    chance_passed_in_month,
    when_passed,
    when_reached,
)
from census.rollups.noise import DRAWS

# The ends of four months, 30, 28 and 31 days apart.
DAYS = np.array([day_number(date(2026, 1, 1)) + days for days in (-1, 30, 58, 89)])
ENDS = ["31 December 2025", "31 January 2026", "28 February 2026", "31 March 2026"]
MILLION = 10**6
LABELS = {"CN": "China", "US": "United States", "FR": "France"}


def key(
    code: str,
    *draws: tuple[int, Sequence[float]],
    missing: float = 0,
    complete: bool = True,
    certain: Sequence[bool] = (True,) * 4,
) -> Key:
    """Return a key whose downloads in millions are given for so many draws each."""
    rows = [values for number, values in draws for _ in range(number)]
    assert len(rows) == DRAWS
    return Key(
        code,
        LABELS[code],
        np.array(rows, dtype=np.float64) * MILLION,
        np.array(certain),
        int(missing * MILLION),
        complete,
        np.array(rows).min(axis=0) * MILLION,
        np.array(rows).max(axis=0) * MILLION,
    )


def cut(*keys: Key) -> Cut:
    total = Key(None, "All models of the scope", sum((k.draws for k in keys), np.zeros((DRAWS, 4))),
                np.ones(4, dtype=bool), 0, True, np.zeros(4), np.zeros(4))  # fmt: skip
    ranked = sorted(keys, key=lambda one: -float(np.median(one.draws[:, -1])))
    return Cut("frontier", "Models of the test", "country", DAYS, tuple(ranked), total)


def said(made: Cut, kind: str) -> list[str]:
    return [row["what"] for row in find_milestones(made) if row["kind"] == kind]


US = key("US", (DRAWS, [50, 50, 50, 50]))


def test_a_crossing_of_counted_keys_lies_between_two_days() -> None:
    """From 40 to 60 over February, 28 days: 50 is passed after 14 days, above it on the 15th.

    In twelve draws it came a month later, in the twelve earliest a month before.
    """
    made = cut(
        key(
            "CN",
            (12, [40, 60, 70, 90]),
            (176, [10, 40, 60, 90]),
            (12, [10, 20, 40, 60]),
        ),
        US,
    )
    when = when_passed(made, *(made.find_key(code) for code in ("CN", "US")))  # type: ignore[arg-type]
    assert when is not None
    assert (when.known_before, when.between, when.p) == (True, True, 1.0)
    assert said(made, "crossing") == [
        "China passed the United States between 16 January 2026 and 16 March 2026 (models of the"
        " test; 90% interval of 200 draws)."
    ]
    assert said(made, "lead") == []


@pytest.mark.parametrize(
    ("more", "day"),
    [
        # A model without an all-time count may have brought it earlier, never later.
        ({"complete": False}, "15 February 2026"),
    ],
)
def test_an_incomplete_key_passes_by_a_day(more: dict[str, bool], day: str) -> None:
    made = cut(key("CN", (DRAWS, [10, 40, 60, 90]), **more), US)
    assert said(made, "crossing") == [
        f"China passed the United States by {day} (models of the test; very likely, in 200 of 200"
        " draws)."
    ]


def test_what_the_other_must_have_at_the_least_is_passed_too() -> None:
    """With 20 million more that are known of the United States, 70 is passed in March."""
    american = key("US", (DRAWS, [50, 50, 50, 50]), missing=20, complete=False)
    made = cut(key("CN", (DRAWS, [10, 40, 60, 91])), american)
    # 60 to 91 in 31 days is a million a day: above 70 on the eleventh.
    assert said(made, "crossing") == [
        "China passed the United States by 11 March 2026 (models of the test; very likely, in 200"
        " of 200 draws)."
    ]
    ahead = key("US", (DRAWS, [50, 50, 50, 50]), missing=50, complete=False)
    assert said(cut(key("CN", (DRAWS, [10, 40, 60, 91])), ahead), "crossing") == []


def test_equals_are_not_ahead_of_each_other() -> None:
    one = key("CN", (DRAWS, [10, 20, 30, 40]))
    other = key("US", (100, [10, 20, 30, 50]), (100, [10, 20, 30, 40]))
    third = key("FR", (100, [10, 20, 30, 30]), (100, [10, 20, 30, 50]))
    # Hard bounds that touch decide that nobody is ahead.
    assert chance_ahead(one, other, 0) == chance_ahead(other, one, 0) == (0.0, 0.0)
    # Where they do not, the draws in which both are equal are ahead for neither.
    assert chance_ahead(one, other, 3) == (0.0, 0.0)
    assert chance_ahead(other, one, 3) == (0.5, 0.5)
    assert chance_ahead(other, third, 3) == (0.5, 0.5)
    assert chance_ahead(third, other, 3) == (0.5, 0.5)
    # Nor is who only draws level with what the other has at the least.
    more = key("US", (DRAWS, [10, 10, 10, 30]), missing=10)
    assert chance_ahead(one, more, 3) == (0.0, 1.0)
    assert chance_ahead(more, one, 3) == (0.0, 0.0)


def test_who_draws_level_does_not_lead() -> None:
    one = key("CN", (DRAWS, [10, 20, 30, 40]))
    other = key("US", (100, [10, 10, 30, 50]), (100, [5, 10, 30, 40]))
    both = cut(one, other)
    assert chance_of_leading(both, one, [0]) == (0.5, 0.5)
    assert chance_of_leading(both, one, [2]) == (0.0, 0.0)
    # In all of the months in the same draws.
    assert chance_of_leading(both, one, [0, 1]) == (0.5, 0.5)
    assert chance_of_leading(both, other, [3]) == (0.5, 0.5)
    # What models without a count have can be more than the lead.
    more = key("US", (DRAWS, [0, 0, 0, 30]), missing=10)
    assert chance_of_leading(cut(one, more), one, [3]) == (0.0, 1.0)
    assert chance_of_leading(cut(one, more), more, [3]) == (0.0, 0.0)


def test_who_draws_level_has_not_passed() -> None:
    one = key("CN", (DRAWS, [5, 10, 20, 30]))
    other = key("US", (100, [5, 10, 20, 30]), (100, [5, 12, 15, 20]))
    both = cut(one, other)
    assert chance_passed_in_month(both, one, other, "2026-02") == (0.5, 0.5)
    assert chance_passed_in_month(both, one, other, "2026-03") == (0.0, 0.0)
    # The first of the months has none before it.
    assert chance_passed_in_month(both, one, other, "2025-12") is None


def test_bounds_that_touch_do_not_say_who_is_ahead_unless_nobody_can_be() -> None:
    one = key("CN", (100, [10, 10, 10, 10]), (100, [20, 20, 20, 20]))
    other = key("US", (100, [5, 5, 5, 5]), (100, [10, 10, 9, 20]))
    assert not is_hard(one, other, 0)
    assert is_hard(one, other, 2)
    assert not is_hard(one, other, 3)
    least = key("FR", (DRAWS, [20, 21, 19, 19]))
    assert [is_hard(one, least, column) for column in range(3)] == [True, True, False]
    # What models without a count have can close the gap.
    assert not is_hard(one, key("US", (DRAWS, [5, 5, 5, 5]), missing=5), 0)
    assert is_hard(one, key("US", (DRAWS, [5, 5, 5, 5]), missing=4), 0)


def test_eleven_draws_in_two_hundred_that_never_pass_are_too_many() -> None:
    for never, number in ((10, 1), (11, 0)):
        made = cut(key("CN", (DRAWS - never, [10, 40, 60, 90]), (never, [10, 20, 30, 40])), US)
        rows = [row for row in find_milestones(made) if row["kind"] == "crossing"]
        assert len(rows) == number
        if rows:
            assert rows[0]["p"] == 0.95


def test_an_open_beginning_is_said_and_no_date_made_up() -> None:
    """In half of the draws it was ahead from the first day on."""
    made = cut(key("CN", (100, [60, 60, 60, 90]), (100, [10, 40, 60, 90])), US)
    rows = [row for row in find_milestones(made) if row["kind"] == "lead"]
    assert [row["what"] for row in rows] == [
        "China was ahead of the United States by 15 February 2026, since when is open (models of"
        " the test; very likely, in 200 of 200 draws)."
    ]
    assert (rows[0]["known_before"], rows[0]["estimate"]) == (0, None)


def test_nobody_passes_what_was_never_ahead() -> None:
    made = cut(key("CN", (DRAWS, [60, 60, 60, 90])), US)
    assert said(made, "crossing") == said(made, "lead") == []


@pytest.mark.parametrize(
    ("certain", "words"),
    [
        # Uncertain before the interval: nothing changes.
        ((False, True, True, True), "between 15 February 2026 and 15 February 2026"),
        # Uncertain in it: its beginning is open, its end the next day that may be said.
        ((True, True, False, True), None),
        ((True, True, True, False), None),
    ],
)
def test_months_that_rest_on_bounds_are_not_said(
    certain: tuple[bool, ...], words: str | None
) -> None:
    made = cut(key("CN", (DRAWS, [10, 40, 60, 90]), certain=certain), US)
    crossings, leads = said(made, "crossing"), said(made, "lead")
    if words:
        assert crossings == [
            "China passed the United States on 15 February 2026 (models of the test; 90% interval"
            " of 200 draws)."
        ]
    elif certain[-1]:
        assert crossings == []
        assert leads[0].startswith("China was ahead of the United States by 31 March 2026")
    else:
        assert crossings == leads == []


def test_round_numbers_of_keys_and_of_the_whole() -> None:
    made = cut(
        key("CN", (DRAWS - 10, [10, 40, 68, 130]), (10, [10, 40, 50, 90]), complete=False), US
    )
    china = made.find_key("CN")
    assert china is not None
    # 68 to 130 in 31 days is two million a day: 100 on the sixteenth.
    rows = [row for row in find_milestones(made) if row["kind"] == "round_number"]
    assert [(row["label"], row["value"], row["p"]) for row in rows] == [
        ("China", 100 * MILLION, 0.95),
        ("All models of the scope", 100 * MILLION, 0.95),
    ]
    assert rows[0]["what"] == (
        "China reached 100 million downloads by 16 March 2026 (models of the test; very likely, in"
        " 190 of 200 draws)."
    )
    assert when_reached(made, china, 200 * MILLION) is None


def test_a_new_leader_takes_the_place_of_the_last() -> None:
    made = cut(key("CN", (DRAWS, [10, 40, 60, 90])), US)
    assert said(made, "number_one") == [
        "The United States had the most downloads by 31 December 2025 (models of the test; very"
        " likely, in 200 of 200 draws).",
        "China took the first place from the United States on 15 February 2026 (models of the"
        " test; 90% interval of 200 draws).",
    ]


def test_the_middle_alone_leads_nothing() -> None:
    """China leads in 180 of 200 draws, and by the middle by far."""
    made = cut(key("CN", (180, [90, 90, 90, 90]), (20, [40, 40, 40, 40])), US)
    assert said(made, "number_one") == []


def test_a_region_that_repeats_its_country_is_told_once() -> None:
    made = cut(key("CN", (DRAWS, [10, 40, 60, 90])), US)
    rows = list(find_milestones(made))
    again = [{**row, "dimension": "region"} for row in rows if row["dimension"] == "country"]
    other = {**again[0], "latest": "2026-04"}
    assert without_repeats([*rows, *again, other]) == [*rows, other]


@pytest.mark.parametrize(
    ("number", "words"), [(100 * MILLION, "100 million"), (2 * 10**9, "2 billion")]
)
def test_round_numbers_in_words(number: int, words: str) -> None:
    assert round_words(number) == words


def test_countries_in_a_sentence() -> None:
    assert in_sentence("United Arab Emirates") == "the United Arab Emirates"
    assert in_sentence("Rest of the world") == "the rest of the world"
    assert in_sentence("China") == "China"


def test_every_published_milestone_follows_from_the_series(census: sqlite3.Connection) -> None:
    """At the end of its month a round number lies under the likely interval, a leader leads."""
    rows = census.execute("""
        select
            m.scope, m.kind, m.dimension, m.key, m.other_key, m.value, m.earliest_on, m.latest_on,
            m.latest, m.p, m.known_before
        from milestones as m
    """).fetchall()
    assert len(rows) > 100
    series: dict[tuple[str, str, str | None], list[tuple[str, int, int, int, int]]] = {}
    for scope, dimension, name, through, *values in census.execute("""
        select
            scope, dimension, key, through, cumulative,
            coalesce(cumulative_likely_low, cumulative_low),
            coalesce(cumulative_likely_high, cumulative_high),
            cumulative_high
        from series
        where attribution = 'publisher' and basis = 'operating'
        order by month
    """):
        series.setdefault((scope, dimension, name), []).append((through, *values))
    for scope, kind, dimension, name, other, value, earliest, latest, month, p, before in rows:
        assert p >= 0.9
        assert earliest <= latest
        assert latest >= "2024-09-01"
        assert month == latest[:7]
        if dimension == "total":
            continue
        points = series[scope, dimension, name]
        after = next(point for point in points if point[0] >= latest)
        if kind == "round_number":
            # Stored ends have four digits.
            assert after[2] >= 0.999 * value
            if before:
                assert all(point[2] < value for point in points if point[0] < earliest)
            continue
        if other is not None and kind != "number_one":
            rival = next(p for p in series[scope, dimension, other] if p[0] == after[0])
            assert after[1] > rival[1], (scope, dimension, name, other)


def test_milestones_are_listed_with_their_days_and_draws(census: sqlite3.Connection) -> None:
    rows = ask(census, "milestones_in_order", dimension="country", kind="crossing")
    what = [row["what"] for row in rows if row["key"] == "CN" and row["other_key"] == "US"]
    assert len(what) == 1
    assert what[0].startswith("China passed the United States by ")
    assert "language and vision-language models; very likely, in 19" in what[0]
