"""How concentrated downloads are: on few countries, labs, families or models.

A statistic is of several keys at once, so it is computed in every draw, and only then summarised.
Bounds are honest, not tight: they hold for whatever counts the observations allow.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import is_month_end, iso, month_end_before
from census.base.inserting import insert_rows
from census.base.shares import Fractions, fraction, percent_or_none
from census.inputs.origins import OPERATING
from census.rollups.day_sums import Amounts, DaySums, Sets
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.keys import ATTRIBUTIONS, IN_SCOPE, cuts_of_scopes
from census.rollups.published_days import Span
from census.rollups.sample import Sample
from census.rollups.summaries import (
    POINT_PERCENT,
    has_likely_interval,
    points_of,
    round_significant,
)

TOP_KEYS = (1, 3, 5, 10, 20)
DIMENSIONS = ("country", "lab", "family")
MEASURES = ("cumulative", "monthly")
HHI, GINI = "hhi", "gini"

Bounded = tuple[int, int, int]
Statistic = tuple[str, float, float, float]
Counts = NDArray[np.int64]
Double = NDArray[np.float64]


class Comparison(NamedTuple):
    """Whose shares are compared: the known keys of a cut, or each model if `is_of_models`.

    `head` are scope, attribution and dimension, `last_day` is that of the scope.
    """

    head: tuple[str, str, str]
    last_day: int
    sets: Sets
    is_of_models: bool = False


def load_concentration(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    draws: ModelDraws,
    sample: Sample,
    last_days: Mapping[str, int],
) -> None:
    """Fill the table of concentration; `last_days` are those of the scopes.

    What has no known key is left out.
    """
    comparisons = list(_comparisons(connection, last_days))
    for day in draws.days:
        before = month_end_before(day)
        if Span(before, day) not in downloads.published.span_at:
            # The first month begins on a day before all models.
            continue
        comparisons_of_day = [
            comparison
            for comparison in comparisons
            if day == comparison.last_day or (day < comparison.last_day and is_month_end(day))
        ]
        for measure, since in zip(MEASURES, (None, before), strict=True):
            sums = DaySums(downloads, draws, sample, day, since)
            for comparison, amounts in _amounts(sums, comparisons_of_day):
                head = (*comparison.head, measure)
                rows = _rows(head, iso(day)[:7], amounts, sums.coverage(comparison.sets))
                insert_rows(connection, "concentration", rows)


def _comparisons(
    connection: sqlite3.Connection, last_days: Mapping[str, int]
) -> Iterator[Comparison]:
    cuts = cuts_of_scopes(connection, last_days, DIMENSIONS, (OPERATING,))
    for scope, last_day in last_days.items():
        for cut, keys in cuts[scope]:
            sets = Sets([key.models for key in keys if key.key is not None])
            yield Comparison((scope, cut.attribution, cut.dimension), last_day, sets)
        members = connection.execute(f"select m.id from models as m where {IN_SCOPE[scope]}")  # noqa: S608
        models = Sets([[model] for (model,) in members.fetchall()])
        yield Comparison((scope, ATTRIBUTIONS[0], "model"), last_day, models, is_of_models=True)


def _amounts(
    sums: DaySums, comparisons: Sequence[Comparison]
) -> Iterator[tuple[Comparison, Amounts]]:
    """Yield the amounts of each comparison; those of keys are summed at once."""
    comparisons_of_keys = [comparison for comparison in comparisons if not comparison.is_of_models]
    amounts_of_keys = sums.of(Sets.joined([comparison.sets for comparison in comparisons_of_keys]))
    first = 0
    for comparison in comparisons_of_keys:
        yield comparison, amounts_of_keys.part(slice(first, first + comparison.sets.size))
        first += comparison.sets.size
    for comparison in comparisons:
        if comparison.is_of_models:
            yield comparison, sums.of_each_model(comparison.sets)


def _rows(
    head: tuple[str, ...], month: str, amounts: Amounts, coverage: tuple[Double, Double]
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of one comparison in a month, in the order of the table's columns.

    `coverage` are the 30-day counts of its sets: of models with an all-time count, and of all.
    """
    covered, coverable = (float(part.sum()) for part in coverage)
    begun = amounts.models > 0
    counts = np.stack([amounts.downloads, amounts.low, amounts.high], axis=1)[begun]
    bounded_statistics = list(statistics(counts.astype(np.int64)))
    if not bounded_statistics:
        return
    total = float(amounts.downloads.sum())
    parts = (
        percent_or_none(float(amounts.counted.sum()), total, 2),
        percent_or_none(covered, coverable, 2),
    )
    likely = bool(has_likely_interval(total, float(amounts.windowed.sum())))
    draws_by_statistic = drawn_statistics(amounts.draws[:, begun])
    for (name, _, low, high), (value, *ends) in zip(
        bounded_statistics, summarised(bounded_statistics, draws_by_statistic), strict=True
    ):
        interval = ends if likely else (None, None)
        yield (*head, name, month, len(counts), value, low, high, *interval, *parts)


