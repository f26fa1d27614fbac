"""The figure of a question: its rows as points, with their words, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.faults import FAULTS_NOTE, clip
from census.figure_points import choose_keys, find_markers, fold_others, read_points
from census.figure_words import make_alt, make_notes, make_subtitle, source_line
from census.figures import Context, Figure
from census.palette import OTHER
from census.questions import RANKED, SERIES, Question

Row = Mapping[str, Any]


def make_figure(
    question: Question, values: Mapping[str, str], rows: Sequence[Row], context: Context
) -> Figure:
    """Return the figure of a question's rows; KeyError if the question declares no chart."""
    chart = question.chart_for(values)
    kind = str(chart["kind"])
    dimension = str(chart.get("dimension", ""))
    through = context.through.get(values.get("scope", ""), context.data_through)
    running = context.running.get(values.get("scope", ""))
    monthly = values.get("measure") == "monthly"
    kept = [row for row in rows if not (monthly and row.get(chart["x"]) == running)]
    points = read_points(chart, kept, through)
    drawn = choose_keys(kind, points, int(chart.get("drawn", 8)))
    markers = find_markers(chart, values, dimension, [key for key, _ in drawn], context)
    if kind == "columns":
        points = fold_others(points, [key for key, _ in drawn])
        drawn = [key for key in drawn if key[0] != OTHER]
        drawn += [(OTHER, "Other")] if any(point.key == OTHER for point in points) else []
    elif kind != "grid":
        points = [point for point in points if (point.key, point.label) in drawn]
    if kind in RANKED:
        points = points[: int(chart.get("drawn", 20))]
    notes = make_notes(chart, points, markers, monthly, running, through)
    days = sorted(point.x for point in points) if kind in (*SERIES, "curve") else []
    faults = clip(context.faults, days[0], days[-1]) if days else ()
    notes += [FAULTS_NOTE] if faults else []
    return Figure(
        name=question.name,
        kind=kind,
        title=str(chart.get("title", question.title)),
        subtitle=make_subtitle(question, values, chart, kept),
        unit=str(chart.get("unit", question.unit)),
        dimension=dimension,
        points=tuple(points),
        alt=make_alt(question, chart, points, drawn),
        notes=(*notes, source_line(context, through, question.reads_series)),
        markers=tuple(markers),
        keys=tuple(drawn),
        faults=faults,
    )
