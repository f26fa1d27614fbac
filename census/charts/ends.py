"""The names beside a plot: one at the end of each line or band, moved apart to be readable."""

from __future__ import annotations

from collections.abc import Sequence

from census.charts.lettering import named_value, shortened
from census.charts.palette import INK
from census.charts.parts import NAMES_AT, Look, Spec
from census.charts.scales import Amounts

LABEL_HEIGHT = 15
# A name that stands further off its end than this, in pixels, is joined to it by a line.
MOVED = 2.0


def end_layers(
    ends: Sequence[Spec],
    seen: Look,
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
    placed = spread(wished, LABEL_HEIGHT, height)
    values = [
        {
            **end,
            "at": domain.at(place, height),
            "text": shortened(end["text"], seen.names, seen.letters)
            if "text" in end
            else named_value(
                end["name"], end["said"], seen.names, seen.letters, bool(end.get("loose"))
            ),
        }
        for end, place in zip(ends, placed, strict=True)
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
            "x": seen.plot + NAMES_AT,
            "fontSize": seen.letters,
            "color": INK[seen.theme],
        },
        "encoding": {"y": {**y, "field": "at"}, "text": {"field": "text"}},
    }
    leaders: Spec = {
        "data": {"values": joined},
        "mark": {"type": "rule", "strokeWidth": 1},
        "encoding": {"x": {"value": seen.plot + 4}, "x2": {"value": seen.plot + NAMES_AT - 3},
                     "y": {**y, "field": "y"}, "y2": {"field": "at"}, "color": colour},
    }  # fmt: skip
    return [*([leaders] if joined else []), names]


def reach_layer(ends: Sequence[Spec], seen: Look, x: Spec, y: Spec, colour: Spec) -> Spec:
    """Return thin lines from ends inside of the plot to its edge, where their names are."""
    return {
        "data": {"values": list(ends)},
        "mark": {"type": "rule", "strokeWidth": 1, "strokeDash": [1, 3]},
        "encoding": {"x": x, "x2": {"value": seen.plot + 4}, "y": y, "color": colour},
    }


def spread(wished: Sequence[float], apart: float, height: float) -> list[float]:
    """Return places as near as may be to those wished, at least `apart` from each other.

    10, 12, 90, 94 at least 10 apart in 95 pixels → 10, 20, 85, 95.
    """
    order = sorted(range(len(wished)), key=lambda index: wished[index])
    places = [0.0] * len(wished)
    last = -apart
    for index in order:
        last = places[index] = max(wished[index], last + apart)
    # What has been pushed out at the bottom is pushed back up.
    limit = height
    for index in reversed(order):
        places[index] = min(places[index], limit)
        limit = places[index] - apart
    return [round(place, 1) for place in places]
