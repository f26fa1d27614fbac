"""A world map with a circle for each country, its area the value, named where there is room."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from census.base.numbers import quantity
from census.base.speech import BOUNDS
from census.charts.figures import Figure, Point
from census.charts.lettering import width_of
from census.charts.palette import GRID, INK, MUTED, PAPER, colours
from census.charts.parts import Look, Spec, bound_tooltips, estimate_tooltips, label_value, records
from census.charts.world import Place, is_placed, land, places

# The radius of the largest circle and of the smallest, in pixels.
LARGEST = {"wide": 44.0, "narrow": 21.0}
SMALLEST = 2.0
# A ring of the highest value is drawn where it is outside of its circle by more than this.
VISIBLE = 1.5
# The numbers of so many countries matter more than the dots of small ones.
FIRST = 5
LAND = {"light": "#e6e8eb", "dark": "#2b323a"}


class Box(NamedTuple):
    """A rectangle on the map."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether two rectangles overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Return whether another rectangle is inside of this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


class Circle(NamedTuple):
    """A country's circle in pixels."""

    point: Point
    x: float
    y: float
    radius: float


class Name(NamedTuple):
    """A name beside a circle: its anchor, how it is aligned there, and the room that it takes."""

    text: str
    x: float
    y: float
    align: str
    box: Box


@cache
def frame() -> Box:
    """Return the bounds of the land on the sheet, up being smaller."""
    xs = [x for ring in land() for x, _ in ring]
    ys = [-y for ring in land() for _, y in ring]
    return Box(min(xs), min(ys), max(xs), max(ys))


def on_page(place: Place, width: int) -> Place:
    """Return the pixels of a place of the sheet on a map of a width."""
    land_box = frame()
    scale = width / (land_box.right - land_box.left)
    return round((place[0] - land_box.left) * scale, 1), round(
        (-place[1] - land_box.top) * scale, 1
    )


def height_of(width: int) -> int:
    """Return the height of a map of a width."""
    land_box = frame()
    return math.ceil(width * (land_box.bottom - land_box.top) / (land_box.right - land_box.left))


def radius_of(value: float, top: float, look: Look) -> float:
    """Return the radius of a circle whose area is a value."""
    largest = LARGEST["narrow" if look.narrow else "wide"]
    return max(SMALLEST, round(largest * math.sqrt(max(0.0, value) / top), 1))


def circles_of(points: Sequence[Point], top: float, look: Look) -> list[Circle]:
    """Return the circles of countries, the largest first, so that the small are seen on them."""
    circles = [
        Circle(point, *on_page(places()[point.key], look.total), radius_of(point.y, top, look))
        for point in points
        if point.key is not None and is_placed(point.key)
    ]
    return sorted(circles, key=lambda circle: -circle.point.y)


def name_places(circle: Circle, text: str, size: float) -> Iterator[Name]:
    """Yield the places for a name: right of its circle, left, below, above."""
    width, half, gap = width_of(text, size), size * 0.6, 3.0
    x, y, reach = circle.x, circle.y, circle.radius + gap
    yield Name(text, x + reach, y, "left", Box(x + reach, y - half, x + reach + width, y + half))
    yield Name(text, x - reach, y, "right", Box(x - reach - width, y - half, x - reach, y + half))
    for middle in (y + reach + half, y - reach - half):
        box = Box(x - width / 2, middle - half, x + width / 2, middle + half)
        yield Name(text, x, middle, "center", box)


def names_of(circles: Sequence[Circle], unit: str, look: Look) -> list[Name]:
    """Return the names that fit, of the largest first: with the number, else the code alone.

    The number of one of the first may stand on the dots of small countries, other names may not.
    """
    size = look.letters - 0.5
    page = Box(0, -4, look.total, height_of(look.total) + 4)
    dots = [(c, max(0.8 * c.radius, SMALLEST + 1)) for c in circles]
    boxes = [(Box(c.x - r, c.y - r, c.x + r, c.y + r), r) for c, r in dots]
    all_boxes = [box for box, _ in boxes]
    large_boxes = [box for box, reach in boxes if reach > SMALLEST + 1]
    placed_names: list[Name] = []
    for rank, circle in enumerate(circles):
        point = circle.point
        value = label_value(point, unit) if point.rests_on else quantity(point.y, unit)
        short = f"{point.key} {value}"
        texts_and_obstacles = [(f"{point.label} {value}", all_boxes), (short, all_boxes)]
        texts_and_obstacles += [(short, large_boxes)] if rank < FIRST else []
        texts_and_obstacles += [(str(point.key), all_boxes)]
        fitting = (
            name
            for text, obstacles in texts_and_obstacles
            for name in name_places(circle, text, size)
            if page.holds(name.box)
            and not any(name.box.meets(other) for other in obstacles)
            and not any(name.box.meets(other.box) for other in placed_names)
        )
        placed_names += [name for name in [next(fitting, None)] if name is not None]
    return placed_names


