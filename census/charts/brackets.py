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


def place_milestones(figure: Figure, seen: Look) -> list[PlacedMilestone]:
    """Return the milestones that have room over the plot, each in the first row that is free.

    A narrow screen has room for none, and neither have panels.
    """
    if seen.narrow or not figure.events or figure.kind == "panels":
        return []
    days = [date.fromisoformat(point.x) for point in figure.points]
    start, whole = min(days), max(1, (max(days) - min(days)).days)

    def at(day: str) -> float:
        return seen.plot * (date.fromisoformat(day) - start).days / whole

    rows: list[list[tuple[float, float]]] = []
    found = []
    for event in figure.events:
        left, right, wide = at(event.first), at(event.last), width_of(event.text, SIZE) + GAP
        before = left >= wide
        if not before and right + wide > seen.plot:
            continue
        span = (left - wide, right) if before else (left, right + wide)
        row = next(
            (
                number
                for number, taken in enumerate(rows)
                if all(span[1] < start_ or span[0] > end for start_, end in taken)
            ),
            len(rows),
        )
        if row == len(rows):
            rows.append([])
        rows[row].append(span)
        found.append(PlacedMilestone(event, row, before))
    return found


def hidden_milestones_note(figure: Figure, seen: Look, drawn: bool) -> list[str]:
    """Return the note of the milestones that a drawing does not show; `drawn` if it shows any."""
    shown = {placed.event for placed in place_milestones(figure, seen)} if drawn else set()
    rest = [event.text for event in figure.events if event not in shown]
    return [f"Milestones: {'; '.join(rest)}."] if rest else []


def strip_height(placed: Sequence[PlacedMilestone]) -> int:
    """Return the pixels at the top of a plot that are kept free for milestones."""
    return ROW * (max(one.row for one in placed) + 1) + 6 if placed else 0


def event_layers(
    placed: Sequence[PlacedMilestone], seen: Look, x: Spec, colour: Spec
) -> list[Spec]:
    """Return the brackets and their words in a strip at the top of the plot."""
    found: list[Spec] = []
    for one in placed:
        y = 8 + ROW * one.row
        values = [{"x": one.event.first, "end": one.event.last, "name": one.event.label,
                   "text": one.event.text}]  # fmt: skip
        edge = {"x": x, "color": colour}
        line = {"type": "rule", "strokeWidth": 2}
        found += [
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
                "data": {"values": [{**values[0], "x": values[0]["x" if one.before else "end"]}]},
                "mark": {
                    "type": "text",
                    "align": "right" if one.before else "left",
                    "baseline": "middle",
                    "dx": -GAP if one.before else GAP,
                    "y": y,
                    "fontSize": SIZE,
                    "color": INK[seen.theme],
                },
                "encoding": {"x": x, "text": {"field": "text"}},
            },
        ]
    return found
