"""The names beside a plot: one at the end of each line or band, moved apart to be readable."""

from __future__ import annotations

from collections.abc import Sequence

from census.charts.lettering import name_lines, named_value, shortened
from census.charts.palette import INK
from census.charts.parts import NAMES_AT, Look, Spec
from census.charts.scales import Amounts

LABEL_HEIGHT = 15
# Of a name in several lines.
LINE_HEIGHT = 13
# A name that stands further off its end than this, in pixels, is joined to it by a line.
MOVED = 2.0


def end_layers(
    ends: Sequence[Spec],
    look: Look,
    height: int,
    domain: Amounts,
    y: Spec,
    colour: Spec,
) -> list[Spec]:
    """Return the name of each end with its value, and a thin line where it had to be moved.

    `ends` have a `y` on the axis of a scale (`domain`), a `name`, and
    what is `said`, unless they have a `text` of their own.
    """
    wished = [domain.pixel(end["y"], height) for end in ends]
    texts = [lines_of_end(end, look) for end in ends]
    if sum(map(tallness, texts)) > height:
        texts = [[one_line(end, look)] for end in ends]
    placed = spread(wished, [tallness(lines) for lines in texts], height)
    values = [
        {
            **end,
            "at": domain.at(place, height),
            # Lines of a text are put under its first.
            "first": domain.at(place - LINE_HEIGHT * (len(lines) - 1) / 2, height),
            "text": lines[0] if len(lines) == 1 else lines,
        }
        for end, lines, place in zip(ends, texts, placed, strict=True)
    ]
    joined = [
        value
        for value, wish, place in zip(values, wished, placed, strict=True)
        if abs(wish - place) > MOVED
    ]
    names: Spec = {
        "data": {"values": values},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "x": look.plot + NAMES_AT,
            "fontSize": look.letters,
            "lineHeight": LINE_HEIGHT,
            "color": INK[look.theme],
        },
        "encoding": {"y": {**y, "field": "first"}, "text": {"field": "text"}},
    }
    leaders: Spec = {
        "data": {"values": joined},
        "mark": {"type": "rule", "strokeWidth": 1},
        "encoding": {"x": {"value": look.plot + 4}, "x2": {"value": look.plot + NAMES_AT - 3},
                     "y": {**y, "field": "y"}, "y2": {"field": "at"}, "color": colour},
    }  # fmt: skip
    return [*([leaders] if joined else []), names]


def reach_layer(ends: Sequence[Spec], look: Look, x: Spec, y: Spec, colour: Spec) -> Spec:
    """Return thin lines from ends inside of the plot to its edge, where their names are."""
    return {
        "data": {"values": list(ends)},
        "mark": {"type": "rule", "strokeWidth": 1, "strokeDash": [1, 3]},
        "encoding": {"x": x, "x2": {"value": look.plot + 4}, "y": y, "color": colour},
    }


def one_line(end: Spec, look: Look) -> str:
    """Return the name of an end with its value in one line, shortened if need be."""
    if "text" in end:
        return shortened(end["text"], look.names, look.letters)
    loose = bool(end.get("loose"))
    return named_value(end["name"], end["said"], look.names, look.letters, loose)


def lines_of_end(end: Spec, look: Look) -> list[str]:
    """Return the name of an end with its value: on a phone in lines, so that the plot has room."""
    if not look.narrow:
        return [one_line(end, look)]
    name, value = (end["text"], "") if "text" in end else (end["name"], end["said"])
    return name_lines(name, value, look.names, look.letters) or [""]


def tallness(lines: Sequence[str]) -> float:
    """Return the pixels that a name takes from the one over it to the one under it."""
    return LABEL_HEIGHT + LINE_HEIGHT * (len(lines) - 1)


def spread(wished: Sequence[float], heights: Sequence[float], height: float) -> list[float]:
    """Return the middles of names of some heights, as near as may be to those wished, none over
    another and none out of a plot of a height if it has room for all.

    Wished 10, 12, 90, 94 with heights of 15 in 95 pixels → 10, 25, 80, 95.
    """
    order = sorted(range(len(wished)), key=lambda index: wished[index])
    places = [0.0] * len(wished)
    free = -LABEL_HEIGHT / 2
    for index in order:
        places[index] = max(wished[index], free + heights[index] / 2)
        free = places[index] + heights[index] / 2
    # What has been pushed out at the bottom is pushed back up.
    limit = height + LABEL_HEIGHT / 2
    for index in reversed(order):
        places[index] = min(places[index], limit - heights[index] / 2)
        limit = places[index] - heights[index] / 2
    return [round(place, 1) for place in places]
