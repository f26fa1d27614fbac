"""Small multiples: a panel for each key, where the bands of all of them would hide each other."""

from __future__ import annotations

from collections.abc import Sequence

from census.charts.figures import Figure, Point
from census.charts.lettering import BOLD, named_value
from census.charts.lines import marker_layers, nice_top, runs
from census.charts.palette import INK
from census.charts.parts import (
    Look,
    Spec,
    amount_axis,
    catcher,
    colour_scale,
    fault_layers,
    records,
    time_axis,
    told,
    tooltips,
)

# Beyond this share of uncertain months one plot with the bands of all shares is fog, and so is one
# of counts if the bands reach so far above the estimates that these lie flat on the floor.
FOGGY = 0.5
FLAT = 3.0
# The size of the names over panels: wide, narrow.
NAME_SIZE = (14, 12)


def is_foggy(figure: Figure) -> bool:
    """Return whether a figure is so uncertain that each key needs a panel of its own."""
    if figure.kind != "lines" or len(figure.keys) < 2:
        return False
    months = {point.x for point in figure.points}
    wide = {point.x for point in figure.points if point.wide}
    if figure.unit != "%" and highest(figure.points) < FLAT * max(p.y for p in figure.points):
        return False
    return len(wide) > FOGGY * len(months)


def highest(points: Sequence[Point]) -> float:
    """Return the highest value or bound of points."""
    return max(max(point.y, point.high or 0) for point in points)


def panels_spec(figure: Figure, seen: Look) -> Spec:
    """Return a panel for each key, largest first, all on the same scales."""
    across = 2 if seen.narrow else 3
    gap = 14 if seen.narrow else 30
    width = (seen.total - 30 - gap * (across - 1)) // across
    panels = [
        panel(figure, seen, key, width, first=place % across == 0)
        for place, key in enumerate(figure.keys)
    ]
    return {
        "concat": panels,
        "columns": across,
        "spacing": {"row": 24, "column": gap},
        "align": "all",
    }


def panel(figure: Figure, seen: Look, key: tuple[str | None, str], width: int, first: bool) -> Spec:
    """Return the panel of one key: band, dotted or solid line, last value in the title."""
    points = [point for point in figure.points if (point.key, point.label) == key]
    days = sorted({point.x for point in figure.points})
    # A panel has room for as few labels as a narrow screen.
    x = time_axis(figure, seen._replace(narrow=True))
    x["scale"] = {"type": "utc", "domain": [days[0], days[-1]]}
    top = 100.0 if figure.unit == "%" else nice_top(highest(figure.points), False)
    amount: Spec = {"type": "quantitative", "scale": {"domain": [0, top], "nice": False}}
    axis = {**amount_axis(figure, 3), "values": [0, top / 2, top], "labels": first}
    colour: Spec = {
        "field": "name",
        "type": "nominal",
        "scale": colour_scale(figure, seen.theme),
        "legend": None,
    }
    return {
        "width": width,
        "height": 110 if seen.narrow else 140,
        "layer": [
            *fault_layers(figure, x, seen.theme),
            *panel_layers(points, figure.unit, x, {**amount, "axis": axis}, colour),
            *marker_layers(figure, x, amount, colour["scale"], key),
            panel_name(key[1], points[-1], figure.unit, width, seen),
        ],
    }


def panel_name(name: str, last: Point, unit: str, width: int, seen: Look) -> Spec:
    """Return the name over a panel: as a mark, since titles keep no line between panels."""
    size = NAME_SIZE[seen.narrow]
    return {
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "text": named_value(name, told(last, unit), width, size * BOLD, last.wide),
            "align": "left",
            "x": 0,
            "y": -14,
            "fontSize": size,
            "fontWeight": "bold",
            "color": INK[seen.theme],
        },
    }


def panel_layers(
    points: Sequence[Point], unit: str, x: Spec, amount: Spec, colour: Spec
) -> list[Spec]:
    """Return the marks of one panel."""
    segments = runs(points, unit)
    band: Spec = {
        "data": {"values": records(points, unit)},
        "mark": {"type": "area", "opacity": 0.2, "line": False},
        "encoding": {
            "x": x,
            "y": {"field": "low", **amount},
            "y2": {"field": "high"},
            "color": colour,
        },
    }
    lines: list[Spec] = [
        {
            "data": {"values": [record for record in segments if record["style"] == style]},
            "mark": {"type": "line", "strokeWidth": 2.25, "strokeDash": dash},
            "encoding": {
                "x": x,
                "y": {"field": "y", **amount},
                "color": colour,
                "detail": {"field": "run"},
            },
        }
        for style, dash in (("dotted", [2, 3]), ("solid", [1, 0]))
    ]
    end: Spec = {
        "data": {"values": records(points[-1:], unit)},
        "mark": {"type": "circle", "size": 48, "opacity": 1},
        "encoding": {"x": x, "y": {"field": "y", **amount}, "color": colour},
    }
    caught = catcher(records(points, unit), x, {"field": "y", **amount}, colour, tooltips(True))
    return [band, *lines, end, caught]
