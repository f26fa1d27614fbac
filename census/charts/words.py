"""The words of a figure: subtitle, notes under the plot, source, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.base.numbers import day_words, end_words, month_words, quantity
from census.base.speech import BOUNDS, COUNTED, WIDEST_SAID
from census.charts.bars import end_of_scale, reach
from census.charts.estimates import is_loose
from census.charts.figures import Context, Point, has_band
from census.charts.palette import OTHER
from census.charts.uncertainty import WIDEST_BAND
from census.charts.world import is_placed
from census.questions.question_files import CURVES, RANKED, SERIES, Question

Row = Mapping[str, Any]
AREA_NOTE = (
    "The area of a circle is the value; the smallest are drawn larger so that they can be seen."
)
BOUND_RING_NOTE = (
    "The area of a circle is the best estimate (the smallest are drawn larger so that they can be"
    " seen); a"
    " dotted ring is the highest that the observations allow."
)
RING_NOTE = (
    "The area of a circle is the best estimate (the smallest are drawn larger so that they can be"
    " seen); a"
    " dotted ring is the upper end of the 90 % interval."
)
# What an interval is drawn as.
WHISKERS = {"bars": "Thin lines", "dots": "Thick lines"}
HOLLOW = "A hollow {}: not known well enough for an interval; its numbers are hard bounds."
BAND_NOTE = (
    "Nine in ten of the possible histories lie in the light band{}; the line is their middle."
)
HALF_BAND = ", half of them in the dark one"
DASHED_NOTE = "Dashed: less than half is counted on the day"
PLACE_NOTE = (
    "A rank is drawn where it holds in at least 95 of 100 possible histories; elsewhere there is a"
    " gap."
)
HATCHED = "Hatched: less than half of the month is counted on its day."
NO_BAND = ", or, without a band, too little is known for an interval"
RECENT_NOTE = (
    "Each dot is the downloads of the 30 days before a day, as one source counted them. Only dots"
    " of one source are joined: sources cover different models."
)
TRACKER_NOTE = "Open markers: figures that others published, each of its own models"
# What no interval holds, and in which direction it works. Pages say it again, with a link.
OUTSIDE = (
    "{}: models that no source lists (all counts are too low); ModelScope and"
    " mirrors (China is too low); automated downloads (small models are too high)"
)
OUTSIDE_ORIGINS = "doubts about the countries of labs"


def make_subtitle(
    question: Question, values: Mapping[str, str], chart: Row, rows: Sequence[Row]
) -> str:
    """Return the unit, the scope and, for counts of days, the days of a figure in one line."""
    scope = question.counted_words(values)
    unit = question.unit_words(values)
    if chart["kind"] == "ranks":
        unit = f"rank by {unit.replace('percent of', 'share of')}"
    parts = [unit[:1].upper() + unit[1:], scope]
    days = sorted({str(row[chart["date"]]) for row in rows}) if "date" in chart else []
    if len(days) == 1:
        parts.append(f"up to {day_words(days[0])}")
    elif days:
        parts.append(f"counted between {day_words(days[0])} and {day_words(days[-1])}")
    return " · ".join(part for part in parts if part)


def period_words(question: Question, values: Mapping[str, str], rows: Sequence[Row]) -> str:
    """Return of which time ranked rows are, for a sentence; empty if they are not of one.

    For example `up to 5 September 2026`, or `in the 30 days to 5 September 2026`.
    """
    of_one_day = "on" in values and "measure" not in values
    recent = values.get("measure") in ("recent", "now") or of_one_day
    column = "counted_on" if recent and any("counted_on" in row for row in rows) else "through"
    days = {row.get(column) for row in rows} - {None}
    if len(days) != 1 or not (recent or question.reads_series):
        return ""
    day = str(days.pop())
    if recent:
        return f"in the 30 days to {day_words(day)}"
    return f"up to {end_words(day)}"


def make_notes(
    chart: Row,
    points: Sequence[Point],
    markers: Sequence[Row],
    left_out: str | None,
    running: str | None,
    through: str,
    start: str = "",
    recent: bool = False,
) -> list[str]:
    """Return the notes under a figure that keep readers from misreading it.

    `running` is the month that is not complete, `left_out` the same if the chart leaves it out,
    `start` the day before which nothing may be said.
    """
    kind = str(chart["kind"])
    notes = [str(chart["note"])] if chart.get("note") else []
    if recent and kind in SERIES:
        notes.append(RECENT_NOTE)
    elif any(point.rests_on for point in points):
        notes += estimate_notes(kind, points, start)
    else:
        notes += band_notes(kind, points, judged_by_count(chart, points))
    if kind == "map":
        notes += [note for note in [unplaced_note(points, str(chart.get("unit", "")))] if note]
    notes += flagged_notes(kind, points, str(chart.get("unit", "")))
    if markers:
        notes.append(f"{TRACKER_NOTE}: {'; '.join(published_words(markers))}.")
    if running and kind in SERIES:
        state = "left out" if left_out else f"counted to {day_words(through)}"
        notes.append(f"{month_words(running)} is not complete: {state}.")
    if any(point.rests_on for point in points):
        notes.append(f"{outside_words(points)}; {OUTSIDE_ORIGINS}.")
    return notes


def outside_words(points: Sequence[Point]) -> str:
    """Return the note on what the figures lack and which way that bends them."""
    ranged = any(has_interval(point) for point in points)
    return OUTSIDE.format("Not in the interval" if ranged else "Not in these counts")


def published_words(markers: Sequence[Row]) -> list[str]:
    """Return who published the figures of markers, and of which models each is."""
    return sorted({f"{marker['publisher']} ({marker['scope']})" for marker in markers})


def flagged_notes(kind: str, points: Sequence[Point], unit: str) -> list[str]:
    """Return the note that names the counts in doubt; none where there are none."""
    doubtful = [
        f"{point.x if kind in RANKED else f'{point.label}, {day_words(point.x)}'}"
        f" {quantity(point.y, unit)}"
        for point in points
        if point.flagged
    ]
    return [f"In doubt, and left out of the scale: {'; '.join(doubtful)}."] if doubtful else []


def estimate_notes(kind: str, points: Sequence[Point], start: str) -> list[str]:
    """Return the legend of a chart of estimates in words."""
    lacks_interval = any(point.interval is None for point in points)
    banded = any(has_interval(point) for point in points)
    if kind == "map":
        ringed = [RING_NOTE] if banded else [AREA_NOTE]
        hollow = [HOLLOW.format("circle")] if any(p.rests_on == BOUNDS for p in points) else []
        return [*ringed, *hollow, "Land: Natural Earth."]
    if kind in WHISKERS:
        whiskers = [f"{WHISKERS[kind]}: nine in ten of the possible histories."] if banded else []
        hollow = (
            [HOLLOW.format(kind.removesuffix("s"))]
            if any(p.rests_on == BOUNDS for p in points)
            else []
        )
        return [*whiskers, *hollow]
    if kind == "ranks":
        return [PLACE_NOTE]
    if kind == "areas":
        return [area_note(points)]
    notes = []
    by_month = len({point.x[:7] for point in points}) == len({point.x for point in points})
    if banded:
        halved = any(point.half_low != point.half_high for point in points)
        notes.append(BAND_NOTE.format(HALF_BAND if halved else ""))
    if any(is_loose(point) for point in points):
        notes.append(f"{DASHED_NOTE}{NO_BAND if lacks_interval else ''}.")
    if any(point.rests_on == COUNTED for point in points):
        notes.append("Dots: counted, not estimated.")
    if start and any(point.x < start for point in points):
        until = month_words(start) if by_month else day_words(start)
        notes.append(f"Pale, before {until}: too uncertain to be quoted.")
    return [" ".join(notes)]


def area_note(points: Sequence[Point]) -> str:
    """Return the legend of areas of estimates, with the names of keys that have no interval."""
    last = max((point.x for point in points), default="")
    last_points = [point for point in points if point.x == last and point.key != OTHER]
    names_without_interval = [point.label for point in last_points if point.interval is None]
    names = (
        f" (without an interval: {', '.join(names_without_interval)})"
        if names_without_interval
        else ""
    )
    return (
        f"Only months in which no interval is wider than {WIDEST_SAID:.0f} points{names}. {HATCHED}"
    )


def has_interval(point: Point) -> bool:
    """Return whether an estimate has an interval that is more than a point."""
    return point.interval is not None and point.interval[1] > point.interval[0]


def band_notes(kind: str, points: Sequence[Point], by_count: bool) -> list[str]:
    """Return how a chart of a kind shows what is uncertain."""
    banded = any(has_band(point) for point in points)
    if kind == "map":
        return [f"{BOUND_RING_NOTE if banded else AREA_NOTE} Land: Natural Earth."]
    if kind in WHISKERS:
        cut = kind == "bars" and any(reach(point) > end_of_scale(points) for point in points)
        edge = " Those that reach the edge continue beyond it." if cut else ""
        return [f"{WHISKERS[kind]}: what the observations allow.{edge}"] if banded else []
    if any(point.wide for point in points):
        measure, unit_of_width = ("count", "% of itself") if by_count else ("share", "points")
        times = "ages at" if kind == "ages" else "months in"
        width = f"{WIDEST_BAND:.0f} {unit_of_width}"
        condition = f"{times} which a {measure} could lie anywhere within more than {width}"
        if kind == "areas":
            return [f"Pale: {condition}; not to be quoted."]
        if kind == "ranks":
            return [f"Dotted: {condition}; the order is then not to be quoted."]
        return [f"Shaded: what the observations allow. Dotted: {condition}; not to be quoted."]
    if kind in ("lines", "panels", "ages") and banded:
        return ["Shaded: what the observations allow."]
    return []


def unplaced_note(points: Sequence[Point], unit: str) -> str:
    """Return the note on values without a place on the map; empty if there are none."""
    unplaced = [
        f"{point.x} {quantity(point.y, unit)}" for point in points if not is_placed(point.key)
    ]
    return (
        f"Not on the map, because they have no location: {', '.join(unplaced)}." if unplaced else ""
    )


def judged_by_count(chart: Row, points: Sequence[Point]) -> bool:
    """Return whether uncertainty is in percent of a count: the chart has no shares."""
    is_of_one_key = chart["kind"] in CURVES or len({point.key for point in points}) == 1
    return is_of_one_key and not chart.get("percent")


def source_line(context: Context, through: str, series: bool) -> str:
    """Return the source, the date and the licence of a figure."""
    day = (through or context.data_through) if series else context.last_observation
    until = f" {'Data to' if series else 'Observations to'} {day_words(day)}." if day else ""
    return f"Source: Open Model Census, from {context.observed}.{until} CC BY 4.0."
