"""Alt texts: what a figure shows, in words with its main numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.base.numbers import day_words, month_words, quantity
from census.base.speech import WIDEST_SAID
from census.charts.figures import Event, Point
from census.charts.palette import OTHER
from census.charts.point_words import point_words
from census.charts.words import judged_by_count, unplaced_note
from census.charts.world import is_placed
from census.questions.question_files import Question

Row = Mapping[str, Any]
Keys = Sequence[tuple[str | None, str]]
# What a kind of series is called, and how it shows months that are too uncertain.
SERIES_WORDS = {
    "lines": ("Line chart", "dotted"),
    "panels": ("Line charts, one for each", "dotted"),
    "curve": ("Line chart", "dotted"),
    "areas": ("Stacked areas", "pale"),
    "ranks": ("Ranks over time", "dotted"),
}
SHOWN_VALUES = 5


def make_alt(
    question: Question,
    chart: Row,
    points: Sequence[Point],
    drawn_keys: Keys,
    events: Sequence[Event] = (),
) -> str:
    """Return the words for a figure of a kind."""
    title = str(chart.get("title", question.title))
    if not points:
        return f"{title}: no rows for this choice."
    kind, unit = str(chart["kind"]), str(chart.get("unit", ""))
    if kind in ("bars", "dots"):
        name = "Bar chart" if kind == "bars" else "Dots in rows"
        return f"{name}: {title}. {ranked_words(points, unit)}."
    if kind == "map":
        placed = [point for point in points if is_placed(point.key)]
        missing = unplaced_note(points, unit)
        return f"World map: {title}. {ranked_words(placed, unit)}. {missing}".strip()
    if kind == "ages":
        return ages_alt(title, points, drawn_keys, unit)
    if kind == "grid":
        largest = max(points, key=lambda point: point.y)
        largest_value = quantity(largest.y, unit) + ("" if unit == "%" else f" {unit}")
        return (
            f"Grid of months: {title}, {span_words(points)}. Highest value:"
            f" {largest_value}, {largest.label}, {month_words(largest.x)}."
        )
    if kind in ("columns", "shares"):
        totals = {key: sum(p.y for p in points if p.key == key[0]) for key in drawn_keys}
        sums = [f"{key[1]} {quantity(total, unit)}" for key, total in totals.items()]
        name = "Stacked columns" if kind == "columns" else "Stacked columns filled to 100 %"
        return f"{name}: {title}, {span_words(points)}. In all: {', '.join(sums)}."
    milestones = f" Milestones: {'; '.join(event.text for event in events)}." if events else ""
    return f"{series_alt(title, chart, points, drawn_keys)}{milestones}"


def series_alt(title: str, chart: Row, points: Sequence[Point], drawn_keys: Keys) -> str:
    """Return the words for keys over months: their last values with their bounds."""
    kind = str(chart["kind"])
    unit = "place" if kind == "ranks" else str(chart.get("unit", ""))
    name, dashes = SERIES_WORDS[kind]
    last = max(point.x for point in points)
    final = [p for key in drawn_keys for p in points if (p.key, p.label) == key and p.x == last]
    # The sum of the others has no bounds: it is a number only where the others have none to tell.
    final = [p for p in final if p.y and not (p.key == OTHER and p.wide)]
    values = [f"{p.label} {value_words(p, unit)}".strip() for p in final]
    months = {p.x for p in points}
    uncertain_months = {p.x for p in points if p.wide and not p.rests_on}
    unit_of_width = "percent" if judged_by_count(chart, points) else "points"
    uncertain = (
        f" {len(uncertain_months)} of {len(months)} months are uncertain by more than"
        f" {WIDEST_SAID:.0f} {unit_of_width} and {dashes}."
        if uncertain_months
        else ""
    )
    day = day_words(last)
    return f"{name}: {title}, {span_words(points)}. On {day}: {', '.join(values)}.{uncertain}"


def ages_alt(title: str, points: Sequence[Point], drawn_keys: Keys, unit: str) -> str:
    """Return the words for curves over age: what each had at its last age, with bounds."""
    values = []
    for key in drawn_keys:
        points_of_key = [point for point in points if (point.key, point.label) == key]
        last = max(points_of_key, key=lambda point: float(point.x))
        values.append(f"{last.label} {value_words(last, unit)} after {last.x} days".strip())
    oldest = max(int(point.x) for point in points)
    uncertain_counts = sum(point.wide and not point.rests_on for point in points)
    uncertain = (
        f" {uncertain_counts} of {len(points)} counts are uncertain by more than"
        f" {WIDEST_SAID:.0f} percent and dotted."
        if uncertain_counts
        else ""
    )
    return f"Lines by age: {title}, from release to {oldest} days. {', '.join(values)}.{uncertain}"


def ranked_words(points: Sequence[Point], unit: str) -> str:
    """Return the first of ranked values with their bounds, and how many more there are."""
    values = [f"{p.x} {value_words(p, unit)}" for p in points[:SHOWN_VALUES]]
    not_shown = len(points) - len(values)
    more_words = f" and {not_shown} more" if not_shown > 0 else ""
    return f"{', '.join(values)}{more_words}"


def span_words(points: Sequence[Point]) -> str:
    """Return the first and the last month of points."""
    first, last = min(point.x for point in points), max(point.x for point in points)
    return f"from {month_words(first)} to {month_words(last)}"


def value_words(point: Point, unit: str) -> str:
    """Return a value by the rules of speech; a row that has hard bounds only, with these."""
    if point.rests_on or point.flagged:
        return point_words(point, unit)
    return f"{quantity(point.y, unit)}{band_words(point, unit)}"


def band_words(point: Point, unit: str) -> str:
    """Return the bounds of a point in brackets, nothing where they do not differ visibly."""
    if point.low is None or point.high is None:
        return ""
    low, high = quantity(point.low, unit), quantity(point.high, unit)
    return "" if low == high else f" ({low} to {high})"
