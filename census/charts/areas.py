"""Stacked areas over months: shares of a whole, or counts on top of each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from census.charts.bands import veil
from census.charts.brackets import event_layers, place_milestones, strip_height
from census.charts.ends import end_layers
from census.charts.figures import Figure, Point
from census.charts.palette import PAPER
from census.charts.parts import (
    Look,
    Spec,
    amount_axis,
    colour_scale,
    label_records,
    pointer_targets,
    time_axis,
    tooltips,
)
from census.charts.scales import Amounts

# Hatching: pixels between two of its lines along the x axis, and how it is drawn.
HATCH_GAP = 9
HATCH = {"strokeWidth": 1, "opacity": 0.55}


def areas_spec(figure: Figure, look: Look) -> Spec:
    """Return areas, the largest at the bottom, named at their right.

    Months that are too uncertain by hard bounds are pale. Estimates are hatched on days of which
    little is counted.
    """
    height = 280 if look.narrow else 380
    days, stacked = stack(figure)
    top = max([100.0 if figure.unit == "%" else 1.0, *(value["top"] for value in stacked)])
    placed_milestones = place_milestones(figure, look)
    top *= height / (height - strip_height(placed_milestones))
    x = time_axis(figure, look)
    y: Spec = {"type": "quantitative", "scale": {"domain": [0, top], "nice": False}}
    axis = {**amount_axis(figure, 4 if look.narrow else 5), "grid": False}
    colour: Spec = {"field": "name", "type": "nominal", "scale": colour_scale(figure, look.theme),
                    "legend": None}  # fmt: skip
    positive_values = [value for value in stacked if value["y"] > 0]
    last_values = [value for value in positive_values if value["x"] == days[-1]]
    ends = [{**value, "y": value["middle"]} for value in last_values]
    tips = tooltips(figure.estimated, estimated=figure.estimated)
    return {
        "width": look.plot,
        "height": height,
        "layer": [
            {
                "data": {"values": stacked},
                "mark": {"type": "area", "stroke": PAPER[look.theme], "strokeWidth": 0.7,
                         "opacity": 1},
                "encoding": {"x": x, "y": {**y, "field": "bottom", "axis": axis},
                             "y2": {"field": "top"}, "color": colour},
            },
            *veils(figure, look.theme, x),
            *hatching(figure, look, height, x, {**y, "field": "y"}, top),
            *event_layers(placed_milestones, look, x, colour),
            pointer_targets(positive_values, x, {**y, "field": "middle"}, colour, tips),
            *end_layers(ends, look, height, Amounts(0.0, top), y, colour),
        ],
    }  # fmt: skip


def stack(figure: Figure) -> tuple[list[str], list[Spec]]:
    """Return the days and the values from the bottom of the stack up, each with its bounds in it.

    A key without a value in a month counts as 0 there; shares are scaled to fill their month.
    A single month is drawn from its first day on, so that there is something to see.
    """
    days = sorted({point.x for point in figure.points})
    by_place = {(point.x, point.key, point.label): point for point in figure.points}
    stacked: list[Spec] = []
    for day in days:
        members = [
            by_place.get((day, key, label), Point(day, key, label, 0.0))
            for key, label in figure.keys
        ]
        total = sum(point.y for point in members)
        scale = 100.0 / total if figure.unit == "%" and total else 1.0
        floor = 0.0
        for record in label_records(members, figure.unit):
            top = floor + record["y"] * scale
            stacked.append({**record, "bottom": round(floor, 4), "top": round(top, 4),
                          "middle": round((floor + top) / 2, 4)})  # fmt: skip
            floor = top
    if len(days) == 1:
        first = f"{days[0][:7]}-01"
        return [first, *days], [{**value, "x": first} for value in stacked] + stacked
    return days, stacked


def uncertain_spans(points: Sequence[Point]) -> list[tuple[str, str]]:
    """Return first and last day of the stretches in which one of two months is uncertain."""
    return stretches(sorted({p.x for p in points}), {p.x for p in points if p.wide})


def stretches(days: Sequence[str], marked: Collection[str]) -> list[tuple[str, str]]:
    """Return first and last day of the stretches in which one of two days is marked.

    Of 1, 2, 3, 4, 5 May the 2nd and the 5th marked → 1 to 3 May and 4 to 5 May.
    """
    marked_spans: list[tuple[str, str]] = []
    for day, next_day in pairwise(days):
        if day in marked or next_day in marked:
            if marked_spans and marked_spans[-1][1] == day:
                marked_spans[-1] = (marked_spans[-1][0], next_day)
            else:
                marked_spans.append((day, next_day))
    if len(days) == 1 and marked:
        marked_spans = [(f"{days[0][:7]}-01", days[0])]
    return marked_spans


def veils(figure: Figure, theme: str, x: Spec) -> list[Spec]:
    """Return a pale cover over the uncertain months; nothing where all are certain."""
    if figure.estimated:
        return []
    values = [{"x": first, "end": last} for first, last in uncertain_spans(figure.points)]
    return [veil(values, theme, x)] if values else []


def hatching(figure: Figure, look: Look, height: int, x: Spec, y: Spec, top: float) -> list[Spec]:
    """Return slanting lines over the days of which little is counted; none where all is firm."""
    days = sorted({point.x for point in figure.points})
    if len(days) == 1:
        days = [f"{days[0][:7]}-01", *days]
    full = max(value["top"] for value in stack(figure)[1])
    per_pixel = max(1, day_number(days[-1]) - day_number(days[0])) / look.plot
    rise = per_pixel * height * full / top
    values = [
        line
        for first, last in stretches(days, figure.hatched_days)
        for line in slants(day_number(first), day_number(last), per_pixel * HATCH_GAP, rise, full)
    ]
    if not values:
        return []
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "color": PAPER[look.theme], **HATCH},
            "encoding": {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}},
        }
    ]


def slants(first: float, last: float, step: float, rise: float, full: float) -> list[Spec]:
    """Return lines from the floor to `full`, `rise` days apart, cut to a stretch of days."""
    lines = []
    begin = first - rise + step / 2
    while begin < last:
        ends = max(begin, first), min(begin + rise, last)
        heights = [round(full * (end - begin) / rise, 3) for end in ends]
        lines.append(
            {"x": instant(ends[0]), "x2": instant(ends[1]), "y": heights[0], "y2": heights[1]}
        )
        begin += step
    return lines


def day_number(day: str) -> int:
    """Return the number of an ISO day."""
    return date.fromisoformat(day).toordinal()


def instant(number: float) -> str:
    """Return a moment between days by number, in UTC."""
    start = datetime.fromordinal(int(number))
    return f"{(start + timedelta(days=number % 1)).isoformat(timespec='minutes')}Z"
