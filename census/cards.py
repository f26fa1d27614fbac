"""Social cards: a title, its numbers and a small chart in 1200×630 pixels."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from census.chart_lines import runs
from census.chart_parts import FONT, Spec, colour_scale, records
from census.chart_render import PNG_SCALE
from census.chart_specs import SCHEMA, fitted
from census.figures import Figure, Point
from census.numbers import day_words, month_words, quantity
from census.palette import ALONE_COLOUR, GRID, INK, MUTED, PAPER, colours

# What link previews of the large sites show whole (1.91 to 1), drawn at twice this size.
WIDTH, HEIGHT = 600, 315
THEME = "light"
# Where the chart is on the card: left, right, top and bottom in pixels.
LEFT, RIGHT, TOP, BOTTOM = 268, 572, 106, 262
MARGIN = 28
NUMBERS = 3
BARS = 6
TITLE_LETTERS = 44
NAME_LETTERS = 17


def card_text(figure: Figure, title: str, through: str) -> str:
    """Return the specification of a card as JSON."""
    return json.dumps(card_spec(figure, title, through), ensure_ascii=False)


def card_spec(figure: Figure, title: str, through: str) -> Spec:
    """Return the Vega-Lite specification of a card; `through` is an ISO day or empty."""
    chart = {
        "bars": bar_layers,
        "columns": column_layers,
        "grid": grid_layers,
    }.get(figure.kind, line_layers)
    if not figure.points:
        through = ""
    day = f"Data through {day_words(through)} · " if through else ""
    layers = [
        words("Open Model Census", MARGIN, 34, 13, MUTED[THEME], bold=True),
        words(textwrap.wrap(title, TITLE_LETTERS)[:2], MARGIN, 62, 22, INK[THEME], bold=True),
        words(f"{day}Downloads from the Hugging Face Hub · CC BY 4.0", MARGIN, 299, 11.5,
              MUTED[THEME]),
        *number_layers(figure),
        *(chart(figure) if figure.points else [none_layer()]),
    ]  # fmt: skip
    return {
        "$schema": SCHEMA,
        "background": PAPER[THEME],
        "width": WIDTH,
        "height": HEIGHT,
        "padding": 0,
        "autosize": {"type": "none"},
        "config": {"font": FONT, "view": {"stroke": None}},
        "layer": layers,
    }


def words(
    text: str | list[str],
    x: float,
    y: float,
    size: float,
    colour: str,
    bold: bool = False,
    align: str = "left",
) -> Spec:
    """Return a text at a place of the card."""
    return {
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "text": text,
            "x": x,
            "y": y,
            "align": align,
            "baseline": "alphabetic",
            "fontSize": size,
            "lineHeight": size * 1.22,
            "fontWeight": "bold" if bold else "normal",
            "color": colour,
        },
    }


def none_layer() -> Spec:
    """Return what a card says where there is nothing to draw."""
    return words("No counted downloads yet", MARGIN, 150, 17, MUTED[THEME])


def numbers_of(figure: Figure) -> list[Point]:
    """Return the values that a card names: the largest, last ones that are certain enough."""
    if not figure.points:
        return []
    if figure.kind == "bars":
        said: Sequence[Point] = figure.points
    elif figure.kind in ("columns", "grid"):
        return []
    else:
        last = max(point.x for point in figure.points)
        order = {key: place for place, key in enumerate(figure.keys)}
        said = sorted(
            (point for point in figure.points if point.x == last),
            key=lambda point: order[point.key, point.label],
        )
    return [point for point in said if not point.wide][:NUMBERS]


def number_layers(figure: Figure) -> list[Spec]:
    """Return the numbers of a card, each over its name, in the colours of the chart."""
    chosen = colours([key for key, _ in figure.keys], figure.dimension, THEME)
    layers = []
    for place, point in enumerate(numbers_of(figure)):
        name = point.x if figure.kind == "bars" else point.label if len(chosen) > 1 else ""
        y = 136 + place * 54
        colour = chosen.get(point.key, INK[THEME])
        layers.append(words(quantity(point.y, figure.unit), MARGIN, y, 29, colour, bold=True))
        what = name or figure.unit
        layers.append(words(fitted(what, 30), MARGIN, y + 17, 12.5, INK[THEME]))
    return layers


def time_scale(figure: Figure) -> Spec:
    """Return the x channel of days across the card's chart."""
    days = sorted({point.x for point in figure.points})
    return {
        "field": "x",
        "type": "temporal",
        "axis": None,
        "scale": {"type": "utc", "domain": [days[0], days[-1]], "range": [LEFT, RIGHT]},
    }


def frame_layers(figure: Figure) -> list[Spec]:
    """Return the floor of a chart over time and its first and last month."""
    days = sorted({point.x for point in figure.points})
    floor: Spec = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "x": LEFT, "x2": RIGHT, "y": BOTTOM, "y2": BOTTOM,
                 "color": GRID[THEME]},
        "encoding": {},
    }  # fmt: skip
    ends = [words(month_words(days[0]), LEFT, BOTTOM + 15, 11, MUTED[THEME])]
    if days[0][:7] != days[-1][:7]:
        ends.append(
            words(month_words(days[-1]), RIGHT, BOTTOM + 15, 11, MUTED[THEME], align="right")
        )
    return [floor, *ends]


