"""A question's answer in one sentence, computed from its figure by the rules of speech.

It states nothing uncertain: no number without a narrow interval, no place by the middle alone, and
no count that stands in doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from census.base import speech
from census.base.numbers import (
    day_words,
    end_words,
    long_count,
    month_end,
    month_words,
    ordinal,
    percent,
)
from census.charts.figures import Figure, Point, has_band
from census.charts.palette import OTHER
from census.charts.point_words import value_of
from census.pages.sentences import place
from census.questions.question_files import RANKED, SERIES, TEMPLATE, Question
from census.rollups.noise import DRAWS

NONE = "There are no rows for this choice."
UNSURE = (
    "Nothing here is certain enough to be put into a sentence; the chart shows what the"
    " observations allow."
)
# A sentence names this many; the chart and the table have the others.
SHOWN_KEYS = 3


def answer(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return the answer that a figure gives, in one sentence.

    A question may declare the sentence (`answer:`), with what `pieces` computes and the labels of
    its parameters in braces; where a piece is not certain, or none is declared, the sentence is
    that of the kind of chart.
    """
    if not figure.points:
        return figure.nothing or NONE
    # A declared sentence is made from values; charts of places and of ages have none.
    if figure.kind == "ranks":
        return ranks_words(question, values, figure)
    if figure.kind == "ages":
        return ages_words(values, figure)
    if question.answer:
        computed = pieces(question, values, figure)
        pieces_named = set(TEMPLATE.findall(question.answer))
        names = {parameter.name for parameter in question.parameters}
        if pieces_named <= computed.keys() | names:
            text = TEMPLATE.sub(lambda part: computed.get(part[1], part[0]), question.answer)
            return capital(question.describe(text, values))
    if figure.kind in RANKED:
        if repeats_names(figure):
            return highest_of_each(question, values, figure)
        return ranked_words(question, values, figure)
    if figure.kind in ("columns", "shares"):
        return columns_words(question, values, figure)
    if figure.kind == "grid":
        largest = max(figure.points, key=lambda point: point.y)
        unit_words = counted_words(question, values, figure)
        largest_value = f"{value_words(largest.y, figure.unit)}{unit_words}"
        name_and_month = f"{subject(largest, figure)} in {month_words(largest.x)}"
        return f"The highest value is that of {name_and_month}: {largest_value}."
    if figure.kind in (*SERIES, "curve"):
        return series_words(question, values, figure)
    return figure.alt


def pieces(question: Question, values: Mapping[str, str], figure: Figure) -> dict[str, str]:
    """Return the pieces that declared sentences can name, without those that are not certain.

    `no1`, `no2`, `no3` and `no1_value` … in the order of the chart, `lowest`, `highest` and theirs,
    of charts over time `when`, `last` and `last_value`, of grids `final`, `full` and `keys`.
    A parameter `first` that names a key of the chart gives `first_name` and `first_range`.
    """
    ranked = nameable_points(figure)
    if repeats_names(figure):
        return {}
    texts = extremes(ranked, figure)
    for place_of, point in enumerate(ranked[:SHOWN_KEYS], start=1):
        # Variants are ordered by kind, not by value, so none needs to be ahead of the next.
        has_place = figure.kind == "dots" or has_its_place(ranked, place_of - 1)
        if not is_certain(point, figure.unit) or not has_place:
            break
        texts[f"no{place_of}"] = subject(point, figure)
        texts[f"no{place_of}_value"] = amount(point, figure.unit)
    for parameter, value in values.items():
        extremes_of_key = extremes([point for point in ranked if point.key == value], figure)
        if "range" in extremes_of_key:
            label = next(label for key, label in figure.keys if key == value)
            texts[f"{parameter}_name"] = place({"country": value, "country_name": label})
            texts[f"{parameter}_range"] = extremes_of_key["range"]
    if figure.kind == "grid" and ranked:
        last_points = [point for point in ranked if point.x == max(other.x for other in ranked)]
        texts["final"] = month_words(last_points[0].x)
        texts["keys"] = f"{len(last_points):,}"
        texts["full"] = f"{sum(point.y >= 100 for point in last_points):,}"
    if figure.kind not in RANKED and (last_points_certain := last_certain(figure)):
        texts["when"] = when(last_points_certain[0].x, values, is_monthly(question, values))
        texts["last"], texts["last_value"] = (
            subject(last_points_certain[0], figure),
            amount(last_points_certain[0], figure.unit),
        )
    return texts


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


