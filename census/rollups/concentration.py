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
from census.inputs.origins import OPERATING
from census.rollups.day_sums import Amounts, DaySums, Sets
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.keys import ATTRIBUTIONS, IN_SCOPE, cuts_of_scopes
from census.rollups.published_days import Span
from census.rollups.sample import Sample
from census.rollups.summaries import POINT_PERCENT, has_likely_interval, points_of, significant

TOP_KEYS = (1, 3, 5, 10, 20)
DIMENSIONS = ("country", "lab", "family")
MEASURES = ("cumulative", "monthly")
HHI, GINI = "hhi", "gini"

Bounded = tuple[int, int, int]
Statistic = tuple[str, float, float, float]
Counts = NDArray[np.int64]
Double = NDArray[np.float64]


class Compared(NamedTuple):
    """Whose shares are compared: the known keys of a cut, or, `alone`, each model.

    `head` are scope, attribution and dimension, `end` is the last day of the scope.
    """

    head: tuple[str, str, str]
    end: int
    sets: Sets
    alone: bool = False


def load_concentration(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    draws: ModelDraws,
    sample: Sample,
    ends: Mapping[str, int],
) -> None:
    """Fill the table of concentration; `ends` are the last days of the scopes.

    What has no known key is left out.
    """
    compared = list(_compared(connection, ends))
    for day in draws.days:
        before = month_end_before(day)
        if Span(before, day) not in downloads.published.span_at:
            # The first month begins on a day before all models.
            continue
        wanted = [
            one for one in compared if day == one.end or (day < one.end and is_month_end(day))
        ]
        for measure, since in zip(MEASURES, (None, before), strict=True):
            sums = DaySums(downloads, draws, sample, day, since)
            for one, amounts in _amounts(sums, wanted):
                head = (*one.head, measure)
                rows = _rows(head, iso(day)[:7], amounts, sums.coverage(one.sets))
                insert_rows(connection, "concentration", rows)


def _compared(connection: sqlite3.Connection, ends: Mapping[str, int]) -> Iterator[Compared]:
    cuts = cuts_of_scopes(connection, ends, DIMENSIONS, (OPERATING,))
    for scope, end in ends.items():
        for cut, keys in cuts[scope]:
            sets = Sets([key.models for key in keys if key.key is not None])
            yield Compared((scope, cut.attribution, cut.dimension), end, sets)
        members = connection.execute(f"select m.id from models as m where {IN_SCOPE[scope]}")  # noqa: S608
        models = Sets([[model] for (model,) in members.fetchall()])
        yield Compared((scope, ATTRIBUTIONS[0], "model"), end, models, alone=True)


def _amounts(sums: DaySums, wanted: Sequence[Compared]) -> Iterator[tuple[Compared, Amounts]]:
    """Yield the amounts of each comparison; those of keys are summed at once."""
    of_keys = [one for one in wanted if not one.alone]
    together = sums.of(Sets.joined([one.sets for one in of_keys]))
    first = 0
    for one in of_keys:
        yield one, together.part(slice(first, first + one.sets.size))
        first += one.sets.size
    for one in wanted:
        if one.alone:
            yield one, sums.alone(one.sets)


