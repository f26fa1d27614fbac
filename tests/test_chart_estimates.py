"""How charts show estimates: bands, dashes, dots, gaps, where they start, and what is in doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest
import vl_convert
from chart_marks import (
    DAYS,
    KEYS,
    bounded,
    counted,
    dashes,
    estimate,
    figure,
    layers,
    marks,
    seen_dots,
)

from census.charts.areas import slants
from census.charts.cards import card_spec
from census.charts.estimates import drawn_estimates
from census.charts.figures import Point
from census.charts.palette import PAPER
from census.charts.parts import label_value, value_words
from census.charts.points import fold_others, rank_points
from census.charts.render import VEGA_LITE
from census.charts.specs import make_spec
from census.charts.words import make_notes


def test_an_estimate_has_a_light_band_and_a_dark_one_in_it() -> None:
    found = layers(figure(*(estimate(day) for day in DAYS[1:])))
    light, dark = marks(found, "area")
    assert [(v["from"], v["to"]) for v in light["data"]["values"]] == [(37.0, 43.0)] * 4
    assert [(v["from"], v["to"]) for v in dark["data"]["values"]] == [(39.0, 41.0)] * 4
    # What lies on the light one makes it darker; neither has a border.
    assert 0 < light["mark"]["opacity"] <= dark["mark"]["opacity"] < 0.5
    assert not any(layer["mark"]["line"] or "stroke" in layer["mark"] for layer in (light, dark))
    lines = marks(found, "line")
    assert all(layer["mark"]["strokeWidth"] < 2 for layer in lines)


def test_hard_bounds_are_in_the_data_and_not_in_the_picture() -> None:
    found = layers(figure(*(estimate(day) for day in DAYS[1:])))
    top = marks(found, "line")[0]["encoding"]["y"]["scale"]["domain"][1]
    assert top < 60
    drawn = [(v.get("from"), v.get("to")) for layer in marks(found, "area")
             for v in layer["data"]["values"]]  # fmt: skip
    assert (0.0, 99.0) not in drawn
    (caught,) = [layer for layer in found if "tooltip" in layer["encoding"]]
    assert caught["data"]["values"][0] == {
        "x": "2024-09-30", "name": "China", "y": 40.0, "low": 0.0, "high": 99.0, "said": "40%",
        "likely_low": 37.0, "likely_high": 43.0, "likely": "37–43%", "rests_on": "estimated",
        "counted_pct": 0.0, "covered_pct": 97.0,
    }  # fmt: skip
    shown = {tip["field"] for tip in caught["encoding"]["tooltip"]}
    assert {"low", "high", "likely", "rests_on", "counted_pct", "covered_pct"} <= shown


def test_a_key_without_an_interval_is_a_dashed_line_without_a_band() -> None:
    found = layers(figure(*(bounded(day) for day in DAYS[1:])))
    assert marks(found, "area") == []
    assert dashes(found) == {"dashed": set(DAYS[1:])}
    assert seen_dots(found) == set()
    names = [v["text"] for layer in found for v in layer["data"]["values"] if "text" in v]
    assert names == ["China"]


def test_the_line_is_dashed_where_less_than_half_is_counted() -> None:
    parts = (0.0, 49.9, 50.0, 80.0)
    some = [estimate(day, counted_pct=part) for day, part in zip(DAYS[1:], parts, strict=True)]
    assert dashes(layers(figure(*some))) == {"dashed": set(DAYS[1:4]), "solid": set(DAYS[3:])}


def test_dots_are_only_where_all_is_counted() -> None:
    found = layers(figure(*(estimate(day) for day in DAYS[1:4]), counted(DAYS[4])))
    assert seen_dots(found) == {("China", DAYS[4])}
    # The band ends in the dot: what is counted is known to the digit.
    assert marks(found, "area")[0]["data"]["values"][-1]["from"] == 50.0


def test_a_band_has_a_gap_where_there_is_no_interval() -> None:
    points = [estimate(DAYS[0]), estimate(DAYS[1]), bounded(DAYS[2]), estimate(DAYS[3])]
    found = layers(figure(*points))
    light = marks(found, "area")[0]
    assert {value["x"] for value in light["data"]["values"]} == set(DAYS[:2])
    # An interval that stands alone has no width to be seen by: it is an upright line.
    (alone, _) = marks(found, "rule")
    assert [value["x"] for value in alone["data"]["values"]] == [DAYS[3]]


def test_panels_have_the_same_bands() -> None:
    points = [estimate(day, key) for key, _ in KEYS for day in DAYS[1:]]
    panels = make_spec(figure(*points, kind="panels"))["concat"][0]["concat"]
    assert [len(marks(panel["layer"], "area")) for panel in panels] == [2, 2]
    # Estimates are never moved into panels for the width of their hard bounds.
    assert "layer" in make_spec(figure(*points))["concat"][0]


def test_a_drawing_starts_where_the_largest_may_be_said() -> None:
    reaches = (1.0, 11.0, 9.0, 9.0, 9.0)
    points = [
        estimate(day, key, 40.0 - 5 * place, reach)
        for day, reach in zip(DAYS, reaches, strict=True)
        for place, (key, _) in enumerate(KEYS)
    ]
    # August 2024 is too early, September's interval is 22 points wide.
    said = drawn_estimates("lines", points, KEYS, "%", early=False)
    assert said.start == DAYS[2]
    assert {point.x for point in said.points} == set(DAYS[2:])
    asked = drawn_estimates("lines", points, KEYS, "%", early=True)
    assert (asked.start, len(asked.points)) == (DAYS[2], len(points))


def test_a_small_key_that_is_wide_does_not_move_the_start() -> None:
    wide = [estimate(day, "FR", 20.0, 15.0) for day in DAYS]
    points = [*wide, *(estimate(day, key) for key, _ in KEYS for day in DAYS)]
    keys = (*KEYS, ("FR", "FR"))
    assert drawn_estimates("lines", points, keys, "%", early=False).start == DAYS[1]
    # Areas are for all of their keys: there is no such month.
    assert drawn_estimates("areas", points, keys, "%", early=False).points == []


def test_what_may_not_be_said_is_pale_if_it_is_asked_for() -> None:
    early = figure(*(estimate(day) for day in DAYS), start=DAYS[2])
    (veil,) = [layer for layer in layers(early, "dark") if layer["mark"]["type"] == "rect"]
    assert veil["data"]["values"] == [{"x": DAYS[0], "end": DAYS[2]}]
    assert veil["mark"]["color"] == PAPER["dark"]
    late = replace(early, points=early.points[2:])
    assert not [layer for layer in layers(late) if layer["mark"]["type"] == "rect"]


def test_areas_are_hatched_where_little_is_counted() -> None:
    points = [
        *(estimate(day, key, 50.0, 2.0) for day in DAYS[1:4] for key, _ in KEYS),
        *(counted(DAYS[4], key) for key, _ in KEYS),
    ]
    said = drawn_estimates("areas", points, KEYS, "%", early=False)
    assert said.hatched_days == set(DAYS[1:4])
    found = layers(figure(*said.points, kind="areas", hatched_days=said.hatched_days))
    (hatching,) = [layer for layer in found if layer["mark"]["type"] == "rule"
                   and "y2" in layer["encoding"]]  # fmt: skip
    ends = [v[side] for v in hatching["data"]["values"] for side in ("x", "x2")]
    assert min(ends) >= DAYS[1]
    assert max(ends) <= f"{DAYS[4]}T00:00Z"
    exact = [counted(day, key) for day in DAYS[1:] for key, _ in KEYS]
    plain = layers(figure(*exact, kind="areas"))
    assert not [layer for layer in plain if layer["mark"]["type"] == "rule"]


def test_a_slant_ends_at_the_stretch_and_keeps_its_slope() -> None:
    found = slants(10.0, 20.0, 4.0, 8.0, 100.0)
    slopes = {
        round((line["y2"] - line["y"]) / (hours(line["x2"]) - hours(line["x"])), 2)
        for line in found
    }
    assert slopes == {round(100 / (8 * 24), 2)}
    assert min(line["y"] for line in found) == 0
    assert max(line["y2"] for line in found) == 100


def hours(moment: str) -> float:
    """Return the hours since the beginning of the year 1 of an instant."""
    day, _, clock = moment.removesuffix("Z").partition("T")
    return 24 * int(day[8:]) + int(clock[:2]) + int(clock[3:5]) / 60


def test_a_place_is_drawn_where_it_is_very_likely_and_a_gap_elsewhere() -> None:
    chances = (0.96, 0.95, 0.94, 1.0)
    points = rank_points([
        estimate(day, key, 40.0 - 5 * place, p_place=chance, place=place + 1)
        for day, chance in zip(DAYS[1:], chances, strict=True)
        for place, (key, _) in enumerate(KEYS)
    ])  # fmt: skip
    found = layers(figure(*points, kind="ranks", unit="place"))
    assert seen_dots(found) == {
        (name, day) for _, name in KEYS for day in (DAYS[1], DAYS[2], DAYS[4])
    }
    joined = {value["x"] for layer in marks(found, "line") for value in layer["data"]["values"]}
    assert joined == {DAYS[1], DAYS[2]}
    names = [v["text"] for layer in found for v in layer["data"]["values"] if "text" in v]
    assert names == ["1st China", "2nd United States"]


def test_places_of_estimates_are_those_of_the_rows() -> None:
    ranked = rank_points([
        estimate(DAYS[1], "CN", 40.0, place=2, p_place=0.97),
        estimate(DAYS[1], "US", 30.0, place=5, p_place=0.2),
        replace(estimate(DAYS[1], "CN", 35.0), key=None, label="Country not established"),
    ])  # fmt: skip
    # One before is not among the rows; who is unverified has no place.
    assert [(p.key, p.y, p.wide) for p in ranked] == [("CN", 2.0, False), ("US", 5.0, True)]


def test_counts_of_single_days_are_joined_within_a_source_only() -> None:
    days = [
        counted(day, y=40.0 + at, source=source)
        for at, (day, source) in enumerate(zip(DAYS, "aabba", strict=True))
    ]
    found = layers(figure(*days, of_single_days=True))
    runs: dict[str, list[str]] = {}
    for layer in marks(found, "line"):
        for value in layer["data"]["values"]:
            runs.setdefault(value["run"], []).append(value["x"])
    assert sorted(runs.values()) == [[DAYS[0], DAYS[1], DAYS[4]], [DAYS[2], DAYS[3]]]
    unnamed = [replace(point, source="") for point in days]
    assert marks(layers(figure(*unnamed, of_single_days=True)), "line") == []
    assert seen_dots(layers(figure(*unnamed, of_single_days=True))) == {
        ("China", day) for day in DAYS
    }


def test_a_count_in_doubt_is_marked_and_out_of_the_scale() -> None:
    doubt = counted(DAYS[3], y=900.0, flagged=True)
    points = [counted(DAYS[1]), counted(DAYS[2]), doubt, counted(DAYS[4])]
    found = layers(figure(*points, unit="downloads"))
    top = marks(found, "line")[0]["encoding"]["y"]["scale"]["domain"][1]
    assert top < 100
    assert DAYS[3] not in {day for _, day in seen_dots(found)}
    (marked,) = marks(found, "point")
    assert (marked["mark"]["filled"], marked["data"]["values"][0]["y"]) == (False, top)
    notes = make_notes({"kind": "lines"}, points, [], None, None, DAYS[4])
    assert "In doubt, and left out of the scale: China, 30 November 2024 900." in notes


def test_a_bar_in_doubt_does_not_shorten_the_others() -> None:
    flagged = Point("Loud/Model", "CN", "China", 9000.0, flagged=True)
    true = Point("Quiet/Model", "CN", "China", 90.0)
    bars = figure(flagged, true, kind="bars", unit="downloads")
    spec = make_spec(bars)["concat"][0]
    full = spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1]
    assert full < 200
    loud, quiet = spec["data"]["values"]
    assert (loud["y"], loud["hollow"], loud["text"]) == (90.0, True, "9K in doubt")
    assert (quiet["hollow"], quiet["text"]) == (False, "90")
    card = card_spec(bars, "Title", "2026-09-05")
    texts = [str(layer["mark"].get("text")) for layer in card["layer"]]
    assert not any("Loud" in text or "9K" in text for text in texts)


def test_a_bar_has_its_interval_as_whiskers_and_is_hollow_without() -> None:
    likely = Point("China", "CN", "China", 44.0, 20.0, 80.0, likely_low=42.4, likely_high=45.4,
                   rests_on="estimated")  # fmt: skip
    open_ = Point("France", "FR", "France", 8.0, 2.0, 30.0, True, rests_on="bounds")
    exact = Point("Spain", "ES", "Spain", 1.0, 1.0, 1.0, rests_on="counted")
    spec = make_spec(figure(likely, open_, exact, kind="bars"))["concat"][0]
    values = spec["data"]["values"]
    assert [value["text"] for value in values] == ["44% (42–45%)", "2.0–30.0%", "1.0%"]
    assert [value["hollow"] for value in values] == [False, True, False]
    (whiskers,) = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rule"]
    assert [(v["from"], v["to"]) for v in whiskers["data"]["values"]] == [(42.4, 45.4)]
    (hollow,) = [layer for layer in spec["layer"] if layer["mark"].get("fill") == PAPER["light"]]
    assert [value["x"] for value in hollow["data"]["values"]] == ["France"]


def test_hollow_bars_with_names_of_colours_have_one_legend(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Vega warns in the reader's console of layers that disagree about it."""
    likely = Point("Qwen", "CN", "China", 44.0, 20.0, 80.0, likely_low=42.4, likely_high=45.4,
                   rests_on="estimated")  # fmt: skip
    open_ = Point("Mistral", "FR", "France", 8.0, 2.0, 30.0, True, rests_on="bounds")
    spec = make_spec(figure(likely, open_, kind="bars"))
    made = vl_convert.vegalite_to_vega(spec, vl_version=VEGA_LITE, show_warnings=True)
    assert capfd.readouterr().err == ""
    assert str(made).count("'orient': 'top', 'symbolType': 'square'") == 1


