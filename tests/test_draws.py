"""Histories of one model: what they pass through, what leaves them alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_histories import (
    LENGTHS,
    MONTHLY,
    SHARED,
    START,
    WINDOWS_ONLY,
    Draws,
    histories,
    known_of,
    uncounted,
)

from census.history.cleaning import Count
from census.history.model_counts import HUB_FLOOR, ModelCounts, Window
from census.history.window_lengths import WindowLength, WindowLengths
from census.rollups.draws import UNCOUNTED_FACTOR, Drawing, draw_histories, draw_uncounted_histories
from census.rollups.noise import SharedNoise
from census.rollups.summaries import points_of
from census.rollups.used_counts import used_counts, used_windows


def assert_about(values: Draws, count: float) -> None:
    """Check that values are a 30-day count within its measured error of 2 to 3 %."""
    assert np.median(values) == pytest.approx(count, rel=0.01)
    assert values == pytest.approx(np.full(len(values), count), rel=0.12)
    assert np.std(values) < 0.04 * count


def test_histories_pass_through_every_used_count_and_window() -> None:
    draws = histories(MONTHLY, [20100 - 30.2, 20100, 20400, 20500])
    assert_about(draws[:, 1] - draws[:, 0], 50_000)
    assert np.all(draws[:, 2] == 1_000_000)
    assert np.all(draws[:, 3] == 1_250_000)


def test_histories_never_fall_and_begin_with_nothing() -> None:
    draws = histories(MONTHLY, [START - 10, START, *range(START + 1, 20500, 7)])
    assert np.all(draws[:, :2] == 0)
    assert np.all(np.diff(draws, axis=1) >= 0)
    assert np.all(draws[:, 3:] > 0)


@pytest.mark.parametrize("wanted", [{1}, {0, 3}, {7}, {2, 8}, {9}, set()])
def test_days_that_nobody_asks_about_change_no_draw_of_the_others(wanted: set[int]) -> None:
    monthly = [(START + day, 900 * day) for day in range(60, 400, 30)]
    known = known_of(monthly, [(day, 20_000 + day) for day, _ in monthly[::2]])
    days = [START + day for day in (20, 65, 70, 100, 121, 180, 250, 251, 330, 389)]
    chosen = np.array([place in wanted for place in range(len(days))])
    drawing = Drawing(known, "lab/model", "China", LENGTHS, SHARED)
    drawn = drawing.on(days, chosen)
    whole = Drawing(known, "lab/model", "China", LENGTHS, SHARED).on(days)
    assert np.array_equal(drawn[:, chosen], whole[:, chosen])
    # A drawing that was asked for little before answers for all the same.
    assert np.array_equal(drawing.on(days), whole)


def test_between_two_equal_counts_the_interval_is_exact() -> None:
    known = known_of([(20100, 500), (20140, 500), (20200, 900)], [(20090, 100)])
    points = points_of(histories(known, [20110, 20139, 20140, 20141]))
    assert points.low[:3].tolist() == points.high[:3].tolist() == [500, 500, 500]
    assert points.low[3] < points.high[3]


def test_a_window_as_long_as_a_life_tells_the_count() -> None:
    """On day 20020 the whole life of 20 days lies in the 30-day count."""
    draws = histories(known_of([(20200, 90_000)], [(20020, 7_000)]), [20020])
    assert_about(draws[:, 0], 7_000)


def test_windows_without_a_gap_tell_the_counts_between_them() -> None:
    """Seven windows of 30 days each fill a life: at each of their ends the count is known."""
    even = WindowLengths([WindowLength(0, 30, 30, 30.0)])
    growths = [10_000, 40_000, 20_000, 5_000, 60_000, 30_000, 45_000]
    ends = [START + 30 * (step + 1) for step in range(7)]
    known = known_of([(ends[-1], sum(growths))], list(zip(ends, growths, strict=True)))
    draws = draw_histories(known, "lab/model", None, ends, even, SHARED)
    for place, count in enumerate(np.cumsum(growths)[:-1]):
        assert_about(draws[:, place], float(count))
    assert np.all(draws[:, -1] == sum(growths))


def test_after_the_last_count_a_model_stays_where_it_was() -> None:
    assert np.all(histories(MONTHLY, [20501, 20700]) == 1_250_000)


def test_the_total_wins_over_windows_that_exceed_it() -> None:
    known = known_of([(20200, 10_000)], [(20140, 40_000), (20175, 40_000)])
    draws = histories(known, [20140 - 30.2, 20140, 20175 - 30.2, 20175, 20200])
    assert np.all(draws[:, -1] == 10_000)
    first, second = draws[:, 1] - draws[:, 0], draws[:, 3] - draws[:, 2]
    assert np.all(first + second < 10_000)
    assert_about(first / second, 1)


def test_windows_fix_the_speed_between_two_counts() -> None:
    """A month that was counted as slow stays slow, though the segment as a whole grew fast."""
    known = known_of([(20200, 0), (20400, 1_000_000)], [(20300, 1_000)], created=20200)
    growth = np.diff(histories(known, [20300 - 29.1, 20300]), axis=1)
    assert_about(growth[:, 0], 1_000)


@pytest.mark.parametrize("created", [None, HUB_FLOOR])
def test_an_unknown_beginning_is_drawn_before_the_model_was_first_seen(created: int | None) -> None:
    known = known_of([(20400, 100_000)], [(20300, 9_000)], created=created)
    draws = histories(known, [20300 - 541, 20299 - 29, 20300, 20400])
    assert np.all(draws[:, 3] == 100_000)
    if created is None:
        assert np.all(draws[:, 0] == 0)
        assert 0 < np.mean(draws[:, 1] == 0) < 0.2
    else:
        assert np.all(draws[:, 0] > 0)


def test_a_crawl_without_the_model_bounds_its_creation() -> None:
    known = known_of([(20400, 100_000)], created=None)
    draws = draw_histories(known, "a/b", None, [20380, 20399], LENGTHS, SHARED, unseen=20380)
    assert np.all(draws[:, 0] == 0)
    assert np.mean(draws[:, 1] > 0) > 0.5


def test_a_creation_after_the_first_count_is_the_day_before_it() -> None:
    known = ModelCounts(20300, None, (Count(20200, 500), Count(20300, 900)), ())
    draws = histories(known, [20199, 20200, 20300])
    assert [set(column) for column in draws.T] == [{0}, {500}, {900}]


def test_a_count_of_nothing_is_a_history_of_nothing() -> None:
    assert np.all(histories(known_of([(20400, 0)]), [20100, 20400, 20500]) == 0)
    assert np.all(histories(known_of([(START, 0)]), [20100]) == 0)


def test_the_same_input_gives_the_same_bytes() -> None:
    days = list(range(20010, 20500, 9))
    assert histories(MONTHLY, days).tobytes() == histories(MONTHLY, days).tobytes()


def test_histories_depend_on_the_model_alone() -> None:
    """Other models, other regions asked before and a longer grid change nothing."""
    days = [20050, 20250, 20450]
    before = histories(MONTHLY, days)
    longer = SharedNoise(20900)
    longer.of_region("Europe")
    for name in ("other/model", "lab/model-2"):
        draw_histories(MONTHLY, name, "Europe", days, LENGTHS, longer)
    assert np.array_equal(
        before, draw_histories(MONTHLY, "lab/model", "China", days, LENGTHS, longer)
    )
    assert not np.array_equal(before, histories(MONTHLY, days, "lab/model-2"))


def test_more_published_days_leave_the_values_of_the_others() -> None:
    days = [20050, 20250, 20450]
    more = histories(MONTHLY, list(range(20045, 20455, 5)))
    assert more[:, [1, 41, 81]] == pytest.approx(histories(MONTHLY, days), rel=1e-4)


def test_windows_and_counts_are_used_apart_from_each_other() -> None:
    known = known_of(
        [(20390, 1), (20400, 2), (20425, 3)],
        [(20380, 1), (20390, 1), (20401, 1), (20413, 1), (20430, 1)],
    )
    assert used_windows(known) == 3
    used = used_counts(known, LENGTHS)
    assert [count.day for count in used.counts] == [20400, 20425]
    assert [span.end for span in used.spans] == [20380, 20401, 20413]
    # The last two cross the count of day 20400, so they fix the speed but not the growth.
    assert [span.drawn for span in used.spans] == [True, False, False]


def test_of_two_windows_that_share_days_the_later_has_them() -> None:
    known = known_of([(20400, 50)], [(20340, 10), (20350, 10), (20365, 20)])
    later, last = used_counts(known, LENGTHS).spans[-2:]
    assert (last.until, last.end) == (20365, 20365)
    assert not later.drawn
    known = known_of([(20400, 50)], [(20340, 10), (20365, 20)])
    earlier, last = used_counts(known, LENGTHS).spans
    assert (earlier.until, earlier.end, last.start) == (last.start, 20340, pytest.approx(20335.9))
    draws = histories(known, [20340 - 29.1, 20365 - 29.1, 20340, 20365])
    assert_about(draws[:, 2] - draws[:, 0], 10)
    assert_about(draws[:, 3] - draws[:, 1], 20)


def test_noise_of_too_few_days_is_refused() -> None:
    short = SharedNoise(20100)
    with pytest.raises(ValueError, match="prepared to cell"):
        draw_histories(MONTHLY, "lab/model", None, [20300], LENGTHS, short)


def test_uncounted_models_grow_by_their_windows_times_one_factor_a_draw() -> None:
    draws = uncounted(WINDOWS_ONLY, [20100 - 30.2, 20100, 20200 - 30.2, 20200])
    growth = (draws[:, 3] - draws[:, 2]) / 50_000
    mean, spread = UNCOUNTED_FACTOR
    assert growth.mean() == pytest.approx(mean, abs=0.03)
    assert growth.std() == pytest.approx(spread, abs=0.03)
    other = draw_uncounted_histories(
        known_of([], [(20100, 7)]), "a/b", None, [20100 - 30.2, 20100], LENGTHS, SHARED
    )
    assert (other[:, 1] - other[:, 0]) / 7 == pytest.approx(growth, rel=0.15)


def test_uncounted_models_keep_the_level_of_their_mean_after_the_last_window() -> None:
    many = [
        draw_uncounted_histories(WINDOWS_ONLY, f"a/{at}", None, [20200, 20400], LENGTHS, SHARED)
        for at in range(40)
    ]
    growth = np.mean([draws[:, 1] - draws[:, 0] for draws in many])
    assert growth == pytest.approx(UNCOUNTED_FACTOR[0] * 200 * 50_000 / 30.2, rel=0.15)


def test_an_uncounted_model_first_seen_late_counts_from_then_on() -> None:
    early = known_of([], [(START + 100, 40_000), (20500, 50_000)])
    late = known_of([], [(START + 300, 40_000), (20500, 50_000)])
    assert uncounted(early, [START + 50, 20500])[:, 0].min() > 0
    assert uncounted(late, [START + 269, 20500])[:, 0].max() == 0


@st.composite
def anything_known(draw: st.DrawFn) -> ModelCounts:
    """Return what is known of some model, however odd: few counts, contradictions, no creation."""
    day_numbers = st.integers(HUB_FLOOR + 1, 20750)
    days = draw(st.lists(day_numbers, min_size=1, max_size=6, unique=True))
    values = draw(st.lists(st.integers(0, 10**9), min_size=len(days), max_size=len(days)))
    counts = tuple(Count(*count) for count in zip(sorted(days), sorted(values), strict=True))
    window_days = draw(st.lists(day_numbers, max_size=12, unique=True))
    growths = st.one_of(st.integers(0, 5), st.integers(0, 10**8))
    windows = tuple(Window(day, draw(growths)) for day in sorted(window_days))
    created = draw(st.one_of(st.none(), st.just(HUB_FLOOR), st.integers(HUB_FLOOR + 1, 20750)))
    first = min([count.day for count in counts] + [window.day for window in windows])
    zero = created if created is not None and HUB_FLOOR < created <= first else None
    if zero is not None and counts[0].day == zero and counts[0].value:
        zero -= 1
    return ModelCounts(created, zero, counts, windows)


@given(
    anything_known(), st.lists(st.integers(HUB_FLOOR, 20790), min_size=1, max_size=9, unique=True)
)
def test_whatever_is_known_histories_rise_from_nothing_to_the_last_count(
    known: ModelCounts, days: list[int]
) -> None:
    with np.errstate(all="raise", under="ignore"):
        draws = histories(known, sorted(days))
        uncounted_draws = uncounted(known, sorted(days)) if known.windows else draws
    last = known.counts[-1]
    assert np.all(np.isfinite(draws))
    assert np.all(draws >= 0)
    assert np.all(draws <= last.value)
    assert np.all(np.diff(draws, axis=1) >= 0)
    assert np.all(draws[:, np.array(sorted(days)) >= last.day] == last.value)
    assert np.all(np.isfinite(uncounted_draws))
    assert np.all(np.diff(uncounted_draws, axis=1) >= 0)
