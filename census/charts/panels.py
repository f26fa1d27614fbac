"""Small multiples: a panel for each key, where the bands of all of them would hide each other."""

from __future__ import annotations

from dataclasses import replace

from census.charts.bands import (
    DOT,
    band_layers,
    dots,
    flagged_layers,
    hard_band,
    line_layers,
    segments_of,
    start_veil,
    without_gaps,
)
from census.charts.figures import Figure, has_band, highest
from census.charts.lettering import BOLD, name_lines, named_value
from census.charts.lines import end_dots, marker_layers
from census.charts.palette import INK
from census.charts.parts import (
    Look,
    Spec,
    amount_axis,
    colour_scale,
    fault_layers,
    label_records,
    pointer_targets,
    records,
    time_axis,
    tooltips,
)
from census.charts.scales import amounts_of

# Beyond this share of uncertain months one plot with the bands of all shares is fog, and so is one
# of counts if the bands reach so far above the estimates that these lie flat on the floor.
FOGGY = 0.5
FLAT = 3.0
# The size of the names over panels: wide, narrow.
NAME_SIZE = (14, 12)
NAME_LINE = 14


def is_foggy(figure: Figure) -> bool:
    """Return whether a figure is so uncertain that each key needs a panel of its own."""
    if figure.kind != "lines" or len(figure.keys) < 2 or figure.estimated or figure.of_single_days:
        return False
    months = {point.x for point in figure.points}
    wide = {point.x for point in figure.points if point.wide}
    if figure.unit != "%" and highest(figure) < FLAT * max(p.y for p in figure.points):
        return False
    return len(wide) > FOGGY * len(months)


def panels_spec(figure: Figure, look: Look) -> Spec:
    """Return a panel for each key, largest first, all on the same scales."""
    across = 2 if look.narrow else 3
    gap = 14 if look.narrow else 30
    width = (look.total - 30 - gap * (across - 1)) // across
    panels = [
        panel(figure, look, key, width, first=place % across == 0)
        for place, key in enumerate(figure.keys)
    ]
    return {
        "concat": panels,
        "columns": across,
        "spacing": {"row": 24, "column": gap},
        "align": "all",
    }


def panel(figure: Figure, look: Look, key: tuple[str | None, str], width: int, first: bool) -> Spec:
    """Return the panel of one key: band, dotted or solid line, last value in the title."""
    figure_of_key = replace(
        figure,
        points=tuple(point for point in figure.points if (point.key, point.label) == key),
        keys=(key,),
    )
    days = sorted({point.x for point in figure.points})
    x = time_axis(figure, look, width)
    x["scale"] = {"type": "utc", "domain": [days[0], days[-1]]}
    percent = figure.unit == "%"
    amounts = amounts_of(figure)
    if percent and not figure.estimated and not figure.log and any(map(has_band, figure.points)):
        amounts = amounts._replace(ceiling=100.0)
    floor, top = amounts.floor, amounts.ceiling
    amount: Spec = amounts.channel()
    axis = {
        **amount_axis(figure, 3),
        **amounts.ticks([floor, (floor + top) / 2, top]),
        "labels": first,
    }
    colour: Spec = {
        "field": "name",
        "type": "nominal",
        "scale": colour_scale(figure, look.theme),
        "legend": None,
    }
    last = label_records(figure_of_key.points[-1:], figure.unit)[0]
    return {
        "width": width,
        "height": 110 if look.narrow else 140,
        "layer": [
            *fault_layers(figure, x, look.theme),
            *panel_layers(figure_of_key, top, x, {**amount, "axis": axis}, colour),
            *start_veil(figure, look.theme, x),
            *marker_layers(figure, x, amount, colour["scale"], key),
            panel_name(key[1], last, width, look),
        ],
    }


def panel_name(name: str, last: Spec, width: int, look: Look) -> Spec:
    """Return the name over a panel: as a mark, since titles keep no line between panels."""
    size = NAME_SIZE[look.narrow]
    line = named_value(name, last["said"], width, size * BOLD, last["loose"])
    lines = name_lines(name, last["said"], width, size * BOLD) if "…" in line else [line]
    return {
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "text": lines,
            "align": "left",
            "x": 0,
            # The last line stands where a single one does.
            "y": -14 - NAME_LINE * (len(lines) - 1),
            "fontSize": size,
            "lineHeight": NAME_LINE,
            "fontWeight": "bold",
            "color": INK[look.theme],
        },
    }


def single_months(figure: Figure) -> list[Spec]:
    """Return the months between two gaps as data: no line would show them."""
    stretches = without_gaps(figure.points, figure)
    return records([points[0] for points in stretches if len(points) == 1], figure.unit)


def panel_layers(figure: Figure, top: float, x: Spec, amount: Spec, colour: Spec) -> list[Spec]:
    """Return the marks of one panel, that of a figure of one key."""
    y = {**amount, "field": "y"}
    values = records(figure.points, figure.unit)
    spots = {
        "data": {"values": records(dots(figure), figure.unit)},
        "mark": {"type": "circle", "size": DOT, "opacity": 1},
        "encoding": {"x": x, "y": y, "color": colour},
    }
    return [
        *hard_band(figure, x, amount, colour),
        *band_layers([figure.points], x, amount, colour),
        *line_layers(segments_of(figure), figure.estimated, x, y, colour),
        spots if figure.estimated else end_dots([*single_months(figure), values[-1]], x, y, colour),
        *flagged_layers(figure, top, x, amount, colour),
        pointer_targets(values, x, y, colour, tooltips(True, estimated=figure.estimated)),
    ]
