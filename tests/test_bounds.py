"""Hard bounds: they hold for every history that fits the observations, and one reaches each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.history.bounds import (
    INFINITE,
    TOLERANCE,
    Bounds,
    Tolerance,
    hard_bounds,
)
from census.history.cleaning import Count
from census.history.model_counts import HUB_FLOOR, ModelCounts, Window
from census.history.window_lengths import WindowLength, WindowLengths
from census.history.windows_alone import low_without_counts

FIRST = 20_000
LAST = FIRST + 120
EXACT = Tolerance(part=0, slack=0)
THIRTY = WindowLengths([WindowLength(0, 30, 30, 30.0)])
CHANGING = WindowLengths([WindowLength(0, 30, 31, 30.2), WindowLength(FIRST + 70, 29, 30, 29.1)])
DAYS = range(FIRST - 40, LAST + 1)


class Story(NamedTuple):
    """A history by day, and what was counted of it."""

    history: dict[int, int]
    known: ModelCounts


@st.composite
def stories(draw: st.DrawFn, lengths: WindowLengths = CHANGING) -> Story:
    """Return a history that never falls, and all-time counts and windows that fit it.

    A window covers a length between the shortest and the longest, and is off by up to 2 %.
    """
    growth = draw(st.lists(st.integers(0, 500), min_size=120, max_size=120))
    history = dict.fromkeys(DAYS, 0)
    history.update(zip(range(FIRST + 1, LAST + 1), np.cumsum(growth).tolist(), strict=True))
    counted = draw(st.sets(st.integers(FIRST + 1, LAST), min_size=1, max_size=4))
    seen = sorted(draw(st.sets(st.integers(FIRST + 1, LAST), max_size=6)))
    windows = []
    for day in seen:
        length = lengths.of(day)
        covered = draw(st.integers(length.shortest, length.longest))
        true = history[day] - history[day - covered]
        windows.append(Window(day, round(true * draw(st.floats(0.98, 1.02)))))
    zero = draw(st.sampled_from([FIRST, None]))
    counts = tuple(Count(day, history[day]) for day in sorted(counted))
    return Story(history, ModelCounts(FIRST if zero else None, zero, counts, tuple(windows)))


def fits(
    history: Sequence[int], days: Sequence[int], known: ModelCounts, lengths: WindowLengths
) -> list[str]:
    """Return what a history on every one of `days` breaks of what is known up to the last count."""
    at = dict(zip(days, history, strict=True))
    last = known.counts[-1].day
    broken = [f"falls on {day}" for (_, one), (day, other) in pairwise(at.items()) if other < one]
    broken += [f"count of {c.day}" for c in known.counts if at[c.day] != c.value]
    if known.zero is not None and at[known.zero] != 0:
        broken.append("not 0 at creation")
    zeros = [] if known.zero is None else [known.zero]
    counted = [*zeros, *(count.day for count in known.counts)]
    for window in known.windows:
        length = lengths.of(window.day)
        ends = (window.day, window.day - length.shortest, window.day - length.longest)
        # One with counts on both its ends stays out.
        if window.day > last or set(ends) <= set(counted):
            continue
        before = {days_: at.get(window.day - days_, 0) for days_ in (29, 30, 31)}
        grown = {days_: at[window.day] - value for days_, value in before.items()}
        if grown[length.shortest] > TOLERANCE.most(window.growth):
            broken.append(f"more than the window of {window.day}")
        if grown[length.longest] < TOLERANCE.least(window.growth):
            broken.append(f"less than the window of {window.day}")
    return broken


def rise(bounds: Bounds, start: int, end: int) -> tuple[int, int]:
    """Return the least and the most growth between two days, by their places."""
    low, high = bounds.rises(start, end)
    return int(low), int(high)


@given(stories())
def test_bounds_hold_for_a_history_that_fits_the_observations(story: Story) -> None:
    last = story.known.counts[-1].day
    days = [day for day in DAYS if day <= last]
    bounds = hard_bounds(story.known, days, CHANGING)
    assert bounds.events() == []
    values = np.array([story.history[day] for day in days])
    assert (bounds.low <= values).all()
    assert (values <= bounds.high).all()
    starts, ends = np.array(
        [
            (start, end)
            for start in range(0, len(days), 7)
            for end in range(start + 1, len(days), 11)
        ]
    ).T
    low, high = bounds.rises(starts, ends)
    grown = values[ends] - values[starts]
    assert (low <= grown).all()
    assert (grown <= high).all()


@given(stories())
def test_each_bound_is_reached_by_a_history_that_fits(story: Story) -> None:
    """All highs together are such a history, and so are all lows, up to the last count."""
    days = [day for day in DAYS if day <= story.known.counts[-1].day]
    bounds = hard_bounds(story.known, days, CHANGING)
    assert fits(bounds.low.tolist(), days, story.known, CHANGING) == []
    assert fits(bounds.high.tolist(), days, story.known, CHANGING) == []


@given(stories(), st.integers(0, 100), st.integers(1, 40))
def test_no_history_grows_more_or_less_than_its_bounds(
    story: Story, start: int, length: int
) -> None:
    """With the first day's value fixed, all highs are a history, and so are all lows."""
    last = story.known.counts[-1].day
    first, end = FIRST - 40 + start, FIRST - 40 + start + length
    if end > last or first in {count.day for count in story.known.counts}:
        return
    days = [day for day in DAYS if day <= last]
    bounds = hard_bounds(story.known, days, CHANGING)
    at = {day: place for place, day in enumerate(days)}
    least, most = rise(bounds, at[first], at[end])
    reached = set()
    for value in {int(bounds.low[at[first]]), int(bounds.high[at[first]])} | set(
        range(int(bounds.low[at[first]]), int(bounds.high[at[first]]) + 1, 97)
    ):
        counts = tuple(sorted({*story.known.counts, Count(first, value)}))
        pinned = hard_bounds(story.known._replace(counts=counts), days, CHANGING)
        if pinned.events():
            continue
        reached |= {int(pinned.high[at[end]]) - value, int(pinned.low[at[end]]) - value}
    assert max(reached) <= most
    assert min(reached) >= least


