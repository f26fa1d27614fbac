"""The points of a figure that a sentence may name, and what it says of each.

Nothing uncertain: no number without a narrow interval, no place by the middle alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from census.base import speech
from census.base.numbers import (
    long_count,
    percent,
)
from census.charts.figures import Figure, Point, has_band
from census.charts.palette import OTHER
from census.charts.point_words import value_of
from census.pages.sentences import place
from census.questions.question_files import RANKED, Question
from census.rollups.noise import DRAWS

UNSURE = (
    "Nothing here is certain enough to be put into a sentence; the chart shows what the"
    " observations allow."
)
# A sentence names this many; the chart and the table have the others.
SHOWN_KEYS = 3


def extremes(points: Sequence[Point], figure: Figure) -> dict[str, str]:
    """Return the lowest and the highest of points, as far as they are certain.

    Where some point is not certain, the highest alone is told, if it lies above all that others may
    have.
    """
    if not points:
        return {}
    if not all(is_certain(point, figure.unit) for point in points):
        top = max(points, key=lambda point: point.y)
        others = [point for point in points if point is not top]
        if is_certain(top, figure.unit) and all(
            lowest_value(top) >= highest_value(point) for point in others
        ):
            return {"highest": subject(top, figure), "highest_value": amount(top, figure.unit)}
        return {}
    low, high = (choose(points, key=lambda point: point.y) for choose in (min, max))
    lowest, highest = amount(low, figure.unit), amount(high, figure.unit)
    spread = lowest if lowest == highest else f"from {lowest} to {highest}"
    if any(has_band(point) and not point.rests_on for point in points):
        # Two values, each with bounds of its own, would be four numbers.
        ends = min(map(lowest_value, points)), max(map(highest_value, points))
        first, last = (value_words(end, figure.unit) for end in ends)
        spread = f"between {first} and {last} (hard bounds)"
    return {
        "lowest": subject(low, figure),
        "lowest_value": lowest,
        "highest": subject(high, figure),
        "highest_value": highest,
        "range": spread,
    }


def nameable_points(figure: Figure) -> list[Point]:
    """Return the points that a ranking names: no unknown ones, no rest, no count in doubt."""
    return [
        point
        for point in figure.points
        if point.key != OTHER
        and (point.key is not None or not figure.dimension)
        and not point.flagged
    ]


def is_certain(point: Point, unit: str) -> bool:
    """Return whether a value may stand in a sentence: by points of a share, or by itself."""
    if point.wide or point.flagged:
        return False
    if unit == "place":
        # Of places draws have decided already, and bounds do where both name one place.
        return bool(point.rests_on) or point.low == point.high
    return speech.may_say(value_of(point), unit == "%")


def has_its_place(ranked: Sequence[Point], place: int) -> bool:
    """Return whether draws, or intervals apart, put a point at its place among others.

    Without draws it must lie above the interval of every later one, and under those before it.
    """
    point = ranked[place]
    if point.rests_on and point.p_place is not None:
        return speech.is_very_likely(point.p_place)
    return all(
        lowest_value(point) >= highest_value(other) for other in ranked[place + 1 :]
    ) and all(highest_value(point) <= lowest_value(other) for other in ranked[:place])


def lowest_value(point: Point) -> float:
    """Return the lowest value that a point may have; 0 where it has neither interval nor count."""
    low = value_of(point).low
    return min(point.y, point.low or 0.0) if low is None else low


def highest_value(point: Point) -> float:
    """Return the highest value that a point may have."""
    high = value_of(point).high
    if high is not None:
        return high
    return float("inf") if point.high is None else max(point.y, point.high)


def subject(point: Point, figure: Figure) -> str:
    """Return the subject of a sentence: a country with its article, else the name on the chart."""
    name = point.x if figure.kind in RANKED else point.label
    if figure.dimension == "country" and point.label == name:
        return place({"country": point.key, "country_name": name})
    return name


def value_words(value: float, unit: str) -> str:
    """Return a value as sentences write it: 46.1%, 1.47 billion, 2.8."""
    if unit == "%":
        return percent(value)
    return long_count(value) if value >= 100 else f"{value:,.1f}".removesuffix(".0")


def amount(point: Point, unit: str) -> str:
    """Return a value as the rules of speech say it: with its interval where it has one."""
    value = value_of(point)
    if unit == "%":
        words = speech.share_words(value)
    else:
        words = speech.count_words(value, lambda number: value_words(number, unit))
    return words or value_words(point.y, unit)


def counted_words(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return the unit as it follows a number: ` downloads`, ` of all downloads`."""
    unit = question.unit_words(values)
    return unit.removeprefix("percent") if figure.unit == "%" else f" {unit}"


def join_words(parts: Sequence[str]) -> str:
    """Return parts joined as in a sentence: `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(text: str) -> str:
    """Return a sentence with a capital first letter; names of models keep theirs."""
    return text if "/" in text.split(" ", 1)[0] else text[:1].upper() + text[1:]


def place_words(point: Point) -> str:
    """Return the word for a place before a verb; empty where all of it is counted."""
    if not point.rests_on or point.p_place is None or point.p_place == 1:
        return ""
    return f"{speech.certainty_word(point.p_place)} ({draws_of(point)}) "


def draws_of(point: Point) -> str:
    """Return in how many draws the place of a point holds."""
    return f"in {round((point.p_place or 0) * DRAWS)} of {DRAWS} draws"
