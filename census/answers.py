"""A question's answer in one sentence, computed from its figure; nothing uncertain is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from census.bands import WIDEST_BAND, loose
from census.charts.figures import Figure, Point
from census.charts.palette import OTHER
from census.charts.points import least, most
from census.numbers import day_words, long_count, month_end, month_words, ordinal, percent
from census.questions import RANKED, SERIES, TEMPLATE, Question
from census.sentences import place

NONE = "No row answers this choice."
UNSURE = (
    "No month is certain enough to be put into a sentence; the chart shows what the observations"
    " allow."
)
# A sentence names this many; the chart and the table have the others.
NAMED = 3


def answer(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return the answer that a figure gives, in one sentence.

    A question may declare the sentence (`answer:`), with what `pieces` computes and the labels of
    its parameters in braces; where a piece is not certain, or none is declared, the sentence is
    that of the kind of chart.
    """
    if not figure.points:
        return NONE
    # Neither places nor ages are what a declared sentence has its pieces from.
    if figure.kind == "ranks":
        return ranks_words(question, values, figure)
    if figure.kind == "ages":
        return ages_words(values, figure)
    if question.answer:
        found = pieces(question, values, figure)
        wanted = set(TEMPLATE.findall(question.answer))
        names = {parameter.name for parameter in question.parameters}
        if wanted <= found.keys() | names:
            text = TEMPLATE.sub(lambda part: found.get(part[1], part[0]), question.answer)
            return capital(question.describe(text, values))
    if figure.kind in RANKED:
        return ranked_words(question, figure)
    if figure.kind in ("columns", "shares"):
        return columns_words(question, figure)
    if figure.kind == "grid":
        most = max(figure.points, key=lambda point: point.y)
        what = f"{words_of(most.y, figure.unit)}{counted(question, figure)}"
        return f"{subject(most, figure)} had the most in {month_words(most.x)}: {what}."
    if figure.kind in (*SERIES, "curve"):
        return series_words(question, values, figure)
    return figure.alt


def pieces(question: Question, values: Mapping[str, str], figure: Figure) -> dict[str, str]:
    """Return what declared sentences can name; pieces that are not certain are left out.

    `no1`, `no2`, `no3` and `no1_value` … in the order of the chart, `lowest`, `highest` and theirs,
    of charts over time `when`, `last` and `last_value`, of grids `full` and `keys`, and for a
    parameter `first` that names a key of the chart `first_name` and `first_range`.
    """
    ranked = named(figure)
    found = extremes(ranked, figure)
    for place_of, point in enumerate(ranked[:NAMED], start=1):
        if not certain(point, figure.unit):
            break
        found[f"no{place_of}"] = subject(point, figure)
        found[f"no{place_of}_value"] = amount(point, figure.unit)
    for parameter, value in values.items():
        of_key = extremes([point for point in ranked if point.key == value], figure)
        if of_key:
            label = next(label for key, label in figure.keys if key == value)
            found[f"{parameter}_name"] = place({"country": value, "country_name": label})
            found[f"{parameter}_range"] = of_key["range"]
    if figure.kind == "grid":
        final = [point for point in ranked if point.x == max(other.x for other in ranked)]
        found["keys"] = f"{len(final):,}"
        found["full"] = f"{sum(point.y >= 100 for point in final):,}"
    if figure.kind not in RANKED and (last := last_certain(figure)):
        found["when"] = when(last[0].x, is_monthly(question, values))
        found["last"], found["last_value"] = subject(last[0], figure), amount(last[0], figure.unit)
    return found


def extremes(points: Sequence[Point], figure: Figure) -> dict[str, str]:
    """Return the lowest and the highest of points, nothing unless all of them are certain."""
    if not points or not all(certain(point, figure.unit) for point in points):
        return {}
    low, high = (choose(points, key=lambda point: point.y) for choose in (min, max))
    least, most = amount(low, figure.unit), amount(high, figure.unit)
    return {
        "lowest": subject(low, figure),
        "lowest_value": least,
        "highest": subject(high, figure),
        "highest_value": most,
        "range": least if least == most else f"from {least} to {most}",
    }


