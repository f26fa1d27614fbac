"""The world map: where circles and names lie, and what it says of who has no place."""

from __future__ import annotations

import math
import sqlite3
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from test_chart_kinds import layers_of
from test_charts import figure_of

from census.charts.figures import Figure, Point
from census.charts.map import circles_of, height_of, map_spec, names_of
from census.charts.palette import COUNTRIES
from census.charts.parts import look_of
from census.charts.render import Variant, render, spec_text
from census.charts.world import is_placed, places, project

ROOT = Path(__file__).resolve().parent.parent


def test_the_projection_keeps_areas() -> None:
    def area(south: float) -> float:
        (x1, y1), (x2, y2) = project(20, south), project(21, south + 0.01)
        _, (x3, _) = project(20, south + 0.01), project(21, south)
        return (x3 - x1) * (y2 - y1) if x2 else 0.0

    per_degree = [area(south) / math.cos(math.radians(south)) for south in (0.0, 30.0, 60.0)]
    assert per_degree == pytest.approx([per_degree[0]] * 3, rel=0.01)


def test_every_country_of_a_lab_is_on_the_map(census: sqlite3.Connection) -> None:
    codes = [row[0] for row in census.execute("select distinct country from labs")]
    assert [code for code in codes if code not in (None, "XX") and not is_placed(code)] == []
    assert {"SG", "HK", "AE", "IL", "CH"} <= set(places())
    assert not is_placed(None)
    assert not is_placed("XX")


def test_circles_are_as_large_as_their_values(census_db: Path) -> None:
    figure, _ = figure_of("ranking_by_country", census_db, view="map")
    top = max(point.y for point in figure.points)
    for size in ("wide", "narrow"):
        circles = circles_of(figure.points, top, look_of("light", size))
        assert circles[0].point.key == "CN"
        for circle in circles:
            share = (circle.radius / circles[0].radius) ** 2
            assert share == pytest.approx(circle.point.y / top, abs=0.02)


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_names_on_the_map_have_room(census_db: Path, size: str) -> None:
    figure, rows = figure_of("ranking_by_country", census_db, view="map")
    seen = look_of("light", size)
    names = names_of(
        circles_of(figure.points, max(p.y for p in figure.points), seen), figure.unit, seen
    )
    said = " ".join(name.text for name in names)
    for row in rows[:2]:
        assert f"{row['share_pct']:.1f}%" in said
    assert not any(one.box.meets(other.box) for one, other in combinations(names, 2))
    for name in names:
        assert name.box.left >= 0
        assert name.box.right <= seen.total
        assert name.box.bottom <= height_of(seen.total) + 4


def test_who_has_no_place_is_told_with_the_number(census_db: Path) -> None:
    figure, rows = figure_of("ranking_by_country", census_db, view="map")
    note = next(note for note in figure.notes if note.startswith("Not on the map"))
    assert {row["country"] for row in rows} >= {None, "XX"}
    for row in rows:
        shown = f"{row['country_name']} {row['share_pct']:.1f}%"
        assert (shown in note) == (row["country"] in (None, "XX"))
    assert note in figure.alt
    assert len(figure.points) == len(rows)


def test_a_country_has_its_colour_on_the_map_too(census_db: Path) -> None:
    figure, _ = figure_of("ranking_by_country", census_db, view="map")
    for theme in ("light", "dark"):
        layers = map_spec(figure, look_of(theme, "wide"))["layer"]
        values = next(layer for layer in layers if "tooltip" in layer.get("encoding", {}))["data"][
            "values"
        ]
        drawn = {value["name"]: value["colour"] for value in values}
        assert drawn["China"] == COUNTRIES["CN"][theme]
        assert drawn["United States"] == COUNTRIES["US"][theme]


def test_what_is_uncertain_has_a_ring_on_the_map(census_db: Path) -> None:
    figure, _ = figure_of("ranking_by_country", census_db, view="map")
    sure = [layer for layer in layers_of(figure) if layer["mark"].get("strokeDash")]
    loose = Figure(**{**figure.__dict__, "points": (
        Point("China", "CN", "China", 40.0, 10.0, 90.0),)})  # fmt: skip
    rings = [layer for layer in layers_of(loose) if layer["mark"].get("strokeDash")]
    assert sure == []
    assert len(rings[0]["data"]["values"]) == 1


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_map_is_small(census_db: Path, size: str) -> None:
    figure, _ = figure_of("ranking_by_country", census_db, view="map")
    svg = render(spec_text(figure, Variant(size=size)), "svg", figure.title, figure.alt)
    assert len(svg) < 80_000


def test_the_map_is_found_from_any_folder(tmp_path: Path) -> None:
    program = (
        "from census.charts.render import make_pool; from census.charts.world import places;"
        "print(make_pool(1).submit(places).result()['SG'][1] > 0)"
    )
    script = tmp_path / "draw.py"
    script.write_text(f"if __name__ == '__main__':\n    exec({program!r})\n")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False,
        timeout=60, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.stdout.strip(), done.returncode) == ("True", 0), done.stderr
