"""The small charts of social cards, one way for each kind."""

from __future__ import annotations

import math

from census.base.numbers import month_words, quantity
from census.base.speech import BOUNDS
from census.charts.ages import with_numeric_x
from census.charts.areas import hatching, stack, veils
from census.charts.bands import (
    DASHES,
    band_layers,
    dots,
    hard_band,
    points_by_key,
    segments_of,
)
from census.charts.bars import distinct_names, fitted_name
from census.charts.card_words import (
    BAR_ROOM,
    BOTTOM,
    LEFT,
    MARGIN,
    RIGHT,
    ROOM,
    THEME,
    TOP,
    text_layer,
)
from census.charts.figures import Figure, highest
from census.charts.map import LAND, circles_of, land_pixels
from census.charts.palette import ALONE_COLOUR, GRID, INK, MUTED, PAPER, colours
from census.charts.parts import Look, Spec, colour_scale, label_value, records
from census.charts.ranks import drawn_places, segments_of_places

BARS = 6
# Bands of more series than this would hide each other.
BANDS = 3


def layers_of(figure: Figure) -> list[Spec]:
    """Return the chart of a figure that has points."""
    make_layers = {
        "bars": bar_layers,
        "dots": bar_layers,
        "map": map_layers,
        "columns": column_layers,
        "shares": column_layers,
        "grid": grid_layers,
        "areas": area_layers,
    }.get(figure.kind, line_layers)
    return make_layers(figure)


def time_scale(figure: Figure) -> Spec:
    """Return the x channel of days, or of ages, across the card's chart.

    Days 2026-01-31 to 2026-09-05 → that domain in UTC; ages up to 200 → 0 to 200; neither labelled.
    """
    if figure.kind == "ages":
        scale = {"domain": [0, max(float(point.x) for point in figure.points)], "nice": False}
        return {"field": "x", "type": "quantitative", "axis": None,
                "scale": {**scale, "range": [LEFT, RIGHT]}}  # fmt: skip
    days = sorted({point.x for point in figure.points})
    return {
        "field": "x",
        "type": "temporal",
        "axis": None,
        "scale": {"type": "utc", "domain": [days[0], days[-1]], "range": [LEFT, RIGHT]},
    }


def frame_layers(figure: Figure) -> list[Spec]:
    """Return the floor of a chart over time or age, and where it begins and ends."""
    first, last = span(figure)
    floor: Spec = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "x": LEFT, "x2": RIGHT, "y": BOTTOM, "y2": BOTTOM,
                 "color": GRID[THEME]},
        "encoding": {},
    }  # fmt: skip
    ends = [text_layer(first, LEFT, BOTTOM + 15, 11, MUTED[THEME])]
    if last != first:
        ends.append(text_layer(last, RIGHT, BOTTOM + 15, 11, MUTED[THEME], align="right"))
    return [floor, *ends]


def span(figure: Figure) -> tuple[str, str]:
    """Return the first and the last month, or age, in words."""
    if figure.kind == "ages":
        return "release", f"{max(int(point.x) for point in figure.points)} days"
    days = sorted({point.x for point in figure.points})
    return month_words(days[0]), month_words(days[-1])


def with_numeric_ages(figure: Figure, values: list[Spec]) -> list[Spec]:
    """Return data whose place on the axis is a number where it is an age."""
    if figure.kind != "ages":
        return values
    return with_numeric_x(values)


def area_layers(figure: Figure) -> list[Spec]:
    """Return stacked areas, pale or hatched as the chart itself has them."""
    days, values = stack(figure)
    top = max(value["top"] for value in values) or 1.0
    x = time_scale(figure)
    x["scale"] = {"type": "utc", "domain": [days[0], days[-1]], "range": [LEFT, RIGHT]}
    y: Spec = {"type": "quantitative", "axis": None,
               "scale": {"domain": [0, top], "range": [BOTTOM, TOP]}}  # fmt: skip
    areas: Spec = {
        "data": {"values": values},
        "mark": {"type": "area", "stroke": PAPER[THEME], "strokeWidth": 0.7, "opacity": 1},
        "encoding": {
            "x": x,
            "y": {"field": "bottom", **y},
            "y2": {"field": "top"},
            "color": {"field": "name", "type": "nominal", "legend": None,
                      "scale": colour_scale(figure, THEME)},
        },
    }  # fmt: skip
    pale = [
        {**veil, "mark": {**veil["mark"], "y": TOP, "y2": BOTTOM}}
        for veil in veils(figure, THEME, x)
    ]
    look = Look(THEME, RIGHT - LEFT, RIGHT - LEFT, True)
    hatched = hatching(figure, look, BOTTOM - TOP, x, {**y, "field": "y"}, top)
    return [areas, *pale, *hatched, *frame_layers(figure)]