def named(figure: Figure) -> list[Point]:
    """Return the points that a ranking names: who is unknown and the rest come first in none."""
    return [
        point
        for point in figure.points
        if point.key != OTHER and (point.key is not None or not figure.dimension)
    ]


def certain(point: Point, unit: str) -> bool:
    """Return whether a value may stand in a sentence: by points of a share, or by itself."""
    if point.wide:
        return False
    if point.low is None or point.high is None:
        return True
    if unit == "%":
        return point.high - point.low <= WIDEST_BAND
    return not loose(point.y, point.low, point.high)


def subject(point: Point, figure: Figure) -> str:
    """Return who a sentence is about: a country with its article, else the name on the chart."""
    name = point.x if figure.kind in RANKED else point.label
    if figure.dimension == "country" and point.label == name:
        return place({"country": point.key, "country_name": name})
    return name


def words_of(value: float, unit: str) -> str:
    """Return a value as a sentence has it: 46.1%, 1.47 billion, 2.8."""
    if unit == "%":
        return percent(value)
    return long_count(value) if value >= 100 else f"{value:,.1f}".removesuffix(".0")


def amount(point: Point, unit: str) -> str:
    """Return a value with its bounds in brackets where they read differently."""
    said = words_of(point.y, unit)
    if point.low is None or point.high is None:
        return said
    low, high = words_of(point.low, unit), words_of(point.high, unit)
    return said if low == high else f"{said} ({low} to {high})"


def counted(question: Question, figure: Figure) -> str:
    """Return what the numbers are of, after a number: ` downloads`, ` of all downloads`."""
    if figure.unit == "%":
        return question.unit.removeprefix("percent")
    return f" {question.unit}"


def listed(parts: Sequence[str]) -> str:
    """Return parts as a sentence lists them: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(text: str) -> str:
    """Return a sentence with a capital first letter; names of models keep theirs."""
    return text if "/" in text.split(" ", 1)[0] else text[:1].upper() + text[1:]


def ranked_words(question: Question, figure: Figure) -> str:
    """Return who comes first, second and third."""
    points = named(figure)[:NAMED]
    if not points:
        return figure.alt
    first = points[0]
    if not certain(first, figure.unit):
        low, high = (words_of(value or 0, figure.unit) for value in (first.low, first.high))
        who = subject(first, figure)
        what = f"between {low} and {high}{counted(question, figure)}"
        return f"{capital(who)}: {what}; who comes first is not certain."
    others = [point for point in points[1:] if certain(point, figure.unit)]
    rivals = [point for point in named(figure)[1:] if most(point) > least(first)]
    said = (
        f"{subject(first, figure)} comes first{' by the best estimate' if rivals else ''} with"
        f" {amount(first, figure.unit)}{counted(question, figure)}"
    )
    if others:
        next_ones = [
            f"{subject(point, figure)} with {amount(point, figure.unit)}" for point in others
        ]
        said += f", before {listed(next_ones)}"
    # Who is unknown comes first in no sentence, and is not kept quiet where it is more.
    unknown = [point for point in figure.points if point not in named(figure) and point.y > first.y]
    if unknown:
        said += f"; {listed([f'{point.x} {amount(point, figure.unit)}' for point in unknown])}"
    return f"{capital(said)}."


def ranks_words(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return who was ahead of whom in the last month whose order is certain."""
    last = last_certain(figure)
    if not last:
        return UNSURE
    parts = [
        f"{subject(point, figure)}{'' if at else ' was'} {ordinal(int(point.y))}"
        for at, point in enumerate(last)
    ]
    said = f"{when(last[0].x, is_monthly(question, values))}, {listed(parts)}"
    return f"{capital(said)} by {question.unit.replace('percent of', 'share of')}."


