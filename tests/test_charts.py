"""Figures, palette and specifications, drawn from the real database."""

from __future__ import annotations

import math
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from census.base.databases import open_named_rows
from census.base.numbers import long_count, percent, short_count
from census.charts.bars import distinct_names
from census.charts.cells import scale_values
from census.charts.ends import spread
from census.charts.figures import Figure, Point, read_context
from census.charts.lettering import name_lines, width_of
from census.charts.palette import (
    size_order,
)
from census.charts.parts import look_of, time_axis
from census.charts.question_figure import make_figure
from census.charts.render import (
    Variant,
    prebuild,
    prebuilt,
    question_rows,
    spec_text,
)
from census.charts.specs import make_spec
from census.charts.uncertainty import wide_months
from census.questions.question_files import Question, read_questions, validate, with_choices

ROOT = Path(__file__).resolve().parent.parent
CHARTED = sorted(
    name for name, q in read_questions(ROOT / "canned_queries").items() if q.chart is not None
)


def question_of(name: str, database: Path) -> Question:
    """Return a question with its choices."""
    declared = read_questions(ROOT / "canned_queries")[name]
    return with_choices(declared, sqlite3.connect(database))


def figure_of(name: str, database: Path, **given: str) -> tuple[Figure, list[dict[str, Any]]]:
    """Return the figure of a question and the rows that it was made of."""
    question = question_of(name, database)
    values = validate(question, given)
    with open_named_rows(database) as opened:
        rows = question_rows(opened, question, values)
        return make_figure(question, values, rows, read_context(opened)), rows


def test_no_size_is_hidden_in_the_rest(census_db: Path) -> None:
    figure, rows = figure_of("share_of_downloads", census_db, dimension="size_bucket")
    assert {key for key, _ in figure.keys} == {row["key"] for row in rows}
    known = [key for key, _ in figure.keys if key]
    assert known == sorted(known, key=size_order)


def test_names_that_would_be_cut_alike_are_told_apart() -> None:
    names = [f"China by {by}, without the most downloaded of all models" for by in ("lab", "base")]
    ends = [f"A very long name of a variant that ends in {end}" for end in ("one", "two", "three")]
    for many in (names, ends):
        assert len(set(distinct_names(many, 136, 12))) == len(many)
        assert all(width_of(name, 12) <= 136 for name in distinct_names(many, 136, 12))


def test_the_alternative_text_has_numbers_of_the_rows(census_db: Path) -> None:
    figure, rows = figure_of("ranking_by_country", census_db)
    for row in rows[:3]:
        number = f"{row['country_name']} {percent(row['share_pct'])}"
        assert (number in figure.alt) == (row["rests_on"] != "bounds")


def test_a_month_is_wide_when_any_share_could_lie_within_more_than_twenty_points() -> None:
    chart = {"kind": "lines", "x": "m", "y": "y", "low": "low", "high": "high", "key": "k"}

    def month(name: str, *bounds: tuple[int, int]) -> list[dict[str, Any]]:
        return [
            {"m": name, "k": k, "low": low, "high": high} for k, (low, high) in enumerate(bounds)
        ]

    # A lies between 50/(50+50) and 60/(60+50): 50 to 54.5 %. Then between 20/120 and 90/100.
    rows = [*month("sure", (50, 60), (50, 50)), *month("open", (20, 90), (10, 100))]
    assert wide_months(chart, rows) == {"open"}
    shares = [{**row, "low": row["low"], "high": row["high"]} for row in month("a", (40, 60))]
    assert wide_months({**chart, "percent": True}, shares) == set()
    shares[0]["high"] = 60.1
    assert wide_months({**chart, "percent": True}, shares) == {"a"}


def test_uncertain_months_are_dotted_and_banded() -> None:
    points = tuple(
        Point(f"2025-0{number}-28", "CN", "China", 40.0, low, 60.0, wide)
        for number, (low, wide) in enumerate([(10.0, True), (20.0, True), (59.0, False)], 1)
    )
    figure = Figure(
        "x", "lines", "T", "S", "%", "country", points, "alt", (), (), (("CN", "China"),)
    )
    layers = make_spec(figure)["concat"][0]["layer"]
    dashes = {
        str(layer["mark"]["strokeDash"]): len(layer["data"]["values"])
        for layer in layers
        if layer["mark"]["type"] == "line"
    }
    assert layers[0]["mark"]["type"] == "area"
    # Both pieces touch an uncertain month, so nothing is solid.
    assert dashes == {"[2, 3]": 3, "[1, 0]": 0}


def test_names_at_the_ends_do_not_overlap() -> None:
    heights = [15, 41, 15, 28, 15]
    placed = sorted(zip(spread([100, 101, 102, 299, 300], heights, 300), heights, strict=True))
    for (sooner, above), (later, under) in pairwise(placed):
        assert later - sooner >= (above + under) / 2
    assert placed[-1][0] <= 300