@given(stories(), st.lists(st.integers(0, 2_000), min_size=6, max_size=6), st.booleans())
def test_a_model_without_counts_has_the_low_bound_of_all_its_constraints(
    story: Story, growths: list[int], contradicted: bool
) -> None:
    windows = story.known.windows
    if contradicted:
        windows = tuple(window._replace(growth=growths[at]) for at, window in enumerate(windows))
    known = story.known._replace(counts=(), windows=windows)
    for day in (FIRST - 3, FIRST + 50, LAST):
        expected = hard_bounds(known, [day], CHANGING).low[0]
        assert low_without_counts(known, day, CHANGING) == expected


def test_growth_is_bounded_tighter_than_by_its_two_ends() -> None:
    # 300 of 1,000 downloads lie in the window: between its days nothing else is known.
    known = ModelCounts(FIRST, FIRST, (Count(FIRST + 100, 1000),), (Window(FIRST + 60, 300),))
    bounds = hard_bounds(known, [FIRST + 30, FIRST + 60], THIRTY, EXACT)
    assert bounds.low.tolist() == [0, 300]
    assert bounds.high.tolist() == [700, 1000]
    assert rise(bounds, 0, 1) == (300, 300)


def test_limits_are_whole_counts_that_windows_allow() -> None:
    assert [TOLERANCE.most(1001), TOLERANCE.least(1001)] == [1051, 951]
    assert TOLERANCE.least(5) == 0
    known = ModelCounts(FIRST, FIRST, (Count(FIRST + 90, 5000),), (Window(FIRST + 29, 1001),))
    bounds = hard_bounds(known, [FIRST + 29], THIRTY)
    assert (bounds.low[0], bounds.high[0]) == (951, 1051)


def test_the_length_of_a_window_is_that_of_its_last_day() -> None:
    lengths = WindowLengths([WindowLength(0, 20, 20, 30.0), WindowLength(FIRST + 50, 40, 40, 30.0)])
    known = ModelCounts(
        FIRST, FIRST, (Count(FIRST + 100, 900),), (Window(FIRST + 49, 100), Window(FIRST + 90, 200))
    )
    bounds = hard_bounds(known, [FIRST + 29, FIRST + 49, FIRST + 50, FIRST + 90], lengths, EXACT)
    assert rise(bounds, 0, 1) == (100, 100)
    assert rise(bounds, 2, 3) == (200, 200)


def test_an_unknown_beginning_gives_no_zero() -> None:
    known = ModelCounts(HUB_FLOOR, None, (Count(FIRST + 60, 1000),), (Window(FIRST + 60, 200),))
    bounds = hard_bounds(known, [FIRST, FIRST + 30, FIRST + 59], THIRTY, EXACT)
    assert bounds.low.tolist() == [0, 800, 800]
    assert bounds.high.tolist() == [800, 800, 1000]


def test_before_its_creation_a_model_has_nothing() -> None:
    known = ModelCounts(FIRST, FIRST, (Count(FIRST + 10, 70),), ())
    bounds = hard_bounds(known, [FIRST - 30, FIRST, FIRST + 5], THIRTY)
    assert bounds.low.tolist() == [0, 0, 0]
    assert bounds.high.tolist() == [0, 0, 70]