def ages_words(values: Mapping[str, str], figure: Figure) -> str:
    """Return what the first curves over age had at the age that the first of them has reached.

    A count that is not certain is told by its lowest bound, which is.
    """
    ends = [[p for p in figure.points if (p.key, p.label) == key] for key in figure.keys]
    oldest = max(int(point.x) for point in ends[0])
    parts = []
    for points in ends[:NAMED]:
        reached = [point for point in points if int(point.x) == oldest]
        if reached and reached[0].low:
            point = reached[0]
            who = point.label or values.get("model", "")
            sure = certain(point, figure.unit)
            value = amount(point, figure.unit) if sure else words_of(point.low or 0, figure.unit)
            parts.append(f"{who} {'' if sure else 'at least '}{value}")
    if not parts:
        return UNSURE
    return f"In the first {oldest} days from release: {listed(parts)} {figure.unit}."


def columns_words(question: Question, figure: Figure) -> str:
    """Return the sum of all columns and its largest parts."""
    sums: dict[str, float] = {}
    for point in named(figure) or figure.points:
        sums[point.label] = sums.get(point.label, 0.0) + point.y
    largest = sorted(sums.items(), key=lambda part: -part[1])[:NAMED]
    first, last = (choose(point.x for point in figure.points) for choose in (min, max))
    total = sum(point.y for point in figure.points)
    parts = listed([f"{label} {words_of(value, figure.unit)}" for label, value in largest])
    return (
        f"From {month_words(first)} to {month_words(last)}:"
        f" {words_of(total, figure.unit)}{counted(question, figure)}, most of all {parts}."
    )


def is_monthly(question: Question, values: Mapping[str, str]) -> bool:
    """Return whether a chart over time shows what happened in each month alone."""
    return values.get("measure") == "monthly" or "month" in question.unit


def last_certain(figure: Figure) -> list[Point]:
    """Return the named points of the last day on which they are certain, in the chart's order."""
    days = sorted({point.x for point in figure.points}, reverse=True)
    order = {key: rank for rank, key in enumerate(figure.keys)}
    for day in days:
        points = [point for point in named(figure) if point.x == day]
        points.sort(key=lambda point: order.get((point.key, point.label), len(order)))
        if points and not points[0].wide:
            sure = [point for point in points[:NAMED] if certain(point, figure.unit)]
            if sure and sure[0] == points[0]:
                return sure
    return []


def when(day: str, monthly: bool) -> str:
    """Return up to when, or in which month, something was counted."""
    if monthly:
        return f"in {month_words(day)}"
    if day == month_end(day[:7]):
        return f"up to the end of {month_words(day)}"
    return f"up to {day_words(day)}"


def series_words(question: Question, values: Mapping[str, str], figure: Figure) -> str:
    """Return the last certain values of a chart over time, and the first one's a year before."""
    last = last_certain(figure)
    if not last:
        return UNSURE
    first = last[0]
    who = subject(first, figure) or values.get("model", "")
    said = f"{when(first.x, is_monthly(question, values))}, {who} had"
    said += f" {amount(first, figure.unit)}{counted(question, figure)}"
    before = year_before(figure, first)
    if before:
        said += f", a year before {amount(before, figure.unit)}"
    if others := last[1:]:
        parts = [f"{subject(point, figure)} {amount(point, figure.unit)}" for point in others]
        said += f"{';' if before else ','} {listed(parts)}"
    return f"{capital(said)}."


def year_before(figure: Figure, point: Point) -> Point | None:
    """Return the same key's value twelve months earlier, None where it is not certain."""
    month = f"{int(point.x[:4]) - 1}{point.x[4:7]}"
    for other in figure.points:
        if (other.key, other.label) == (point.key, point.label) and other.x.startswith(month):
            return other if certain(other, figure.unit) else None
    return None
