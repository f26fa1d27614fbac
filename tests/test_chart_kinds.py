"""Areas, places, the world map and curves over age: what each shows and what it must not say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_charts import figure_of

from census.charts.areas import areas_spec, stack, uncertain_spans
from census.charts.bands import without_gaps
from census.charts.bars import end_of_scale
from census.charts.figures import Figure, Point
from census.charts.palette import COUNTRIES, OTHER, UNVERIFIED_COLOUR
from census.charts.parts import label_value, look_of
from census.charts.points import fold_others, one_day_a_month, rank_points
from census.charts.render import Variant, render, spec_text
from census.charts.specs import make_spec
from census.charts.words import band_notes

ROOT = Path(__file__).resolve().parent.parent


def layers_of(figure: Figure, size: str = "wide") -> list[dict[str, Any]]:
    """Return the layers of a figure's plot."""
    layers: list[dict[str, Any]] = make_spec(figure, "light", size)["concat"][0]["layer"]
    return layers


@pytest.mark.parametrize("name", ["share_by_country", "share_of_downloads"])
def test_areas_of_shares_fill_every_month(census_db: Path, name: str) -> None:
    figure, rows = figure_of(name, census_db, view="areas")
    days, stacked = stack(figure)
    tops = {day: max(v["top"] for v in stacked if v["x"] == day) for day in days}
    assert set(tops.values()) == {100.0}
    assert OTHER in {key for key, _ in figure.keys}
    # Months that may not be said are in the rows, and not in the areas.
    assert days == sorted({row["through"] for row in rows})[-len(days) :]


def test_areas_of_counts_add_up_to_all_keys(census_db: Path) -> None:
    figure, rows = figure_of("cumulative_downloads", census_db, view="areas")
    whole: dict[str, float] = defaultdict(float)
    for row in rows:
        whole[row["through"]] += row["downloads"]
    days, stacked = stack(figure)
    assert days
    for day in days:
        top = max(value["top"] for value in stacked if value["x"] == day)
        assert top == pytest.approx(whole[day])


def test_the_largest_area_is_at_the_bottom_and_the_unknown_on_top(census_db: Path) -> None:
    keys = "CN~US~FR~AE~unverified"
    figure, _ = figure_of("share_by_country", census_db, view="areas", show=keys)
    assert [key for key, _ in figure.keys][-2:] == [None, OTHER]
    days, stacked = stack(figure)
    last = [value for value in stacked if value["x"] == days[-1]]
    named = [value["y"] for value in last[:-2]]
    assert named == sorted(named, reverse=True)
    assert last[0]["bottom"] == 0
    scale = layers_of(figure)[0]["encoding"]["color"]["scale"]
    colour = dict(zip(scale["domain"], scale["range"], strict=True))
    assert colour["Country not established"] == UNVERIFIED_COLOUR["light"]
    assert colour["China"] == COUNTRIES["CN"]["light"]


def points(*wide: bool) -> tuple[Point, ...]:
    """Return the months of a year, of which some are uncertain."""
    return tuple(
        Point(f"2026-{month:02d}-28", "CN", "China", 40.0, wide=one)
        for month, one in enumerate(wide, 1)
    )


def test_uncertain_months_of_areas_are_veiled() -> None:
    assert uncertain_spans(points(True, False, False, True, True)) == [
        ("2026-01-28", "2026-02-28"),
        ("2026-03-28", "2026-05-28"),
    ]
    assert uncertain_spans(points(False, False)) == []
    assert uncertain_spans(points(True)) == [("2026-01-01", "2026-01-28")]
    figure = Figure("x", "areas", "T", "S", "%", "country", points(True, False, False), "a", (),
                    keys=(("CN", "China"),))  # fmt: skip
    veils = [layer for layer in layers_of(figure) if layer["mark"]["type"] == "rect"]
    assert [veil["data"]["values"] for veil in veils] == [
        [{"x": "2026-01-28", "end": "2026-02-28"}]
    ]


