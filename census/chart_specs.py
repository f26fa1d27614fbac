"""Vega-Lite specifications of figures: light or dark, wide or narrow, data included."""

from __future__ import annotations

import textwrap

from census.chart_lines import lines_spec
from census.chart_panels import is_foggy, panels_spec
from census.chart_parts import (
    COUNT_LABELS,
    Look,
    Spec,
    amount_axis,
    colour_scale,
    config,
    look,
    records,
    time_axis,
    tooltips,
)
from census.figures import Figure, has_band
from census.palette import INK, MUTED, PAPER

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
BAR_HEIGHT = 25


def make_spec(figure: Figure, theme: str = "light", size: str = "wide") -> Spec:
    """Return the Vega-Lite specification of a figure, data included."""
    seen = look(theme, size)
    draw = {
        "lines": lines_spec,
        "panels": panels_spec,
        "curve": lines_spec,
        "bars": bars_spec,
        "columns": columns_spec,
        "grid": grid_spec,
    }[figure.kind]
    if figure.points and is_foggy(figure):
        draw = panels_spec
    plot = draw(figure, seen) if figure.points else empty_spec(seen)
    notes = [line for note in figure.notes for line in textwrap.wrap(note, seen.letters)]
    caption: Spec = {
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "text": notes,
            "align": "left",
            "baseline": "top",
            "fontSize": 12 if seen.narrow else 11,
            "lineHeight": 15,
            "color": MUTED[theme],
            "x": -room_for_names(figure, seen),
            "y": 0,
        },
        "width": seen.plot,
        "height": 15 * len(notes),
        "view": {"stroke": None},
    }
    return {
        "$schema": SCHEMA,
        "description": figure.alt,
        "background": PAPER[theme],
        "padding": 12 if seen.narrow else 18,
        "title": {
            "text": textwrap.wrap(figure.title, seen.title_letters),
            "subtitle": textwrap.wrap(figure.subtitle, seen.letters),
            "anchor": "start",
            "align": "left",
            "fontSize": 16 if seen.narrow else 20,
            "subtitleFontSize": 12 if seen.narrow else 13,
            "subtitleLineHeight": 16,
            "subtitlePadding": 5,
            "offset": 14,
            "color": INK[theme],
            "subtitleColor": MUTED[theme],
        },
        "vconcat": [plot, caption],
        "spacing": 14,
        "align": "none",
        "config": config(theme),
    }


def longest_name(seen: Look) -> int:
    """Return how many letters of a name are written beside a bar."""
    return 18 if seen.narrow else 42


def room_for_names(figure: Figure, seen: Look) -> int:
    """Return the pixels that names beside bars or rows take, from which the bars are kept out."""
    if figure.kind not in ("bars", "grid"):
        return 0
    names = [point.x if figure.kind == "bars" else point.label for point in figure.points]
    letters = min(longest_name(seen), max((len(name) for name in names), default=0))
    return int(letters * (6.1 if seen.narrow else 6.6)) + 8


def fitted(name: str, letters: int) -> str:
    """Return a name that fits: of a model first without its namespace, then cut."""
    if len(name) > letters:
        name = name.rpartition("/")[2]
    return name if len(name) <= letters else name[: letters - 1] + "…"


def bars_spec(figure: Figure, seen: Look) -> Spec:
    """Return ranked bars with their bounds as thin lines and their values as text."""
    top = max(max(point.y, point.high or 0) for point in figure.points) or 1.0
    letters = longest_name(seen)
    values = [
        {
            **record,
            "place": place,
            "name": fitted(point.x, letters),
            "who": point.label,
            "end": max(point.y, point.high or 0),
        }
        for place, (point, record) in enumerate(
            zip(figure.points, records(figure.points, figure.unit), strict=True)
        )
    ]
    domain = {"domain": [0, top * (1.26 if seen.narrow else 1.12)], "nice": False}
    y: Spec = {
        "field": "place",
        "type": "ordinal",
        "axis": {
            "title": None,
            "ticks": False,
            "domain": False,
            "labelLimit": 300,
            "labelPadding": 6,
            "labelColor": INK[seen.theme],
            "labelFontSize": 12 if seen.narrow else 13,
            "labelExpr": "["
            + ", ".join(quoted(value["name"]) for value in values)
            + "][datum.value]",
        },
    }
    x: Spec = {"field": "y", "type": "quantitative", "scale": domain, "axis": None}
    shown = {(point.key, point.label) for point in figure.points}
    keyed = [key for key in figure.keys if key in shown]
    scale = colour_scale(Figure(**{**figure.__dict__, "keys": tuple(keyed)}), seen.theme)
    colour: Spec = {"field": "who", "type": "nominal", "scale": scale, "legend": None}
    if any(value["who"] and value["who"] != value["x"] for value in values):
        colour["legend"] = name_legend(figure, seen)
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": {"band": 0.72}, "cornerRadiusEnd": 2},
            "encoding": {"x": x, "y": y, "color": colour},
        },
        {
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "middle",
                "dx": 7,
                "fontSize": 12 if seen.narrow else 12.5,
                "color": INK[seen.theme],
            },
            "encoding": {
                "x": {**x, "field": "end"},
                "y": y,
                "text": {"field": "said"},
            },
        },
    ]
    if any(has_band(point) for point in figure.points):
        layers.insert(
            1,
            {
                "mark": {"type": "rule", "strokeWidth": 1.5, "color": INK[seen.theme]},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y},
            },
        )
    return {
        "data": {"values": values},
        "width": seen.total - room_for_names(figure, seen),
        "height": BAR_HEIGHT * len(values),
        "layer": layers,
    }


def name_legend(figure: Figure, seen: Look) -> Spec:
    """Return a legend over the plot, in as many columns as the names leave room for."""
    longest = max((len(label) for _, label in figure.keys), default=1)
    room = seen.total - room_for_names(figure, seen)
    return {
        "title": None,
        "orient": "top",
        "columns": max(1, room // (longest * 7 + 26)),
        "labelLimit": room - 20,
        "symbolType": "square",
    }


def quoted(text: str) -> str:
    """Return a text as a literal of a Vega expression."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def columns_spec(figure: Figure, seen: Look) -> Spec:
    """Return stacked columns by month with a legend in the order of the stack."""
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
                "stack": True,
                "axis": amount_axis(figure, 5),
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
                    "labelLimit": room_for_names(figure, seen),
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


def empty_spec(seen: Look) -> Spec:
    """Return a plot that says that there is nothing to draw."""
    return {
        "data": {"values": [{}]},
        "mark": {"type": "text", "text": "No rows for this choice.", "color": MUTED[seen.theme],
                 "fontSize": 14},
        "width": seen.plot,
        "height": 80,
    }  # fmt: skip
