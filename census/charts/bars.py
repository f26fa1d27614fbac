"""Ranked bars with their bounds, named at their left and valued at their right."""

from __future__ import annotations

from collections.abc import Sequence

from census.base.speech import BOUNDS
from census.charts.figures import Figure, Point, has_band
from census.charts.lettering import NARROWEST, shortened, width_of, without_middle
from census.charts.palette import INK, PAPER
from census.charts.parts import Look, Spec, colour_scale, records, span_words

BAR_HEIGHT = 25
# Thin lines are cut at so many times the longest bar.
LONGEST_LINE = 2
# Pixels between two columns of a legend.
COLUMN_GAP = 12


def name_size(look: Look) -> int:
    """Return the size of the names beside bars."""
    return 12 if look.narrow else 13


def longest_name(look: Look) -> int:
    """Return how many pixels the names beside bars take at most."""
    return 136 if look.narrow else 330


def room_for_names(figure: Figure, look: Look) -> int:
    """Return the pixels that names beside bars or rows take, from which the bars are kept out."""
    if figure.kind not in ("bars", "grid"):
        return 0
    names = [point.x if figure.kind == "bars" else point.label for point in figure.points]
    widest = max((width_of(name, name_size(look)) for name in names), default=0)
    return int(min(longest_name(look), widest)) + 8


def fitted_name(name: str, room: float, size: float) -> str:
    """Return a name that fits: of a model first without its namespace, then cut."""
    if width_of(name, size) > room:
        name = name.rpartition("/")[2]
    return shortened(name, room, size)


def distinct_names(names: Sequence[str], room: float, size: float) -> list[str]:
    """Return names shortened to fit; those that would become equal are cut in their middle."""
    fitted_names = [fitted_name(name, room, size) for name in names]
    return [
        short
        if fitted_names.count(short) == 1 or short == name
        else without_middle(name, room, size)
        for name, short in zip(names, fitted_names, strict=True)
    ]


def bars_spec(figure: Figure, look: Look) -> Spec:
    """Return ranked bars with their intervals as thin lines and their values as text.

    A bar without an interval is hollow; one in doubt is cut at the edge, out of the scale. So are
    thin lines that go so far that no bar could be read.
    """
    top = end_of_scale(figure.points)
    room = longest_name(look)
    names = distinct_names([point.x for point in figure.points], room, name_size(look))
    values = [
        {
            **record,
            "y": min(point.y, top),
            "place": place,
            "name": names[place],
            "who": point.label,
            "end": min(reach(point), top),
            "text": bar_words(point, record["said"], figure.unit),
            "from": whisker(point)[0],
            "to": min(whisker(point)[1], top),
            "hollow": point.rests_on == BOUNDS or point.flagged,
        }
        for place, (point, record) in enumerate(
            zip(figure.points, records(figure.points, figure.unit), strict=True)
        )
    ]
    size = 12 if look.narrow else 12.5
    plot = look.total - room_for_names(figure, look)
    ends = [
        value["end"] * plot / max(plot - width_of(value["text"], size) - 10, plot / 3)
        for value in values
    ]
    # Each text has room behind its bar.
    stretched = max(top * (1.26 if look.narrow else 1.12), *ends)
    domain = {"domain": [0, stretched], "nice": False}
    y: Spec = {
        "field": "place",
        "type": "ordinal",
        "axis": {
            "title": None,
            "ticks": False,
            "domain": False,
            "labelLimit": room_for_names(figure, look),
            "labelPadding": 6,
            "labelColor": INK[look.theme],
            "labelFontSize": name_size(look),
            "labelExpr": "["
            + ", ".join(vega_literal(value["name"]) for value in values)
            + "][datum.value]",
        },
    }
    x: Spec = {"field": "y", "type": "quantitative", "scale": domain, "axis": None}
    present_keys = {(point.key, point.label) for point in figure.points}
    keyed = [key for key in figure.keys if key in present_keys]
    scale = colour_scale(Figure(**{**figure.__dict__, "keys": tuple(keyed)}), look.theme)
    colour: Spec = {"field": "who", "type": "nominal", "scale": scale, "legend": None}
    if any(value["who"] and value["who"] != value["x"] for value in values):
        colour["legend"] = name_legend(figure, look)
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": {"band": 0.72}, "cornerRadiusEnd": 2},
            "encoding": {"x": x, "y": y, "color": colour},
        },
        *hollow_bars(values, x, y, colour, look),
        {
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "middle",
                "dx": 7,
                "fontSize": size,
                "color": INK[look.theme],
            },
            "encoding": {
                "x": {**x, "field": "end"},
                "y": y,
                "text": {"field": "text"},
            },
        },
    ]
    layers.insert(-1, whisker_layer(values, x, y, look))
    return {
        "data": {"values": values},
        "width": plot,
        "height": BAR_HEIGHT * len(values),
        "layer": [layer for layer in layers if layer.get("data", {}).get("values") != []],
    }


