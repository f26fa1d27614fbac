"""Ranked bars with their bounds, named at their left and valued at their right."""

from __future__ import annotations

from census.charts.figures import Figure, has_band
from census.charts.lettering import NARROWEST, shortened, width_of
from census.charts.palette import INK
from census.charts.parts import Look, Spec, colour_scale, records

BAR_HEIGHT = 25


def name_size(seen: Look) -> int:
    """Return the size of the names beside bars."""
    return 12 if seen.narrow else 13


def longest_name(seen: Look) -> int:
    """Return how many pixels the names beside bars take at most."""
    return 136 if seen.narrow else 330


def room_for_names(figure: Figure, seen: Look) -> int:
    """Return the pixels that names beside bars or rows take, from which the bars are kept out."""
    if figure.kind not in ("bars", "grid"):
        return 0
    names = [point.x if figure.kind == "bars" else point.label for point in figure.points]
    widest = max((width_of(name, name_size(seen)) for name in names), default=0)
    return int(min(longest_name(seen), widest)) + 8


def fitted(name: str, room: float, size: float) -> str:
    """Return a name that fits: of a model first without its namespace, then cut."""
    if width_of(name, size) > room:
        name = name.rpartition("/")[2]
    return shortened(name, room, size)


def bars_spec(figure: Figure, seen: Look) -> Spec:
    """Return ranked bars with their bounds as thin lines and their values as text."""
    top = max(max(point.y, point.high or 0) for point in figure.points) or 1.0
    room = longest_name(seen)
    values = [
        {
            **record,
            "place": place,
            "name": fitted(point.x, room, name_size(seen)),
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
            "labelLimit": room_for_names(figure, seen),
            "labelPadding": 6,
            "labelColor": INK[seen.theme],
            "labelFontSize": name_size(seen),
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
    longest = max((width_of(label, 12) for _, label in figure.keys), default=1)
    room = seen.total - room_for_names(figure, seen)
    return {
        "title": None,
        "orient": "top",
        "columns": max(1, int(room // (longest + 28))),
        "labelLimit": int((room - 28) * NARROWEST),
        "symbolType": "square",
    }


def quoted(text: str) -> str:
    """Return a text as a literal of a Vega expression."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
