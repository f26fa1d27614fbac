"""A question's answer in one sentence, computed from its figure by the rules of speech.

It states nothing uncertain: no number without a narrow interval, no place by the middle alone, and
no count that stands in doubt.
"""

from __future__ import annotations

from collections.abc import Mapping

from census.base import speech
from census.base.numbers import month_words
from census.charts.figures import Figure
from census.pages.answer_points import (
    SHOWN_KEYS,
    UNSURE,
    amount,
    capital,
    counted_words,
    draws_of,
    extremes,
    has_its_place,
    is_certain,
    join_words,
    nameable_points,
    place_words,
    subject,
    value_words,
)
from census.pages.answers_over_time import (
    ages_words,
    columns_words,
    is_monthly,
    last_certain,
    ranks_words,
    series_words,
    when,
)
from census.pages.sentences import place
from census.questions.question_files import RANKED, SERIES, TEMPLATE, Question

NONE = "There are no rows for this choice."


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