def repeats_names(figure: Figure) -> bool:
    """Return whether bars of several keys bear the same names, as sizes of several countries do."""
    bars = {(point.x, point.label) for point in figure.points}
    return figure.kind == "bars" and len({name for name, _ in bars}) < len(bars)


def highest_of_each(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return the highest bar of each of the first keys, as far as it is certain."""
    parts = []
    drawn = list(dict.fromkeys((point.key, point.label) for point in figure.points))
    for key, label in drawn[:SHOWN_KEYS]:
        own = [p for p in nameable_points(figure) if (p.key, p.label) == (key, label)]
        highest = extremes(own, figure)
        if "highest" in highest:
            who = place({"country": key, "country_name": label})
            parts.append(f"{who} {highest['highest']} ({highest['highest_value']})")
    what = counted_words(question, values, figure).strip().removeprefix("of ")
    return f"The largest part of {what}: {'; '.join(parts)}." if parts else UNSURE


def ranked_words(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return first, second and third in a sentence, as far as that may be said."""
    ranked = nameable_points(figure)
    points = ranked[:SHOWN_KEYS]
    if not points:
        return figure.alt
    first, unit_words = points[0], counted_words(question, values, figure)
    since = f"{figure.period}, " if figure.period else ""
    if since:
        unit_words = unit_words.split(" of the last 30 days", 1)[0]
    others = [point for point in points[1:] if is_certain(point, figure.unit)]
    if not is_certain(first, figure.unit):
        if not first.low:
            return UNSURE
        low = value_words(first.low, figure.unit)
        sentence = f"{since}{subject(first, figure)}: at least {low}{unit_words}"
        return f"{capital(sentence)}; which one comes first is not certain."
    parts = [f"{subject(point, figure)} with {amount(point, figure.unit)}" for point in others]
    name = subject(first, figure)
    value = f"{amount(first, figure.unit)}{unit_words}"
    if has_its_place(ranked, 0):
        sentence = f"{name} {place_words(first)}comes first with {value}"
        in_order = all(has_its_place(ranked, ranked.index(point)) for point in others)
        if parts:
            sentence += f", before {join_words(parts)}" if in_order else f"; {join_words(parts)}"
    else:
        # A chart in another order, such as that of scores, has no first places.
        by_value = first.y == max(point.y for point in ranked)
        order = "" if by_value or figure.kind == "dots" else "in the order of the chart, "
        sentence = "; ".join(
            [f"{order}{name} with {value}", *([join_words(parts)] if parts else [])]
        )
        if first.rests_on and speech.is_told_apart(first.p_place):
            sentence += f"; {name} is likely the first, {draws_of(first)}"
        elif by_value:
            sentence += f"; the first places {speech.NOT_TOLD_APART}"
    # Who is unknown comes first in no sentence, and is not kept quiet where it is more.
    unknown_points = [
        p for p in figure.points if p not in ranked and not p.flagged and p.y > first.y
    ]
    if unknown_points:
        amounts = [f"{point.x} {amount(point, figure.unit)}" for point in unknown_points]
        sentence += f"; {join_words(amounts)}"
    if any(point.flagged for point in figure.points):
        sentence += "; counts in doubt are left out"
    return f"{capital(f'{since}{sentence}')}."


def place_words(point: Point) -> str:
    """Return the word for a place before a verb; empty where all of it is counted."""
    if not point.rests_on or point.p_place is None or point.p_place == 1:
        return ""
    return f"{speech.certainty_word(point.p_place)} ({draws_of(point)}) "


def draws_of(point: Point) -> str:
    """Return in how many draws the place of a point holds."""
    return f"in {round((point.p_place or 0) * DRAWS)} of {DRAWS} draws"


def ranks_words(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return who was ahead of whom in the last month whose order is certain."""
    last = last_certain(figure)
    if not last:
        return UNSURE
    chances = [point.p_place for point in last if point.rests_on and point.p_place is not None]
    certainty = "very likely " if chances and min(chances) < 1 else ""
    parts = [
        f"{subject(point, figure)}{'' if number else f' was {certainty}'.rstrip()}"
        f" {ordinal(int(point.y))}"
        for number, point in enumerate(last)
    ]
    sentence = f"{when(last[0].x, values, is_monthly(question, values))}, {join_words(parts)}"
    unit = question.unit_words(values).replace("percent of", "share of")
    return f"{capital(sentence)} by {unit}."


def ages_words(values: Mapping[str, str], figure: Figure) -> str:
    """Return the values of the first curves over age, at the oldest age of the first of them.

    A count that is not certain is told by its lowest bound, which is.
    """
    curves = [[p for p in figure.points if (p.key, p.label) == key] for key in figure.keys]
    oldest = max(int(point.x) for point in curves[0])
    parts = []
    for points in curves[:SHOWN_KEYS]:
        counts_at_age = [point for point in points if int(point.x) == oldest]
        if counts_at_age and counts_at_age[0].low:
            point = counts_at_age[0]
            name = point.label or values.get("model", "")
            may_be_said = is_certain(point, figure.unit)
            value = (
                amount(point, figure.unit)
                if may_be_said
                else value_words(point.low or 0, figure.unit)
            )
            parts.append(f"{name} {'' if may_be_said else 'at least '}{value}")
    if not parts:
        return UNSURE
    return f"In the first {oldest} days from release: {join_words(parts)} {figure.unit}."


def columns_words(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return the sum of all columns and its largest parts in a sentence."""
    sums: dict[str, float] = {}
    for point in nameable_points(figure) or figure.points:
        sums[point.label] = sums.get(point.label, 0.0) + point.y
    largest = sorted(sums.items(), key=lambda part: -part[1])[:SHOWN_KEYS]
    first, last = (choose(point.x for point in figure.points) for choose in (min, max))
    total = sum(point.y for point in figure.points)
    parts = join_words([f"{label} {value_words(value, figure.unit)}" for label, value in largest])
    what = f"{value_words(total, figure.unit)}{counted_words(question, values, figure)}"
    largest_are = "the largest group is" if len(largest) == 1 else "the largest groups are"
    return f"From {month_words(first)} to {month_words(last)}: {what}; {largest_are} {parts}."


def is_monthly(question: Question, values: Mapping[str, str]) -> bool:
    """Return whether a chart over time shows what happened in each month, week or day alone."""
    declared = bool(question.chart and question.chart.get("monthly"))
    return declared or values.get("measure") == "monthly" or "month" in question.unit


def last_certain(figure: Figure) -> list[Point]:
    """Return the named points of the last day on which they are certain, in the chart's order."""
    days = sorted({point.x for point in figure.points}, reverse=True)
    days = [day for day in days if speech.may_say_month(day)]
    order = {key: rank for rank, key in enumerate(figure.keys)}
    for day in days:
        points = [point for point in nameable_points(figure) if point.x == day]
        points.sort(key=lambda point: order.get((point.key, point.label), len(order)))
        if points and not points[0].wide:
            certain_points = [
                point for point in points[:SHOWN_KEYS] if is_certain(point, figure.unit)
            ]
            if certain_points and certain_points[0] == points[0]:
                return certain_points
    return []


def when(day: str, values: Mapping[str, str], monthly: bool, recent: bool = False) -> str:
    """Return up to when something was counted, or in which month, week, day or 30 days."""
    if recent:
        return f"in the 30 days to {day_words(day)}"
    if not monthly:
        return f"up to {end_words(day)}"
    if values.get("step") == "week":
        return f"in the week to {day_words(day)}"
    if values.get("step") == "day":
        return f"on {day_words(day)}"
    part = "" if day == month_end(day[:7]) else f" (to {day_words(day)})"
    return f"in {month_words(day)}{part}"


def series_words(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return the last certain values of a chart over time, and the first one's a year before."""
    last = last_certain(figure)
    if not last:
        return UNSURE
    first = last[0]
    name = subject(first, figure) or values.get("model", "")
    recent = values.get("measure") == "recent"
    sentence = f"{when(first.x, values, is_monthly(question, values), recent)}, {name} had"
    sentence += f" {amount(first, figure.unit)}{counted_words(question, values, figure)}"
    value_before = year_before(figure, first)
    if value_before:
        sentence += f", a year before {amount(value_before, figure.unit)}"
    if others := last[1:]:
        parts = [f"{subject(point, figure)} {amount(point, figure.unit)}" for point in others]
        sentence += f"{';' if value_before else ','} {join_words(parts)}"
    return f"{capital(sentence)}."


def year_before(figure: Figure, point: Point) -> Point | None:
    """Return the same key's value on the same day a year earlier, None where it is not certain."""
    day = f"{int(point.x[:4]) - 1}{point.x[4:]}"
    for other in figure.points:
        if (other.key, other.label) == (point.key, point.label) and other.x == day:
            return other if is_certain(other, figure.unit) else None
    return None
