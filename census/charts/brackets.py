"""Milestones over a plot: a bracket over the months in which one happened, with its words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from census.charts.figures import Event, Figure
from census.charts.lettering import width_of
from census.charts.palette import INK
from census.charts.parts import Look, Spec

ROW = 17
SIZE = 11.5
# The pixels between a bracket and its words, and the height of its ends.
GAP, TICK = 5, 4


class PlacedMilestone(NamedTuple):
    """A milestone in its row of the strip; its words are before the bracket or after it."""

    event: Event
    row: int
    before: bool


def place_milestones(figure: Figure, look: Look) -> list[PlacedMilestone]:
    """Return the milestones that have room over the plot, each in the first row that is free.

    A narrow screen has room for none, and neither have panels.
    """
    if look.narrow or not figure.events or figure.kind == "panels":
        return []
    days = [date.fromisoformat(point.x) for point in figure.points]
    start, days_shown = min(days), max(1, (max(days) - min(days)).days)

    def pixel_of(day: str) -> float:
        return look.plot * (date.fromisoformat(day) - start).days / days_shown

    rows: list[list[tuple[float, float]]] = []
    placed_milestones = []
    for event in figure.events:
        left, right, words_width = (
            pixel_of(event.first),
            pixel_of(event.last),
            width_of(event.text, SIZE) + GAP,
        )
        before = left >= words_width
        if not before and right + words_width > look.plot:
            continue
        span = (left - words_width, right) if before else (left, right + words_width)
        row = next(
            (
                number
                for number, spans_of_row in enumerate(rows)
                if all(span[1] < start_ or span[0] > end for start_, end in spans_of_row)
            ),
            len(rows),
        )
        if row == len(rows):
            rows.append([])
        rows[row].append(span)
        placed_milestones.append(PlacedMilestone(event, row, before))
    return placed_milestones


def hidden_milestones_note(figure: Figure, look: Look, drawn: bool) -> list[str]:
    """Return a note that names the milestones left out of a drawing; `drawn` if it shows any."""
    placed_milestones = (
        {placed.event for placed in place_milestones(figure, look)} if drawn else set()
    )
    hidden_texts = [event.text for event in figure.events if event not in placed_milestones]
    return [f"Milestones: {'; '.join(hidden_texts)}."] if hidden_texts else []


def strip_height(placed_milestones: Sequence[PlacedMilestone]) -> int:
    """Return the pixels at the top of a plot that are kept free for milestones."""
    return (
        ROW * (max(milestone.row for milestone in placed_milestones) + 1) + 6
        if placed_milestones
        else 0
    )


def event_layers(
    placed_milestones: Sequence[PlacedMilestone], look: Look, x: Spec, colour: Spec
) -> list[Spec]:
    """Return the brackets and their words in a strip at the top of the plot."""
    layers: list[Spec] = []
    for milestone in placed_milestones:
        y = 8 + ROW * milestone.row
        event = milestone.event
        values = [{"x": event.first, "end": event.last, "name": event.label, "text": event.text}]
        edge = {"x": x, "color": colour}
        line = {"type": "rule", "strokeWidth": 2}
        layers += [
            {
                "data": {"values": values},
                "mark": {**line, "y": y},
                "encoding": {**edge, "x2": {"field": "end"}},
            },
            *(
                {
                    "data": {"values": [{**values[0], "x": values[0][side]}]},
                    "mark": {**line, "y": y - TICK, "y2": y + TICK},
                    "encoding": edge,
                }
                for side in ("x", "end")
            ),
            {
                "data": {
                    "values": [{**values[0], "x": values[0]["x" if milestone.before else "end"]}]
                },
                "mark": {
                    "type": "text",
                    "align": "right" if milestone.before else "left",
                    "baseline": "middle",
                    "dx": -GAP if milestone.before else GAP,
                    "y": y,
                    "fontSize": SIZE,
                    "color": INK[look.theme],
                },
                "encoding": {"x": x, "text": {"field": "text"}},
            },
        ]
    return layers
