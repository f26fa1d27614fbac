"""Estimates from the rows of a question to its chart, and on the bundled data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chart_marks import (
    DAYS,
    layers,
    marks,
    seen_dots,
)
from test_charts import figure_of

from census.charts.figures import Context, Figure
from census.charts.question_figure import make_figure
from census.charts.specs import make_spec
from census.questions.question_files import parse_question, validate

QUESTION = """/*
title: Made
theme: Countries
description: Made.
unit: downloads
parameters:
  since: {label: Since, help: First., default: "", pattern: month}
  step: {label: Step, help: Which., default: month, choices: {month: month, day: day}}
chart: {kind: lines, x: month, y: y, low: low, high: high, key: key, label: key, monthly: true,
  likely_low: likely_low, likely_high: likely_high, rests_on: rests_on, counted: counted_pct,
  through: through, dimension: country, unit: downloads}
*/
select :since, :step
"""


def made(rows: list[dict[str, Any]], kind: str = "lines", **given: str) -> Figure:
    """Return the figure of rows."""
    question = parse_question("made.sql", QUESTION.replace("kind: lines", f"kind: {kind}"))
    context = Context(data_through="2026-09-05", running={"": "2026-09"})
    return make_figure(question, validate(question, given), rows, context)


def row(month: str, through: str, key: str = "CN", **more: Any) -> dict[str, Any]:
    """Return a row of an estimate."""
    return {"month": month, "through": through, "key": key, "y": 100, "low": 1, "high": 900,
            "likely_low": 95, "likely_high": 105, "rests_on": "estimated", "counted_pct": 10.0,
            **more}  # fmt: skip


def test_areas_that_show_no_month_say_why() -> None:
    rows = [row(day[:7], day, key, likely_low=10, likely_high=190) for day in DAYS for key in "ab"]
    wide = made(rows, kind="areas")
    assert wide.points == ()
    assert "known well enough" in wide.alt
    text = make_spec(wide)["concat"][0]["mark"]["text"]
    assert "known well enough" in " ".join(text)


def test_by_day_the_rows_of_a_month_are_drawn_at_their_days() -> None:
    rows = [row("2026-09", f"2026-09-0{day}") for day in range(1, 6)]
    assert [point.x for point in made(rows, step="day").points] == [r["through"] for r in rows]
    # By month the running month is left out of a chart of months.
    assert made([row("2026-08", "2026-08-31"), rows[-1]]).points[-1].x == "2026-08-31"


def test_since_brings_early_months_back() -> None:
    rows = [row(day[:7], day, key) for day in DAYS for key in ("CN", "US")]
    assert {point.x for point in made(rows).points} == set(DAYS[1:])
    early = made(rows, since="2024-08")
    assert {point.x for point in early.points} == set(DAYS)
    assert early.start == DAYS[1]
    assert any("Pale, before September 2024" in note for note in early.notes)


def test_the_legend_is_in_words_and_says_what_is_outside() -> None:
    notes = " ".join(made([row(day[:7], day) for day in DAYS[1:]]).notes)
    assert "Nine in ten of the possible histories lie in the light band" in notes
    assert "Dashed: less than half is counted on the day." in notes
    assert "Dots" not in notes
    for word in ("no source lists", "ModelScope", "automated", "countries of labs"):
        assert word in notes


def test_the_bundled_shares_are_drawn_from_september_2024(census_db: Path) -> None:
    figure, rows = figure_of("share_by_country", census_db)
    assert min(row["month"] for row in rows) < "2024-09"
    assert min(point.x for point in figure.points) >= "2024-09-30"
    assert figure.estimated
    found = layers(figure)
    banded = {v["name"] for v in marks(found, "area")[0]["data"]["values"]}
    assert {"China", "United States"} <= banded
    # Others' figures have their own scope beside them.
    scopes = {marker["scope"] for marker in figure.markers}
    assert all(any(scope in note for note in figure.notes) for scope in scopes)


@pytest.mark.parametrize("name", ["share_by_country", "cumulative_downloads"])
@pytest.mark.parametrize("step", ["week", "day"])
def test_steps_of_the_bundled_series_have_days_of_their_own(
    census_db: Path, name: str, step: str
) -> None:
    figure, rows = figure_of(name, census_db, step=step)
    assert {point.x for point in figure.points} == {row["through"] for row in rows}
    assert len({point.x for point in figure.points}) > 10


def test_no_bundled_place_is_drawn_that_is_not_very_likely(census_db: Path) -> None:
    for name, given in (
        ("share_by_country", {}),
        ("cumulative_downloads", {"dimension": "lab"}),
        ("share_of_downloads", {"dimension": "lab"}),
    ):
        figure, rows = figure_of(name, census_db, view="ranks", **given)
        key = "country" if name == "share_by_country" else "key"
        sure = {
            (row["through"], row[key]): row["place"]
            for row in rows
            if (row["p_place"] or 0) >= 0.95
        }
        spots = [
            (value["x"], value["name"], value["y"])
            for layer in marks(layers(figure), "circle")
            for value in layer["data"]["values"]
        ]
        keys = {label: key for key, label in figure.keys}
        assert spots
        assert all(sure[day, keys[name]] == place for day, name, place in spots)


def test_counts_of_the_last_thirty_days_are_dots(census_db: Path) -> None:
    figure, rows = figure_of("share_by_country", census_db, measure="recent")
    assert figure.of_single_days
    found = layers(figure)
    assert marks(found, "area") == []
    assert {day for _, day in seen_dots(found)} == {row["through"] for row in rows}
    sources = {(row["through"], row["country_name"]): row["source"] for row in rows}
    runs: dict[str, set[str]] = {}
    for layer in marks(found, "line"):
        for value in layer["data"]["values"]:
            runs.setdefault(value["run"], set()).add(sources[value["x"], value["name"]])
    assert runs
    assert all(len(of) == 1 for of in runs.values())