def ring_values(circles: Sequence[Circle], top: float, look: Look) -> list[Spec]:
    """Return the rings of the highest values, where they differ visibly from their circles.

    They are the upper ends of intervals, without estimates of hard bounds.
    """
    return [
        {"x": circle.x, "y": circle.y, "size": math.pi * wide**2}
        for circle in circles
        for highest in [ring_end(circle.point)]
        if highest is not None
        for wide in [radius_of(highest, top, look)]
        if wide > circle.radius + VISIBLE
    ]


def ring_end(point: Point) -> float | None:
    """Return the value of a circle's ring, None without one."""
    if point.rests_on:
        return None if point.interval is None else point.interval[1]
    return point.high


def land_pixels(width: int) -> list[list[Place]]:
    """Return the rings of the land on a map of a width."""
    return [[on_page(place, width) for place in ring] for ring in land()]


def land_layer(look: Look) -> Spec:
    """Return the land as one shape, already in pixels."""
    shape = {"type": "Polygon", "coordinates": land_pixels(look.total)}
    return {
        "data": {"values": [{"type": "Feature", "geometry": shape}]},
        # Scale and translation are given so that nothing is fitted to the plot.
        "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
        "mark": {"type": "geoshape", "fill": LAND[look.theme], "stroke": GRID[look.theme],
                 "strokeWidth": 0.5},
    }  # fmt: skip


def map_spec(figure: Figure, look: Look) -> Spec:
    """Return the map of a figure."""
    width, height = look.total, height_of(look.total)
    placed_points = [
        point
        for point in figure.points
        if is_placed(point.key) and point.y > 0 and not point.flagged
    ]
    top = max((point.y for point in placed_points), default=1.0)
    circles = circles_of(placed_points, top, look)
    colour_of = colours([circle.point.key for circle in circles], figure.dimension, look.theme)
    values = [
        {**record, "at": [circle.x, circle.y], "px": circle.x, "py": circle.y,
         "size": round(math.pi * circle.radius**2, 1), "colour": colour_of[circle.point.key],
         "filled": 0.0 if circle.point.rests_on == BOUNDS else 1.0,
         "edge": colour_of[circle.point.key] if circle.point.rests_on == BOUNDS
         else PAPER[look.theme]}
        for circle in circles
        for record in records([circle.point], figure.unit)
    ]  # fmt: skip
    across: Spec = {"type": "quantitative", "axis": None, "scale": {
        "domain": [0, width], "nice": False, "zero": False}}  # fmt: skip
    down: Spec = {"type": "quantitative", "axis": None, "scale": {
        "domain": [height, 0], "nice": False, "zero": False}}  # fmt: skip
    x, y = {"field": "px", **across}, {"field": "py", **down}
    tooltip = [
        {"field": "x", "type": "nominal", "title": "Name"},
        {"field": "said", "type": "nominal", "title": "Value"},
        *(estimate_tooltips() if figure.estimated else []),
        *bound_tooltips(),
    ]
    layers: list[Spec] = [
        land_layer(look),
        {
            "data": {"values": [{"px": ring["x"], "py": ring["y"], "size": ring["size"]}
                                for ring in ring_values(circles, top, look)]},
            "mark": {"type": "point", "filled": False, "stroke": MUTED[look.theme],
                     "strokeWidth": 1, "strokeDash": [2, 2], "opacity": 1},
            "encoding": {"x": x, "y": y, "size": {"field": "size", "type": "quantitative",
                                                  "scale": None}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 1},
            "encoding": {
                "x": x,
                "y": y,
                "size": {"field": "size", "type": "quantitative", "scale": None},
                "fill": {"field": "colour", "type": "nominal", "scale": None},
                "fillOpacity": {"field": "filled", "type": "quantitative", "scale": None},
                "stroke": {"field": "edge", "type": "nominal", "scale": None},
                "tooltip": tooltip,
            },
        },
        *name_layers(names_of(circles, figure.unit, look), look, x, y),
    ]  # fmt: skip
    with_data = [layer for layer in layers if layer["data"]["values"]]
    return {"width": width, "height": height, "layer": with_data}


def name_layers(names: Sequence[Name], look: Look, x: Spec, y: Spec) -> list[Spec]:
    """Return names with a halo, so that they are read on land and on circles."""
    layers = []
    for align in ("left", "right", "center"):
        values = [
            {"px": round(name.x, 1), "py": round(name.y, 1), "text": name.text}
            for name in names
            if name.align == align
        ]
        mark: Spec = {"type": "text", "align": align, "baseline": "middle",
                      "fontSize": look.letters - 0.5}  # fmt: skip
        halo = {"stroke": PAPER[look.theme], "strokeWidth": 3, "strokeJoin": "round"}
        for style in ({**halo, "color": PAPER[look.theme]}, {"color": INK[look.theme]}):
            layers.append(
                {
                    "data": {"values": values},
                    "mark": {**mark, **style},
                    "encoding": {"x": x, "y": y, "text": {"field": "text"}},
                }
            )
    return layers
