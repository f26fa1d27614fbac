"""Dot plots: a row a variant, its name in full, a dot for each key with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from census.base.speech import BOUNDS
from census.charts.bars import name_legend, whisker
from census.charts.figures import Figure, Point
from census.charts.lettering import lines_of, width_of
from census.charts.palette import GRID, INK, PAPER
from census.charts.parts import (
    APART,
    Look,
    Spec,
    amount_axis,
    colour_scale,
    label_value,
    records,
    tooltips,
)
from census.charts.scales import nice_top

# Pixels of the names beside the plot, a line of a name, a track with its dots, and a gap.
NAMES, LINE, TRACK, GAP = 280, 16, 24, 8
LETTERS = 12
# Pixels from the top of a line to the top of its letters.
RISE = 3


class VariantRow(NamedTuple):
    """A row of the plot: its name in lines, the first of them at `top`, and where its dots are."""

    lines: list[str]
    top: float
    track: float
    points: list[Point]


def place_rows(figure: Figure, look: Look) -> tuple[list[VariantRow], float]:
    """Return the rows from the top down, and the height of all.

    Wide, a name is at the left of its dots; narrow, it is above them and has the whole width.
    """
    names = list(dict.fromkeys(point.row or point.x for point in figure.points))
    room = look.total if look.narrow else NAMES
    rows, top_of_row = [], 0.0
    for name in names:
        lines = lines_of(name, room, LETTERS)
        text = LINE * len(lines)
        if look.narrow:
            top, track, height = top_of_row, top_of_row + text + TRACK / 2, text + TRACK
        else:
            height = max(text, TRACK)
            top, track = top_of_row + (height - text) / 2, top_of_row + height / 2
        points = [point for point in figure.points if (point.row or point.x) == name]
        rows.append(VariantRow(lines, top, track, sorted(points, key=lambda point: point.y)))
        top_of_row += height + GAP
    return rows, top_of_row


def dots_spec(figure: Figure, look: Look) -> Spec:
    """Return the rows with their dots: an interval is a thick line, the value stands beside.

    A dot without an interval is hollow. Of several in a row the first and the last have values.
    """
    rows, height = place_rows(figure, look)
    ends = [(row.points[0], True) for row in rows if len(row.points) > 1]
    ends += [(row.points[-1], False) for row in rows]
    before, after = (
        max((width_of(dot_words(p, figure.unit), LETTERS) + 12 for p, low in ends if low == left),
            default=8.0)
        for left in (True, False)
    )  # fmt: skip
    left = before if look.narrow else NAMES + before
    right = look.total - after
    top = nice_top(max(max(point.y, whisker(point)[1]) for point in figure.points),
                   figure.unit == "%")  # fmt: skip
    x: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, top], "nice": False, "range": [left, right]},
        "axis": {
            **amount_axis(figure, 4 if look.narrow else 6),
            "grid": False,
            "labelFlush": False,
            "labelSeparation": APART,
        },
    }
    y = down("at", height)
    present_keys = {(point.key, point.label) for point in figure.points}
    figure = replace(figure, keys=tuple(key for key in figure.keys if key in present_keys))
    scale = colour_scale(figure, look.theme)
    has_labels = any(
        point.label and point.label != (point.row or point.x) for point in figure.points
    )
    legend = {**name_legend(figure, look), "symbolOpacity": 1} if has_labels else None
    colour: Spec = {"field": "name", "type": "nominal", "scale": scale, "legend": legend}
    values = [
        {**record, "at": row.track, "from": whisker(point)[0], "to": whisker(point)[1],
         "hollow": point.rests_on == BOUNDS or point.flagged}
        for row in rows
        for point, record in zip(row.points, records(row.points, figure.unit), strict=True)
    ]  # fmt: skip
    hollow = [value for value in values if value["hollow"]]
    layers: list[Spec] = [
        *row_layers(rows, height, (left, right), look),
        {
            "data": {"values": [value for value in values if value["from"] < value["to"]]},
            "mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.4},
            "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "y": y,
                         "color": colour},
        },
        {
            "data": {"values": values},
            "mark": {"type": "circle", "size": 110, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour, "tooltip": tooltips(True)},
        },
        {
            "data": {"values": hollow},
            "mark": {"type": "circle", "size": 36, "opacity": 1, "color": PAPER[look.theme]},
            "encoding": {"x": x, "y": y},
        },
        *(value_layer(rows, figure.unit, x, y, look, first) for first in (True, False)),
    ]  # fmt: skip
    return {
        "width": look.total,
        "height": height,
        "layer": [layer for layer in layers if layer["data"]["values"]],
    }


def down(field: str, height: float) -> Spec:
    """Return a y channel of pixels from the top down."""
    scale = {"domain": [0, height], "range": [0, height], "nice": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def row_layers(
    rows: Sequence[VariantRow], height: float, across: tuple[float, float], look: Look
) -> list[Spec]:
    """Return the names of the rows, and the lines on which their dots lie."""
    return [
        {
            "data": {"values": [{"at": row.track} for row in rows]},
            "mark": {"type": "rule", "color": GRID[look.theme], "x": across[0], "x2": across[1]},
            "encoding": {"y": down("at", height)},
        },
        {
            "data": {"values": [{"at": row.top + RISE, "text": row.lines} for row in rows]},
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "top",
                "x": 0,
                "fontSize": LETTERS,
                "lineHeight": LINE,
                "color": INK[look.theme],
            },
            "encoding": {"y": down("at", height), "text": {"field": "text"}},
        },
    ]


def value_layer(
    rows: Sequence[VariantRow], unit: str, x: Spec, y: Spec, look: Look, first: bool
) -> Spec:
    """Return the values beside the first dots of rows with several, or beside the last of all."""
    labelled = [
        (row, row.points[0] if first else row.points[-1])
        for row in rows
        if not first or len(row.points) > 1
    ]
    side = 0 if first else 1
    values = [
        {"y": (min(p.y, whisker(p)[0]), max(p.y, whisker(p)[1]))[side], "at": row.track,
         "text": dot_words(p, unit)}
        for row, p in labelled
    ]  # fmt: skip
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "right" if first else "left", "baseline": "middle",
                 "dx": -9 if first else 9, "fontSize": LETTERS, "color": INK[look.theme]},
        "encoding": {"x": x, "y": y, "text": {"field": "text"}},
    }  # fmt: skip


def dot_words(point: Point, unit: str) -> str:
    """Return the value of a dot as it stands beside it: its interval, or hard bounds."""
    return f"{label_value(point, unit, bounds=True)}{' in doubt' if point.flagged else ''}"
