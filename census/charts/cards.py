"""Social cards: a title, its numbers and a small chart in 1200×630 pixels."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from census.base.numbers import day_words
from census.base.speech import Manner, manner_of_width
from census.base.speech import width_of as width_of_value
from census.charts.bars import fitted_name
from census.charts.card_charts import layers_of
from census.charts.card_words import HEIGHT, MARGIN, ROOM, THEME, WIDTH, text_layer
from census.charts.figures import Context, Figure, Point
from census.charts.lettering import NARROWEST, width_of
from census.charts.palette import INK, MUTED, OTHER, PAPER, colours
from census.charts.parts import FONT, Spec, span_words, value_words
from census.charts.point_words import value_of
from census.charts.render import PNG_SCALE
from census.charts.specs import SCHEMA
from census.questions.question_files import RANKED

ON_THE_HUB = "Downloads from the Hugging Face Hub"
# A card travels without its page: a country's part is easily taken for that of its users.
MAKERS = "Who makes the models, not who downloads them"
OF_MAKERS = ("country", "region", "lab")
NUMBERS = 3
TITLE_LETTERS = 44


def card_text(figure: Figure, title: str, through: str, counted: str = ON_THE_HUB) -> str:
    """Return the specification of a card as JSON."""
    return json.dumps(card_spec(figure, title, through, counted), ensure_ascii=False)


def card_spec(
    figure: Figure, title: str, through: str, counted_words_of_card: str = ON_THE_HUB
) -> Spec:
    """Return the Vega-Lite specification of a card; `through` is an ISO day or empty.

    `counted` says what is counted, and where.
    """
    if not figure.points:
        through = ""
    day = f"Data to {day_words(through)} · " if through else ""
    makers_line = [text_layer(MAKERS, WIDTH - MARGIN, 34, 11.5, MUTED[THEME], align="right")]
    layers = [
        text_layer("Open Model Census", MARGIN, 34, 13, MUTED[THEME], bold=True),
        *(makers_line if figure.dimension in OF_MAKERS else []),
        text_layer(textwrap.wrap(title, TITLE_LETTERS)[:2], MARGIN, 62, 22, INK[THEME], bold=True),
        text_layer(f"{day}{counted_words_of_card} · CC BY 4.0", MARGIN, 299, 11.5, MUTED[THEME]),
        *number_layers(figure),
        *(layers_of(figure) if figure.points else [empty_layer()]),
    ]  # fmt: skip
    return {
        "$schema": SCHEMA,
        "background": PAPER[THEME],
        "width": WIDTH,
        "height": HEIGHT,
        "padding": 0,
        "autosize": {"type": "none"},
        "config": {"font": FONT, "view": {"stroke": None}},
        "layer": layers,
    }


def counted_words(context: Context, channel: str) -> str:
    """Say what a card counts: downloads on the Hub, figures of another channel, or scores.

    `ollama` → `Figures of Ollama`; `scores` → `Scores that their publishers gave`.
    """
    if not channel:
        return ON_THE_HUB
    observed = context.of_channel(channel).observed
    return observed[:1].upper() + observed[1:]


def empty_layer() -> Spec:
    """Return the text of a card without a chart."""
    return text_layer("No counted downloads yet", MARGIN, 150, 17, MUTED[THEME])


def numbers_of(figure: Figure) -> list[Point]:
    """Return the values that a card names: the largest, last ones that are certain enough."""
    if not figure.points:
        return []
    if figure.kind in RANKED:
        candidates: Sequence[Point] = figure.points
    elif figure.kind in ("columns", "shares", "grid"):
        return []
    else:
        last = max(point.x for point in figure.points)
        ends = [[p for p in figure.points if (p.key, p.label) == key][-1:] for key in figure.keys]
        candidates = [
            point
            for points in ends
            for point in points
            if (point.x == last or figure.kind == "ages") and point.key != OTHER
        ]
    return [point for point in candidates if not point.wide and not point.flagged][:NUMBERS]


def number_layers(figure: Figure) -> list[Spec]:
    """Return the numbers of a card, each over its name, in the colours of the chart."""
    colour_of = colours([key for key, _ in figure.keys], figure.dimension, THEME)
    layers = []
    for place, point in enumerate(numbers_of(figure)):
        name = point.x if figure.kind in RANKED else point.label if len(colour_of) > 1 else ""
        y = 136 + place * 54
        colour = colour_of.get(point.key, INK[THEME])
        number, interval_words = number_words(point, figure.unit)
        layers.append(text_layer(number, MARGIN, y, 29, colour, bold=True))
        if interval_words:
            right = MARGIN + NARROWEST * width_of(number, 29, bold=True) + 8
            layers.append(text_layer(interval_words, right, y, 13, INK[THEME]))
        basis = f", {point.rests_on}" if point.rests_on and figure.unit != "place" else ""
        name_and_unit = fitted_name(name or figure.unit, ROOM - width_of(basis, 12.5), 12.5)
        layers.append(text_layer(f"{name_and_unit}{basis}", MARGIN, y + 17, 12.5, INK[THEME]))
    return layers


def number_words(point: Point, unit: str) -> tuple[str, str]:
    """Return a value's large text on a card and the small one beside it, "" where it is exact.

    Of a narrow interval the middle is large (`44%`, `90%: 42–45%`), of a wide one the ends.
    """
    middle = value_words(point, unit)
    if unit == "place" or not point.rests_on or point.interval is None:
        return middle, ""
    low, high = point.interval
    if low == high:
        return middle, ""
    ends = span_words(low, high, unit)
    if manner_of_width(width_of_value(value_of(point), unit == "%")) is Manner.NUMBER_FIRST:
        return middle, f"90%: {ends}"
    return ends, f"middle: {middle}"


def card_pixels() -> tuple[int, int]:
    """Return the width and height of a card's image."""
    return round(WIDTH * PNG_SCALE), round(HEIGHT * PNG_SCALE)