def map_layers(figure: Figure) -> list[Spec]:
    """Return the world with a circle for each country."""
    look = Look(THEME, 0, RIGHT - LEFT + 16, True)
    left, top = LEFT - 4, TOP
    shape = {"type": "Polygon", "coordinates": land_pixels(look.total)}
    world: Spec = {
        "data": {"values": [{"type": "Feature", "geometry": shape}]},
        "projection": {"type": "identity", "scale": 1, "translate": [left, top]},
        "mark": {"type": "geoshape", "fill": LAND[THEME], "stroke": None},
    }
    most = max(point.y for point in figure.points) or 1.0
    colour_of = colours([key for key, _ in figure.keys], figure.dimension, THEME)
    circles: list[Spec] = [
        {
            "data": {"values": [{}]},
            "mark": {"type": "point", "filled": True, "opacity": 1, "x": circle.x + left,
                     "y": circle.y + top, "size": math.pi * circle.radius**2,
                     "color": colour_of[circle.point.key], "stroke": PAPER[THEME],
                     "strokeWidth": 0.7},
        }
        for circle in circles_of(figure.points, most, look)
    ]  # fmt: skip
    return [world, *circles]


def line_layers(figure: Figure) -> list[Spec]:
    """Return lines over their bands, broken where they are not firm."""
    floor, top = 0.0, highest(figure) or 1.0
    if figure.kind == "ranks":
        floor, top = max(point.y for point in figure.points) + 0.5, 0.5
    elif figure.unit != "%" and len(figure.keys) > 1 and not figure.estimated:
        # Bands of many counts would push the lines to the floor.
        top = max(point.y for point in figure.points) or 1.0
    x = time_scale(figure)
    scale = {"domain": [floor, top], "range": [BOTTOM, TOP], "clamp": True, "zero": False}
    amount: Spec = {"type": "quantitative", "axis": None, "scale": scale}
    colour: Spec = {"field": "name", "type": "nominal", "legend": None}
    colour["scale"] = colour_scale(figure, THEME)
    layers: list[Spec] = []
    if figure.kind != "ranks":
        aged = with_numeric_x if figure.kind == "ages" else list
        hard = hard_band(figure, x, amount, colour) if len(figure.keys) <= BANDS else []
        layers += [
            {**record, "data": {"values": aged(record["data"]["values"])}} for record in hard
        ]
        layers += band_layers(points_by_key(figure), x, amount, colour, aged)
        segments = segments_of(figure)
        spots = dots(figure) if figure.estimated or not segments else []
    else:
        segments = segments_of_places(figure)
        spots = [point for points in drawn_places(figure) for point in points[-1:]]
    y = {"field": "y", **amount}
    layers += [
        {
            "data": {
                "values": [
                    line for line in with_numeric_ages(figure, segments) if line["style"] == style
                ]
            },
            "mark": {"type": "line", "strokeWidth": 1.6 if dash == DASHES["dashed"] else 2.5,
                     "strokeDash": dash},
            "encoding": {"x": x, "y": y, "color": colour,
                         "detail": {"field": "run", "type": "nominal"}},
        }
        for style, dash in DASHES.items()
    ]  # fmt: skip
    if spots:
        layers.append(
            {
                "data": {"values": with_numeric_ages(figure, records(spots, figure.unit))},
                "mark": {"type": "circle", "size": 45, "opacity": 0.9},
                "encoding": {"x": x, "y": y, "color": colour},
            }
        )
    names = name_layers(figure) if figure.kind == "ages" else []
    return [*frame_layers(figure), *layers, *names]


def name_layers(figure: Figure) -> list[Spec]:
    """Return the names of curves over age, none of whose last counts is certain enough to be told.

    Certain ones are told with their names.
    """
    ends = [[p for p in figure.points if (p.key, p.label) == key][-1] for key in figure.keys]
    if not all(end.wide for end in ends):
        return []
    colour_of = colours([key for key, _ in figure.keys], figure.dimension, THEME)
    return [
        text_layer(
            fitted_name(label, ROOM, 13), MARGIN, 126 + place * 21, 13, colour_of[key], bold=True
        )
        for place, (key, label) in enumerate(figure.keys[:7])
        if label
    ]


