"""What a chart shows: titles, series, bands and words, computed from a question's rows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from census.faults import FAULTS_NOTE, Fault, clip, read_faults
from census.numbers import day_words, month_end, month_words, quantity
from census.palette import OTHER
from census.questions import Question

Row = Mapping[str, Any]
# Months whose share could be anything within more points than this are drawn, never quoted.
WIDEST_BAND = 20.0
# What published_figures calls the measures that charts draw.
PUBLISHED_MEASURES = {
    "share": ("share", "cumulative_share"),
    "cumulative": ("cumulative", "cumulative_downloads"),
}
TRACKER_NOTE = "Open markers: figures that others published for the same thing"


@dataclass(frozen=True)
class Context:
    """What every chart says of the database behind it."""

    through: dict[str, str] = field(default_factory=dict)
    running: dict[str, str] = field(default_factory=dict)
    data_through: str = ""
    last_observation: str = ""
    published: tuple[dict[str, Any], ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Point:
    """One value of one key: `x` an ISO day or a category, `low` and `high` its bounds."""

    x: str
    key: str | None
    label: str
    y: float
    low: float | None = None
    high: float | None = None
    wide: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart before it is drawn."""

    name: str
    kind: str
    title: str
    subtitle: str
    unit: str
    dimension: str
    points: tuple[Point, ...]
    alt: str
    notes: tuple[str, ...]
    markers: tuple[dict[str, Any], ...] = ()
    keys: tuple[tuple[str | None, str], ...] = ()
    faults: tuple[Fault, ...] = ()


def read_context(database: sqlite3.Connection) -> Context:
    """Read what every chart says of its database: how far scopes go, and others' figures."""
    scopes = database.execute("select scope, through, running_month from scopes").fetchall()
    info = dict(database.execute("select key, value from build_info").fetchall())
    cursor = database.execute(
        "select publisher, measure, dimension, key, value, unit, as_of, source_title, source_url"
        " from published_figures where key is not null and as_of is not null order by figure"
    )
    names = [column[0] for column in cursor.description]
    return Context(
        through={scope: through for scope, through, _ in scopes if through},
        running={scope: month for scope, _, month in scopes if month},
        data_through=str(info.get("data_through", "")),
        last_observation=str(info.get("last_observation", "")),
        published=tuple(dict(zip(names, row, strict=True)) for row in cursor),
        faults=read_faults(database),
    )


