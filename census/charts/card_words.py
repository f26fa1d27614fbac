"""The layout of a social card, and texts on it."""

from __future__ import annotations

from census.charts.parts import Spec

# What link previews of the large sites show whole (1.91 to 1), drawn at twice this size.
WIDTH, HEIGHT = 600, 315
THEME = "light"
# Where the chart is on the card: left, right, top and bottom in pixels.
LEFT, RIGHT, TOP, BOTTOM = 268, 572, 106, 262
MARGIN = 28
# Pixels for names: of numbers and legends, and beside bars. The card is drawn here, in a font that
# is narrower than what `lettering` reckons with.
ROOM, BAR_ROOM = 262, 158


def text_layer(
    text: str | list[str],
    x: float,
    y: float,
    size: float,
    colour: str,
    bold: bool = False,
    align: str = "left",
) -> Spec:
    """Return a text layer at a place of the card."""
    return {
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "text": text,
            "x": x,
            "y": y,
            "align": align,
            "baseline": "alphabetic",
            "fontSize": size,
            "lineHeight": size * 1.22,
            "fontWeight": "bold" if bold else "normal",
            "color": colour,
        },
    }