def test_one_month_of_areas_can_be_seen() -> None:
    figure = Figure("x", "areas", "T", "S", "%", "country", points(False), "a", (), (),
                    (("CN", "China"),))  # fmt: skip
    drawn = areas_spec(figure, look_of("light", "wide"))["layer"][0]["data"]["values"]
    assert [value["x"] for value in drawn] == ["2026-01-01", "2026-01-28"]


def test_places_are_among_all_keys_and_as_uncertain_as_the_counts() -> None:
    day = "2026-05-20"
    ranked = rank_points(
        [
            Point(day, "A", "A", 50.0, 45.0, 55.0),
            Point(day, "B", "B", 40.0, 30.0, 46.0),
            Point(day, "C", "C", 10.0, 9.0, 11.0),
            Point(day, OTHER, "Other", 90.0),
            Point(day, "D", "D", 0.0),
        ]
    )
    assert [(p.key, p.y, p.low, p.high) for p in ranked] == [
        ("A", 1.0, 1.0, 2.0),
        ("B", 2.0, 1.0, 2.0),
        ("C", 3.0, 3.0, 3.0),
    ]


def test_a_stack_and_places_have_whoever_was_counted_on_another_day_of_the_month() -> None:
    counted = [
        Point("2026-08-07", "A", "A", 50.0),
        Point("2026-08-07", "B", "B", 10.0),
        Point("2026-09-08", "B", "B", 11.0),
        Point("2026-09-16", "A", "A", 60.0),
        Point("2026-09-08", OTHER, "Other", 4.0),
        Point("2026-09-16", OTHER, "Other", 2.0),
    ]
    together = one_day_a_month(counted)
    assert {point.x for point in together} == {"2026-08-07", "2026-09-16"}
    assert [(p.x, p.key, p.y) for p in rank_points(together)][2:] == [
        ("2026-09-16", "A", 1.0),
        ("2026-09-16", "B", 2.0),
    ]
    folded = {(p.x, p.key): p.y for p in fold_others(together, ["A", "B"])}
    assert folded["2026-09-16", OTHER] == 6.0
    # Days of their own stay what they are.
    weekly = [Point("2026-09-08", "A", "A", 1.0), Point("2026-09-15", "A", "A", 2.0)]
    assert one_day_a_month(weekly) == weekly


def test_the_largest_of_the_last_month_are_drawn_whatever_their_day(census_db: Path) -> None:
    figure, rows = figure_of("modelscope_downloads", census_db)
    month = max(row["month"] for row in rows)
    last = [row for row in rows if row["month"] == month and row["key"] != OTHER]
    largest = sorted(last, key=lambda row: -row["downloads"])[: len(figure.keys)]
    assert [key for key, _ in figure.keys] == [row["key"] for row in largest]


@pytest.mark.parametrize("view", ["areas", "ranks"])
def test_no_lab_leaves_a_month_in_which_it_was_counted(census_db: Path, view: str) -> None:
    figure, rows = figure_of("modelscope_downloads", census_db, view=view)
    counted = {(row["month"], row["key"]) for row in rows if row["key"] != OTHER}
    days = {point.x[:7]: {p.x for p in figure.points if p.x[:7] == point.x[:7]}
            for point in figure.points}  # fmt: skip
    assert all(len(found) == 1 for found in days.values())
    drawn = {(point.x[:7], point.key) for point in figure.points if point.key != OTHER}
    assert drawn
    assert drawn <= counted
    if view == "ranks":
        firsts = [point.x for point in figure.points if point.y == 1]
        assert len(firsts) == len(set(firsts))


def test_places_are_those_of_the_rows(census_db: Path) -> None:
    figure, rows = figure_of("share_by_country", census_db, view="ranks")
    places = {(row["through"], row["country"]): row["place"] for row in rows}
    assert figure.points
    for point in figure.points:
        assert places[point.x, point.key] == point.y
    assert figure.subtitle.startswith("Rank by share of downloads")


