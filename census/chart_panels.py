"""Small multiples: a panel for each key, where the bands of all of them would hide each other."""

from __future__ import annotations

from collections.abc import Sequence

from census.chart_lines import runs
from census.chart_parts import Look, Spec, amount_axis, colour_scale, records, time_axis, tooltips
from census.figures import Figure, Point
from census.numbers import quantity
from census.palette import INK

# Beyond this share of uncertain months one plot with all bands is fog.
FOGGY = 0.5


def is_foggy(figure: Figure) -> bool:
    """Return whether a figure of shares is so uncertain that each key needs a panel of its own."""
    months = {point.x for point in figure.points}
    wide = {point.x for point in figure.points if point.wide}
    return figure.unit == "%" and len(figure.keys) > 1 and len(wide) > FOGGY * len(months)


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
    x = time_axis(figure, seen)
    x["scale"] = {"type": "utc", "domain": [days[0], days[-1]]}
    amount: Spec = {"type": "quantitative", "scale": {"domain": [0, 100], "nice": False}}
    axis = {**amount_axis(figure, 3), "values": [0, 50, 100], "labels": first}
    colour: Spec = {
        "field": "name",
        "type": "nominal",
        "scale": colour_scale(figure, seen.theme),
        "legend": None,
    }
    return {
        "width": width,
        "height": 110 if seen.narrow else 140,
        "title": {
            "text": f"{key[1]} {quantity(points[-1].y, figure.unit)}",
            "anchor": "start",
            "frame": "group",
            "fontSize": 12 if seen.narrow else 14,
            "color": INK[seen.theme],
            "offset": 8,
        },
        "layer": panel_layers(points, figure.unit, x, {**amount, "axis": axis}, colour),
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
            "tooltip": tooltips(True),
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
    return [band, *lines, end]