def test_a_window_longer_than_the_model_is_all_of_it() -> None:
    known = ModelCounts(FIRST, FIRST, (Count(FIRST + 40, 500),), (Window(FIRST + 12, 90),))
    bounds = hard_bounds(known, [FIRST + 12], THIRTY, EXACT)
    assert (bounds.low[0], bounds.high[0]) == (90, 90)


def test_after_the_last_count_the_least_that_windows_prove_is_carried() -> None:
    counts = (Count(FIRST + 50, 1000),)
    alone = ModelCounts(FIRST, FIRST, counts, ())
    days = [FIRST + 50, FIRST + 60, FIRST + 80, FIRST + 95]
    assert hard_bounds(alone, days, THIRTY, EXACT).low.tolist() == [1000] * 4
    # 400 in the thirty days to day 80, which begin with the count; 250 to day 95, of which the
    # first fifteen days may be the same downloads.
    later = ModelCounts(FIRST, FIRST, counts, (Window(FIRST + 80, 400), Window(FIRST + 95, 250)))
    bounds = hard_bounds(later, days, THIRTY, EXACT)
    assert bounds.low.tolist() == [1000, 1000, 1400, 1400]
    assert (bounds.low == bounds.high).all()
    # The growth of a month that ends there is bounded by the carried value.
    assert rise(bounds, 0, 2) == (400, 400)


def test_a_window_that_begins_before_the_last_count_proves_more_after_it() -> None:
    known = ModelCounts(FIRST, FIRST, (Count(FIRST + 50, 1000),), (Window(FIRST + 60, 1300),))
    bounds = hard_bounds(known, [FIRST + 60], THIRTY, EXACT)
    assert bounds.low.tolist() == [1300]
    # Before the count it is used for nothing: then the model may have had any part of the 1,000.
    assert hard_bounds(known, [FIRST + 40], THIRTY, EXACT).high.tolist() == [1000]


def test_a_model_without_an_all_time_count_has_at_least_what_its_windows_prove() -> None:
    known = ModelCounts(FIRST, FIRST, (), (Window(FIRST + 40, 300), Window(FIRST + 75, 100)))
    bounds = hard_bounds(known, [FIRST + 80], THIRTY, EXACT)
    assert bounds.low.tolist() == [400]
    assert bounds.high[0] == INFINITE


@pytest.mark.parametrize(
    ("grown", "words"),
    [(1070, "6%"), (1150, "12%"), (1250, "24%")],
)
def test_a_contradiction_doubles_the_tolerance_of_the_model(grown: int, words: str) -> None:
    # All of the 1,000 are in one window, and so must be the larger 30-day count.
    known = ModelCounts(FIRST, FIRST, (Count(FIRST + 29, 1000),), (Window(FIRST + 28, grown),))
    bounds = hard_bounds(known, [FIRST + 29], THIRTY)
    assert [(event.kind, event.first, event.last) for event in bounds.events()] == [
        ("contradiction", FIRST + 28, FIRST + 28)
    ]
    assert words in bounds.events()[0].action
    assert bounds.low.tolist() == [1000]


def test_what_no_tolerance_explains_is_dropped_the_oldest_first() -> None:
    known = ModelCounts(
        FIRST,
        FIRST,
        (Count(FIRST + 90, 1000),),
        (Window(FIRST + 29, 900), Window(FIRST + 60, 900)),
    )
    bounds = hard_bounds(known, [FIRST + 29, FIRST + 60], THIRTY)
    assert [(event.first, event.last) for event in bounds.events()] == [
        (FIRST + 29, FIRST + 60),
        (FIRST + 29, FIRST + 29),
    ]
    assert bounds.events()[1].action == "a 30-day count contradicts the others and is not used"
    # The second window still holds, with the tolerance that was reached: 24 %.
    assert bounds.low.tolist() == [0, 664]
    assert bounds.high.tolist() == [336, 1000]


def test_a_window_between_counts_of_both_its_ends_says_nothing_more() -> None:
    """One that contradicts them is not a contradiction: it stays out."""
    counts = (Count(FIRST + 30, 100), Count(FIRST + 60, 200))
    known = ModelCounts(FIRST, FIRST, counts, (Window(FIRST + 60, 9000),))
    bounds = hard_bounds(known, [FIRST + 45, FIRST + 60], THIRTY)
    assert bounds.events() == []
    assert bounds.low.tolist() == [100, 200]


