"""How often the intervals of the estimate hold, by test and level.

A case is one hidden count. Sums of a lab or a country are of the cases of one group (a crawl, or a
month of a source), made draw by draw. Those that the rule of five windows leaves without a likely
interval are rows of their own: they are not published, so they are shown and not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.rollups.hidden_counts import (
    Case,
    Evidence,
    Method,
    hide_anchor,
    hide_crawls,
    hide_sources,
    thin_truth,
)
from census.rollups.noise import SharedNoise
from census.rollups.summaries import has_likely_interval
from census.rollups.used_counts import LEAST_WINDOWS

Double = NDArray[np.float64]

FEW_WINDOWS = 3
SUM_OF = 20
# Published values are whole downloads and hundredths of a percent.
HALF_A_DOWNLOAD = 0.5
HALF_A_HUNDREDTH = 0.005
# Percents of cases inside the 90 % interval that may be published.
LEAST_INSIDE = 86.0
MOST_INSIDE = 96.0
LEAST_CASES = 100

CRAWL = "one monthly crawl hidden"
SOURCE_WINDOWS = "one source hidden: 30-day counts"
SOURCE_COUNTS = "one source hidden: all-time counts"
ANCHOR = "earlier all-time count hidden"
ANCHOR_FEW = "earlier all-time count hidden, three 30-day counts kept"
ANCHOR_NONE = "earlier all-time count hidden, no 30-day count kept"
TRUTH_LAST = "daily truth: last all-time count alone"
TRUTH_FEW = "daily truth: last all-time count and three 30-day counts"
TRUTH_MONTHLY = "daily truth: last all-time count and monthly 30-day counts"

MODEL, LAB, COUNTRY, SHARE, TWENTY = "model", "lab", "country", "share", "twenty models"
# What is new is asked about most, and its speed changes most.
YOUNG_DAYS = 180
YOUNG_MODEL = f"model under {YOUNG_DAYS} days old"
LAB_WITHOUT, COUNTRY_WITHOUT = "lab without an interval", "country without an interval"


class Miss(NamedTuple):
    """The true value farthest outside its 90 % interval."""

    name: str
    group: str
    truth: float
    low: float
    high: float


class Calibration(NamedTuple):
    """The result of one test at one level.

    `inside_50` and so on are percents of the cases, None without a case. `median_width` is the
    width of the 90 % interval in percent of the true value, at level `share` in percentage points.
    """

    test: str
    level: str
    cases: int
    inside_50: float | None
    inside_80: float | None
    inside_90: float | None
    median_width: float | None
    worst: Miss | None


def calibrate(
    models: Sequence[Evidence], crawled_by: str, anchor: int, method: Method
) -> list[Calibration]:
    """Return the results of all tests that need no daily truth.

    `crawled_by` is the source of the monthly crawls, `anchor` the earlier of two days with all-time
    counts of many models.
    """
    noise = SharedNoise(_last_day(models))
    sources = sorted(
        {count.source for model in models for count in (*model.all_time, *model.in_30d)}
    )
    crawls = list(hide_crawls(models, crawled_by, method, noise))
    windows, counts = hide_sources(models, sources, method, noise)
    results = [
        *calibrations(CRAWL, crawls),
        *calibrations(SOURCE_WINDOWS, windows),
        *calibrations(SOURCE_COUNTS, counts),
    ]
    for test, windows_kept in ((ANCHOR, None), (ANCHOR_FEW, FEW_WINDOWS), (ANCHOR_NONE, 0)):
        results += calibrations(
            test, list(hide_anchor(models, anchor, windows_kept, method, noise))
        )
    return results


def calibrate_on_truth(models: Sequence[Evidence], method: Method) -> list[Calibration]:
    """Return the results on models that were counted every day, thinned in three ways."""
    noise = SharedNoise(_last_day(models))
    results: list[Calibration] = []
    for test, windows_kept in ((TRUTH_LAST, 0), (TRUTH_FEW, FEW_WINDOWS), (TRUTH_MONTHLY, None)):
        cases = list(thin_truth(models, windows_kept, method, noise))
        results += [
            _result(test, MODEL, cases, HALF_A_DOWNLOAD),
            _result(test, TWENTY, _sums_of_twenty(cases), HALF_A_DOWNLOAD),
        ]
    return results


def _sums_of_twenty(cases: Sequence[Case]) -> list[Case]:
    """Return the sums of twenty models each, in order of names."""
    order = {name: place for place, name in enumerate(sorted({case.name for case in cases}))}
    windowed, others = _sums(cases, lambda case: f"sum {order[case.name] // SUM_OF + 1}")
    return [*windowed, *others]


def calibrations(test: str, cases: Sequence[Case]) -> list[Calibration]:
    """Return the results of a test at each level.

    A lab, a country or a share is a case where at least two models of the group are in it.
    """
    labs, labs_without = _sums(cases, lambda case: case.lab)
    countries, countries_without = _sums(cases, lambda case: case.country)
    return [
        _result(test, MODEL, cases, HALF_A_DOWNLOAD),
        _result(test, YOUNG_MODEL, [case for case in cases if _is_young(case)], HALF_A_DOWNLOAD),
        _result(test, LAB, labs, HALF_A_DOWNLOAD),
        _result(test, COUNTRY, countries, HALF_A_DOWNLOAD),
        _result(test, SHARE, _shares(cases, countries), HALF_A_HUNDREDTH),
        _result(test, LAB_WITHOUT, labs_without, HALF_A_DOWNLOAD),
        _result(test, COUNTRY_WITHOUT, countries_without, HALF_A_DOWNLOAD),
    ]


def _is_young(case: Case) -> bool:
    return case.age is not None and case.age < YOUNG_DAYS


def faults(results: Sequence[Calibration]) -> list[str]:
    """Return a sentence for each result that is too bad to publish: its intervals hold too rarely.

    Models with a hidden crawl must be inside in 86 to 96 percent of cases, everything else with
    100 cases or more in at least 86; fewer cases and values without an interval are not judged.
    """
    sentences = []
    for result in results:
        pooled = (result.test, result.level) == (CRAWL, MODEL)
        most = MOST_INSIDE if pooled else 100.0
        if result.inside_90 is None or (result.cases < LEAST_CASES and not pooled):
            continue
        if result.level in (LAB_WITHOUT, COUNTRY_WITHOUT):
            continue
        if not LEAST_INSIDE <= result.inside_90 <= most:
            sentences.append(
                f"{result.test}, {result.level}: {result.inside_90} % of {result.cases} cases lie"
                f" inside the 90 % interval; expected {LEAST_INSIDE:g} to {most:g} %"
            )
    return sentences


def _sums(
    cases: Sequence[Case], key_of: Callable[[Case], str | None]
) -> tuple[list[Case], list[Case]]:
    """Return the sums by group and key of at least two models, those with a likely interval first.

    A case without a key is left out.
    """
    cases_by_key: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        key = key_of(case)
        if key is not None:
            cases_by_key[case.group, key].append(case)
    sums: tuple[list[Case], list[Case]] = ([], [])
    for (group, key), cases_of_key in cases_by_key.items():
        if len({case.name for case in cases_of_key}) > 1:
            sums[0 if _windowed(cases_of_key) else 1].append(_sum(group, key, cases_of_key))
    return sums


def _sum(group: str, key: str, cases: Sequence[Case]) -> Case:
    least = min(case.windows for case in cases)
    return Case(group, key, "", None, least, None, sum(case.truth for case in cases), _total(cases))


def _windowed(cases: Sequence[Case]) -> bool:
    """Say whether models with enough used windows hold enough of a sum for a likely interval."""
    middles = np.array([np.median(case.draws) for case in cases])
    enough = np.array([case.windows >= LEAST_WINDOWS for case in cases])
    return bool(has_likely_interval(middles.sum(), middles[enough].sum()))


def _shares(cases: Sequence[Case], countries: Sequence[Case]) -> list[Case]:
    """Return the countries' shares in the sum of all cases of their group, in percent."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.group].append(case)
    totals = {
        group: (sum(case.truth for case in cases_of_group), _total(cases_of_group))
        for group, cases_of_group in groups.items()
    }
    shares = []
    for case in countries:
        truth, draws = totals[case.group]
        if truth > case.truth:
            share = 100 * case.draws / np.maximum(draws, HALF_A_DOWNLOAD)
            shares.append(case._replace(truth=100 * case.truth / truth, draws=share))
    return shares


