"""Lines and curves with their bands, their last values named at their ends."""

from __future__ import annotations

from collections.abc import Sequence

from census.charts.bands import (
    DOT,
    band_layers,
    dots,
    flagged_layers,
    hard_band,
    line_layers,
    points_by_key,
    segments_of,
    start_veil,
)
from census.charts.brackets import event_layers, place_milestones, strip_height
from census.charts.ends import end_layers, reach_layer
from census.charts.figures import Figure, Point
from census.charts.parts import (
    Look,
    Spec,
    amount_axis,
    colour_scale,
    fault_layers,
    label_records,
    pointer_targets,
    records,
    time_axis,
    tooltips,
)
from census.charts.scales import amounts_of


def lines_spec(figure: Figure, look: Look) -> Spec:
    """Return lines with their bands, the last value of each named at its end."""
    height = 300 if look.narrow else 380
    placed_milestones = place_milestones(figure, look)
    # What is kept free for milestones is over the highest value.
    amounts = amounts_of(figure).raised(strip_height(placed_milestones), height)
    scale = colour_scale(figure, look.theme)
    amount = amounts.channel()
    x = time_axis(figure, look)
    colour = {"field": "name", "type": "nominal", "scale": scale, "legend": None}
    y = {"field": "y", **amount}
    axis = {**amount_axis(figure, 4 if look.narrow else 5), **amounts.ticks()}
    values = records([point for point in figure.points if not point.flagged], figure.unit)
    banded = any("low" in value and value["low"] != value["high"] for value in values)
    segments = segments_of(figure)
    ends = [
        record
        for points in points_by_key(figure)
        for record in label_records([p for p in points if not p.flagged][-1:], figure.unit)
    ]
    last = max(point.x for point in figure.points)
    ended_earlier = [end for end in ends if end["x"] != last]
    spots = dots(figure)
    early, late = ([p for p in spots if (p.x < figure.start) == before] for before in (True, False))
    layers = [
        *fault_layers(figure, x, look.theme),
        *hard_band(figure, x, amount, colour),
        *band_layers(points_by_key(figure), x, amount, colour),
        *line_layers(segments, figure.estimated, x, {**y, "axis": axis}, colour),
        *dot_layers(figure, early, x, {**y, "axis": axis}, colour),
        *start_veil(figure, look.theme, x),
        *dot_layers(figure, late, x, {**y, "axis": axis}, colour),
        pointer_targets(values, x, y, colour, tooltips(banded, estimated=figure.estimated)),
        *flagged_layers(figure, amounts.ceiling, x, amount, colour),
        *marker_layers(figure, x, amount, scale),
        *event_layers(placed_milestones, look, x, colour),
        *([reach_layer(ended_earlier, look, x, y, colour)] if ended_earlier else []),
        *([] if figure.estimated else [end_dots(ends, x, y, colour)]),
        *end_layers(ends, look, height, amounts, y, colour),
    ]
    return {"width": look.plot, "height": height, "layer": layers}


def dot_layers(
    figure: Figure, points: Sequence[Point], x: Spec, y: Spec, colour: Spec
) -> list[Spec]:
    """Return points as dots; none without any."""
    return [
        {
            "data": {"values": values},
            "mark": {"type": "circle", "size": DOT, "opacity": 1 if figure.estimated else 0.7},
            "encoding": {"x": x, "y": y, "color": colour},
        }
        for values in [records(points, figure.unit)]
        if values
    ]


def end_dots(ends: list[Spec], x: Spec, y: Spec, colour: Spec) -> Spec:
    """Return the last values as dots."""
    return {
        "data": {"values": ends},
        "mark": {"type": "circle", "size": 48, "opacity": 1},
        "encoding": {"x": x, "y": y, "color": colour},
    }


def marker_layers(
    figure: Figure, x: Spec, amount: Spec, scale: Spec, only: tuple[str | None, str] | None = None
) -> list[Spec]:
    """Return open markers for the figures of others, of one key or of all; none without any."""
    names = dict([only] if only else figure.keys)
    values = [
        {**marker, "name": names[marker["key"]]}
        for marker in figure.markers
        if marker["key"] in names
    ]
    if not values:
        return []
    return [
        {
            "data": {"values": values},
            "mark": {"type": "point", "shape": "diamond", "size": 90, "filled": False,
                     "strokeWidth": 2},
            "encoding": {
                "x": x,
                "y": {"field": "y", **amount},
                "color": {"field": "name", "type": "nominal", "scale": scale, "legend": None},
                "tooltip": [
                    {"field": "publisher", "type": "nominal", "title": "Published by"},
                    {"field": "scope", "type": "nominal", "title": "Its scope"},
                    {"field": "y", "type": "quantitative", "title": "Value", "format": ",.4~r"},
                    {"field": "source", "type": "nominal", "title": "Source"},
                ],
            },
        }
    ]  # fmt: skip