@pytest.mark.parametrize("ends", [(0.0, 100.0), (2_000.0, 6_997.0), (0.0, 6e9), (3.0, 4.0)])
def test_the_numbers_of_a_scale_of_colours_do_not_touch(ends: tuple[float, float]) -> None:
    values = scale_values(*ends, "models")
    start, last = (math.log1p(end) for end in ends)
    boxes = []
    for value in values:
        assert ends[0] <= value <= ends[1]
        middle = 180 * (math.log1p(value) - start) / (last - start)
        half = width_of(short_count(int(value)), 12) / 2
        boxes.append((middle - half, middle + half))
    assert len(boxes) >= 1
    assert all(one[1] + 4 <= other[0] for one, other in pairwise(boxes))


def test_labels_of_a_time_axis_have_room(census_db: Path) -> None:
    figure, _ = figure_of("modelscope_downloads", census_db)
    days = sorted({point.x for point in figure.points})
    months = 12 * (int(days[-1][:4]) - int(days[0][:4])) + int(days[-1][5:7]) - int(days[0][5:7])
    for plot in (60.0, 143.0, 158.0, 222.0, 550.0):
        axis = time_axis(figure, look_of("light", "narrow"), plot)["axis"]
        labels = months // axis["tickCount"]["step"] + 1
        # Where a plot has no room for more there is a label a year.
        assert (labels - 1) * width_of("Sep 2026", 12) < plot or labels <= 2


def test_a_name_on_a_phone_is_in_lines_and_its_value_whole() -> None:
    seen = look_of("light", "narrow")
    assert seen.names < seen.total / 3
    for name, value in (
        ("Country not established", "44.1–59.7%"),
        ("Qwen/Qwen2.5-VL-7B-Instruct-GPTQ-Int4", "139M"),
        ("United Arab Emirates", "1.0%"),
    ):
        lines = name_lines(name, value, seen.names, seen.letters)
        assert len(lines) <= 3
        assert lines[-1].endswith(value)
        assert lines[0][:6] in name
        assert all(width_of(line, seen.letters) <= seen.names for line in lines)
    assert name_lines("China", "57.0%", seen.names, seen.letters) == ["China 57.0%"]


@pytest.mark.parametrize(
    ("number", "short", "long"),
    [
        (999, "999", "999"),
        (12_345, "12.3K", "12,345"),
        (999_999, "1M", "1.0 million"),
        (47_250_000, "47.2M", "47.2 million"),
        (1_150_000_000, "1.15B", "1.15 billion"),
        (0, "0", "0"),
    ],
)
def test_counts_are_written_as_readers_know_them(number: int, short: str, long: str) -> None:
    assert (short_count(number), long_count(number)) == (short, long)


def test_tiny_shares_are_not_rounded_to_nothing() -> None:
    assert percent(1289.14) == "1,289%"
    assert [percent(value) for value in (0, 0.01, 0.05, 47.249)] == [
        "0.0%",
        "<0.1%",
        "0.1%",
        "47.2%",
    ]


def test_drawing_does_not_depend_on_the_time_zone(census_db: Path) -> None:
    figure, _ = figure_of("releases_by_country_and_month", census_db)
    program = (
        "import sys; from census.charts.render import render;"
        "sys.stdout.buffer.write(render(sys.stdin.read(), 'svg', 't', 'a'))"
    )
    spec = spec_text(figure, Variant())
    drawn = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=spec.encode(),
            env={**os.environ, "TZ": zone},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for zone in ("UTC", "America/Los_Angeles", "Asia/Tokyo")
    }
    assert len(drawn) == 1


def test_prebuilt_charts_are_used_only_for_what_they_were_drawn_from(
    census_db: Path, tmp_path: Path
) -> None:
    chosen = tmp_path / "questions"
    chosen.mkdir()
    for file in ("ranking_by_country.sql", "series_status.sql", "parameters.yml"):
        shutil.copy(ROOT / "canned_queries" / file, chosen)
    files = prebuild(census_db, tmp_path / "charts", chosen)
    assert {path.name for path in files} == {
        *(
            f"ranking_by_country{suffix}"
            for size in ("", "-narrow", "-thumb")
            for suffix in (f"{size}.svg", f"{size}-dark.svg")
        ),
        "ranking_by_country-map.svg",
        "ranking_by_country-map-narrow.svg",
    }
    folder = files[0].parent
    figure, _ = figure_of("ranking_by_country", census_db)
    spec = spec_text(figure, Variant())
    kept = prebuilt(folder, "ranking_by_country", Variant(), spec)
    assert kept is not None
    assert kept == (folder / "ranking_by_country.svg").read_bytes()
    on_map, _ = figure_of("ranking_by_country", census_db, view="map")
    kept = prebuilt(folder, "ranking_by_country", Variant(), spec_text(on_map, Variant()))
    assert kept == (folder / "ranking_by_country-map.svg").read_bytes()
    other, _ = figure_of("ranking_by_country", census_db, scope="hub")
    assert prebuilt(folder, "ranking_by_country", Variant(), spec_text(other, Variant())) is None
    drawn = [path.stat().st_mtime_ns for path in files]
    assert prebuild(census_db, tmp_path / "charts", chosen) == files
    assert [path.stat().st_mtime_ns for path in files] == drawn