def drawn_statistics(draws: Double) -> dict[str, Double]:
    """Return each statistic in every draw, of draws (DRAWS, keys); nan of a draw of nothing."""
    ranked = np.sort(draws, axis=1)
    keys = ranked.shape[1]
    whole = ranked.sum(axis=1)
    whole[whole <= 0] = np.nan
    largest = np.cumsum(ranked[:, : -max(TOP_KEYS) - 1 : -1], axis=1)
    draws_by_statistic = {
        f"top_{number}": 100 * largest[:, min(number, keys) - 1] / whole for number in TOP_KEYS
    }
    draws_by_statistic[HHI] = 10_000 * np.square(ranked).sum(axis=1) / whole**2
    # The key in place k from the smallest is in k of the sums of the largest 1, 2, … keys.
    sums = (ranked * np.arange(keys)).sum(axis=1) / whole
    draws_by_statistic[GINI] = 100 * np.maximum((2 * sums - keys + 1) / keys, 0.0)
    return draws_by_statistic


def summarised(
    bounded_statistics: Sequence[Statistic], draws_by_statistic: Mapping[str, Double]
) -> Iterator[tuple[float, float | None, float | None]]:
    """Yield the middle of each statistic's draws and the ends of its likely interval.

    The statistic of the estimates stands where the bounds leave one value, or some draw has none.
    Ends are rounded as those of shares are, an index to four digits, and all are cut to the bounds.
    """
    draws = np.stack([draws_by_statistic[name] for name, *_ in bounded_statistics], axis=1)
    middles, lows, highs = (part.tolist() for part in points_of(draws)[:3])
    drawn_whole = not np.isnan(draws).any()
    for place, (name, middle, low, high) in enumerate(bounded_statistics):
        ends = lows[place], highs[place]
        value = min(max(round(middles[place], 4), low), high)
        if low == high:
            yield middle, middle, middle
        elif not drawn_whole:
            yield middle, None, None
        elif ends[1] - ends[0] < POINT_PERCENT:
            yield value, value, value
        else:
            rounded = round_significant(np.array(ends)) if name == HHI else np.round(ends, 2)
            least, most = np.clip(rounded, low, high).tolist()
            yield value, min(least, value), max(most, value)


def statistics(counts: Sequence[Bounded] | Counts) -> Iterator[Statistic]:
    """Yield each statistic with its bounds: top shares in percent, HHI to 10,000, Gini to 100.

    Counts are (estimate, low, high). Nothing is yielded where nothing was downloaded.
    """
    shares = top_shares(counts)
    if not shares:
        return
    for keys in TOP_KEYS:
        middle, low, high = shares[min(keys, len(shares)) - 1]
        yield _rounded(f"top_{keys}", (100 * middle, 100 * low, 100 * high))
    yield _rounded("hhi", herfindahl(counts))
    middle, low, high = gini(shares)
    yield _rounded("gini", (100 * middle, 100 * low, 100 * high))


def top_shares(counts: Sequence[Bounded] | Counts) -> list[tuple[float, float, float]]:
    """Return the share of the largest 1, 2, … keys: estimate, lowest and highest possible.

    Lowest: the keys with the largest lows (of equal ones those with the largest highs) are at their
    lows and all others at their highs. Highest:
    no keys can hold more than the largest highs, nor leave less to others than all lows without
    the largest of them.
    """
    values = _columns(counts)
    if not values[:, 0].any():
        return []
    middle, low, high = np.cumsum(-np.sort(-values, axis=0), axis=0).T
    by_low = np.lexsort((-values[:, 2], -values[:, 1]))
    others_high = high[-1] - np.cumsum(values[by_low, 2])
    share = middle / middle[-1]
    lowest = np.minimum(share, fraction(low, low + others_high, 0.0))
    highest = np.maximum(share, fraction(high, high + low[-1] - low, 0.0))
    return list(zip(share.tolist(), lowest.tolist(), highest.tolist(), strict=True))


def herfindahl(counts: Sequence[Bounded] | Counts) -> tuple[float, float, float]:
    """Return the sum of the squared shares in percent, up to 10,000, with its bounds.

    For the bounds every share is put at its lowest, or at its highest, whether or not all can be so
    at once. The lowest is never below the sum of equal shares.
    """
    values = _columns(counts)
    middles, lows, highs = values.T
    totals = values.sum(axis=0)
    middle = _squares(middles / totals[0])
    low = _squares(fraction(lows, lows + totals[2] - highs, 0.0))
    high = _squares(fraction(highs, highs + totals[1] - lows, 0.0))
    equal = 10_000 / len(counts)
    return middle, min(middle, max(low, equal)), max(middle, min(high, 10_000.0))


def gini(shares: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Return the Gini coefficient of the keys from their top shares, with its bounds.

    It rises with each top share, so that their bounds give its own.
    """
    keys = len(shares)
    sums = [sum(column[:-1]) for column in zip(*shares, strict=True)]
    values = [max((2 * total - keys + 1) / keys, 0.0) for total in sums]
    return values[0], values[1], values[2]


def _columns(counts: Sequence[Bounded] | Counts) -> Counts:
    return np.array(counts, dtype=np.int64).reshape(-1, 3)


def _squares(fractions: Fractions) -> float:
    """Return the sum of the squares of fractions in percent, added in their order."""
    return float(np.cumsum((100 * fractions) ** 2)[-1])


def _rounded(name: str, bounded: tuple[float, float, float]) -> Statistic:
    middle, low, high = bounded
    return name, round(middle, 4), round(low, 4), round(high, 4)
