"""What is drawn of estimates over time: two bands, a thin centre, and dots where all is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

from census.base.speech import COUNTED
from census.charts.estimates import is_loose
from census.charts.figures import Figure, Point, has_band
from census.charts.palette import PAPER
from census.charts.parts import Spec, records, tooltips

# How each kind of line is broken: certain, uncertain by hard bounds, an estimate that is not firm.
DASHES = {"dotted": [2, 3], "dashed": [5, 3], "solid": [1, 0]}
# The opacity of the 90 % band, and of the 50 % band on top of it.
NINETY, FIFTY = 0.2, 0.28
# How much of the paper lies over what may not be quoted.
VEIL = 0.62
CENTRE, LINE = 1.4, 2.25
DOT = 42

Place = Callable[[list[Spec]], list[Spec]]


def unchanged(values: list[Spec]) -> list[Spec]:
    """Return data unchanged."""
    return values


def runs(points: Sequence[Point]) -> list[Spec]:
    """Return line segments: runs of firm or loose values, joined at their ends.

    A value is joined to the one before by a broken piece if either of them is loose.
    """
    segments: list[tuple[str, list[Point]]] = []
    broken = "dashed" if any(point.rests_on for point in points) else "dotted"
    for before, next_point in pairwise(points):
        style = broken if is_loose(before) or is_loose(next_point) else "solid"
        if segments and segments[-1][0] == style:
            segments[-1][1].append(next_point)
        else:
            segments.append((style, [before, next_point]))
    if len(points) == 1:
        segments = [("solid", list(points))]
    return [
        {**line_record(point), "style": style, "run": f"{point.label} {members[0].x} {style}"}
        for style, members in segments
        for point in members
    ]


def line_record(point: Point) -> Spec:
    """Return a point as data of a line: its place, name and value."""
    return {"x": point.x, "name": point.label, "y": point.y}


def runs_by_source(points: Sequence[Point]) -> list[Spec]:
    """Return line segments that join only the days on which one source counted."""
    joined = []
    for source in dict.fromkeys(point.source for point in points if point.source):
        members = [point for point in points if point.source == source]
        if len(members) > 1:
            joined += [
                {**line_record(point), "style": "solid", "run": f"{point.label} {source}"}
                for point in members
            ]
    return joined


def points_by_key(figure: Figure) -> list[list[Point]]:
    """Return the points of each drawn key, in order."""
    return [[p for p in figure.points if (p.key, p.label) == key] for key in figure.keys]


def segments_of(figure: Figure) -> list[Spec]:
    """Return the line segments of a figure; values of single days are joined by source alone."""
    if figure.kind == "curve" and len(figure.keys) > 1:
        # Observations of several sources are facts of days: nothing is drawn between them.
        return []
    join = runs_by_source if figure.of_single_days else runs
    return [
        record
        for points in points_by_key(figure)
        for stretch in without_gaps([point for point in points if not point.flagged], figure)
        for record in join(stretch)
    ]


def without_gaps(points: Sequence[Point], figure: Figure) -> list[list[Point]]:
    """Return the stretches of points between which no month is missing, if they are of months.

    Of January, February and April those are January with February, and April.
    """
    stretches: list[list[Point]] = []
    for point in points:
        before = stretches[-1][-1] if stretches else None
        if before and not (figure.by_month and months_between(before.x, point.x) > 1):
            stretches[-1].append(point)
        else:
            stretches.append([point])
    return stretches


def months_between(first: str, last: str) -> int:
    """Return how many months lie between two days (ISO), those of one month being 0 apart."""
    return 12 * (int(last[:4]) - int(first[:4])) + int(last[5:7]) - int(first[5:7])


def line_layers(
    segments: Sequence[Spec], estimated: bool, x: Spec, y: Spec, colour: Spec
) -> list[Spec]:
    """Return the lines of segments, thin where they are the centres of bands."""
    styles = [style for style in DASHES if estimated or style != "dashed"]
    return [
        {
            "data": {"values": [record for record in segments if record["style"] == style]},
            "mark": {"type": "line", "strokeWidth": CENTRE if estimated else LINE,
                     "strokeDash": DASHES[style]},
            "encoding": {"x": x, "y": y, "color": colour, "detail": {"field": "run"}},
        }
        for style in styles
        if not (estimated and style == "dotted")
    ]  # fmt: skip


def band_layers(
    series: Sequence[Sequence[Point]],
    x: Spec,
    amount: Spec,
    colour: Spec,
    place_values: Place = unchanged,
) -> list[Spec]:
    """Return the 90 % band and on it the 50 % band of each series, without borders.

    An interval that stands alone is an upright line. `amount` is a y channel without its field.
    """
    layers: list[Spec] = []
    for opacity, interval_name in ((NINETY, "likely"), (FIFTY, "half")):
        pieces = [piece for points in series for piece in band_runs(points, interval_name)]
        values = [record for piece in pieces if len(piece) > 1 for record in piece]
        single_values = [
            piece[0] for piece in pieces if len(piece) == 1 and piece[0]["from"] < piece[0]["to"]
        ]
        encoding = {"x": x, "y": {**amount, "field": "from"}, "y2": {"field": "to"},
                    "color": colour}  # fmt: skip
        if values:
            layers.append(
                {
                    "data": {"values": place_values(values)},
                    "mark": {"type": "area", "opacity": opacity, "line": False},
                    "encoding": {**encoding, "detail": {"field": "run"}},
                }
            )
        if single_values:
            layers.append(
                {
                    "data": {"values": place_values(single_values)},
                    "mark": {"type": "rule", "opacity": 2 * opacity, "strokeWidth": 3},
                    "encoding": encoding,
                }
            )
    return layers


def band_runs(points: Sequence[Point], interval_name: str) -> Iterator[list[Spec]]:
    """Yield the stretches of a series that have an interval, as data from low to high.

    A stretch in which all is counted has no band.
    """
    ends = [(point, point.half if interval_name == "half" else point.interval) for point in points]
    stretches = groupby(ends, key=lambda pair: pair[1] is not None)
    for number, (_, members) in enumerate(stretches):
        piece = [(point, interval) for point, interval in members if interval is not None]
        if any(low < high for _, (low, high) in piece):
            yield [
                {"x": point.x, "name": point.label, "from": interval[0], "to": interval[1],
                 "run": f"{point.label} {number}"}
                for point, interval in piece
            ]  # fmt: skip


def hard_band(figure: Figure, x: Spec, amount: Spec, colour: Spec) -> list[Spec]:
    """Return the band of hard bounds of a figure whose rows have no estimate; none without any."""
    if figure.estimated or not any(has_band(point) for point in figure.points):
        return []
    are_many = len(figure.keys) > 3 and any(point.wide for point in figure.points)
    return [
        {
            "data": {"values": records(figure.points, figure.unit)},
            "mark": {"type": "area", "opacity": 0.1 if are_many else 0.16, "line": False},
            "encoding": {
                "x": x,
                "y": {**amount, "field": "low"},
                "y2": {"field": "high"},
                "color": colour,
            },
        }
    ]


def dots(figure: Figure) -> list[Point]:
    """Return the points that are drawn as dots.

    Of estimates those that are counted; else all of them where they are few or stand alone.
    """
    if figure.of_single_days:
        return [point for point in figure.points if not point.flagged]
    if figure.estimated:
        return [point for point in figure.points if point.rests_on == COUNTED and not point.flagged]
    few = len(figure.points) <= 60 or (figure.kind == "curve" and len(figure.keys) > 1)
    return [point for point in figure.points if few and not point.flagged]


def flagged_layers(figure: Figure, top: float, x: Spec, amount: Spec, colour: Spec) -> list[Spec]:
    """Return the counts in doubt as open triangles, at the top where they are out of the scale."""
    values = [
        {**record, "y": min(point.y, top)}
        for point in figure.points
        if point.flagged
        for record in records([point], figure.unit)
    ]
    if not values:
        return []
    return [
        {
            "data": {"values": values},
            "mark": {"type": "point", "shape": "triangle-up", "size": 90, "filled": False,
                     "strokeWidth": 2, "opacity": 1},
            "encoding": {"x": x, "y": {**amount, "field": "y"}, "color": colour,
                         "tooltip": tooltips(False)},
        }
    ]  # fmt: skip


def start_veil(figure: Figure, theme: str, x: Spec) -> list[Spec]:
    """Return a pale cover over days before estimates may be quoted; nothing without such days."""
    first = min((point.x for point in figure.points), default="")
    if not figure.start or first >= figure.start:
        return []
    return [veil([{"x": first, "end": figure.start}], theme, x)]


def veil(values: Sequence[Spec], theme: str, x: Spec) -> Spec:
    """Return a half-transparent cover over stretches of days, under which the chart looks pale."""
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rect", "color": PAPER[theme], "opacity": VEIL},
        "encoding": {"x": x, "x2": {"field": "end"}},
    }