def test_places_say_when_the_rest_has_none(census_db: Path) -> None:
    told = "Ranks are among those named"
    all_countries, _ = figure_of("share_by_country", census_db, view="ranks")
    some, _ = figure_of("cumulative_downloads", census_db, view="ranks", dimension="lab")
    assert not any(told in note for note in all_countries.notes)
    assert any(told in note for note in some.notes)


@pytest.mark.parametrize("name", ["adoption_curves", "adoption_of_lab", "adoption_of_model"])
def test_curves_over_age_have_days_as_numbers_and_dots_where_loose(
    census_db: Path, name: str
) -> None:
    figure, rows = figure_of(name, census_db)
    assert figure.kind == "ages"
    ages = {row["days"] for row in rows}
    for layer in layers_of(figure):
        for value in layer["data"]["values"]:
            assert value.get("x", 7.0) in ages
    for point in figure.points:
        assert point.low is not None
        assert point.high is not None
        # What may be said goes by the likely interval, which lies within the bounds.
        assert point.interval is not None
        assert point.low <= point.interval[0] <= point.y <= point.interval[1] <= point.high
        assert point.wide == (point.interval[1] - point.interval[0] > 0.2 * point.y)
    last = max(ages)
    assert f"after {last} days" in figure.alt
    assert "from release to" in figure.alt


def test_curves_over_age_come_in_the_order_of_the_rows(census_db: Path) -> None:
    figure, rows = figure_of("adoption_curves", census_db)
    assert [key for key, _ in figure.keys] == list(dict.fromkeys(row["model"] for row in rows))


def test_words_never_tell_an_uncertain_count_without_its_bounds(census_db: Path) -> None:
    for name in ("adoption_curves", "adoption_of_lab"):
        figure, _ = figure_of(name, census_db)
        for key in figure.keys:
            end = [p for p in figure.points if (p.key, p.label) == key][-1]
            told = figure.alt.split(f"{end.label} ")[1].split(" after")[0]
            assert ("(" in told) or end.low == end.high or "not known well enough" in told
            assert ("not known well enough" in told) == end.wide


@pytest.mark.parametrize(
    ("name", "given", "title"),
    [
        ("country_history", {"country": "FR"}, "France: downloads over time"),
        ("lab_history", {"lab": "qwen"}, "Qwen: downloads over time"),
        ("family_history", {"family": "llama"}, "Llama: downloads over time"),
        ("model_curve", {"model": "Qwen/Qwen3-8B"}, "Qwen/Qwen3-8B: downloads over time"),
        ("adoption_of_model", {"model": "Qwen/Qwen3-8B"}, "Qwen/Qwen3-8B: downloads since release"),
    ],
)
def test_a_title_says_of_what_a_chart_is(
    census_db: Path, name: str, given: dict[str, str], title: str
) -> None:
    figure, _ = figure_of(name, census_db, **given)
    assert figure.title == title
    assert title in figure.alt


@pytest.mark.parametrize("name", ["coverage", "coverage_by_lab"])
def test_the_words_of_a_grid_fit_what_it_shows(census_db: Path, name: str) -> None:
    figure, _ = figure_of(name, census_db)
    assert "% %" not in figure.alt
    assert ("models, " in figure.alt) == (name == "coverage")


def test_a_name_of_what_is_uncertain_has_its_bounds_in_place_of_the_estimate() -> None:
    sure = Point("2026-05-20", "CN", "China", 46.1, 45.0, 47.0)
    assert label_value(sure, "%") == "46.1%"
    assert label_value(replace(sure, low=12.0, high=88.0, wide=True), "%") == "12.0–88.0%"
    assert label_value(replace(sure, low=None, high=None, wide=True), "%") == ""
    assert label_value(replace(sure, y=1.0, low=1.0, high=3.0, wide=True), "place") == "1st–3rd"


def test_the_running_month_of_a_chart_of_months_is_left_out(census_db: Path) -> None:
    figure, rows = figure_of("monthly_downloads", census_db)
    last = max(row["month"] for row in rows)
    assert not any(point.x.startswith(last) for point in figure.points)
    assert any(note.endswith("is not complete: left out.") for note in figure.notes)