def test_what_an_earlier_build_drew_is_taken_over(census_db: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "questions"
    chosen.mkdir()
    for file in ("ranking_by_country.sql", "parameters.yml"):
        shutil.copy(ROOT / "canned_queries" / file, chosen)
    first = prebuild(census_db, tmp_path / "charts", chosen)
    first[0].write_bytes(b"drawn before")
    other = tmp_path / "census.db"
    shutil.copy(census_db, other)
    connection = sqlite3.connect(other)
    connection.execute("insert into build_info values ('note', 'another file, the same figures')")
    connection.commit()
    connection.close()
    second = prebuild(other, tmp_path / "charts", chosen)
    assert second[0].parent != first[0].parent
    assert second[0].read_bytes() == b"drawn before"
    assert not first[0].exists()


def test_shares_that_are_mostly_uncertain_get_a_panel_each() -> None:
    def figure(wide: int) -> Figure:
        points = tuple(
            Point(f"2025-{month:02d}-28", key, key, 40.0, 5.0, 95.0, month <= wide)
            for key in ("CN", "US")
            for month in range(1, 7)
        )
        keys = (("CN", "CN"), ("US", "US"))
        return Figure("x", "lines", "T", "S", "%", "country", points, "alt", (), (), keys)

    assert "layer" in make_spec(figure(3))["concat"][0]
    panels = make_spec(figure(4))["concat"][0]["concat"]
    assert [panel["layer"][-1]["mark"]["text"] for panel in panels] == [["CN 40.0%"], ["US 40.0%"]]


def test_figures_of_others_are_open_markers_with_their_source(census_db: Path) -> None:
    figure, _ = figure_of("cumulative_downloads", census_db)
    with open_named_rows(census_db) as opened:
        published = opened.execute(
            "select key, value from published_figures where measure = 'cumulative_downloads'"
            " and dimension = 'country' and key is not null and length(as_of) >= 7"
        ).fetchall()
    drawn = {key for key, _ in figure.keys}
    expected = sorted((row["key"], row["value"]) for row in published if row["key"] in drawn)
    assert sorted((marker["key"], marker["y"]) for marker in figure.markers) == expected
    assert all(marker["source"] for marker in figure.markers)
    if expected:
        assert any("Open markers" in note for note in figure.notes)
        marks = [layer["mark"] for layer in make_spec(figure)["concat"][0]["layer"]]
        assert [mark["filled"] for mark in marks if mark["type"] == "point"] == [False]


def test_a_curve_that_is_loose_is_dotted(census_db: Path) -> None:
    figure, rows = figure_of("model_curve", census_db)
    for point, row in zip(figure.points, rows, strict=True):
        assert point.wide == (row["high"] - row["low"] > 0.2 * row["downloads"])


def test_a_drawing_process_ends_with_the_server_that_is_killed() -> None:
    script = (
        "import os, signal\n"
        "from census.charts.render import make_pool\n"
        "pool = make_pool(1)\n"
        "print(pool.submit(os.getpid).result(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # The worker holds the pipe too: the output ends only when both processes are gone.
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=False, timeout=60, cwd=ROOT
    )
    assert done.returncode == -signal.SIGKILL
    assert int(done.stdout) > 0


@pytest.mark.parametrize(
    ("low", "high", "wide"), [(0, 1000, True), (1, 1000, True), (950, 1040, False)]
)
def test_a_chart_of_one_key_is_dotted_where_its_count_is_uncertain(
    low: int, high: int, wide: bool
) -> None:
    chart = {"kind": "lines", "x": "month", "y": "n", "low": "low", "high": "high", "key": "lab"}
    rows = [{"month": "2026-05", "n": 1000, "low": low, "high": high, "lab": "qwen"}]
    assert wide_months(chart, rows) == ({"2026-05"} if wide else set())


def test_two_years_have_an_axis_in_the_narrowest_panel() -> None:
    days = ("2025-01-31", "2026-12-31")
    figure = Figure("x", "panels", "T", "S", "%", "family",
                    tuple(Point(day, "A", "A", 1.0) for day in days), "a", (),
                    keys=(("A", "A"),), by_month=True)  # fmt: skip
    for plot in (50.0, 143.0, 222.0):
        assert time_axis(figure, look_of("light", "narrow"), plot)["axis"]["tickCount"]
