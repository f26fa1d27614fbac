"""Lines and curves with their bands, their last values named at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from census.charts.brackets import event_layers, placed_events, strip_height
from census.charts.ends import end_layers, reach_layer
from census.charts.figures import Figure, Point, has_band
from census.charts.parts import (
    Look,
    Spec,
    amount_axis,
    catcher,
    colour_scale,
    fault_layers,
    named_records,
    records,
    time_axis,
    tooltips,
)


def lines_spec(figure: Figure, seen: Look) -> Spec:
    """Return lines with their bands, the last value of each named at its end."""
    height = 300 if seen.narrow else 380
    highest = max(max(point.y, point.high or 0) for point in figure.points)
    highest = max([highest, *(float(marker["y"]) for marker in figure.markers)])
    top = nice_top(highest, figure.unit == "%")
    placed = placed_events(figure, seen)
    # What is kept free for milestones is over the highest value.
    top *= height / (height - strip_height(placed))
    scale = colour_scale(figure, seen.theme)
    amount = {"scale": {"domain": [0, top], "nice": False}, "type": "quantitative"}
    x = time_axis(figure, seen)
    colour = {"field": "name", "type": "nominal", "scale": scale, "legend": None}
    grouped = [[p for p in figure.points if (p.key, p.label) == key] for key in figure.keys]
    banded = [p for p in figure.points if has_band(p)]
    many = len(grouped) > 3 and any(p.wide for p in figure.points)
    if figure.kind == "curve" and len(figure.keys) > 1:
        # Observations of several sources are facts of days: nothing is drawn between them.
        grouped_lines: list[list[Point]] = []
    else:
        grouped_lines = grouped
    segments = [record for points in grouped_lines for record in runs(points, figure.unit)]
    layers = fault_layers(figure, x, seen.theme)
    if banded:
        layers.append(
            {
                "data": {"values": records(figure.points, figure.unit)},
                "mark": {"type": "area", "opacity": 0.1 if many else 0.16, "line": False},
                "encoding": {
                    "x": x,
                    "y": {"field": "low", **amount},
                    "y2": {"field": "high"},
                    "color": colour,
                },
            }
        )
    for style, dash in (("dotted", [2, 3]), ("solid", [1, 0])):
        layers.append(
            {
                "data": {"values": [record for record in segments if record["style"] == style]},
                "mark": {"type": "line", "strokeWidth": 2.25, "strokeDash": dash},
                "encoding": {
                    "x": x,
                    "y": {
                        "field": "y",
                        **amount,
                        "axis": amount_axis(figure, 4 if seen.narrow else 5),
                    },
                    "color": colour,
                    "detail": {"field": "run"},
                },
            }
        )
    y = {"field": "y", **amount}
    values = records(figure.points, figure.unit)
    if len(values) <= 60 or not segments:
        layers.append(
            {
                "data": {"values": values},
                "mark": {"type": "circle", "size": 40},
                "encoding": {"x": x, "y": y, "color": colour},
            }
        )
    layers.append(catcher(values, x, y, colour, tooltips(bool(banded))))
    layers.extend(marker_layers(figure, x, amount, scale))
    layers.extend(event_layers(placed, seen, x, colour))
    ends = [record for points in grouped for record in named_records(points[-1:], figure.unit)]
    last = max(point.x for point in figure.points)
    inner = [end for end in ends if end["x"] != last]
    if inner:
        layers.append(reach_layer(inner, seen, x, y, colour))
    layers.append(
        {
            "data": {"values": ends},
            "mark": {"type": "circle", "size": 48, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour},
        }
    )
    layers.extend(end_layers(ends, seen, height, (0.0, top), y, colour))
    return {"width": seen.plot, "height": height, "layer": layers}


def runs(points: Sequence[Point], unit: str) -> list[Spec]:
    """Return line segments: runs of certain or uncertain months, joined at their ends.

    A month is joined to the one before by a dotted piece if either of them is uncertain.
    """
    segments: list[tuple[str, list[Point]]] = []
    for before, after in pairwise(points):
        style = "dotted" if before.wide or after.wide else "solid"
        if segments and segments[-1][0] == style:
            segments[-1][1].append(after)
        else:
            segments.append((style, [before, after]))
    if len(points) == 1:
        segments = [("solid", list(points))]
    found = []
    for number, (style, members) in enumerate(segments):
        for record in records(members, unit):
            found.append({**record, "style": style, "run": f"{record['name']} {number}"})
    return found


def nice_top(highest: float, percent: bool) -> float:
    """Return a round end of an axis that is not below the highest value."""
    if percent and highest > 70:
        return 100.0
    step = 1.0
    while step * 10 <= highest:
        step *= 10
    while step > highest > 0:
        step /= 10
    for factor in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10):
        if step * factor >= highest:
            return step * factor
    return step * 10


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
                    {"field": "y", "type": "quantitative", "title": "Value", "format": ",.4~r"},
                    {"field": "source", "type": "nominal", "title": "Source"},
                ],
            },
        }
    ]  # fmt: skip
