"""What changed in the shares since the end of a month: told draw by draw, not by two intervals."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import is_month_end, iso
from census.base.inserting import insert_rows
from census.base.shares import percent_of
from census.inputs.origins import OPERATING
from census.rollups.day_sums import Amounts, DaySums, Sets, shares_in, stored_values
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.keys import SeriesKey, cuts_of_scopes
from census.rollups.sample import Sample
from census.rollups.summaries import points_of, published_downloads

DIMENSIONS = ("country", "region", "lab", "family", "size_bucket")
# A month's end that is nearer than this to the last day is not compared with.
LEAST_DAYS = 28

Double = NDArray[np.float64]


class BoundsAndInterval(NamedTuple):
    """The hard bounds and the 90 % interval of something, a value a key; nan is null."""

    low: Double
    high: Double
    likely_low: Double
    likely_high: Double


def load_changes(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    draws: ModelDraws,
    sample: Sample,
    last_days: Mapping[str, int],
) -> None:
    """Fill share_changes: each scope's last day beside the end of a month four weeks before.

    `last_days` are those of the scopes.
    """
    cuts = cuts_of_scopes(connection, last_days, DIMENSIONS, (OPERATING,))
    for scope, last_day in last_days.items():
        before = compared_day(draws.days, last_day)
        if before is None:
            continue
        sums = [DaySums(downloads, draws, sample, day) for day in (before, last_day)]
        for cut, keys in cuts[scope]:
            head = (scope, cut.attribution, cut.dimension)
            days = (iso(before), iso(last_day))
            insert_rows(connection, "share_changes", _rows(head, days, sums, keys))


def compared_day(days: Sequence[int], last_day: int) -> int | None:
    """Return the last end of a month that is four weeks before a day or more."""
    candidates = [day for day in days if day <= last_day - LEAST_DAYS and is_month_end(day)]
    return candidates[-1] if candidates else None


def _rows(
    head: tuple[str, str, str],
    days: tuple[str, str],
    sums: Sequence[DaySums],
    keys: Sequence[SeriesKey],
) -> Iterator[tuple[object, ...]]:
    sets = Sets([key.models for key in keys])
    before, now = (sums_of_day.of(sets) for sums_of_day in sums)
    columns = [
        *(stored_values(end, 4) for end in points_gained(before, now)),
        *(stored_values(end) for end in downloads_gained(before, now)),
    ]
    for row, key in enumerate(keys):
        if before.models[row]:
            yield (None, *head, key.key, *days, *(column[row] for column in columns))


def points_gained(before: Amounts, now: Amounts) -> BoundsAndInterval:
    """Return the change in points of each key's share of all keys.

    The interval is of the changes in all draws, widened to hold the change of the shares.
    """
    whole = [0] * len(before.models)
    share_before, share_now = shares_in(before, whole), shares_in(now, whole)
    draws_before, draws_now = (
        percent_of(draws, draws.sum(axis=1, keepdims=True), of_nothing=0.0)
        for draws in (before.draws, now.draws)
    )
    draws_of_change = draws_now - draws_before
    points = points_of(draws_of_change)
    change = share_now.share - share_before.share
    low, high = share_now.low - share_before.high, share_now.high - share_before.low
    # With two decimals as ends of shares; where nothing is open they are the change itself.
    ends = [
        np.where(low == high, change, np.clip(np.round(end, 2), low, high))
        for end in (points.low, points.high)
    ]
    likely = before.likely & now.likely
    return BoundsAndInterval(
        low,
        high,
        np.where(likely, np.minimum(ends[0], change), np.nan),
        np.where(likely, np.maximum(ends[1], change), np.nan),
    )


def downloads_gained(before: Amounts, now: Amounts) -> BoundsAndInterval:
    """Return the downloads that each key gained; an interval holds the difference of the two."""
    low, high = np.maximum(now.low - before.high, 0.0), now.high - before.low
    points = published_downloads(points_of(now.draws - before.draws), low, high, low == high)
    change = now.downloads - before.downloads
    likely = before.likely & now.likely
    return BoundsAndInterval(
        low,
        high,
        np.where(likely, np.minimum(points.low, change), np.nan),
        np.where(likely, np.maximum(points.high, change), np.nan),
    )
