"""Make static/map/ anew: the land of the world map, and where on it each country's circle is.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_map.py package /usr/share/iso-codes/json/iso_3166-1.json

The second file is of Debian's package iso-codes: it has the letters for Natural Earth's numbers.
"""

from __future__ import annotations

import csv
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "static" / "map"
# Degrees by which a coast may be off its place, and the smallest island (square degrees) drawn.
TOLERANCE = 0.3
SMALLEST = 1.5
# Antarctica is cut off: no lab is there, and the rest is drawn larger.
SOUTH = -57.0
# The map is cut in the Bering Strait, so that Asia's east end is not drawn at the west edge.
CUT = -169.0

Place = tuple[float, float]
Ring = list[Place]


def decode(topology: dict[str, Any]) -> list[Ring]:
    """Return the arcs of a TopoJSON as degrees."""
    (step_x, step_y), (at_x, at_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for move_x, move_y in arc:
            x, y = x + move_x, y + move_y
            line.append((x * step_x + at_x, y * step_y + at_y))
        arcs.append(line)
    return arcs


def ring_of(indices: list[int], arcs: list[Ring]) -> Ring:
    """Return a ring joined from arcs, those with a negative index backwards."""
    points: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1 if points else 0 :]
    return unwrapped(points)


def unwrapped(ring: Ring) -> Ring:
    """Return a ring whose longitudes go on counting where it crosses the 180th meridian."""
    turned = 0
    unwrapped_ring = ring[:1]
    for (before, _), (x, y) in pairwise(ring):
        if abs(x - before) > 180:
            turned += 360 if x < before else -360
        unwrapped_ring.append((x + turned, y))
    # All of it on the side of the map on which it belongs.
    return (
        [(x + 360, y) for x, y in unwrapped_ring]
        if max(x for x, _ in unwrapped_ring) < CUT
        else unwrapped_ring
    )


def polygons_of(geometry: dict[str, Any], arcs: list[Ring]) -> list[list[Ring]]:
    """Return the polygons of a geometry, each its outer ring and its holes."""
    many = geometry.get("arcs", [])
    if geometry["type"] == "Polygon":
        many = [many]
    return [[ring_of(ring, arcs) for ring in polygon] for polygon in many]


def area(ring: Ring) -> float:
    """Return the signed area of a ring in square degrees."""
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise(ring)) / 2


def middle(ring: Ring) -> Place:
    """Return the centre of gravity of a ring."""
    whole = area(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x / (6 * whole), y / (6 * whole)


def inside(place: Place, ring: Ring) -> bool:
    """Return whether a place is inside a ring."""
    x, y = place
    crossed = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed = not crossed
    return crossed


def place_in(ring: Ring) -> Place:
    """Return the centre of a ring, or the place inside that is nearest to it on a grid."""
    centre = middle(ring)
    if inside(centre, ring):
        return centre
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    grid = [
        (min(xs) + (max(xs) - min(xs)) * i / 40, min(ys) + (max(ys) - min(ys)) * j / 40)
        for i in range(1, 40)
        for j in range(1, 40)
    ]
    return min(
        (place for place in grid if inside(place, ring)),
        key=lambda place: (place[0] - centre[0]) ** 2 + (place[1] - centre[1]) ** 2,
        default=centre,
    )


def off(place: Place, start: Place, end: Place) -> float:
    """Return how far a place is off the line from start to end."""
    (x, y), (x1, y1), (x2, y2) = place, start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if not length:
        return float(((x - x1) ** 2 + (y - y1) ** 2) ** 0.5)
    return float(abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length)


def simplified(line: Ring) -> Ring:
    """Return a line with the points that shape it (Douglas and Peucker 1973)."""
    if len(line) < 3:
        return line
    far = max(range(1, len(line) - 1), key=lambda at: off(line[at], line[0], line[-1]))
    if off(line[far], line[0], line[-1]) <= TOLERANCE:
        return [line[0], line[-1]]
    return simplified(line[: far + 1])[:-1] + simplified(line[far:])


def land(topology: dict[str, Any]) -> list[list[float]]:
    """Return the rings of the land as flat lists of degrees, simplified."""
    arcs = decode(topology)
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in polygons_of(geometry, arcs):
            for ring in polygon:
                if abs(area(ring)) < SMALLEST or max(y for _, y in ring) < SOUTH:
                    continue
                far = len(ring) // 2
                simplified_ring = simplified(ring[: far + 1])[:-1] + simplified(ring[far:])
                rings.append([round(n, 1) for place in simplified_ring for n in place])
    return rings


def places(topology: dict[str, Any], codes: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return code, longitude and latitude of each country that has an ISO code."""
    arcs = decode(topology)
    largest_parts: dict[str, tuple[float, Place]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = codes.get(str(geometry.get("id", "")))
        if code is None:
            continue
        outer = max((p[0] for p in polygons_of(geometry, arcs)), key=lambda ring: abs(area(ring)))
        size = abs(area(outer))
        if code not in largest_parts or size > largest_parts[code][0]:
            largest_parts[code] = (size, place_in(outer))
    return [(code, f"{x:.2f}", f"{y:.2f}") for code, (_, (x, y)) in sorted(largest_parts.items())]


def main(atlas: Path, iso: Path) -> None:
    """Write land.json and places.csv."""
    codes = {row["numeric"]: row["alpha_2"] for row in json.loads(iso.read_text())["3166-1"]}
    rings = land(json.loads((atlas / "land-110m.json").read_text()))
    lines = ",\n".join(json.dumps(ring, separators=(",", ":")) for ring in rings)
    (TARGET / "land.json").write_text(f"[\n{lines}\n]\n")
    with (TARGET / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "longitude", "latitude"))
        writer.writerows(places(json.loads((atlas / "countries-50m.json").read_text()), codes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
