"""Places by month: who is ahead of whom, without how far."""

from __future__ import annotations

from census.charts.brackets import event_layers, placed_events, strip_height
from census.charts.ends import end_layers, reach_layer
from census.charts.figures import Figure
from census.charts.lines import runs
from census.charts.palette import PAPER
from census.charts.parts import (
    Look,
    Spec,
    catcher,
    colour_scale,
    fault_layers,
    named_records,
    records,
    time_axis,
    tooltips,
)

# Months up to which each of them has a circle.
CIRCLES = 30


def ranks_spec(figure: Figure, seen: Look) -> Spec:
    """Return a line through the places of each key, the first place on top."""
    worst = max(point.y for point in figure.points)
    height = int(max(140, worst * (26 if seen.narrow else 34)))
    placed = placed_events(figure, seen)
    domain = (worst + 0.5, 0.5 - strip_height(placed) * worst / height)
    height += strip_height(placed)
    days = sorted({point.x for point in figure.points})
    x = time_axis(figure, seen)
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": list(domain), "nice": False, "zero": False},
    }
    axis = {"title": None, "values": list(range(1, int(worst) + 1)), "format": "d",
            "domain": False, "ticks": False, "grid": True, "labelPadding": 12}  # fmt: skip
    colour: Spec = {"field": "name", "type": "nominal", "scale": colour_scale(figure, seen.theme),
                    "legend": None}  # fmt: skip
    grouped = [[p for p in figure.points if (p.key, p.label) == key] for key in figure.keys]
    segments = [record for points in grouped for record in runs(points, figure.unit)]
    ends = [record for points in grouped for record in named_records(points[-1:], figure.unit)]
    named = [{**end, "text": f"{end['said']} {end['name']}"} for end in ends]
    starts = [record for points in grouped for record in records(points[:1], figure.unit)]
    tips = tooltips(True, ("Best", "Worst"))
    inner = [end for end in ends if end["x"] != days[-1]]
    values = records(figure.points, figure.unit)
    spots = values if len(days) <= CIRCLES else [*starts, *ends]
    layers = [
        *fault_layers(figure, x, seen.theme),
        *(
            {
                "data": {"values": [one for one in segments if one["style"] == style]},
                "mark": {"type": "line", "strokeWidth": 3.5, "strokeDash": dash,
                         "strokeCap": "round", "interpolate": "monotone"},
                "encoding": {"x": x, "y": {**y, "axis": axis}, "color": colour,
                             "detail": {"field": "run"}},
            }
            for style, dash in (("dotted", [0.5, 6]), ("solid", [1, 0]))
        ),
        {
            "data": {"values": spots},
            "mark": {"type": "circle", "size": 110, "opacity": 1, "stroke": PAPER[seen.theme],
                     "strokeWidth": 1.5},
            "encoding": {"x": x, "y": y, "color": colour},
        },
        *event_layers(placed, seen, x, colour),
        catcher(values, x, y, colour, tips),
        *([reach_layer(inner, seen, x, y, colour)] if inner else []),
        *end_layers(named, seen, height, domain, y, colour),
    ]  # fmt: skip
    return {"width": seen.plot, "height": height, "layer": layers}
