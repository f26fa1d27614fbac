"""Stacked columns of months, and grids of months and rows."""

from __future__ import annotations

from census.charts.bars import name_legend, room_for_names
from census.charts.figures import Figure
from census.charts.lettering import NARROWEST
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


def columns_spec(figure: Figure, seen: Look) -> Spec:
    """Return stacked columns by month with a legend in the order of the stack.

    Of kind `shares` they fill the height, so that a month with few shows as much as one with many.
    """
    filled = figure.kind == "shares"
    axis = amount_axis(figure, 5)
    scale = colour_scale(figure, seen.theme)
    order = {label: place for place, (_, label) in enumerate(figure.keys)}
    values = [
        {**record, "x": record["x"][:7] + "-01", "order": order[record["name"]]}
        for record in records(figure.points, figure.unit)
    ]
    return {
        "data": {"values": values},
        "width": seen.total - 40,
        "height": 260 if seen.narrow else 340,
        "mark": {"type": "bar"},
        "encoding": {
            "x": {**time_axis(figure, seen), "timeUnit": "utcyearmonth", "bandPosition": 0.5},
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
                "legend": name_legend(figure, seen),
            },
            "order": {"field": "order", "sort": "ascending"},
            "tooltip": tooltips(False),
        },
    }


def grid_spec(figure: Figure, seen: Look) -> Spec:
    """Return a grid of months and sources, darker where more was seen."""
    values = [
        {**record, "x": record["x"][:7] + "-01"} for record in records(figure.points, figure.unit)
    ]
    dark = seen.theme == "dark"
    return {
        "data": {"values": values},
        "width": seen.total - room_for_names(figure, seen),
        "height": {"step": 26},
        "mark": {"type": "rect", "stroke": PAPER[seen.theme], "strokeWidth": 1},
        "encoding": {
            "x": {**time_axis(figure, seen), "timeUnit": "utcyearmonth"},
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": [label for _, label in figure.keys],
                "axis": {
                    "title": None,
                    "ticks": False,
                    "domain": False,
                    "labelLimit": int(room_for_names(figure, seen) * NARROWEST),
                    "labelColor": INK[seen.theme],
                },
            },
            "color": {
                "field": "y",
                "type": "quantitative",
                "scale": {
                    "type": "symlog",
                    "range": ["#24405f", "#9cc4f5"] if dark else ["#cfe0f3", "#134a8a"],
                },
                "legend": {
                    "title": None,
                    "orient": "top",
                    "gradientLength": 180,
                    "gradientThickness": 8,
                    "labelExpr": COUNT_LABELS,
                    "tickCount": 4,
                },
            },
            "tooltip": tooltips(False),
        },
    }
