"""The figure of a question: its rows as points, with their words, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.charts.alt import make_alt
from census.charts.events import find_events
from census.charts.figures import Context, Figure
from census.charts.palette import OTHER
from census.charts.points import (
    choose_keys,
    find_markers,
    fold_others,
    rank_points,
    read_points,
    stacked_keys,
)
from census.charts.words import make_notes, make_subtitle, source_line
from census.faults import FAULTS_NOTE, clip
from census.questions import STACKED, Question

Row = Mapping[str, Any]
# Kinds that draw the shading of days with faulty counts, and those that draw figures of others.
SHADED = ("lines", "panels", "ranks", "curve")
MARKED = ("lines", "panels", "curve")
# Places are drawn as far as this below the number of keys.
SPARE = 2
OTHERS_NOTE = (
    "Places are among the keys named, the largest of the last month; the rest has no place."
)


def make_figure(
    question: Question, values: Mapping[str, str], rows: Sequence[Row], context: Context
) -> Figure:
    """Return the figure of a question's rows; KeyError if the question declares no chart."""
    chart = question.chart_for(values)
    kind = str(chart["kind"])
    dimension = str(chart.get("dimension", ""))
    through = context.last_day(values)
    running = context.running_month(values)
    monthly = bool(chart.get("monthly")) or values.get("measure") == "monthly"
    kept = [row for row in rows if not (monthly and row.get(chart["x"]) == running)]
    points = read_points(chart, kept, through)
    drawn = choose_keys(kind, points, int(chart.get("drawn", 8)))
    named = [key for key, _ in drawn] if kind in MARKED else []
    markers = find_markers(chart, values, dimension, named, context)
    if kind in STACKED:
        points = fold_others(points, [key for key, _ in drawn])
        drawn = stacked_keys(kind, points, drawn)
    elif kind == "ranks":
        points = [
            p
            for p in rank_points(points)
            if (p.key, p.label) in drawn and p.y <= len(drawn) + SPARE
        ]
    elif kind != "grid":
        points = [point for point in points if (point.key, point.label) in drawn]
    if kind == "bars":
        points = points[: int(chart.get("drawn", 20))]
    notes = make_notes(chart, points, markers, monthly, running, through)
    events = find_events(chart, values, points, monthly, context)
    if kind == "ranks" and any(row.get(chart["key"]) == OTHER for row in kept):
        notes.append(OTHERS_NOTE)
    days = sorted(point.x for point in points) if kind in SHADED else []
    faults = clip(context.faults, days[0], days[-1]) if days else ()
    notes += [FAULTS_NOTE] if faults else []
    return Figure(
        name=question.name,
        kind=kind,
        title=str(chart.get("title", question.title)),
        subtitle=make_subtitle(question, values, chart, kept),
        unit="place" if kind == "ranks" else str(chart.get("unit", question.unit)),
        dimension=dimension,
        points=tuple(points),
        alt=make_alt(question, chart, points, drawn, events),
        notes=(*notes, source_line(context, through, question.reads_series)),
        markers=tuple(markers),
        keys=tuple(drawn),
        faults=faults,
        events=events,
    )