def test_counts_next_to_a_day_bound_it_whatever_was_not_asked_for() -> None:
    known = ModelCounts(None, None, (Count(FIRST + 10, 500), Count(FIRST + 100, 1000)), ())
    bounds = hard_bounds(known, [FIRST + 50], THIRTY)
    assert (bounds.low.tolist(), bounds.high.tolist()) == ([500], [1000])
    assert rise(bounds, 0, 0) == (0, 0)
    before = hard_bounds(known, [FIRST + 5], THIRTY)
    assert (before.low.tolist(), before.high.tolist()) == ([0], [500])


def test_days_without_a_count_between_them_may_have_any_of_the_growth() -> None:
    known = ModelCounts(None, None, (Count(FIRST + 10, 500), Count(FIRST + 100, 1000)), ())
    days = [FIRST + 5, FIRST + 50, FIRST + 60, FIRST + 100]
    bounds = hard_bounds(known, days, THIRTY)
    low, high = bounds.rises([0, 0, 0], [1, 2, 3])
    assert (low.tolist(), high.tolist()) == ([0, 0, 500], [1000, 1000, 1000])
    low, high = bounds.rises([1, 1, 1], [1, 2, 3])
    assert (low.tolist(), high.tolist()) == ([0, 0, 0], [0, 500, 500])


@pytest.mark.parametrize("growth", [10, 9000])
def test_a_window_that_no_counts_inside_of_it_allow_is_named(growth: int) -> None:
    """From day 33 to 61 there were 4,900, and no more than 5,100 from day 31 to 63."""
    counts = (Count(FIRST + 31, 0), Count(FIRST + 33, 100), Count(FIRST + 61, 5000),
              Count(FIRST + 63, 5100))  # fmt: skip
    known = ModelCounts(FIRST, FIRST, counts, (Window(FIRST + 62, growth), Window(FIRST + 110, 5)))
    bounds = hard_bounds(known, [FIRST + 62], THIRTY)
    assert [(event.first, event.last) for event in bounds.events()] == [
        (FIRST + 62, FIRST + 62)
    ] * 2
    assert bounds.dropped == (Window(FIRST + 62, growth),)


def test_what_came_later_can_prove_what_was_there_before() -> None:
    """950 or more by day 30, of which no more than 123 since day 10: 827 by then."""
    known = ModelCounts(FIRST, FIRST, (), (Window(FIRST + 30, 1000), Window(FIRST + 40, 100)))
    expected = {FIRST + 9: 0, FIRST + 10: 827, FIRST + 12: 827, FIRST + 30: 950, FIRST + 90: 950}
    for day, least in expected.items():
        assert low_without_counts(known, day, THIRTY) == least
        assert hard_bounds(known, [day], THIRTY).low.tolist() == [least]


class Old(NamedTuple):
    """The rule of before: disjoint windows of 30 days between two points, the latest first."""

    known: ModelCounts

    def points(self) -> list[Count]:
        start = self.known.zero
        first = self.known.counts[0].day
        begin = Count(min(HUB_FLOOR, first) if start is None else start, 0)
        return [begin, *self.known.counts] if begin.day < first else [*self.known.counts]

    def at(self, day: int) -> tuple[int, int]:
        """Return the low and high bound on a day up to the last count."""
        points = self.points()
        for left, right in pairwise(points):
            if left.day < day < right.day:
                windows = self.between(left, right)
                low = left.value + sum(w for _, end, w in windows if end <= day)
                high = right.value - sum(w for start, _, w in windows if start >= day)
                return low, high
        value = next((count.value for count in points if count.day == day), 0)
        return value, value

    def between(self, left: Count, right: Count) -> list[tuple[int, int, int]]:
        chosen: list[tuple[int, int, int]] = []
        rest, free = right.value - left.value, right.day
        for window in reversed(self.known.windows):
            start = window.day - 30
            if self.known.zero is not None:
                start = max(start, self.known.zero)
            if left.day < window.day <= free and start >= left.day:
                chosen.append((start, window.day, min(window.growth, rest)))
                rest -= chosen[-1][2]
                free = start
        return chosen


@st.composite
def exact_stories(draw: st.DrawFn) -> Story:
    """Return a history whose windows are exactly its growth over thirty days."""
    story = draw(stories(THIRTY))
    windows = tuple(
        Window(w.day, story.history[w.day] - story.history[w.day - 30]) for w in story.known.windows
    )
    return story._replace(known=story.known._replace(windows=windows))


@given(exact_stories())
def test_with_exact_windows_bounds_are_never_wider_than_those_of_before(story: Story) -> None:
    days = [day for day in DAYS if FIRST < day <= story.known.counts[-1].day]
    bounds: Bounds = hard_bounds(story.known, days, THIRTY, EXACT)
    assert bounds.events() == []
    for place, day in enumerate(days):
        low, high = Old(story.known).at(day)
        assert bounds.low[place] >= low
        assert bounds.high[place] <= high