def make_figure(
    question: Question, values: Mapping[str, str], rows: Sequence[Row], context: Context
) -> Figure:
    """Return the figure of a question's rows; KeyError if the question declares no chart."""
    if question.chart is None:
        raise KeyError(question.name)
    chart = dict(question.chart)
    # A chart may take its dimension from a parameter: cumulative_downloads is split by one.
    dimension = re.sub(r"\{(\w+)\}", lambda name: values[name[1]], chart.get("dimension", ""))
    through = context.through.get(values.get("scope", ""), context.data_through)
    running = context.running.get(values.get("scope", ""))
    monthly = values.get("measure") == "monthly"
    kept = [row for row in rows if not (monthly and row.get(chart["x"]) == running)]
    points = read_points(chart, kept, through)
    drawn = choose_keys(chart["kind"], points, int(chart.get("drawn", 8)))
    markers = find_markers(chart, values, dimension, [key for key, _ in drawn], context)
    if chart["kind"] == "columns":
        points = fold_others(points, [key for key, _ in drawn])
        drawn = [key for key in drawn if key[0] != OTHER]
        drawn += [(OTHER, "Other")] if any(point.key == OTHER for point in points) else []
    elif chart["kind"] != "grid":
        points = [point for point in points if (point.key, point.label) in drawn]
    if chart["kind"] == "bars":
        points = points[: int(chart.get("drawn", 20))]
    notes = make_notes(chart, points, markers, monthly, running, through)
    days = sorted(point.x for point in points) if chart["kind"] in ("lines", "curve") else []
    faults = clip(context.faults, days[0], days[-1]) if days else ()
    notes += [FAULTS_NOTE] if faults else []
    return Figure(
        name=question.name,
        kind=str(chart["kind"]),
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


def read_points(chart: Row, rows: Sequence[Row], through: str) -> list[Point]:
    """Return the rows as points; a month becomes its last day, or the last day counted."""
    ranked = chart["kind"] == "bars"
    wide = wide_months(chart, rows)
    points = []
    for row in rows:
        value = row[chart["x"] if ranked else chart["y"]]
        place = row[chart["y"] if ranked else chart["x"]]
        if value is None or place is None:
            continue
        label = str(row[chart["label"]]) if "label" in chart else ""
        low, high = bound(row, chart, "low"), bound(row, chart, "high")
        points.append(
            Point(
                x=str(place) if ranked else day_of(str(place), through),
                key=row[chart["key"]] if "key" in chart else None,
                label=label,
                y=float(value),
                low=low,
                high=high,
                wide=place in wide or (chart["kind"] == "curve" and loose(float(value), low, high)),
            )
        )
    return points


def loose(value: float, low: float | None, high: float | None) -> bool:
    """Return whether a count could lie within more than `WIDEST_BAND` percent of itself."""
    return low is not None and high is not None and 100 * (high - low) > WIDEST_BAND * value


def bound(row: Row, chart: Row, which: str) -> float | None:
    """Return a bound of a row, None where the chart or the row has none."""
    value = row[chart[which]] if which in chart else None
    return None if value is None else float(value)


def day_of(place: str, through: str) -> str:
    """Return the day at which a month or a day is drawn."""
    if len(place) != 7:
        return place
    return through if through.startswith(place) else month_end(place)


def wide_months(chart: Row, rows: Sequence[Row]) -> set[str]:
    """Return the months in which any key's share band is wider than `WIDEST_BAND` points.

    The low share of a key is its low over its low and the others' high, and the other way round.
    A chart of one key has no others: its months are wide when its count is, in percent of itself.
    """
    if not {"low", "high", "key"} <= set(chart) or chart["kind"] != "lines":
        return set()
    by_month: dict[str, list[Row]] = {}
    for row in rows:
        by_month.setdefault(row[chart["x"]], []).append(row)
    wide = set()
    for month, members in by_month.items():
        if len(members) == 1 and not chart.get("percent"):
            # Alone a key has no share to judge by: its count is, by itself.
            row = members[0]
            if loose(float(row[chart["y"]]), bound(row, chart, "low"), bound(row, chart, "high")):
                wide.add(month)
            continue
        lows = [float(row[chart["low"]]) for row in members]
        highs = [float(row[chart["high"]]) for row in members]
        if chart.get("percent"):
            bands = [high - low for low, high in zip(lows, highs, strict=True)]
        else:
            least, most = sum(lows), sum(highs)
            bands = [
                share(high, least - low) - share(low, most - high)
                for low, high in zip(lows, highs, strict=True)
            ]
        if max(bands) > WIDEST_BAND:
            wide.add(month)
    return wide


def share(part: float, rest: float) -> float:
    """Return a part of a whole in percent; nothing of nothing is nothing."""
    return 100 * part / (part + rest) if part + rest else 0.0


def choose_keys(kind: str, points: Sequence[Point], drawn: int) -> list[tuple[str | None, str]]:
    """Return the keys that a chart draws with their labels, largest first.

    Lines rank by their last value, columns by their sum; the row of all others is not drawn.
    """
    weight: dict[tuple[str | None, str], float] = {}
    last = max((point.x for point in points), default="")
    for point in points:
        counts = kind in ("bars", "columns", "curve", "grid") or point.x == last
        weight.setdefault((point.key, point.label), 0.0)
        weight[point.key, point.label] += point.y if counts else 0.0
    ranked = sorted(weight, key=lambda key: (-weight[key], str(key[0])))
    ranked = [key for key in ranked if key[0] != OTHER or kind == "columns"]
    return ranked if kind in ("bars", "grid") else ranked[:drawn]


def fold_others(points: Sequence[Point], drawn: Sequence[str | None]) -> list[Point]:
    """Return stacked points in which every key that is not drawn is added to `Other`."""
    folded: dict[tuple[str, str | None], Point] = {}
    for point in points:
        named = point.key in drawn
        key = point.key if named else OTHER
        label = point.label if named else "Other"
        before = folded.get((point.x, key))
        total = point.y + (before.y if before else 0.0)
        folded[point.x, key] = Point(point.x, key, label, total)
    return list(folded.values())


def find_markers(
    chart: Row,
    values: Row,
    dimension: str,
    drawn: Sequence[str | None],
    context: Context,
) -> list[dict[str, Any]]:
    """Return figures that others published for what the chart draws, each with its source."""
    published = chart.get("published")
    cumulative = values.get("measure", "cumulative") == "cumulative"
    if not published or not cumulative or values.get("scope") != "frontier":
        return []
    measures = PUBLISHED_MEASURES[published]
    since, until = values.get("since", ""), values.get("until", "")
    return [
        {
            "x": month_end(str(figure["as_of"])[:7]),
            "y": float(figure["value"]),
            "key": figure["key"],
            "publisher": figure["publisher"],
            "source": figure["source_title"] or figure["source_url"],
        }
        for figure in context.published
        if figure["measure"] in measures
        and figure["dimension"] == dimension
        and figure["key"] in drawn
        and len(str(figure["as_of"])) >= 7
        and (not since or str(figure["as_of"])[:7] >= since)
        and (not until or str(figure["as_of"])[:7] <= until)
    ]


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
    elif chart["kind"] == "lines" and any(has_band(point) for point in points):
        notes.append("Shaded: what the observations allow.")
    if chart["kind"] == "bars" and any(has_band(point) for point in points):
        notes.append("Thin lines: what the observations allow.")
    if markers:
        named = sorted({str(marker["publisher"]) for marker in markers})
        notes.append(f"{TRACKER_NOTE} ({', '.join(named)}).")
    if running and chart["kind"] == "lines":
        state = "left out" if monthly else f"counted to {day_words(through)}"
        notes.append(f"{month_words(running)} is not complete: {state}.")
    return notes


def judged_by_count(chart: Row, points: Sequence[Point]) -> bool:
    """Return whether uncertainty is told in percent of a count: no others share with it."""
    alone = chart["kind"] == "curve" or len({point.key for point in points}) == 1
    return alone and not chart.get("percent")


def has_band(point: Point) -> bool:
    """Return whether low and high of a point differ."""
    return point.low is not None and point.high is not None and point.high > point.low


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
    if chart["kind"] == "bars":
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
