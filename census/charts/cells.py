"""Stacked columns of months, and grids of months and rows."""

from __future__ import annotations

import math

from census.base.numbers import quantity
from census.charts.bars import name_legend, room_for_names
from census.charts.figures import Figure
from census.charts.lettering import NARROWEST, width_of
from census.charts.palette import INK, PAPER
from census.charts.parts import (
    COUNT_LABELS,
    Look,
    Spec,
    amount_axis,
    colour_scale,
    records,
    time_axis,
    tooltips,
)

# Pixels of the colours' scale, and of the gap between two of its numbers.
SCALE_LENGTH, SCALE_GAP = 180, 16


def scale_values(lowest: float, highest: float, unit: str) -> list[float]:
    """Return round numbers for a symlog scale of colours, none so near another that they touch."""
    start, extent = math.log1p(lowest), (math.log1p(highest) - math.log1p(lowest)) or 1.0
    values: list[float] = []
    next_left = math.inf
    steps = range(int(math.log10(max(highest, 1.0))), -1, -1)
    for value in [*(f * 10.0**step for step in steps for f in (5, 2, 1)), 0.0]:
        middle = SCALE_LENGTH * (math.log1p(value) - start) / extent
        half = width_of(quantity(value, unit), 12) / 2
        if lowest <= value <= highest and middle + half + SCALE_GAP <= next_left:
            values.insert(0, value)
            next_left = middle - half
    return values or sorted({lowest, highest})


def columns_spec(figure: Figure, look: Look) -> Spec:
    """Return stacked columns by month with a legend in the order of the stack.

    Of kind `shares` they fill the height, so that a month with few shows as much as one with many.
    """
    filled = figure.kind == "shares"
    axis = amount_axis(figure, 5)
    scale = colour_scale(figure, look.theme)
    order = {label: place for place, (_, label) in enumerate(figure.keys)}
    values = [
        {**record, "x": record["x"][:7] + "-01", "order": order[record["name"]]}
        for record in records(figure.points, figure.unit)
    ]
    return {
        "data": {"values": values},
        "width": look.total - 40,
        "height": 260 if look.narrow else 340,
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                **time_axis(figure, look, look.total - 40),
                "timeUnit": "utcyearmonth",
                "bandPosition": 0.5,
            },
            "y": {
                "field": "y",
                "type": "quantitative",
                "stack": "normalize" if filled else True,
                "axis": {**axis, "labelExpr": "format(datum.value, '.0%')"} if filled else axis,
            },
            "color": {
                "field": "name",
                "type": "nominal",
                "scale": scale,
                "legend": name_legend(figure, look),
            },
            "order": {"field": "order", "sort": "ascending"},
            "tooltip": tooltips(False),
        },
    }


def grid_spec(figure: Figure, look: Look) -> Spec:
    """Return a grid of months and sources, darker where more was seen."""
    values = [
        {**record, "x": record["x"][:7] + "-01"} for record in records(figure.points, figure.unit)
    ]
    dark = look.theme == "dark"
    amounts = [point.y for point in figure.points]
    ends = min(amounts), max(amounts)
    width = look.total - room_for_names(figure, look)
    return {
        "data": {"values": values},
        "width": width,
        "height": {"step": 26},
        "mark": {"type": "rect", "stroke": PAPER[look.theme], "strokeWidth": 1},
        "encoding": {
            "x": {**time_axis(figure, look, width), "timeUnit": "utcyearmonth"},
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": [label for _, label in figure.keys],
                "axis": {
                    "title": None,
                    "ticks": False,
                    "domain": False,
                    "labelLimit": int(room_for_names(figure, look) * NARROWEST),
                    "labelColor": INK[look.theme],
                },
            },
            "color": {
                "field": "y",
                "type": "quantitative",
                "scale": {
                    "type": "symlog",
                    "domain": list(ends),
                    "range": ["#24405f", "#9cc4f5"] if dark else ["#cfe0f3", "#134a8a"],
                },
                "legend": {
                    "title": None,
                    "orient": "top",
                    "gradientLength": SCALE_LENGTH,
                    "gradientThickness": 8,
                    "labelExpr": COUNT_LABELS,
                    "values": scale_values(*ends, figure.unit),
                },
            },
            "tooltip": tooltips(False),
        },
    }