def test_a_circle_without_an_interval_is_hollow() -> None:
    points = (
        Point("China", "CN", "China", 44.0, 20.0, 80.0, likely_low=42.0, likely_high=60.0,
              rests_on="estimated"),
        Point("France", "FR", "France", 8.0, 2.0, 90.0, True, rests_on="bounds"),
    )  # fmt: skip
    found = layers(figure(*points, kind="map"))
    (circles,) = [layer for layer in found if "fill" in layer.get("encoding", {})]
    assert [v["filled"] for v in circles["data"]["values"]] == [1.0, 0.0]
    # The ring is the end of the interval, never a hard bound: France has none.
    (rings,) = [layer for layer in found if layer["mark"].get("strokeDash")]
    assert len(rings["data"]["values"]) == 1


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (estimate(DAYS[1], y=43.9, reach=1.6), "42–46%"),
        (estimate(DAYS[1], y=56.9, reach=0.1), "56.8–57.0%"),
        (counted(DAYS[1], y=57.05), "57.0%"),
        (estimate(DAYS[1], y=1.84, reach=0.0), "1.8%"),
        (bounded(DAYS[1]), ""),
        (replace(bounded(DAYS[1]), low=4.48, high=4.52), "4.5%"),
    ],
)
def test_a_name_at_a_line_has_the_interval_or_what_is_counted(point: Point, said: str) -> None:
    assert label_value(point, "%") == said
    # Beside an interval the middle is whole; what has none, or a point, has its decimal.
    exact = point.interval is None or point.interval[0] == point.interval[1]
    assert ("." in value_words(point, "%")) == exact