def end_of_scale(points: Sequence[Point]) -> float:
    """Return the value at the end of the scale of bars: no further than twice the longest."""
    certain_points = [point for point in points if not point.flagged]
    longest = max((point.y for point in certain_points), default=0.0)
    furthest = max((reach(point) for point in certain_points), default=0.0)
    return (min(furthest, LONGEST_LINE * longest) if longest else furthest) or 1.0


def reach(point: Point) -> float:
    """Return the largest value that a bar or its thin line reaches."""
    return max(point.y, whisker(point)[1])


def whisker(point: Point) -> tuple[float, float]:
    """Return the ends of a bar's thin line: of an estimate its interval, else its hard bounds."""
    if point.rests_on:
        return point.interval or (point.y, point.y)
    return (point.low or 0.0, point.high or 0.0) if has_band(point) else (point.y, point.y)


def bar_words(point: Point, value: str, unit: str) -> str:
    """Return the text of a bar: its value, of an estimate with its interval."""
    doubt = " in doubt" if point.flagged else ""
    value = value if point.of is None else f"{value} of {point.of:,}"
    ends = point.interval
    if point.rests_on and ends and ends[0] < ends[1]:
        return f"{value} ({span_words(*ends, unit)}){doubt}"
    return f"{value}{doubt}"


def hollow_bars(values: Sequence[Spec], x: Spec, y: Spec, colour: Spec, look: Look) -> list[Spec]:
    """Return the insides of hollow bars; none where all are full."""
    hollow = [value for value in values if value["hollow"]]
    mark = {"type": "bar", "height": {"band": 0.72}, "cornerRadiusEnd": 2, "strokeWidth": 1.5,
            "fill": PAPER[look.theme], "fillOpacity": 1}  # fmt: skip
    return [
        {
            "data": {"values": hollow},
            "mark": mark,
            "encoding": {"x": x, "y": y, "stroke": colour},
        }
    ]


def whisker_layer(values: Sequence[Spec], x: Spec, y: Spec, look: Look) -> Spec:
    """Return the thin lines over bars."""
    return {
        "data": {"values": [value for value in values if value["from"] < value["to"]]},
        "mark": {"type": "rule", "strokeWidth": 1.5, "color": INK[look.theme]},
        "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "y": y},
    }


def name_legend(figure: Figure, look: Look) -> Spec:
    """Return a legend over the plot, in as many columns as the names leave room for."""
    longest = max((width_of(label, 12) for _, label in figure.keys), default=1)
    room = look.total - room_for_names(figure, look)
    return {
        "title": None,
        "orient": "top",
        "columns": max(1, int(room // (longest + 28 + COLUMN_GAP))),
        # Laid out in the narrower font that is named, and seen in any.
        "columnPadding": int((1 - NARROWEST) * longest) + COLUMN_GAP,
        "labelLimit": int((room - 28) * NARROWEST),
        "symbolType": "square",
    }


def vega_literal(text: str) -> str:
    """Return a text as a literal of a Vega expression."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
