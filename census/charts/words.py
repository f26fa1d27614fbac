"""The words of a figure: subtitle, notes under the plot, source, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.bands import WIDEST_BAND
from census.charts.figures import Context, Point, has_band
from census.charts.world import is_placed
from census.numbers import day_words, month_words, quantity
from census.questions import CURVES, SERIES, Question

Row = Mapping[str, Any]
AREA_NOTE = "The area of a circle is the value; the smallest are drawn larger, to be seen."
RING_NOTE = (
    "The area of a circle is the best estimate (the smallest are drawn larger, to be seen); a"
    " dotted ring is the highest that the observations allow."
)
TRACKER_NOTE = "Open markers: figures that others published for the same thing"


def make_subtitle(
    question: Question, values: Mapping[str, str], chart: Row, rows: Sequence[Row]
) -> str:
    """Return the unit, the scope and, for counts of days, the days of a figure in one line."""
    scope = question.describe(question.scope, values)
    unit = question.unit
    if chart["kind"] == "ranks":
        unit = f"place by {unit.replace('percent of', 'share of')}"
    parts = [unit[:1].upper() + unit[1:], scope]
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
    kind = str(chart["kind"])
    notes = [str(chart["note"])] if chart.get("note") else []
    notes += band_notes(kind, points, judged_by_count(chart, points))
    if kind == "map":
        notes += [note for note in [unplaced_note(points, str(chart.get("unit", "")))] if note]
    if markers:
        named = sorted({str(marker["publisher"]) for marker in markers})
        notes.append(f"{TRACKER_NOTE} ({', '.join(named)}).")
    if running and kind in SERIES:
        state = "left out" if monthly else f"counted to {day_words(through)}"
        notes.append(f"{month_words(running)} is not complete: {state}.")
    return notes


def band_notes(kind: str, points: Sequence[Point], by_count: bool) -> list[str]:
    """Return how a chart of a kind shows what is uncertain."""
    banded = any(has_band(point) for point in points)
    if kind == "map":
        return [f"{RING_NOTE if banded else AREA_NOTE} Land: Natural Earth."]
    if kind == "bars":
        return ["Thin lines: what the observations allow."] if banded else []
    if any(point.wide for point in points):
        what, of = ("count", "% of itself") if by_count else ("share", "points")
        where = "ages at" if kind == "ages" else "months in"
        told = f"{where} which a {what} could lie anywhere within more than {WIDEST_BAND:.0f} {of}"
        if kind == "areas":
            return [f"Pale: {told}; not to be quoted."]
        if kind == "ranks":
            return [f"Dotted: {told}; the order is then not to be quoted."]
        return [f"Shaded: what the observations allow. Dotted: {told}; not to be quoted."]
    if kind in ("lines", "panels", "ages") and banded:
        return ["Shaded: what the observations allow."]
    return []


def unplaced_note(points: Sequence[Point], unit: str) -> str:
    """Return the names and numbers that no map can show; empty if there are none."""
    said = [f"{point.x} {quantity(point.y, unit)}" for point in points if not is_placed(point.key)]
    return f"Not on the map, for they have no place: {', '.join(said)}." if said else ""


def judged_by_count(chart: Row, points: Sequence[Point]) -> bool:
    """Return whether uncertainty is told in percent of a count: no others share with it."""
    alone = chart["kind"] in CURVES or len({point.key for point in points}) == 1
    return alone and not chart.get("percent")


def source_line(context: Context, through: str, series: bool) -> str:
    """Return the source, the date and the licence of a figure."""
    day = (through or context.data_through) if series else context.last_observation
    until = f" {'Data through' if series else 'Observations to'} {day_words(day)}." if day else ""
    return (
        f"Source: Open Model Census, from observations of the Hugging Face Hub.{until} CC BY 4.0."
    )
