"""Figures of estimates made by hand, and what is drawn of them."""

from __future__ import annotations

from typing import Any

from census.charts.figures import Figure, Point
from census.charts.specs import make_spec

DAYS = ("2024-08-31", "2024-09-30", "2024-10-31", "2024-11-30", "2024-12-31")
KEYS = (("CN", "China"), ("US", "United States"))
Layers = list[dict[str, Any]]


def estimate(day: str, key: str = "CN", y: float = 40.0, reach: float = 3.0, **more: Any) -> Point:
    """Return an estimate of a share with an interval of `reach` points on both sides."""
    label = dict(KEYS).get(key, key)
    settings: dict[str, Any] = {
        "low": 0.0, "high": 99.0, "likely_low": y - reach, "likely_high": y + reach,
        "half_low": y - reach / 3, "half_high": y + reach / 3, "rests_on": "estimated",
        "counted_pct": 0.0, "covered_pct": 97.0, **more,
    }  # fmt: skip
    return Point(day, key, label, y, **settings)


def counted(day: str, key: str = "CN", y: float = 50.0, **more: Any) -> Point:
    """Return a value that is counted on its day."""
    settings: dict[str, Any] = {"low": y, "high": y, "rests_on": "counted", "counted_pct": 99.0}
    return Point(day, key, dict(KEYS).get(key, key), y, **{**settings, **more})


def bounded(day: str, key: str = "CN", y: float = 20.0) -> Point:
    """Return a middle without an interval."""
    return Point(day, key, dict(KEYS).get(key, key), y, 1.0, 90.0, True, rests_on="bounds")


def figure(*points: Point, kind: str = "lines", **more: Any) -> Figure:
    """Return a figure of points."""
    keys = tuple(dict.fromkeys((point.key, point.label) for point in points))
    settings: dict[str, Any] = {"unit": "%", "dimension": "country", "keys": keys, **more}
    return Figure(name="made", kind=kind, title="T", subtitle="S", points=points, alt="Alt.",
                  notes=("Source.",), **settings)  # fmt: skip


def layers(of: Figure, theme: str = "light", size: str = "wide") -> Layers:
    """Return the layers of a figure's plot."""
    found: Layers = make_spec(of, theme, size)["concat"][0]["layer"]
    return found


def marks(found: Layers, kind: str) -> Layers:
    """Return the layers of one kind of mark that draw something of a key."""
    return [
        layer
        for layer in found
        if layer["mark"]["type"] == kind
        and layer["data"]["values"]
        and "color" in layer["encoding"]
    ]


def dashes(found: Layers) -> dict[str, set[str]]:
    """Return the days that each pattern of line joins."""
    return {
        "dashed" if layer["mark"]["strokeDash"][1] else "solid": {
            value["x"] for value in layer["data"]["values"]
        }
        for layer in marks(found, "line")
    }


def seen_dots(found: Layers) -> set[tuple[str, str]]:
    """Return name and day of the dots that a reader sees."""
    return {
        (value["name"], value["x"])
        for layer in marks(found, "circle")
        if layer["mark"]["opacity"] > 0
        for value in layer["data"]["values"]
    }
