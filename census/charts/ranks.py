"""Ranks by month."""

from __future__ import annotations

from collections.abc import Sequence

from census.charts.bands import points_by_key, runs, start_veil
from census.charts.brackets import event_layers, place_milestones, strip_height
from census.charts.ends import end_layers, reach_layer
from census.charts.figures import Figure, Point
from census.charts.palette import PAPER
from census.charts.parts import (
    Look,
    Spec,
    colour_scale,
    fault_layers,
    label_records,
    pointer_targets,
    records,
    time_axis,
    tooltips,
)
from census.charts.scales import Amounts

# Months up to which each of them has a circle.
CIRCLES = 30
DASHES = {"dotted": [0.5, 6], "solid": [1, 0]}


def ranks_spec(figure: Figure, look: Look) -> Spec:
    """Return a line through the ranks of each key, the first on top.

    Of estimates only places that hold in nearly all draws are drawn: elsewhere there is a gap.
    """
    worst = max(point.y for point in figure.points)
    height = int(max(140, worst * (26 if look.narrow else 34)))
    placed_milestones = place_milestones(figure, look)
    domain = (worst + 0.5, 0.5 - strip_height(placed_milestones) * worst / height)
    height += strip_height(placed_milestones)
    days = sorted({point.x for point in figure.points})
    x = time_axis(figure, look)
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": list(domain), "nice": False, "zero": False},
    }
    axis = {"title": None, "values": list(range(1, int(worst) + 1)), "format": "d",
            "domain": False, "ticks": False, "grid": True, "labelPadding": 12}  # fmt: skip
    colour: Spec = {"field": "name", "type": "nominal", "scale": colour_scale(figure, look.theme),
                    "legend": None}  # fmt: skip
    series = drawn_places(figure)
    joined = [stretch for points in series for stretch in unbroken_runs(points, days)]
    segments = segments_of_places(figure)
    ends = [record for points in series for record in label_records(points[-1:], figure.unit)]
    labelled = [{**end, "text": f"{end['said']} {end['name']}"} for end in ends]
    edges = [edge for points in joined for edge in (points[0], points[-1])]
    tips = tooltips(True, ("Best", "Worst"))
    if figure.estimated:
        tips.insert(3, {"field": "holds", "type": "nominal", "title": "Holds in"})
    ended_earlier = [end for end in ends if end["x"] != days[-1]]
    values = [record for points in series for record in place_records(points, figure.unit)]
    spots = values if len(days) <= CIRCLES else records(edges, figure.unit)
    layers = [
        *fault_layers(figure, x, look.theme),
        *(
            {
                "data": {"values": [segment for segment in segments if segment["style"] == style]},
                "mark": {"type": "line", "strokeWidth": 3.5, "strokeDash": dash,
                         "strokeCap": "round", "interpolate": "monotone"},
                "encoding": {"x": x, "y": {**y, "axis": axis}, "color": colour,
                             "detail": {"field": "run"}},
            }
            for style, dash in DASHES.items()
        ),
        {
            "data": {"values": spots},
            "mark": {"type": "circle", "size": 60 if look.narrow else 110, "opacity": 1,
                     "stroke": PAPER[look.theme], "strokeWidth": 1.5},
            "encoding": {"x": x, "y": y, "color": colour},
        },
        *start_veil(figure, look.theme, x),
        *event_layers(placed_milestones, look, x, colour),
        pointer_targets(values, x, y, colour, tips),
        *([reach_layer(ended_earlier, look, x, y, colour)] if ended_earlier else []),
        *end_layers(labelled, look, height, Amounts(*domain), y, colour),
    ]  # fmt: skip
    return {"width": look.plot, "height": height, "layer": layers}


def drawn_places(figure: Figure) -> list[list[Point]]:
    """Return the places that are drawn of each key: those of estimates only if very likely."""
    return [
        [point for point in points if not (point.rests_on and point.wide)]
        for points in points_by_key(figure)
    ]


def segments_of_places(figure: Figure) -> list[Spec]:
    """Return the line segments of places, with gaps where a place is not told."""
    days = sorted({point.x for point in figure.points})
    return [
        record
        for points in drawn_places(figure)
        for stretch in unbroken_runs(points, days)
        if len(stretch) > 1
        for record in place_runs(stretch)
    ]


def place_runs(points: Sequence[Point]) -> list[Spec]:
    """Return the segments of a stretch: a place that is very likely is as firm as a counted one."""
    style_of = {"dashed": "solid"}
    return [
        {**segment, "style": style_of.get(segment["style"], segment["style"])}
        for segment in runs(points)
    ]


def unbroken_runs(points: Sequence[Point], days: Sequence[str]) -> list[list[Point]]:
    """Return the points of a key in stretches of days without a gap.

    Of the days 1, 2, 3, 4 a key with places on 1, 2 and 4 has the stretches 1, 2 and 4.
    """
    number_of_day = {day: number for number, day in enumerate(days)}
    stretches: list[list[Point]] = []
    for point in points:
        follows = stretches and number_of_day[point.x] == number_of_day[stretches[-1][-1].x] + 1
        if follows or (stretches and not point.rests_on):
            stretches[-1].append(point)
        else:
            stretches.append([point])
    return stretches


def place_records(points: Sequence[Point], unit: str) -> list[Spec]:
    """Return places as data; `holds` is in how many of the draws each holds."""
    return [
        {
            **record,
            "p_place": point.p_place,
            "holds": "" if point.p_place is None else f"{100 * point.p_place:.0f}% of draws",
        }
        for point, record in zip(points, records(points, unit), strict=True)
    ]
