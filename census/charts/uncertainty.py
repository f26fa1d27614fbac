"""Which values are too uncertain to be quoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from census.base.shares import share_bounds
from census.base.speech import WIDEST_SAID
from census.questions.question_files import SERIES

Row = Mapping[str, Any]
# Months whose share could be anything within more points than this are drawn, never quoted.
WIDEST_BAND = WIDEST_SAID


def is_loose_count(value: float, low: float | None, high: float | None) -> bool:
    """Return whether the bounds of a count are more than `WIDEST_BAND` percent of it apart."""
    return low is not None and high is not None and 100 * (high - low) > WIDEST_BAND * value


def bound(row: Row, chart: Row, end: str) -> float | None:
    """Return a bound of a row, None where the chart or the row has none."""
    value = row[chart[end]] if end in chart else None
    return None if value is None else float(value)


def wide_months(chart: Row, rows: Sequence[Row]) -> set[str]:
    """Return the months in which any key's share band is wider than `WIDEST_BAND` points.

    The low share of a key is its low over its low and the others' high, and the other way round.
    A chart of one key has no others: its months are wide when its count is, in percent of itself.
    """
    if not {"low", "high", "key"} <= set(chart) or chart["kind"] not in SERIES:
        return set()
    by_month: dict[str, list[Row]] = {}
    for row in rows:
        by_month.setdefault(row[chart["x"]], []).append(row)
    wide = set()
    for month, members in by_month.items():
        if len(members) == 1 and not chart.get("percent"):
            # Alone a key has no share to judge by: its count is, by itself.
            row = members[0]
            if is_loose_count(
                float(row[chart["y"]]), bound(row, chart, "low"), bound(row, chart, "high")
            ):
                wide.add(month)
            continue
        # A rest without bounds of its own says nothing of how far the others could be off.
        bounds = [(bound(row, chart, "low"), bound(row, chart, "high")) for row in members]
        lows = [low for low, high in bounds if low is not None and high is not None]
        highs = [high for low, high in bounds if low is not None and high is not None]
        if chart.get("percent"):
            bands = [high - low for low, high in zip(lows, highs, strict=True)]
        else:
            lowest, highest = share_bounds(lows, highs, sum(lows), sum(highs))
            bands = np.nan_to_num(highest - lowest).tolist()
        if max(bands, default=0.0) > WIDEST_BAND:
            wide.add(month)
    return wide
