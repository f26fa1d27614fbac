"""Thumbnails: a figure without words, small enough for a page with all of them."""

from __future__ import annotations

from collections.abc import Sequence

from census.charts.ages import with_numeric_x
from census.charts.areas import stack, veils
from census.charts.bands import band_layers, dots, points_by_key, segments_of
from census.charts.figures import Figure, Point
from census.charts.palette import GRID, PAPER
from census.charts.parts import Spec, colour_scale, records
from census.charts.ranks import segments_of_places
from census.questions.question_files import RANKED

WIDTH, HEIGHT, MARGIN = 256, 144, 12
# More bars than this cannot be told apart at this size.
BARS = 9


def thumb_spec(figure: Figure, theme: str) -> Spec:
    """Return the specification of a thumbnail: the shape of a figure, in its colours."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": figure.alt,
        "background": PAPER[theme],
        "width": WIDTH - 2 * MARGIN,
        "height": HEIGHT - 2 * MARGIN,
        "padding": MARGIN,
        "autosize": {"type": "none"},
        "config": {"aria": False, "view": {"stroke": None}},
        **shape(figure, theme),
    }


def shape(figure: Figure, theme: str) -> Spec:
    """Return a thumbnail's marks: bars for a ranking, a grid, stacked columns, or lines."""
    if not figure.points:
        return {"data": {"values": []}, "mark": "rule", "encoding": {}}
    scale = colour_scale(figure, theme)
    colour: Spec = {"field": "name", "type": "nominal", "scale": scale, "legend": None}
    if figure.kind in RANKED:
        return bars([p for p in figure.points if not p.flagged][:BARS], colour)
    order = {label: rank for rank, (_, label) in enumerate(figure.keys)}
    values = [
        {"x": point.x, "y": point.y, "name": point.label, "order": order.get(point.label, -1)}
        for point in figure.points
    ]
    across: Spec = {"field": "x", "type": "ordinal", "axis": None}
    up: Spec = {"field": "y", "type": "quantitative", "axis": None}
    if figure.kind == "grid":
        down: Spec = {"field": "order", "type": "ordinal", "axis": None}
        shade: Spec = {"field": "y", "type": "quantitative", "legend": None}
        shade["scale"] = {"type": "symlog", "range": [GRID[theme], colours_end(theme)]}
        return {
            "data": {"values": values},
            "mark": {"type": "rect", "stroke": PAPER[theme]},
            "encoding": {"x": across, "y": down, "color": shade},
        }
    if figure.kind == "areas":
        return areas(figure, colour, theme)
    if figure.kind in ("columns", "shares"):
        return {
            "data": {"values": values},
            "mark": {"type": "bar"},
            "encoding": {
                "x": across,
                "y": up,
                "color": colour,
                "order": {"field": "order", "sort": "ascending"},
            },
        }
    return lines(figure, up, colour)


def lines(figure: Figure, up: Spec, colour: Spec) -> Spec:
    """Return lines, dotted where they are uncertain; observations of several sources are dots."""
    along: Spec = {"field": "x", "type": "temporal", "scale": {"type": "utc"}, "axis": None}
    if figure.kind == "ages":
        along = {"field": "x", "type": "quantitative", "axis": None}
    if figure.kind == "ranks":
        up = {**up, "scale": {"reverse": True, "zero": False}}
    encoding: Spec = {"x": along, "y": up, "color": colour}
    segments = segments_of_places(figure) if figure.kind == "ranks" else segments_of(figure)
    aged = with_numeric_x if figure.kind == "ages" else list
    if len({point.x for point in figure.points}) == 1 or not segments:
        values = records(dots(figure) or figure.points, figure.unit)
        return {"data": {"values": aged(values)}, "mark": "circle", "encoding": encoding}
    dash = {"domain": ["solid", "dotted", "dashed"], "range": [[1, 0], [2, 2], [3, 2]]}
    line: Spec = {
        "data": {"values": aged(segments)},
        "mark": {"type": "line", "strokeWidth": 1.4 if figure.estimated else 2},
        "encoding": {
            **encoding,
            "strokeDash": {"field": "style", "type": "nominal", "scale": dash, "legend": None},
            "detail": {"field": "run"},
        },
    }
    bands: list[Spec] = []
    if figure.kind != "ranks":
        amount = {key: value for key, value in up.items() if key != "field"}
        bands = band_layers(points_by_key(figure), along, amount, colour, aged)
    return {"layer": [*bands, line]}


def areas(figure: Figure, colour: Spec, theme: str) -> Spec:
    """Return stacked areas, pale where they are uncertain."""
    _, values = stack(figure)
    along: Spec = {"field": "x", "type": "temporal", "scale": {"type": "utc"}, "axis": None}
    up: Spec = {"type": "quantitative", "axis": None, "scale": {"nice": False}}
    return {
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "area", "opacity": 1},
                "encoding": {
                    "x": along,
                    "y": {**up, "field": "bottom"},
                    "y2": {"field": "top"},
                    "color": colour,
                },
            },
            *veils(figure, theme, along),
        ]
    }


def colours_end(theme: str) -> str:
    """Return the darkest shade of a grid."""
    return "#9cc4f5" if theme == "dark" else "#134a8a"


def bars(points: Sequence[Point], colour: Spec) -> Spec:
    """Return bars in their order."""
    return {
        "data": {
            "values": [
                {"place": place, "y": point.y, "name": point.label}
                for place, point in enumerate(points)
            ]
        },
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "x": {"field": "y", "type": "quantitative", "axis": None},
            "y": {"field": "place", "type": "ordinal", "axis": None},
            "color": colour,
        },
    }
