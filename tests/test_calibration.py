"""Hiding known counts: which are hidden, what is compared, and what the table says of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from census.history.bounds import Counts, hard_bounds
from census.history.cleaning import Count
from census.history.model_counts import ModelCounts, Window
from census.history.window_lengths import WindowLength, WindowLengths
from census.rollups.calibration import (
    Calibration,
    calibrate,
    calibrate_on_truth,
    calibrations,
    faults,
)
from census.rollups.hidden_counts import (
    Case,
    Evidence,
    Method,
    SourceCount,
    hide_anchor,
    hide_crawls,
    hide_sources,
    thin_truth,
)
from census.rollups.noise import SharedNoise

LENGTHS = WindowLengths([WindowLength(0, 29, 30, 29.1)])
SHARED = SharedNoise(20800)
CREATED = 20000


def known_of(model: Evidence) -> ModelCounts:
    return ModelCounts(
        model.created,
        model.created,
        tuple(Count(one.day, one.value) for one in model.all_time),
        tuple(Window(one.day, one.value) for one in model.in_30d),
    )


def bounds_of(known: ModelCounts, days: Sequence[int]) -> tuple[Counts, Counts]:
    bounds = hard_bounds(known, days, LENGTHS)
    return bounds.low, bounds.high


METHOD = Method(known_of, bounds_of, LENGTHS)


def evidence(
    name: str,
    all_time: Sequence[tuple[int, str, int]],
    thirty: Sequence[tuple[int, str, int]] = (),
    country: str | None = "CN",
) -> Evidence:
    return Evidence(
        name,
        name.split("/")[0],
        country,
        "China",
        CREATED,
        tuple(SourceCount(*one) for one in all_time),
        tuple(SourceCount(*one) for one in thirty),
    )


def steady(name: str, pace: int = 1000, country: str | None = "CN") -> Evidence:
    """Return a model with the same downloads every day: five crawls, one other, two anchors."""
    days = [20100, 20130, 20160, 20190, 20220]
    thirty = [(day, "crawler", round(29.1 * pace)) for day in days]
    thirty.append((20225, "other", round(29.1 * pace)))
    counts = [(day, "anchor", (day - CREATED) * pace) for day in (20300, 20400)]
    return evidence(name, counts, thirty, country)


def case(
    truth: float,
    middle: float,
    name: str = "a/b",
    group: str = "g",
    windows: int = 9,
    country: str | None = "CN",
    age: int | None = None,
) -> Case:
    """Return a case whose 90 % interval goes from 0.9 to 1.1 times the middle."""
    draws = middle * (1 + np.linspace(-1, 1, 200) * 0.1 / 0.9)
    return Case(group, name, name.split("/")[0], country, windows, age, truth, draws)


def test_each_crawl_is_hidden_in_turn_and_what_stands_beside_it_is_no_test() -> None:
    cases = list(hide_crawls([steady("a/b")], "crawler", METHOD, SHARED))
    assert [case.group for case in cases] == [
        "2025-01-12",
        "2025-02-11",
        "2025-03-13",
        "2025-04-12",
    ]
    assert all(case.truth == 29_100 for case in cases)
    # The fifth crawl is told by the other source five days later.
    assert [case.windows for case in cases] == [4, 4, 4, 4]
    assert all(
        np.quantile(case.draws, 0.05) < 29_100 < np.quantile(case.draws, 0.95) for case in cases
    )


def test_two_days_of_a_crawl_are_hidden_together() -> None:
    days = [20100, 20103, 20150]
    model = evidence("a/b", [(20300, "anchor", 9_000)], [(day, "crawler", 900) for day in days])
    cases = list(hide_crawls([model], "crawler", METHOD, SHARED))
    assert [(case.group, case.windows) for case in cases] == [("2025-01-12", 1), ("2025-03-03", 1)]


def test_days_up_to_a_week_apart_are_one_crawl() -> None:
    days = {"a/1": 20100, "a/2": 20107, "a/3": 20115}
    models = [
        evidence(name, [(20300, "anchor", 9_000)], [(day, "crawler", 900)])
        for name, day in days.items()
    ]
    cases = list(hide_crawls(models, "crawler", METHOD, SHARED))
    assert [(case.name, case.group) for case in cases] == [
        ("a/1", "2025-01-12"),
        ("a/2", "2025-01-12"),
        ("a/3", "2025-01-27"),
    ]


@pytest.mark.parametrize(("beside", "tested"), [(20110, 0), (20090, 0), (20111, 1), (20089, 1)])
def test_a_count_that_another_one_tells_within_ten_days_is_no_test(
    beside: int, tested: int
) -> None:
    far = (20200, "other", 900)
    model = evidence("a/b", [(20300, "anchor", 9_000)],
                     sorted([(20100, "crawler", 900), (beside, "other", 900), far]))  # fmt: skip
    windows, _ = hide_sources([model], ["crawler"], METHOD, SHARED)
    assert len(windows) == tested
    counts = sorted([(20100, "crawler", 900), (beside, "other", 900), (20300, "other", 9_000)])
    _, found = hide_sources([evidence("a/b", counts)], ["crawler"], METHOD, SHARED)
    assert len(found) == tested


def test_windows_of_a_hidden_source_are_twelve_days_apart_and_not_after_the_last_count() -> None:
    days = (20100, 20111, 20123, 20200, 20213)
    thirty = [(day, "crawler", day - 20_000) for day in days]
    model = evidence("a/b", [(20200, "anchor", 9_000)], thirty)
    cases, _ = hide_sources([model], ["crawler"], METHOD, SHARED)
    assert [case.truth for case in cases] == [111, 123, 200]


def test_a_model_that_was_not_counted_on_the_day_is_no_test_of_it() -> None:
    assert list(hide_anchor([steady("a/b")], 20250, None, METHOD, SHARED)) == []


def test_windows_that_are_kept_are_spread_from_the_first_to_the_last() -> None:
    days = (20100, 20130, 20165, 20205, 20250)
    thirty = [(day, "crawler", 100 * day - 2_000_000) for day in days]
    counts = [(20300, "anchor", 300_000), (20400, "anchor", 400_000)]
    (some,) = hide_anchor([evidence("a/b", counts, thirty)], 20300, 3, METHOD, SHARED)
    (same,) = hide_anchor([evidence("a/b", counts, thirty[::2])], 20300, None, METHOD, SHARED)
    assert np.array_equal(some.draws, same.draws)


def test_a_source_is_hidden_whole() -> None:
    windows, counts = hide_sources([steady("a/b")], ["crawler", "anchor"], METHOD, SHARED)
    assert [case.group for case in windows] == [
        "crawler 2025-01",
        "crawler 2025-02",
        "crawler 2025-03",
        "crawler 2025-04",
    ]
    assert {case.windows for case in windows} == {1}
    # Without the anchors no all-time count is left, so the model has no estimate.
    assert counts == []


def test_a_hidden_all_time_count_is_compared_with_the_value_of_its_day() -> None:
    model = steady("a/b")
    many, three, none = (
        list(hide_anchor([model], 20300, kept, METHOD, SHARED)) for kept in (None, 3, 0)
    )
    for cases, windows in ((many, 6), (three, 3), (none, 0)):
        assert [(case.group, case.truth) for case in cases] == [("2025-07-31", 300_000)]
        assert cases[0].windows in (windows, windows - 1)
    widths = [np.ptp(cases[0].draws) for cases in (many, none)]
    assert widths[0] < widths[1]
    assert list(hide_anchor([model], 20400, None, METHOD, SHARED)) == []


def test_thinned_truth_is_compared_at_the_ends_of_months() -> None:
    days = range(CREATED + 40, CREATED + 140)
    model = evidence(
        "a/b",
        [(day, "daily", (day - CREATED) * 10) for day in days],
        [(day, "daily", 291) for day in days],
    )
    cases = list(thin_truth([model], None, METHOD, SHARED))
    assert [(case.group, case.truth) for case in cases] == [
        ("2024-11", 10 * (20057 - CREATED)),
        ("2024-12", 10 * (20088 - CREATED)),
        ("2025-01", 10 * (20119 - CREATED)),
    ]
    assert {case.windows for case in cases} == {4}
    assert {case.windows for case in thin_truth([model], 0, METHOD, SHARED)} == {0}
    # A model without all-time counts has no truth, and keeps no other out.
    assert len(list(thin_truth([evidence("a/c", []), model], None, METHOD, SHARED))) == 3


def test_rates_widths_and_the_worst_miss_are_counted() -> None:
    cases = [case(100, 100, "a/exact"), case(107, 100, "a/near"), case(150, 100, "a/far")]
    model = calibrations("test", cases)[0]
    assert model[:4] == ("test", "model", 3, 33.3)
    assert (model.inside_80, model.inside_90) == (66.7, 66.7)
    assert model.median_width == pytest.approx(100 * 20 / 107, abs=0.3)
    assert model.worst is not None
    assert (model.worst.name, model.worst.truth) == ("a/far", 150)
    assert (model.worst.low, model.worst.high) == pytest.approx((90, 110), abs=0.2)


def test_sums_and_shares_are_made_draw_by_draw_within_a_group() -> None:
    cases = [
        case(100, 100, "a/1"),
        case(100, 100, "a/2"),
        case(300, 300, "b/1", country="US"),
        case(500, 500, "b/2", country="US"),
        case(7, 7, "c/1", country=None),
        case(999, 999, "a/1", group="another crawl"),
    ]
    results = {result.level: result for result in calibrations("test", cases)}
    assert {level: result.cases for level, result in results.items() if result.cases} == {
        "model": 6,
        "lab": 2,
        "country": 2,
        "share": 2,
    }
    # All draws of a group move together here, so that shares do not move at all.
    assert results["share"].median_width == 0
    assert results["share"].inside_90 == 100
    assert results["country"].median_width == pytest.approx(20, abs=0.3)


def test_young_models_are_a_row_of_their_own() -> None:
    ages = {"a/1": 0, "a/2": 179, "b/1": 180, "b/2": None}
    truths = {"a/1": 100, "a/2": 200, "b/1": 100, "b/2": 100}
    cases = [case(truths[name], 100, name, age=age) for name, age in ages.items()]
    results = {result.level: result for result in calibrations("t", cases)}
    assert results["model"].cases == 4
    assert results["model under 180 days old"].cases == 2
    assert results["model under 180 days old"].inside_90 == 50


def test_sums_without_a_likely_interval_are_rows_of_their_own() -> None:
    cases = [case(100, 100, "a/1", windows=4), case(100, 100, "a/2", windows=5)]
    results = {result.level: result for result in calibrations("t", cases)}
    assert {level: result.cases for level, result in results.items() if result.cases} == {
        "model": 2,
        "lab without an interval": 1,
        "country without an interval": 1,
    }
    assert results["lab"] == Calibration("t", "lab", 0, None, None, None, None, None)


def result(test: str, level: str, cases: int, inside: float) -> Calibration:
    return Calibration(test, level, cases, 50.0, 80.0, inside, 10.0, None)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (result("one monthly crawl hidden", "model", 40, 85.9), True),
        (result("one monthly crawl hidden", "model", 40, 86.0), False),
        (result("one monthly crawl hidden", "model", 40, 96.1), True),
        (result("one source hidden: 30-day counts", "model", 400, 99.0), False),
        (result("one source hidden: 30-day counts", "country", 100, 85.0), True),
        (result("one source hidden: 30-day counts", "country", 99, 85.0), False),
        (result("one source hidden: 30-day counts", "lab without an interval", 200, 70.0), False),
        (Calibration("one monthly crawl hidden", "model", 0, None, None, None, None, None), False),
    ],
)
def test_intervals_that_hold_too_rarely_are_faults(row: Calibration, wrong: bool) -> None:
    assert bool(faults([row])) is wrong


def test_all_tests_and_levels_are_in_the_table() -> None:
    models = [steady(f"a/{at}", 100 * at + 100) for at in range(3)]
    models += [steady(f"b/{at}", 500, "US") for at in range(2)]
    results = calibrate(models, "crawler", 20300, METHOD)
    assert len({(result.test, result.level) for result in results}) == 42
    assert all(
        result.inside_90 == 100 for result in results if result.cases and result.level != "share"
    )
    assert results == calibrate(models, "crawler", 20300, METHOD)


def test_truth_is_tested_by_model_and_by_twenty() -> None:
    days = range(CREATED + 1, CREATED + 100)
    models = [
        evidence(
            f"a/{at}",
            [(day, "daily", (day - CREATED) * 10) for day in days],
            [(day, "daily", min(291, (day - CREATED) * 10)) for day in days],
        )
        for at in range(25)
    ]
    results = calibrate_on_truth(models, METHOD)
    assert [(result.level, result.cases) for result in results] == [
        ("model", 75),
        ("twenty models", 6),
    ] * 3
