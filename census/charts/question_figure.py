"""Makes the figure of a question: its rows as points, with titles, notes and alt text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.charts.alt import make_alt
from census.charts.estimates import DrawnEstimates, drawn_estimates
from census.charts.events import find_events
from census.charts.faulty_days import FAULTS_NOTE, clip
from census.charts.figures import Context, Figure
from census.charts.palette import OTHER, size_order
from census.charts.points import (
    choose_keys,
    find_markers,
    fold_others,
    one_day_a_month,
    rank_points,
    read_points,
    stacked_keys,
)
from census.charts.scales import for_log, near_ends
from census.charts.words import make_notes, make_subtitle, period_words, source_line
from census.questions.chosen_keys import PICTURED, split_keys
from census.questions.question_files import RANKED, SERIES, STACKED, Question

Row = Mapping[str, Any]
# Kinds that draw the shading of days with faulty counts, and those that draw figures of others.
SHADED = ("lines", "panels", "ranks", "curve")
MARKED = ("lines", "panels", "curve")
# Places are drawn as far as this below the number of keys.
SPARE = 2
# Of chosen keys a picture has the places down to this one.
LAST_PLACE = 30
NOTHING_SAID = "No month of this choice is known well enough to be drawn as areas."
LOG_NOTE = (
    "The scale is logarithmic: equal steps are equal growth rates. Bands are cut at its floor."
)
NEAR_NOTE = "The axis begins at {:,.6g}, near the scores, which are not amounts and have no zero."
MANY_NOTE = "The picture shows the first {} of {} chosen; the table and the files have all."
ALL_NOTE = "Ranks are among all, including those that are not drawn."
CHOSEN_NOTE = "Ranks are only among those chosen."
OTHERS_NOTE = "Ranks are among those named, the largest of the last month; the rest has no rank."


def make_figure(
    question: Question, values: Mapping[str, str], rows: Sequence[Row], context: Context
) -> Figure:
    """Return the figure of a question's rows; KeyError if the question declares no chart."""
    chart = question.chart_for(values)
    context = context.of_channel(question.channel, values)
    kind = str(chart["kind"])
    dimension = str(chart.get("dimension", ""))
    unit = str(chart.get("unit", question.unit_words(values)))
    through = context.last_day(values)
    running = context.running_month(values)
    recent = values.get("measure") == "recent"
    monthly = bool(chart.get("monthly")) or values.get("measure") == "monthly"
    by_month = values.get("step", "month") == "month"
    left_out_month = running if monthly and by_month else None
    complete = [
        row for row in rows if left_out_month is None or row.get(chart["x"]) != left_out_month
    ]
    points = read_points(chart, complete, through)
    chosen = split_keys(values.get("show", ""))
    log = chart.get("scale") == "log" and kind in ("lines", "panels")
    points = for_log(points) if log else points
    by_last_day = one_day_a_month(points) if by_month and kind in SERIES else points
    if kind in ("areas", "ranks"):
        points = by_last_day
    drawn_keys = choose_keys(kind, by_last_day, int(chart.get("drawn", 8)), chosen)
    if dimension == "size_bucket":
        # Sizes are few and have an order of their own: none is folded into the others.
        drawn_keys = choose_keys(kind, points, len(points), chosen)
        drawn_keys.sort(key=lambda key: size_order(key[0]))
    estimates = DrawnEstimates(points, "", frozenset())
    if kind in SERIES and not recent and any(point.rests_on for point in points):
        early = not by_month or has_chosen_months(question, values)
        estimates = drawn_estimates(kind, points, drawn_keys, unit, early)
        points = estimates.points
    marked_keys = [key for key, _ in drawn_keys] if kind in MARKED else []
    markers = [] if recent else find_markers(chart, values, dimension, marked_keys, context)
    first = min((point.x for point in points), default="")
    markers = [marker for marker in markers if marker["x"] >= first]
    if kind in STACKED:
        points = fold_others(points, [key for key, _ in drawn_keys])
        drawn_keys = stacked_keys(kind, points, drawn_keys)
    elif kind == "ranks":
        points = [
            p
            for p in rank_points(points)
            if (p.key, p.label) in drawn_keys
            and p.y <= (LAST_PLACE if chosen else len(drawn_keys) + SPARE)
        ]
    elif kind != "grid":
        points = [point for point in points if (point.key, point.label) in drawn_keys]
    if kind in ("bars", "dots"):
        points = points[: int(chart.get("drawn", 20))]
    partial_month = running if by_month and not recent else None
    notes = make_notes(
        chart, points, markers, left_out_month, partial_month, through, estimates.start, recent
    )
    events = find_events(chart, values, points, monthly or recent, context)
    if kind == "ranks" and any(row.get(chart["key"]) == OTHER for row in complete):
        among_all = any(point.rests_on for point in points)
        chosen_note = ALL_NOTE if among_all else CHOSEN_NOTE
        notes.append(chosen_note if chosen else OTHERS_NOTE)
    days = sorted(point.x for point in points) if kind in SHADED else []
    faults = clip(context.faults, days[0], days[-1]) if days else ()
    notes += [FAULTS_NOTE] if faults else []
    notes += [LOG_NOTE] if log else []
    near = chart.get("scale") == "near" and kind in ("lines", "panels") and bool(points)
    if near:
        floor, _ = near_ends(min(p.y for p in points), max(p.y for p in points))
        notes.append(NEAR_NOTE.format(floor))
    if len(chosen) > PICTURED:
        notes.append(MANY_NOTE.format(PICTURED, len(chosen)))
    title = str(chart.get("title", question.title))
    is_hidden = kind == "areas" and bool(rows) and not points
    return Figure(
        name=question.name,
        kind=kind,
        title=title,
        subtitle=make_subtitle(question, values, chart, complete),
        unit="place" if kind == "ranks" else unit,
        dimension=dimension,
        points=tuple(points),
        alt=f"{title}: {NOTHING_SAID}"
        if is_hidden
        else make_alt(question, chart, points, drawn_keys, events),
        notes=(*notes, source_line(context, through, question.reads_series)),
        markers=tuple(markers),
        keys=tuple(drawn_keys),
        faults=faults,
        events=events,
        start=estimates.start,
        of_single_days=recent and kind in SERIES,
        hatched_days=estimates.hatched_days,
        nothing=NOTHING_SAID if is_hidden else "",
        log=log,
        axis_near_values=near,
        by_month=chart["x"] == "month" and by_month and not recent,
        period=period_words(question, values, complete) if kind in RANKED else "",
    )


def has_chosen_months(question: Question, values: Mapping[str, str]) -> bool:
    """Return whether a reader chose the first or the last month, so that early ones are drawn."""
    defaults = question.defaults()
    return any(
        values.get(name, "") not in ("", defaults.get(name, "")) for name in ("since", "until")
    )