def test_columns_can_fill_their_months(census_db: Path) -> None:
    counts, _ = figure_of("releases_by_month", census_db)
    filled, rows = figure_of("releases_by_month", census_db, view="shares")
    assert sum(point.y for point in filled.points) == sum(row["models"] for row in rows)
    assert filled.points == counts.points
    assert make_spec(filled)["concat"][0]["encoding"]["y"]["stack"] == "normalize"
    assert "filled to 100 %" in filled.alt


@pytest.mark.parametrize(
    ("name", "view"),
    [("share_by_country", "areas"), ("share_by_country", "ranks"), ("ranking_by_country", "map"),
     ("releases_by_month", "shares"), ("adoption_curves", "")],
)  # fmt: skip
def test_every_kind_has_a_thumbnail(census_db: Path, name: str, view: str) -> None:
    figure, _ = figure_of(name, census_db, **({"view": view} if view else {}))
    svg = render(spec_text(figure, Variant(size="thumb")), "svg", figure.title, figure.alt)
    assert svg.count(b"<path") > 3
    assert b"NaN" not in svg


@pytest.mark.parametrize("view", ["lines", "areas", "ranks", "panels"])
@pytest.mark.parametrize("size", ["wide", "thumb"])
def test_no_rows_are_drawn_as_such_in_every_way(census_db: Path, view: str, size: str) -> None:
    figure, rows = figure_of(
        "share_by_country", census_db, view=view, since="2020-01", until="2020-02"
    )
    assert rows == []
    svg = render(spec_text(figure, Variant(size=size)), "svg", figure.title, figure.alt)
    assert b"NaN" not in svg
    assert "no rows" in figure.alt


@pytest.mark.parametrize(
    "name", ["denominators", "headline_robustness", "labs_that_move_shares", "origin_sensitivity"]
)
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_row_of_dots_has_its_whole_name_and_no_other_row_the_same(
    census_db: Path, name: str, size: str
) -> None:
    figure, rows = figure_of(name, census_db)
    column = "of_what" if "of_what" in rows[0] else "what"
    wanted = list(dict.fromkeys(row[column] for row in rows))[: len(figure.points)]
    texts = next(
        layer["data"]["values"]
        for layer in layers_of(figure, size)
        if "lineHeight" in layer["mark"]
    )
    shown = [" ".join(value["text"]) for value in texts]
    assert shown == wanted[: len(shown)]
    assert len(set(shown)) == len(shown) > 3
    assert not any("…" in one for one in shown)


def test_months_that_are_missing_are_gaps() -> None:
    months = ("2026-01-31", "2026-02-28", "2026-04-30", "2026-06-30", "2026-07-31")
    own = tuple(Point(day, "A", "A", 10.0) for day in months)
    figure = Figure("x", "panels", "T", "S", "%", "family", own, "a", (), (), (("A", "A"),),
                    by_month=True)  # fmt: skip
    stretches = without_gaps(own, figure)
    assert [[p.x[:7] for p in one] for one in stretches] == [
        ["2026-01", "2026-02"], ["2026-04"], ["2026-06", "2026-07"],
    ]  # fmt: skip
    drawn = [
        value["x"]
        for layer in make_spec(figure)["concat"][0]["concat"][0]["layer"]
        if layer["mark"]["type"] in ("line", "circle") and layer["mark"].get("opacity") != 0
        for value in layer["data"]["values"]
    ]
    assert set(months) <= set(drawn)


def test_a_bound_that_goes_far_does_not_flatten_the_bars() -> None:
    bars = (
        Point("a", "CN", "China", 100.0, 90.0, 110.0),
        Point("b", "US", "United States", 50.0, 40.0, 20_000.0),
    )
    assert end_of_scale(bars) == 200.0
    assert "continue beyond" in band_notes("bars", bars, False)[0]
    assert "continue beyond" not in band_notes("bars", bars[:1], False)[0]
