"""Parts that all charts share: look, colours, axes, points as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from census.base.numbers import percent, quantity
from census.base.speech import BOUNDS
from census.charts.figures import Figure, Point
from census.charts.lettering import width_of
from census.charts.palette import GRID, INK, MUTED, colours

Spec = dict[str, Any]
# Where names begin beside a plot, in pixels from its edge.
NAMES_AT = 18
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# Pixels between two labels of an axis, also in the widest of fonts.
APART = 14
# Months between two labels of a time axis that is at most two years long.
STEPS = (1, 2, 3, 4, 6, 12)
# Axis labels are written by an expression of the specification, in the letters of numbers.py.
COUNT_LABELS = (
    "datum.value >= 1e9 ? format(datum.value / 1e9, '.3~g') + 'B' :"
    " datum.value >= 1e6 ? format(datum.value / 1e6, '.3~g') + 'M' :"
    " datum.value >= 1e3 ? format(datum.value / 1e3, '.3~g') + 'K' : format(datum.value, '.3~g')"
)


class Look(NamedTuple):
    """Theme and width of a drawing: pixels of the plot alone, and with the names beside it."""

    theme: str
    plot: int
    total: int
    narrow: bool

    @property
    def names(self) -> int:
        """Return the pixels for names beside a plot, from `NAMES_AT` on."""
        return self.total - self.plot - NAMES_AT

    @property
    def letters(self) -> float:
        """Return the size of the names in a chart."""
        return 12 if self.narrow else 12.5


def look_of(theme: str, size: str) -> Look:
    """Return the look for a theme (`light`, `dark`) and a size (`wide`, `narrow`)."""
    if size == "narrow":
        return Look(theme, 222, 330, True)
    return Look(theme, 550, 770, False)


def config(theme: str) -> Spec:
    """Return fonts and lines: quiet axes, horizontal grid only."""
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": MUTED[theme],
            "titleColor": MUTED[theme],
            "labelFontSize": 12,
            "gridColor": GRID[theme],
            "domainColor": MUTED[theme],
            "tickColor": MUTED[theme],
        },
        "legend": {"labelColor": INK[theme], "labelFontSize": 12, "symbolSize": 110},
        "concat": {"spacing": 12},
    }


def colour_scale(figure: Figure, theme: str) -> Spec:
    """Return the scale from key names to colours; keys that are null are named by their label."""
    colour_of = colours([key for key, _ in figure.keys], figure.dimension, theme)
    return {
        "domain": [label for _, label in figure.keys],
        "range": [colour_of[key] for key, _ in figure.keys],
    }


def amount_axis(figure: Figure, ticks: int) -> Spec:
    """Return the axis of amounts in the figure's unit, with about so many ticks.

    In percent 40 → `40%`; counts and tokens 1,500,000 → `1.5M`.
    """
    labels = "format(datum.value, '.3~g') + '%'" if figure.unit == "%" else COUNT_LABELS
    return {"title": None, "labelExpr": labels, "tickCount": ticks, "domain": False, "ticks": False}


def time_axis(figure: Figure, look: Look, plot: float | None = None) -> Spec:
    """Return the x channel of days, in UTC, with as many years or months as labels as have room.

    2024-05-31 to 2026-09-05 → `2024`, `2025`, `2026`; 2025-12-31 to 2026-09-05 → every second month
    or fewer, `Jan 2026`; 2026-09-01 to 2026-09-05 → `1 Sep 2026`. `plot` is the width in pixels,
    unless it is that of the look.
    """
    room = int((plot or look.plot) // (width_of("Sep 2026", 12) + APART))
    days = sorted({point.x for point in figure.points})
    years = int(days[-1][:4]) - int(days[0][:4])
    if years >= 2:
        axis: Spec = {"format": "%Y", "tickCount": {"interval": "year", "step": 1}}
    elif len(days) > 1 and days[0][:7] != days[-1][:7]:
        months = 12 * years + int(days[-1][5:7]) - int(days[0][5:7])
        step = next((step for step in STEPS if months <= step * room), STEPS[-1])
        axis = {"format": "%b %Y", "tickCount": {"interval": "month", "step": step}}
    else:
        axis = {"format": "%-d %b %Y", "tickCount": 2 if room < 5 else 5}
    return {
        "field": "x",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {
            "title": None,
            "grid": False,
            "labelFlush": True,
            "labelSeparation": APART,
            **axis,
        },
    }


def fault_layers(figure: Figure, x: Spec, theme: str) -> list[Spec]:
    """Return the shading of the days with faulty counts, behind everything else."""
    if not figure.faults:
        return []
    values = [{"x": fault.first, "end": fault.last} for fault in figure.faults]
    # The stroke keeps a single day visible on an axis of years.
    mark = {"type": "rect", "color": MUTED[theme], "opacity": 0.25, "strokeWidth": 1.5}
    return [
        {
            "data": {"values": values},
            "mark": {**mark, "stroke": MUTED[theme]},
            "encoding": {"x": x, "x2": {"field": "end"}},
        }
    ]


def records(points: Sequence[Point], unit: str) -> list[Spec]:
    """Return points as data of a specification; `said` is the value as readers write it."""
    return [
        {
            "x": point.x,
            "name": point.label,
            "y": point.y,
            "low": point.low,
            "high": point.high,
            "said": label_value(point, unit, bounds=True)
            if point.rests_on == BOUNDS
            else value_words(point, unit),
            **estimate_fields(point, unit),
        }
        for point in points
    ]


def estimate_fields(point: Point, unit: str) -> Spec:
    """Return interval and basis of an estimate as data; empty where the row has neither."""
    if not point.rests_on:
        return {}
    return {
        "likely_low": point.likely_low,
        "likely_high": point.likely_high,
        "likely": "none" if point.interval is None else span_words(*point.interval, unit),
        "rests_on": point.rests_on,
        "counted_pct": point.counted_pct,
        "covered_pct": point.covered_pct,
    }


def label_records(points: Sequence[Point], unit: str) -> list[Spec]:
    """Return points as data for labels, in which an uncertain value is given as its bounds."""
    return [
        {
            **record,
            "said": label_value(point, unit),
            "loose": point.wide and (not point.rests_on or point.interval is None),
        }
        for point, record in zip(points, records(points, unit), strict=True)
    ]


def label_value(point: Point, unit: str, bounds: bool = False) -> str:
    """Return the text of a value in a label: a number where it is counted or certain.

    Of an estimate it is the interval; without one it is empty, unless hard bounds are asked for or
    would read as one number. What has no estimate and is uncertain is its bounds.
    """
    if point.rests_on and point.interval is not None and unit != "place":
        low, high = point.interval
        return quantity(point.y, unit) if low == high else span_words(low, high, unit)
    if not point.wide:
        return quantity(point.y, unit)
    if point.low is None or point.high is None:
        return ""
    text = span_words(point.low, point.high, unit, whole=False)
    return "" if point.rests_on and not bounds and "–" in text else text


def value_without_interval(point: Point, unit: str) -> str:
    """Return a value without its interval; where there is no interval, its hard bounds."""
    if point.rests_on == BOUNDS:
        return label_value(point, unit, bounds=True)
    return value_words(point, unit)


def value_words(point: Point, unit: str) -> str:
    """Return the middle of a value: of a share with an interval in whole percents."""
    low, high = (point.rests_on and point.interval) or (point.y, point.y)
    return (
        f"{point.y:.0f}%"
        if unit == "%" and low < high and point.y >= 0.5
        else quantity(point.y, unit)
    )


def span_words(low: float, high: float, unit: str, whole: bool = True) -> str:
    """Return an interval: `54–56%`, whose ends are whole unless that makes them one."""
    if unit != "%":
        first, last = quantity(low, unit), quantity(high, unit)
        same = first[-1] == last[-1] and first[-1].isalpha() and unit != "place"
        return first if first == last else f"{first[:-1] if same else first}–{last}"
    if whole and round(low) != round(high) and low >= 0.5:
        return f"{low:.0f}–{high:.0f}%"
    first, last = percent(low), percent(high)
    return first if first == last else f"{first.removesuffix('%')}–{last}"


def tooltips(
    banded: bool, bounds: tuple[str, str] = ("Lowest", "Highest"), estimated: bool = False
) -> list[Spec]:
    """Return the tooltips of a value in an interactive chart."""
    fields: list[Spec] = [
        {"field": "name", "type": "nominal", "title": "Name"},
        {"field": "x", "type": "temporal", "timeUnit": "utcyearmonthdate", "title": "Until"},
        {"field": "said", "type": "nominal", "title": "Value"},
    ]
    fields += estimate_tooltips() if estimated else []
    if banded:
        fields += bound_tooltips(bounds)
    return fields


def bound_tooltips(bounds: tuple[str, str] = ("Lowest", "Highest")) -> list[Spec]:
    """Return the tooltip of the hard bounds of a value."""
    return [
        {"field": field, "type": "quantitative", "title": title, "format": ",.4~r"}
        for field, title in zip(("low", "high"), bounds, strict=True)
    ]


def estimate_tooltips() -> list[Spec]:
    """Return the tooltips of an estimate: its interval and what it rests on."""
    return [
        {"field": "likely", "type": "nominal", "title": "90% interval"},
        {"field": "rests_on", "type": "nominal", "title": "Rests on"},
        {"field": "counted_pct", "type": "quantitative", "title": "Counted, %", "format": ".3~r"},
        {"field": "covered_pct", "type": "quantitative", "title": "Covered, %", "format": ".3~r"},
    ]


def pointer_targets(
    values: Sequence[Spec], x: Spec, y: Spec, colour: Spec, tips: Sequence[Spec]
) -> Spec:
    """Return invisible circles that catch the pointer over values of an interactive chart."""
    return {
        "data": {"values": list(values)},
        "mark": {"type": "circle", "size": 1, "opacity": 0, "aria": False},
        "encoding": {"x": x, "y": y, "color": colour, "tooltip": list(tips)},
    }
