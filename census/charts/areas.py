"""Stacked areas over months: shares of a whole, or counts on top of each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from census.charts.brackets import event_layers, placed_events, strip_height
from census.charts.ends import end_layers
from census.charts.figures import Figure, Point
from census.charts.palette import PAPER
from census.charts.parts import (
    Look,
    Spec,
    amount_axis,
    catcher,
    colour_scale,
    named_records,
    time_axis,
    tooltips,
)

# How much of the paper lies over months that are too uncertain to be quoted.
VEIL = 0.62


def areas_spec(figure: Figure, seen: Look) -> Spec:
    """Return areas, the largest at the bottom, named at their right; uncertain months are pale."""
    height = 280 if seen.narrow else 380
    days, stacked = stack(figure)
    top = max([100.0 if figure.unit == "%" else 1.0, *(value["top"] for value in stacked)])
    placed = placed_events(figure, seen)
    top *= height / (height - strip_height(placed))
    x = time_axis(figure, seen)
    y: Spec = {"type": "quantitative", "scale": {"domain": [0, top], "nice": False}}
    axis = {**amount_axis(figure, 4 if seen.narrow else 5), "grid": False}
    colour: Spec = {"field": "name", "type": "nominal", "scale": colour_scale(figure, seen.theme),
                    "legend": None}  # fmt: skip
    there = [value for value in stacked if value["y"] > 0]
    last = [value for value in there if value["x"] == days[-1]]
    ends = [{**value, "y": value["middle"]} for value in last]
    return {
        "width": seen.plot,
        "height": height,
        "layer": [
            {
                "data": {"values": stacked},
                "mark": {"type": "area", "stroke": PAPER[seen.theme], "strokeWidth": 0.7,
                         "opacity": 1},
                "encoding": {"x": x, "y": {**y, "field": "bottom", "axis": axis},
                             "y2": {"field": "top"}, "color": colour},
            },
            *veils(figure, seen.theme, x),
            *event_layers(placed, seen, x, colour),
            catcher(there, x, {**y, "field": "middle"}, colour, tooltips(False)),
            *end_layers(ends, seen, height, (0.0, top), y, colour),
        ],
    }  # fmt: skip


def stack(figure: Figure) -> tuple[list[str], list[Spec]]:
    """Return the days and the values from the bottom of the stack up, each with its bounds in it.

    A key without a value in a month is nothing there; shares are made to fill their month.
    A single month is drawn from its first day on, so that there is something to see.
    """
    days = sorted({point.x for point in figure.points})
    by_place = {(point.x, point.key, point.label): point for point in figure.points}
    found: list[Spec] = []
    for day in days:
        members = [
            by_place.get((day, key, label), Point(day, key, label, 0.0))
            for key, label in figure.keys
        ]
        whole = sum(point.y for point in members)
        scale = 100.0 / whole if figure.unit == "%" and whole else 1.0
        floor = 0.0
        for record in named_records(members, figure.unit):
            top = floor + record["y"] * scale
            found.append({**record, "bottom": round(floor, 4), "top": round(top, 4),
                          "middle": round((floor + top) / 2, 4)})  # fmt: skip
            floor = top
    if len(days) == 1:
        first = f"{days[0][:7]}-01"
        return [first, *days], [{**value, "x": first} for value in found] + found
    return days, found


def spans(points: Sequence[Point]) -> list[tuple[str, str]]:
    """Return first and last day of the stretches in which one of two months is uncertain."""
    wide = {point.x for point in points if point.wide}
    days = sorted({point.x for point in points})
    found: list[tuple[str, str]] = []
    for before, after in pairwise(days):
        if before in wide or after in wide:
            if found and found[-1][1] == before:
                found[-1] = (found[-1][0], after)
            else:
                found.append((before, after))
    if len(days) == 1 and wide:
        found = [(f"{days[0][:7]}-01", days[0])]
    return found


def veils(figure: Figure, theme: str, x: Spec) -> list[Spec]:
    """Return paper that lets the uncertain months look pale; nothing where all are certain."""
    values = [{"x": first, "end": last} for first, last in spans(figure.points)]
    if not values:
        return []
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rect", "color": PAPER[theme], "opacity": VEIL},
            "encoding": {"x": x, "x2": {"field": "end"}},
        }
    ]