def _rows(
    head: tuple[str, ...], month: str, amounts: Amounts, coverage: tuple[Double, Double]
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of one comparison in a month, in the order of the table's columns.

    `coverage` are the 30-day counts of its sets: of models with an all-time count, and of all.
    """
    covered, coverable = (float(part.sum()) for part in coverage)
    begun = amounts.models > 0
    counts = np.stack([amounts.downloads, amounts.low, amounts.high], axis=1)[begun]
    found = list(statistics(counts.astype(np.int64)))
    if not found:
        return
    total = float(amounts.downloads.sum())
    parts = (_percent(float(amounts.counted.sum()), total), _percent(covered, coverable))
    likely = bool(has_likely_interval(total, float(amounts.windowed.sum())))
    drawn = drawn_statistics(amounts.draws[:, begun])
    for (name, _, low, high), (value, *ends) in zip(found, summarised(found, drawn), strict=True):
        interval = ends if likely else (None, None)
        yield (*head, name, month, len(counts), value, low, high, *interval, *parts)


def _percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def drawn_statistics(draws: Double) -> dict[str, Double]:
    """Return each statistic in every draw, of draws (DRAWS, keys); nan of a draw of nothing."""
    ranked = np.sort(draws, axis=1)
    keys = ranked.shape[1]
    whole = ranked.sum(axis=1)
    whole[whole <= 0] = np.nan
    largest = np.cumsum(ranked[:, : -max(TOP_KEYS) - 1 : -1], axis=1)
    found = {
        f"top_{number}": 100 * largest[:, min(number, keys) - 1] / whole for number in TOP_KEYS
    }
    found[HHI] = 10_000 * np.square(ranked).sum(axis=1) / whole**2
    # The key in place k from the smallest is in k of the sums of the largest 1, 2, … keys.
    sums = (ranked * np.arange(keys)).sum(axis=1) / whole
    found[GINI] = 100 * np.maximum((2 * sums - keys + 1) / keys, 0.0)
    return found


def summarised(
    found: Sequence[Statistic], drawn: Mapping[str, Double]
) -> Iterator[tuple[float, float | None, float | None]]:
    """Yield the middle of each statistic's draws and the ends of its likely interval.

    The statistic of the estimates stands where the bounds leave one value, or some draw has none.
    Ends are rounded as those of shares are, an index to four digits, and all are cut to the bounds.
    """
    draws = np.stack([drawn[name] for name, *_ in found], axis=1)
    middles, lows, highs = (part.tolist() for part in points_of(draws)[:3])
    drawn_whole = not np.isnan(draws).any()
    for at, (name, best, low, high) in enumerate(found):
        ends = lows[at], highs[at]
        value = min(max(round(middles[at], 4), low), high)
        if low == high:
            yield best, best, best
        elif not drawn_whole:
            yield best, None, None
        elif ends[1] - ends[0] < POINT_PERCENT:
            yield value, value, value
        else:
            rounded = significant(np.array(ends)) if name == HHI else np.round(ends, 2)
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
        best, low, high = shares[min(keys, len(shares)) - 1]
        yield _rounded(f"top_{keys}", (100 * best, 100 * low, 100 * high))
    yield _rounded("hhi", herfindahl(counts))
    best, low, high = gini(shares)
    yield _rounded("gini", (100 * best, 100 * low, 100 * high))


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
    best, low, high = np.cumsum(-np.sort(-values, axis=0), axis=0).T
    by_low = np.lexsort((-values[:, 2], -values[:, 1]))
    others_high = high[-1] - np.cumsum(values[by_low, 2])
    share = best / best[-1]
    lowest = np.minimum(share, _parts(low, others_high))
    highest = np.maximum(share, _parts(high, low[-1] - low))
    return list(zip(share.tolist(), lowest.tolist(), highest.tolist(), strict=True))


def herfindahl(counts: Sequence[Bounded] | Counts) -> tuple[float, float, float]:
    """Return the sum of the squared shares in percent, up to 10,000, with its bounds.

    Every share is put at its lowest, or at its highest, whether or not all can be so at once; it is
    never below that of equal shares.
    """
    values = _columns(counts)
    middles, lows, highs = values.T
    totals = values.sum(axis=0)
    best = _squares(middles / totals[0])
    low = _squares(_parts(lows, totals[2] - highs))
    high = _squares(_parts(highs, totals[1] - lows))
    equal = 10_000 / len(counts)
    return best, min(best, max(low, equal)), max(best, min(high, 10_000.0))


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


def _parts(part: Counts, rest: Counts) -> NDArray[np.float64]:
    """Return parts of a whole (the part and the rest), 0 of nothing."""
    whole = part + rest
    parts = np.zeros(len(part))
    np.divide(part, whole, out=parts, where=whole > 0)
    return parts


def _squares(parts: NDArray[np.float64]) -> float:
    """Return the sum of the squares of parts in percent, added in their order."""
    return float(np.cumsum((100 * parts) ** 2)[-1])


def _rounded(name: str, bounded: tuple[float, float, float]) -> Statistic:
    best, low, high = bounded
    return name, round(best, 4), round(low, 4), round(high, 4)