def bar_layers(figure: Figure) -> list[Spec]:
    """Return the first bars with their names and values."""
    points = [point for point in figure.points if not point.flagged][:BARS]
    step = (BOTTOM + 14 - TOP) / BARS
    start, room = LEFT + 118, RIGHT - LEFT - 118 - 46
    top = max(point.y for point in points) or 1.0
    colour_of = colours([key for key, _ in figure.keys], figure.dimension, THEME)
    names = distinct_names([point.x for point in points], BAR_ROOM, 12)
    layers = []
    for place, point in enumerate(points):
        y = TOP + place * step
        length = max(1.0, room * point.y / top)
        colour = colour_of.get(point.key, ALONE_COLOUR[THEME])
        hollow = {"fill": PAPER[THEME], "stroke": colour, "strokeWidth": 1.5}
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {"type": "rect", "x": start, "x2": start + length, "y": y,
                         "y2": y + step * 0.68, "cornerRadius": 2,
                         **(hollow if point.rests_on == BOUNDS else {"color": colour})},
            }
        )  # fmt: skip
        middle = y + step * 0.5
        layers.append(text_layer(names[place], start - 7, middle, 12, INK[THEME], align="right"))
        value = (
            label_value(point, figure.unit) if point.rests_on else quantity(point.y, figure.unit)
        )
        layers.append(text_layer(value, start + length + 5, middle, 12, INK[THEME]))
    return layers


def column_layers(figure: Figure) -> list[Spec]:
    """Return stacked columns by month, the keys' names beside them."""
    months = sorted({point.x[:7] for point in figure.points})
    values = [{**record, "x": record["x"][:7]} for record in records(figure.points, figure.unit)]
    filled = figure.kind == "shares"
    totals = [sum(p.y for p in figure.points if p.x[:7] == month) for month in months]
    top = 1 if filled else max(totals) or 1
    chart: Spec = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "x", "type": "ordinal", "axis": None,
                  "scale": {"domain": months, "range": [LEFT, RIGHT], "padding": 0.15}},
            "y": {"field": "y", "type": "quantitative", "axis": None,
                  "stack": "normalize" if filled else True,
                  "scale": {"domain": [0, top], "range": [BOTTOM, TOP]}},
            "color": {"field": "name", "type": "nominal", "legend": None,
                      "scale": colour_scale(figure, THEME)},
        },
    }  # fmt: skip
    colour_of = colours([key for key, _ in figure.keys], figure.dimension, THEME)
    names = [
        text_layer(
            fitted_name(label, ROOM, 13), MARGIN, 126 + place * 21, 13, colour_of[key], bold=True
        )
        for place, (key, label) in enumerate(figure.keys[:7])
    ]
    return [*frame_layers(figure), chart, *names]


def grid_layers(figure: Figure) -> list[Spec]:
    """Return a grid of months and rows, darker where there was more."""
    months = sorted({point.x[:7] for point in figure.points})
    labels = [label for _, label in figure.keys][:BARS]
    values = [
        {**record, "x": record["x"][:7]}
        for record in records(figure.points, figure.unit)
        if record["name"] in labels
    ]
    chart: Spec = {
        "data": {"values": values},
        "mark": {"type": "rect", "stroke": PAPER[THEME], "strokeWidth": 1},
        "encoding": {
            "x": {"field": "x", "type": "ordinal", "axis": None,
                  "scale": {"domain": months, "range": [LEFT, RIGHT]}},
            "y": {"field": "name", "type": "ordinal", "axis": None,
                  "scale": {"domain": labels, "range": [TOP, BOTTOM]}},
            "color": {"field": "y", "type": "quantitative", "legend": None,
                      "scale": {"type": "symlog", "range": ["#cfe0f3", "#134a8a"]}},
        },
    }  # fmt: skip
    step = (BOTTOM - TOP) / max(1, len(labels))
    names = [
        text_layer(fitted_name(label, ROOM, 12), LEFT - 8, TOP + step * (place + 0.6), 12,
                   INK[THEME], align="right")
        for place, label in enumerate(labels)
    ]  # fmt: skip
    return [*frame_layers(figure), chart, *names]