def line_layers(figure: Figure) -> list[Spec]:
    """Return lines over their bands, dotted where they are too uncertain to be quoted."""
    top = max(max(point.y, point.high or 0) for point in figure.points) or 1.0
    if figure.unit != "%" and len(figure.keys) > 1:
        # Bands of many counts would push the lines to the floor.
        top = max(point.y for point in figure.points) or 1.0
    x = time_scale(figure)
    scale = {"domain": [0, top], "range": [BOTTOM, TOP], "clamp": True}
    amount: Spec = {"type": "quantitative", "axis": None, "scale": scale}
    colour: Spec = {"field": "name", "type": "nominal", "legend": None}
    colour["scale"] = colour_scale(figure, THEME)
    layers: list[Spec] = []
    if len(figure.keys) <= NUMBERS:
        layers.append(
            {
                "data": {"values": records(figure.points, figure.unit)},
                "mark": {"type": "area", "opacity": 0.16},
                "encoding": {"x": x, "y": {"field": "low", **amount}, "y2": {"field": "high"},
                             "color": colour},
            }
        )  # fmt: skip
    if figure.kind == "curve" and len(figure.keys) > 1:
        # Observations of several sources are facts of days: nothing is drawn between them.
        points: Spec = {
            "data": {"values": records(figure.points, figure.unit)},
            "mark": {"type": "circle", "size": 45, "opacity": 0.8},
            "encoding": {"x": x, "y": {"field": "y", **amount}, "color": colour},
        }
        return [*frame_layers(figure), points]
    segments = [
        record
        for key in figure.keys
        for record in runs([p for p in figure.points if (p.key, p.label) == key], figure.unit)
    ]
    for style, dash in (("dotted", [2, 3]), ("solid", [1, 0])):
        layers.append(
            {
                "data": {"values": [one for one in segments if one["style"] == style]},
                "mark": {"type": "line", "strokeWidth": 2.5, "strokeDash": dash},
                "encoding": {"x": x, "y": {"field": "y", **amount}, "color": colour,
                             "detail": {"field": "run", "type": "nominal"}},
            }
        )  # fmt: skip
    return [*frame_layers(figure), *layers]


def bar_layers(figure: Figure) -> list[Spec]:
    """Return the first bars with their names and values."""
    points = figure.points[:BARS]
    step = (BOTTOM + 14 - TOP) / BARS
    start, room = LEFT + 118, RIGHT - LEFT - 118 - 46
    top = max(point.y for point in points) or 1.0
    chosen = colours([key for key, _ in figure.keys], figure.dimension, THEME)
    layers = []
    for place, point in enumerate(points):
        y = TOP + place * step
        length = max(1.0, room * point.y / top)
        colour = chosen.get(point.key, ALONE_COLOUR[THEME])
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {"type": "rect", "x": start, "x2": start + length, "y": y,
                         "y2": y + step * 0.68, "color": colour, "cornerRadius": 2},
            }
        )  # fmt: skip
        middle = y + step * 0.5
        name = fitted(point.x, NAME_LETTERS)
        layers.append(words(name, start - 7, middle, 12, INK[THEME], align="right"))
        said = quantity(point.y, figure.unit)
        layers.append(words(said, start + length + 5, middle, 12, INK[THEME]))
    return layers


def column_layers(figure: Figure) -> list[Spec]:
    """Return stacked columns by month, the keys' names beside them."""
    months = sorted({point.x[:7] for point in figure.points})
    values = [{**one, "x": one["x"][:7]} for one in records(figure.points, figure.unit)]
    totals = [sum(p.y for p in figure.points if p.x[:7] == month) for month in months]
    chart: Spec = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "x", "type": "ordinal", "axis": None,
                  "scale": {"domain": months, "range": [LEFT, RIGHT], "padding": 0.15}},
            "y": {"field": "y", "type": "quantitative", "stack": True, "axis": None,
                  "scale": {"domain": [0, max(totals) or 1], "range": [BOTTOM, TOP]}},
            "color": {"field": "name", "type": "nominal", "legend": None,
                      "scale": colour_scale(figure, THEME)},
        },
    }  # fmt: skip
    chosen = colours([key for key, _ in figure.keys], figure.dimension, THEME)
    names = [
        words(fitted(label, 30), MARGIN, 126 + place * 21, 13, chosen[key], bold=True)
        for place, (key, label) in enumerate(figure.keys[:7])
    ]
    return [*frame_layers(figure), chart, *names]


def grid_layers(figure: Figure) -> list[Spec]:
    """Return a grid of months and rows, darker where there was more."""
    months = sorted({point.x[:7] for point in figure.points})
    labels = [label for _, label in figure.keys][:BARS]
    values = [
        {**one, "x": one["x"][:7]}
        for one in records(figure.points, figure.unit)
        if one["name"] in labels
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
        words(fitted(label, 30), LEFT - 8, TOP + step * (place + 0.6), 12, INK[THEME],
              align="right")
        for place, label in enumerate(labels)
    ]  # fmt: skip
    return [*frame_layers(figure), chart, *names]


def card_pixels() -> tuple[int, int]:
    """Return the width and height of a card's image."""
    return round(WIDTH * PNG_SCALE), round(HEIGHT * PNG_SCALE)
