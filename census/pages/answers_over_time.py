"""The answers of charts over time: places, ages, columns and series, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from census.base import speech
from census.base.numbers import (
    day_words,
    end_words,
    month_end,
    month_words,
    ordinal,
)
from census.charts.figures import Figure, Point
from census.pages.answer_points import (
    SHOWN_KEYS,
    UNSURE,
    amount,
    capital,
    counted_words,
    is_certain,
    join_words,
    nameable_points,
    subject,
    value_words,
)
from census.questions.question_files import Question


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
