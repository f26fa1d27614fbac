"""From the rows of a question to the points, keys and markers of its figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from census.base.numbers import month_end
from census.base.speech import BOUNDS, COUNTED, ESTIMATED, is_very_likely
from census.charts.estimates import quotable
from census.charts.figures import Context, Point
from census.charts.palette import OTHER
from census.charts.uncertainty import bound, is_loose_count, wide_months
from census.questions.chosen_keys import drawable_keys
from census.questions.question_files import CURVES, RANKED, SERIES

Row = Mapping[str, Any]
# What a chart can declare of its estimates, and which of it are numbers by the same name.
NUMBERS = ("likely_low", "likely_high", "half_low", "half_high", "p_place")
GROUNDS = (*NUMBERS, "rests_on", "counted", "covered", "place", "flagged", "source")
# What published_figures calls the measures that charts draw.
PUBLISHED_MEASURES = {
    "share": ("share", "cumulative_share"),
    "cumulative": ("cumulative", "cumulative_downloads"),
}


def read_points(chart: Row, rows: Sequence[Row], through: str) -> list[Point]:
    """Return the rows as points; a month becomes its last day, or the last day counted."""
    ranked = chart["kind"] in RANKED
    estimated = has_estimates(chart, rows)
    wide = set() if estimated else wide_months(chart, rows)
    points = []
    for row in rows:
        value = row[chart["x"] if ranked else chart["y"]]
        place = row[chart["y"] if ranked else chart["x"]]
        if value is None or place is None:
            continue
        label = str(row[chart["label"]]) if "label" in chart else ""
        low, high = bound(row, chart, "low"), bound(row, chart, "high")
        points.append(
            Point(
                x=str(place)
                if ranked
                else str(row.get(chart.get("through", "")) or day_of(str(place), through)),
                key=row[chart["key"]] if "key" in chart else None,
                label=label,
                y=float(value),
                low=low,
                high=high,
                row=str(row.get(chart.get("rows", "")) or ""),
                of=row.get(chart.get("of", "")),
                wide=place in wide
                or (chart["kind"] in CURVES and is_loose_count(float(value), low, high)),
                **read_estimate(chart, row, estimated),
            )
        )
    return quotable(points, str(chart.get("unit", "")), ranked or chart["kind"] == "ages")


def has_estimates(chart: Row, rows: Sequence[Row]) -> bool:
    """Return whether any row says what it rests on, or has an interval."""
    declared = [chart[name] for name in ("rests_on", "likely_low") if name in chart]
    return any(row.get(column) is not None for row in rows for column in declared)


def read_estimate(chart: Row, row: Row, estimated: bool) -> dict[str, Any]:
    """Return the fields of an estimate in a row: its intervals and what it rests on.

    Columns that the chart does not declare, or the row lacks, give None; where rows have
    intervals only, one without rests on its hard bounds.
    """
    cells = {name: row.get(chart.get(name, "")) for name in GROUNDS}

    def number(name: str) -> float | None:
        return None if cells[name] is None else float(cells[name] or 0)

    rests_on = str(cells["rests_on"] or "")
    if estimated and "rests_on" not in chart:
        rests_on = BOUNDS if cells["likely_low"] is None else ESTIMATED
    return {
        **{name: number(name) for name in NUMBERS},
        "rests_on": rests_on,
        "counted_pct": number("counted"),
        "covered_pct": number("covered"),
        "place": None if cells["place"] is None else int(cells["place"] or 0),
        "flagged": bool(cells["flagged"]),
        "source": str(cells["source"] or ""),
    }


def day_of(place: str, through: str) -> str:
    """Return the day at which a month or a day is drawn."""
    if len(place) != 7:
        return place
    return through if through.startswith(place) else month_end(place)


def one_day_a_month(points: Sequence[Point]) -> list[Point]:
    """Return points at the last day of their month that any of them has.

    A key that was counted on 8 September is moved to the 16th if others were counted then: a stack
    or a ranking of that day alone would leave it out. Points stay where they are if some key has
    several days in a month.
    """
    last_day_of_month: dict[str, str] = {}
    for point in points:
        last_day_of_month[point.x[:7]] = max(point.x, last_day_of_month.get(point.x[:7], ""))
    points_per_month = Counter(
        (point.x[:7], point.key, point.label) for point in points if point.key != OTHER
    )
    if any(times > 1 for times in points_per_month.values()):
        return list(points)
    return [replace(point, x=last_day_of_month[point.x[:7]]) for point in points]


def choose_keys(
    kind: str, points: Sequence[Point], number: int, chosen: Sequence[str] = ()
) -> list[tuple[str | None, str]]:
    """Return the keys that a chart draws with their labels, largest first.

    They are those that a reader has `chosen`, as many as a picture has, else the largest.

    Series rank by their last value, columns by their sum, curves over age as their rows do; the row
    of all others is drawn only in a stack, to which `fold_others` adds it.
    """
    weight: dict[tuple[str | None, str], float] = {}
    last = max((point.x for point in points), default="")
    for point in points:
        counts = kind not in SERIES or point.x == last
        weight.setdefault((point.key, point.label), 0.0)
        weight[point.key, point.label] += point.y if counts else 0.0
    ranked = [key for key in weight if key[0] != OTHER]
    if kind != "ages":
        ranked.sort(key=lambda key: (-weight[key], str(key[0])))
    if chosen:
        drawable = drawable_keys([key for key, _ in ranked], chosen)
        return [key for key in ranked if key[0] in drawable]
    return ranked if kind in (*RANKED, "grid") else ranked[:number]


def fold_others(points: Sequence[Point], drawn_keys: Sequence[str | None]) -> list[Point]:
    """Return stacked points in which every key that is not drawn is added to `Other`.

    Bounds of shares cannot be added, so the sum has none.
    """
    folded: dict[tuple[str, str | None], Point] = {}
    for point in points:
        if point.key in drawn_keys:
            folded[point.x, point.key] = point
        else:
            others = folded.get((point.x, OTHER))
            total = point.y + (others.y if others else 0.0)
            basis = others.rests_on if others and others.rests_on != COUNTED else point.rests_on
            folded[point.x, OTHER] = Point(
                point.x,
                OTHER,
                "Other",
                total,
                wide=point.wide or (others is not None and others.wide),
                rests_on=basis and (COUNTED if basis == COUNTED else BOUNDS),
            )
    return list(folded.values())


def stacked_keys(
    kind: str, points: Sequence[Point], drawn_keys: Sequence[tuple[str | None, str]]
) -> list[tuple[str | None, str]]:
    """Return the keys of a stack from the bottom up: what is unknown and the rest are on top."""
    known_keys = [key for key in drawn_keys if key[0] is not None or kind != "areas"]
    unknown_keys = [key for key in drawn_keys if key not in known_keys]
    other_keys = [(OTHER, "Other")] if any(point.key == OTHER for point in points) else []
    return [*known_keys, *unknown_keys, *other_keys]


def rank_points(points: Sequence[Point]) -> list[Point]:
    """Return the place of each key in its month, with the best and the worst place possible.

    A value of 0, the row of all others and an unknown key have no place. The place of an estimate
    is the one in its row, which is told only where it holds in nearly all draws.
    """
    months: dict[str, list[Point]] = {}
    for point in points:
        unknown = point.rests_on and point.key is None
        if point.key != OTHER and point.y > 0 and not unknown:
            months.setdefault(point.x, []).append(point)
    places = []
    for members in months.values():
        members.sort(key=lambda point: (-point.y, str(point.key)))
        for place, point in enumerate(members, 1):
            others = [other for other in members if other is not point]
            number_ahead = sum(lowest_value(other) > highest_value(point) for other in others)
            number_behind = sum(highest_value(other) < lowest_value(point) for other in others)
            ranked = replace(
                point,
                y=float(place),
                low=number_ahead + 1.0,
                high=float(len(members) - number_behind),
            )
            places.append(estimated_place(ranked) if point.rests_on else ranked)
    return places


def estimated_place(ranked: Point) -> Point:
    """Return the place of an estimate, `wide` unless it holds in nearly all draws."""
    return replace(
        ranked,
        y=ranked.y if ranked.place is None else float(ranked.place),
        wide=not is_very_likely(ranked.p_place),
        likely_low=None,
        likely_high=None,
        half_low=None,
        half_high=None,
    )


def lowest_value(point: Point) -> float:
    """Return the lowest possible value of a point."""
    return point.y if point.low is None else point.low


def highest_value(point: Point) -> float:
    """Return the highest possible value of a point."""
    return point.y if point.high is None else point.high


def find_markers(
    chart: Row,
    values: Row,
    dimension: str,
    drawn_keys: Sequence[str | None],
    context: Context,
) -> list[dict[str, Any]]:
    """Return figures that others published for what the chart draws, each with its source."""
    published = chart.get("published")
    cumulative = values.get("measure", "cumulative") == "cumulative"
    if not published or not cumulative or values.get("scope") != "frontier":
        return []
    measures = PUBLISHED_MEASURES[published]
    since, until = values.get("since", ""), values.get("until", "")
    return [
        {
            "x": month_end(str(figure["as_of"])[:7]),
            "y": float(figure["value"]),
            "key": figure["key"],
            "publisher": figure["publisher"],
            "source": figure["source_title"] or figure["source_url"],
            "scope": figure["scope_of_publisher"] or "not stated",
        }
        for figure in context.published
        if figure["measure"] in measures
        and figure["dimension"] == dimension
        and figure["key"] in drawn_keys
        and len(str(figure["as_of"])) >= 7
        and (not since or str(figure["as_of"])[:7] >= since)
        and (not until or str(figure["as_of"])[:7] <= until)
    ]
