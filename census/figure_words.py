"""The words of a figure: subtitle, notes under the plot, source, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.bands import WIDEST_BAND
from census.figures import Context, Point, has_band
from census.numbers import day_words, month_words, quantity
from census.questions import RANKED, SERIES, Question

Row = Mapping[str, Any]
TRACKER_NOTE = "Open markers: figures that others published for the same thing"


def make_subtitle(
    question: Question, values: Mapping[str, str], chart: Row, rows: Sequence[Row]
) -> str:
    """Return the unit, the scope and, for counts of days, the days of a figure in one line."""
    scope = question.describe(question.scope, values)
    parts = [question.unit[:1].upper() + question.unit[1:], scope]
    days = sorted({str(row[chart["date"]]) for row in rows}) if "date" in chart else []
    if len(days) == 1:
        parts.append(f"up to {day_words(days[0])}")
    elif days:
        parts.append(f"counted between {day_words(days[0])} and {day_words(days[-1])}")
    return " · ".join(part for part in parts if part)


def make_notes(
    chart: Row,
    points: Sequence[Point],
    markers: Sequence[Row],
    monthly: bool,
    running: str | None,
    through: str,
) -> list[str]:
    """Return what must be said under a figure so that nobody reads it wrongly."""
    notes = []
    if chart.get("note"):
        notes.append(str(chart["note"]))
    if any(point.wide for point in points):
        by_count = judged_by_count(chart, points)
        what, of = ("count", "% of itself") if by_count else ("share", "points")
        notes.append(
            f"Shaded: what the observations allow. Dotted: months in which a {what} could lie"
            f" anywhere within more than {WIDEST_BAND:.0f} {of}; not to be quoted."
        )
    elif chart["kind"] in SERIES and any(has_band(point) for point in points):
        notes.append("Shaded: what the observations allow.")
    if chart["kind"] in RANKED and any(has_band(point) for point in points):
        notes.append("Thin lines: what the observations allow.")
    if markers:
        named = sorted({str(marker["publisher"]) for marker in markers})
        notes.append(f"{TRACKER_NOTE} ({', '.join(named)}).")
    if running and chart["kind"] in SERIES:
        state = "left out" if monthly else f"counted to {day_words(through)}"
        notes.append(f"{month_words(running)} is not complete: {state}.")
    return notes


def judged_by_count(chart: Row, points: Sequence[Point]) -> bool:
    """Return whether uncertainty is told in percent of a count: no others share with it."""
    alone = chart["kind"] == "curve" or len({point.key for point in points}) == 1
    return alone and not chart.get("percent")


def source_line(context: Context, through: str, series: bool) -> str:
    """Return the source, the date and the licence of a figure."""
    day = (through or context.data_through) if series else context.last_observation
    until = f" {'Data through' if series else 'Observations to'} {day_words(day)}." if day else ""
    return (
        f"Source: Open Model Census, from observations of the Hugging Face Hub.{until} CC BY 4.0."
    )


def make_alt(
    question: Question, chart: Row, points: Sequence[Point], drawn: Sequence[tuple[str | None, str]]
) -> str:
    """Return what the chart shows in words with its main numbers, for who does not see it."""
    unit = str(chart.get("unit", ""))
    if not points:
        return f"{question.title}: no rows for this choice."
    if chart["kind"] in RANKED:
        said = [f"{p.x} {quantity(p.y, unit)}{band_words(p, unit)}" for p in points[:5]]
        rest = len(points) - len(said)
        more = f" and {rest} more" if rest > 0 else ""
        return f"Bar chart: {question.title}. {', '.join(said)}{more}."
    first, last = min(p.x for p in points), max(p.x for p in points)
    span = f"from {month_words(first)} to {month_words(last)}"
    if chart["kind"] == "grid":
        most = max(points, key=lambda point: point.y)
        return (
            f"Grid of months and sources: {question.title}, {span}. Most in one day:"
            f" {quantity(most.y, unit)} {unit}, {most.label}, {month_words(most.x)}."
        )
    if chart["kind"] == "columns":
        totals = {key: sum(p.y for p in points if p.key == key[0]) for key in drawn}
        said = [f"{key[1]} {quantity(total, unit)}" for key, total in totals.items()]
        return f"Stacked columns: {question.title}, {span}. In all: {', '.join(said)}."
    final = [p for key in drawn for p in points if (p.key, p.label) == key and p.x == last]
    said = [f"{p.label} {quantity(p.y, unit)}{band_words(p, unit)}".strip() for p in final]
    months = {p.x for p in points}
    wide = {p.x for p in points if p.wide}
    dotted = (
        f" {len(wide)} of {len(months)} months are uncertain by more than {WIDEST_BAND:.0f}"
        f" {'percent' if judged_by_count(chart, points) else 'points'} and dotted."
        if wide
        else ""
    )
    day = day_words(last)
    return f"Line chart: {question.title}, {span}. On {day}: {', '.join(said)}.{dotted}"


def band_words(point: Point, unit: str) -> str:
    """Return the bounds of a point in brackets, nothing where they do not differ visibly."""
    if point.low is None or point.high is None:
        return ""
    low, high = quantity(point.low, unit), quantity(point.high, unit)
    return "" if low == high else f" ({low} to {high})"
