"""Curves over age: downloads of models at the same number of days from their release."""

from __future__ import annotations

from collections.abc import Sequence

from census.charts.bands import band_layers, hard_band, line_layers, points_by_key, runs
from census.charts.ends import end_layers, reach_layer
from census.charts.figures import Figure, Point, highest
from census.charts.parts import (
    Look,
    Spec,
    amount_axis,
    bound_tooltips,
    colour_scale,
    estimate_tooltips,
    label_records,
    pointer_targets,
    records,
)
from census.charts.scales import Amounts, nice_top

# Ages that are written on the axis, by the oldest age that is drawn.
AGES = ((180, (0, 90, 180, 365)), (60, (0, 30, 60, 90, 180)), (0, (0, 7, 14, 30, 60)))
# On a narrow screen these have no room.
CROWDED = (30, 90)
AGE_LABELS = (
    "datum.value == 0 ? 'release' : datum.value == 365 ? '1 year' : datum.value + ' {days}'"
)


def ages_spec(figure: Figure, look: Look) -> Spec:
    """Return curves with their bands from release on, named at the plot's edge."""
    height = 300 if look.narrow else 380
    top = nice_top(highest(figure), False)
    x = age_axis(figure, look)
    y: Spec = {"field": "y", "type": "quantitative",
               "scale": {"domain": [0, top], "nice": False}}  # fmt: skip
    colour: Spec = {"field": "name", "type": "nominal", "scale": colour_scale(figure, look.theme),
                    "legend": None}  # fmt: skip
    bounds = {key: value for key, value in y.items() if key != "field"}
    axis = amount_axis(figure, 4 if look.narrow else 5)
    series = points_by_key(figure)
    values = age_records(figure.points, figure.unit)
    segments = [record for points in series for record in with_numeric_x(runs(points))]
    ends = [
        record
        for points in series
        for record in with_numeric_x(label_records(points[-1:], figure.unit))
    ]
    oldest = max(float(point.x) for point in figure.points)
    inner = [end for end in ends if float(end["x"]) < oldest]
    return {
        "width": look.plot,
        "height": height,
        "layer": [
            *age_band(figure, x, bounds, colour),
            *band_layers(series, x, bounds, colour, with_numeric_x),
            *line_layers(segments, figure.estimated, x, {**y, "axis": axis}, colour),
            {
                "data": {"values": values},
                "mark": {"type": "circle", "size": 14 if figure.estimated else 40, "opacity": 1},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            pointer_targets(values, x, y, colour, age_tooltips(figure.estimated)),
            *([reach_layer(inner, look, x, y, colour)] if inner else []),
            *end_layers(ends, look, height, Amounts(0.0, top), y, colour),
        ],
    }


def with_numeric_x(values: Sequence[Spec]) -> list[Spec]:
    """Return data with the age as a number."""
    return [{**value, "x": float(value["x"])} for value in values]


def age_records(points: Sequence[Point], unit: str) -> list[Spec]:
    """Return points as data of a specification, the age as a number."""
    return with_numeric_x(records(points, unit))


def age_axis(figure: Figure, look: Look) -> Spec:
    """Return the x channel of days from release.

    An oldest age of 200 days → `release`, `90 days`, `180 days`; of 30 → 0, 7, 14 and 30 days.
    """
    oldest = max(float(point.x) for point in figure.points)
    labelled_ages = next(ages for least, ages in AGES if oldest > least or not least)
    skipped = CROWDED if look.narrow else ()
    values = [
        age for age in labelled_ages if age == oldest or (age < oldest and age not in skipped)
    ]
    return {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [0, max(oldest, 1)], "nice": False},
        "axis": {
            "title": None,
            "values": values,
            "grid": False,
            "labelFlush": True,
            "labelOverlap": False,
            "labelExpr": AGE_LABELS.format(days="d" if look.narrow else "days"),
        },
    }


def age_band(figure: Figure, x: Spec, amount: Spec, colour: Spec) -> list[Spec]:
    """Return the bands of hard bounds, fainter where there are many; none where there are none."""
    return [
        {
            **layer,
            "data": {"values": with_numeric_x(layer["data"]["values"])},
            "mark": {**layer["mark"], "opacity": 0.16 if len(figure.keys) < 4 else 0.08},
        }
        for layer in hard_band(figure, x, amount, colour)
    ]


def age_tooltips(estimated: bool) -> list[Spec]:
    """Return the fields of the tooltip of a count."""
    return [
        {"field": "name", "type": "nominal", "title": "Name"},
        {"field": "x", "type": "nominal", "title": "Days from release"},
        {"field": "said", "type": "nominal", "title": "Value"},
        *(estimate_tooltips() if estimated else []),
        *bound_tooltips(),
    ]
