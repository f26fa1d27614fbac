"""The world on a flat sheet: its land, where each country is, and the projection of both."""

from __future__ import annotations

import csv
import json
import math
from functools import cache
from pathlib import Path

# Static files are a part of the image, and the geometry is free for whoever wants it.
FOLDER = Path(__file__).resolve().parent.parent.parent / "static" / "map"
# The middle of the map: the cut on the other side of the globe then goes through the Bering Strait.
MIDDLE = 11.0
# Equal Earth (Šavrič, Patterson and Jenny 2018): areas are true, shapes look natural.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796

Place = tuple[float, float]


def project(longitude: float, latitude: float) -> Place:
    """Return where a place is on the sheet: radians to the right of the middle, and up."""
    around = math.radians(longitude - MIDDLE)
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    narrowing = 3 * (9 * A4 * t**8 + 7 * A3 * t**6 + 3 * A2 * t**2 + A1)
    up = A4 * t**9 + A3 * t**7 + A2 * t**3 + A1 * t
    return 2 * math.sqrt(3) * around * math.cos(t) / narrowing, up


@cache
def land() -> tuple[tuple[Place, ...], ...]:
    """Return the rings of the land on the sheet."""
    rings = json.loads((FOLDER / "land.json").read_text(encoding="utf-8"))
    return tuple(
        tuple(project(x, y) for x, y in zip(ring[::2], ring[1::2], strict=True)) for ring in rings
    )


@cache
def places() -> dict[str, Place]:
    """Return where on the sheet each country is, by ISO code."""
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: project(float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(file)
        }


def is_placed(code: str | None) -> bool:
    """Return whether a country can be shown on a map: the unverified and the distributed cannot."""
    return code is not None and code in places()
