"""What models are measured by at an age: the downloads of a large model of their size.

Who the ten largest are differs from draw to draw, so they are taken in each, and only then
summarised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.shares import percent_or_none
from census.rollups.histories import Growth
from census.rollups.summaries import SIGNIFICANT_DIGITS, points_of, published_downloads

# The ages at which the ATOM Project compares models, in days.
AGES = (7, 14, 30, 60, 90, 180, 365)
TOP = 10
# A count is called known when its bounds are apart by no more than this part of the higher one.
KNOWN_PART = 0.1
# Ratios are stored with so many decimals, the ends of their intervals with four digits.
DECIMALS = 4

Double = NDArray[np.float64]
Draws = NDArray[np.floating]


class Adoption(NamedTuple):
    """A model's downloads in its first days; `bucket` None outside of scope frontier.

    `counted` says whether both ends of these days are counted within a day. `draws` has a value a
    draw.
    """

    model: int
    days: int
    until: str
    downloads: Growth
    bucket: str | None
    counted: bool
    draws: Draws


class Yardstick(NamedTuple):
    """What models are measured by: the middle of its draws, its hard bounds and 90 % interval."""

    middle: float
    low: float
    high: float
    likely_low: float
    likely_high: float
    draws: Double


class Reference(NamedTuple):
    """What models of a size are measured by at an age: the tenth, and the median of ten.

    `counted_pct` is the part of the downloads of the ten largest that is counted.
    """

    models: int
    known_models: int
    counted_pct: float | None
    tenth: Yardstick
    median: Yardstick


def make_references(adoptions: Sequence[Adoption]) -> dict[tuple[str, int], Reference]:
    """Return the references by size bucket and age, where at least ten models are that old.

    Bounds: the tenth largest count lies between the tenth largest low and the tenth largest high,
    whichever models these are. The tenth is made monotonic, as its authors do: never less than at
    the age before.
    """
    cells: dict[tuple[str, int], list[Adoption]] = defaultdict(list)
    for row in adoptions:
        if row.bucket is not None:
            cells[row.bucket, row.days].append(row)
    references: dict[tuple[str, int], Reference] = {}
    for bucket, days in sorted(cells):
        rows = cells[bucket, days]
        if len(rows) >= TOP:
            before = references.get((bucket, _age_before(days)))
            references[bucket, days] = _reference(rows, before)
    return references


def _reference(rows: Sequence[Adoption], before: Reference | None) -> Reference:
    """Return the reference of some models, whose tenth is not below that of the age before."""
    draws = _largest(np.stack([row.draws for row in rows]).astype(np.float64))
    lows, highs = (
        _largest(np.array([row.downloads[part] for row in rows], dtype=np.float64)[:, None])[:, 0]
        for part in (1, 2)
    )
    low, high, tenth_draws = lows[-1], highs[-1], draws[-1]
    if before is not None:
        low, high = max(low, before.tenth.low), max(high, before.tenth.high)
        tenth_draws = np.maximum(tenth_draws, before.tenth.draws)
    ten = sorted(rows, key=lambda row: (-row.downloads.middle, row.model))[:TOP]
    total = sum(row.downloads.middle for row in ten)
    counted = sum(row.downloads.middle for row in ten if row.counted)
    return Reference(
        len(rows),
        sum(is_known(row.downloads) for row in rows),
        percent_or_none(counted, total, 2),
        _yardstick(tenth_draws, low, high),
        _yardstick(_middle(draws), float(_middle(lows)), float(_middle(highs))),
    )


def _largest(values: Double) -> Double:
    """Return the ten largest of each column, the largest first."""
    largest: Double = -np.sort(-values, axis=0)[:TOP]
    return largest


def _middle(largest: Double) -> Double:
    """Return the median of ten values in order."""
    middle: Double = (largest[TOP // 2 - 1] + largest[TOP // 2]) / 2
    return middle


def _yardstick(draws: Double, low: float, high: float) -> Yardstick:
    bounds = np.array([low]), np.array([high])
    points = published_downloads(points_of(draws[:, None]), *bounds, bounds[0] == bounds[1])
    middle, likely_low, likely_high = (float(part[0]) for part in points[:3])
    return Yardstick(middle, low, high, likely_low, likely_high, draws)


def is_known(growth: Growth) -> bool:
    """Return whether the bounds of a count are as good as one number."""
    return growth.high - growth.low <= KNOWN_PART * growth.high


class Relative(NamedTuple):
    """A count over a reference: None for what has no value or no limit."""

    middle: float | None
    low: float | None
    high: float | None
    likely_low: float | None
    likely_high: float | None


def relative(row: Adoption, reference: Yardstick) -> Relative:
    """Return a model's count over a reference, with hard bounds and the interval of the draws.

    Each draw has a reference of its own. The interval is widened to hold the estimate: the middle
    of the count over the middle of the reference.
    """
    count = row.downloads
    middle = round(count.middle / reference.middle, DECIMALS) if reference.middle else None
    low = round(count.low / reference.high, DECIMALS) if reference.high else None
    high = round(count.high / reference.low, DECIMALS) if reference.low else None
    if middle is None or low == high:
        return Relative(middle, low, high, middle, middle)
    ratios = np.full(len(row.draws), np.inf)
    np.divide(row.draws, reference.draws, out=ratios, where=reference.draws > 0)
    points = points_of(ratios[:, None])
    ends = [_rounded(float(end[0])) for end in (points.low, points.high)]
    least = min(middle, max(ends[0], low or 0.0))
    most = max(middle, ends[1] if high is None else min(ends[1], high))
    return Relative(middle, low, high, least, most if np.isfinite(most) else None)


def _rounded(ratio: float) -> float:
    """Return a ratio with four digits, and no more decimals than are stored."""
    return round(float(f"{ratio:.{SIGNIFICANT_DIGITS}g}"), DECIMALS)


def _age_before(days: int) -> int:
    place = AGES.index(days)
    return AGES[place - 1] if place else 0