def _total(cases: Sequence[Case]) -> Double:
    total = np.zeros_like(cases[0].draws)
    for case in cases:
        total += case.draws
    return total


def _last_day(models: Sequence[Evidence]) -> int:
    return max(
        (count.day for model in models for count in (*model.all_time, *model.in_30d)), default=0
    )


def _result(test: str, level: str, cases: Sequence[Case], tolerance: float) -> Calibration:
    """Return how often the intervals hold; an end that equals the truth as published holds it."""
    if not cases:
        return Calibration(test, level, 0, None, None, None, None, None)
    truths = np.array([case.truth for case in cases])
    ranked = np.sort([case.draws for case in cases], axis=1)
    inside = {}
    for percent in (50, 80, 90):
        left_out = (100 - percent) * ranked.shape[1] // 200
        low, high = ranked[:, left_out], ranked[:, -1 - left_out]
        is_inside = (low - tolerance <= truths) & (truths <= high + tolerance)
        inside[percent] = round(100 * float(is_inside.mean()), 1)
    misses = np.maximum(low - truths, truths - high)
    farthest = int(np.argmax(misses))
    worst = None
    if misses[farthest] > tolerance:
        case = cases[farthest]
        worst = Miss(case.name, case.group, case.truth, float(low[farthest]), float(high[farthest]))
    # A share is in percent already; other widths are made percents of the true value.
    width = high - low if level == SHARE else 100 * (high - low) / np.maximum(truths, 1.0)
    median_width = round(float(np.median(width)), 1)
    rates = inside[50], inside[80], inside[90]
    return Calibration(test, level, len(cases), *rates, median_width, worst)
