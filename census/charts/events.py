"""Which milestones a chart over time can show: those whose time is known to within two months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.base.numbers import MONTHS, month_end, short_count
from census.charts.figures import EVENTS, Context, Event, Point

Row = Mapping[str, Any]
SHOWN = 3
DRAWN_BY = ("lines", "panels", "areas", "ranks")


def find_events(
    chart: Row,
    values: Mapping[str, str],
    points: Sequence[Point],
    monthly: bool,
    context: Context,
) -> tuple[Event, ...]:
    """Return the milestones of the keys that a chart draws, at most `SHOWN`, in order of time.

    They are those of cumulative downloads counted for publishers by their operating country: a
    chart of anything else has none.
    """
    has_milestones = (
        chart["kind"] in DRAWN_BY
        and not monthly
        # What was published on an earlier day had milestones of its own.
        and not values.get("as_of")
        and values.get("attribution", "publisher") == "publisher"
        and values.get("basis", "operating") == "operating"
    )
    if not has_milestones or not points:
        return ()
    first, last = min(point.x for point in points), max(point.x for point in points)
    drawn_keys = {point.key for point in points if point.key is not None}
    counts = not chart.get("percent") and chart["kind"] != "ranks"
    candidates = [
        (milestone, event)
        for milestone in context.milestones
        if milestone["scope"] == values.get("scope")
        and milestone["dimension"] == chart.get("dimension")
        and milestone["key"] in drawn_keys
        and (milestone["kind"] != "crossing" or milestone["other_key"] in drawn_keys)
        and (milestone["kind"] != "round_number" or counts)
        for event in [event_of(milestone, last)]
        if first <= event.first and event.last <= last
    ]
    candidates.sort(key=lambda pair: pair[0]["latest"], reverse=True)
    candidates.sort(key=lambda pair: EVENTS.index(pair[0]["kind"]))
    return tuple(sorted((event for _, event in candidates[:SHOWN]), key=lambda event: event.first))


def event_of(milestone: Row, last: str) -> Event:
    """Return a milestone as it is drawn: over the months in which it can have happened."""
    earliest, latest = str(milestone["earliest"]), str(milestone["latest"])
    label = str(milestone["label"])
    event_words = {
        "crossing": f"passes {milestone['other_label']}",
        "number_one": "becomes number one",
        "round_number": f"passes {short_count(milestone['value'] or 0)}",
    }[str(milestone["kind"])]
    end = last if last.startswith(latest) else month_end(latest)
    return Event(
        key=milestone["key"],
        label=label,
        text=f"{label} {event_words}, {months_words(earliest, latest)}",
        first=f"{earliest}-01",
        last=end,
    )


def months_words(earliest: str, latest: str) -> str:
    """Return one or two months in short: `May 2026`, `Apr–May 2026`, `Dec 2025–Jan 2026`."""
    first, last = short_month(earliest), short_month(latest)
    if earliest == latest:
        return f"{last} {latest[:4]}"
    if earliest[:4] == latest[:4]:
        return f"{first}–{last} {latest[:4]}"
    return f"{first} {earliest[:4]}–{last} {latest[:4]}"


def short_month(month: str) -> str:
    """Return the name of a month in three letters."""
    return MONTHS[int(month[5:7])][:3]