def test_a_card_says_the_interval_and_one_word() -> None:
    points = [*(estimate(day, "CN", 44.0, 1.6) for day in DAYS[1:]), counted(DAYS[4], "US", 39.2)]
    card = card_spec(figure(*points), "Title", "2026-09-05")
    texts = [layer["mark"]["text"] for layer in card["layer"] if "text" in layer["mark"]]
    assert {"44%", "90%: 42–46%", "China, estimated"} <= set(map(str, texts))
    assert {"39.2%", "United States, counted"} <= set(map(str, texts))


def test_a_card_says_a_wide_interval_first() -> None:
    card = card_spec(figure(*(estimate(day, "CN", 44.0, 7.6) for day in DAYS[1:])), "T", "")
    texts = {str(layer["mark"].get("text")) for layer in card["layer"]}
    assert {"36–52%", "middle: 44%"} <= texts


def test_the_rest_is_counted_only_if_all_of_it_is() -> None:
    rest = [counted(DAYS[1], "FR", 2.0), counted(DAYS[1], "DE", 1.0)]
    assert [p.rests_on for p in fold_others([counted(DAYS[1]), *rest], ["CN"])] == ["counted"] * 2
    open_ = [*rest, bounded(DAYS[1], "ES", 3.0)]
    assert fold_others(open_, ["CN"])[0].rests_on == "bounds"
    assert fold_others(open_, ["CN"])[0].wide
