"""The small parts that charts are made of, each alone: axes, scales, places and shortened names."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from chart_marks import figure
from hypothesis import given
from hypothesis import strategies as st

from census.charts.ages import age_axis
from census.charts.areas import stretches
from census.charts.card_charts import time_scale
from census.charts.ends import spread
from census.charts.figures import Figure, Point
from census.charts.lettering import named_value, shortened, width_of, without_middle
from census.charts.parts import amount_axis, look_of, span_words, time_axis
from census.charts.scales import Amounts, amounts_of, for_log, near_ends, nice_top

WIDE, NARROW = look_of("light", "wide"), look_of("light", "narrow")
LONG = "Qwen/Qwen3-235B-A22B-Instruct-2507"


def over(*days: str, **more: Any) -> Figure:
    """Return a figure with one value a day (or age), 40, 50, 60 …"""
    points = (Point(day, "CN", "China", 40.0 + 10 * at) for at, day in enumerate(days))
    return figure(*points, **more)


@pytest.mark.parametrize(
    ("value", "percent", "top"),
    [
        (7, False, 8),
        (8, False, 8),
        (12, False, 12),
        (12.1, False, 15),
        (10, False, 10),
        (1_230_000_000, False, 1_500_000_000),
        (0.034, False, 0.04),
        (0, False, 1),
        (61, True, 80),
        (70, True, 80),
        (70.1, True, 100),
        (99.9, True, 100),
        (70.1, False, 80),
    ],
)
def test_the_end_of_an_axis_is_the_next_round_number(
    value: float, percent: bool, top: float
) -> None:
    assert nice_top(value, percent) == pytest.approx(top)


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_the_end_of_an_axis_is_never_below_the_highest_value_nor_twice_it(value: float) -> None:
    top = nice_top(value, False)
    assert value <= top < 2 * value


@pytest.mark.parametrize(
    ("days", "size", "axis"),
    [
        (("2024-05-31", "2026-09-05"), "wide", ("%Y", {"interval": "year", "step": 1})),
        # Two calendar years are the first that are labelled as years.
        (("2024-12-31", "2026-01-01"), "wide", ("%Y", {"interval": "year", "step": 1})),
        (("2025-12-31", "2026-09-05"), "wide", ("%b %Y", {"interval": "month", "step": 2})),
        (("2025-12-31", "2026-07-05"), "wide", ("%b %Y", {"interval": "month", "step": 1})),
        (("2025-12-31", "2026-07-05"), "narrow", ("%b %Y", {"interval": "month", "step": 3})),
        (("2026-04-30", "2026-05-01"), "wide", ("%b %Y", {"interval": "month", "step": 1})),
        (("2025-01-31", "2026-12-31"), "narrow", ("%b %Y", {"interval": "month", "step": 12})),
        (("2026-09-01", "2026-09-05"), "wide", ("%-d %b %Y", 5)),
        (("2026-09-01", "2026-09-05"), "narrow", ("%-d %b %Y", 2)),
        (("2026-09-05",), "wide", ("%-d %b %Y", 5)),
    ],
)
def test_a_time_axis_is_labelled_by_its_length(
    days: tuple[str, ...], size: str, axis: tuple[str, Any]
) -> None:
    x = time_axis(over(*days), WIDE if size == "wide" else NARROW)
    assert (x["axis"]["format"], x["axis"]["tickCount"]) == axis
    assert (x["field"], x["type"], x["scale"]) == ("x", "temporal", {"type": "utc"})


def test_days_of_a_time_axis_need_no_order() -> None:
    there, back = over("2024-05-31", "2026-09-05"), over("2026-09-05", "2024-05-31")
    assert time_axis(there, WIDE) == time_axis(back, WIDE)


def test_an_axis_of_amounts_says_its_unit() -> None:
    percent = amount_axis(over("2026-09-05", unit="%"), 4)
    counts = amount_axis(over("2026-09-05", unit="downloads"), 5)
    assert "'%'" in percent["labelExpr"]
    assert "'%'" not in counts["labelExpr"]
    assert all(f"'{letter}'" in counts["labelExpr"] for letter in "KMB")
    assert (percent["tickCount"], counts["tickCount"]) == (4, 5)


@pytest.mark.parametrize(
    ("oldest", "size", "ages"),
    [
        ("400", "wide", [0, 90, 180, 365]),
        ("200", "wide", [0, 90, 180]),
        ("200", "narrow", [0, 180]),
        ("180", "wide", [0, 30, 60, 90, 180]),
        ("90", "narrow", [0, 60, 90]),
        ("60", "wide", [0, 7, 14, 30, 60]),
        ("30", "wide", [0, 7, 14, 30]),
        ("0", "wide", [0]),
    ],
)
def test_an_axis_of_ages_has_those_that_are_drawn(oldest: str, size: str, ages: list[int]) -> None:
    x = age_axis(over("0", oldest, kind="ages"), WIDE if size == "wide" else NARROW)
    assert x["axis"]["values"] == ages
    assert x["scale"]["domain"] == [0, max(float(oldest), 1)]


def test_a_card_has_the_days_or_the_ages_from_edge_to_edge() -> None:
    days = time_scale(over("2026-09-05", "2026-01-31"))
    assert (days["type"], days["scale"]["domain"]) == ("temporal", ["2026-01-31", "2026-09-05"])
    ages = time_scale(over("0", "200", "30", kind="ages"))
    assert (ages["type"], ages["scale"]["domain"]) == ("quantitative", [0, 200.0])
    left, right = days["scale"]["range"]
    assert left < right
    assert ages["scale"]["range"] == [left, right]


def test_the_scale_of_a_figure_is_linear_from_nothing_or_logarithmic_from_a_tenfold_step() -> None:
    shares = over("2026-08-31", "2026-09-05")
    assert amounts_of(shares) == Amounts(0.0, 50.0)
    assert amounts_of(over("2026-08-31", "2026-09-05", unit="downloads", log=True)) == Amounts(
        10.0, 50.0, log=True
    )
    # A floor that is the ceiling would leave no height.
    ten = figure(Point("2026-09-05", "CN", "China", 10.0), unit="downloads", log=True)
    assert amounts_of(ten) == Amounts(1.0, 10.0, log=True)


def test_square_letters_have_their_room() -> None:
    assert width_of("通义千问", 10) == 40
    assert width_of("＝", 10) == 10
    assert width_of("eeee", 10) < 30


@pytest.mark.parametrize(
    ("lowest", "highest", "ends"),
    [(90.2, 148, (80, 160)), (1338, 1461, (1300, 1500)), (0.61, 0.64, (0.61, 0.64)),
     (7, 7, (6, 8)), (-3, 12, (-10, 20))],
)  # fmt: skip
def test_an_axis_near_to_its_values_has_round_ends_around_them(
    lowest: float, highest: float, ends: tuple[float, float]
) -> None:
    assert near_ends(lowest, highest) == pytest.approx(ends)


def test_what_a_logarithmic_scale_cannot_show_is_left_out() -> None:
    values = (0.0, 10.0, 11.0, 1_000_000.0)
    points = [Point("2026-09-05", "CN", "China", value) for value in values]
    assert [point.y for point in for_log(points)] == [11.0, 1_000_000.0]
    assert for_log([]) == []


def test_a_logarithmic_axis_is_labelled_at_2_and_5_where_it_is_short() -> None:
    short = Amounts(1_000, 50_000, log=True).ticks()["values"]
    assert short == pytest.approx([1_000, 2_000, 5_000, 10_000, 20_000, 50_000])
    edge = Amounts(1_000, 100_000, log=True).ticks()["values"]
    assert len(edge) == 7
    long = Amounts(1_000, 2_000_000, log=True).ticks()["values"]
    assert long == pytest.approx([1_000, 10_000, 100_000, 1_000_000])


def test_a_linear_axis_finds_its_labels_unless_they_are_given() -> None:
    assert Amounts(0, 50).ticks() == {}
    assert Amounts(0, 50).ticks([0, 25, 50]) == {"values": [0, 25, 50]}
    assert Amounts(0, 50).channel() == {
        "scale": {"domain": [0, 50], "nice": False},
        "type": "quantitative",
    }
    assert Amounts(1, 50, log=True).channel()["scale"] == {
        "domain": [1, 50], "nice": False, "type": "log", "clamp": True,
    }  # fmt: skip


def test_pixels_are_counted_from_the_ceiling_down() -> None:
    assert Amounts(0, 50).pixel(10, 100) == pytest.approx(80)
    assert Amounts(20, 70).pixel(20, 100) == pytest.approx(100)
    assert Amounts(1, 100, log=True).pixel(10, 100) == pytest.approx(50)
    assert Amounts(10, 1_000, log=True).pixel(1, 80) == pytest.approx(80)


@given(
    st.booleans(),
    st.floats(min_value=1, max_value=1e6),
    st.floats(min_value=1.5, max_value=1e4),
    st.floats(min_value=0, max_value=1),
)
def test_a_pixel_leads_back_to_its_value(
    log: bool, floor: float, times: float, part: float
) -> None:
    amounts = Amounts(floor, floor * times, log)
    value = floor + part * (amounts.ceiling - floor)
    assert amounts.at(amounts.pixel(value, 380), 380) == pytest.approx(value)


@pytest.mark.parametrize("log", [False, True])
def test_a_raised_scale_keeps_a_strip_free(log: bool) -> None:
    raised = Amounts(1.0 if log else 0.0, 100.0, log).raised(30, 300)
    assert raised.floor == (1.0 if log else 0.0)
    assert raised.pixel(100.0, 300) == pytest.approx(30)


def test_names_beside_a_plot_are_pushed_apart_and_stay_in_it() -> None:
    assert spread([10, 12, 90, 94], [15] * 4, 95) == [10, 25, 80, 95]
    # Not by their order, but by where they want to be.
    assert spread([94, 12, 90, 10], [15] * 4, 95) == [95, 25, 80, 10]
    # A name of two lines takes more room.
    assert spread([10, 12, 90], [15, 30, 15], 95) == [10, 32.5, 90]
    assert spread([5, 50], [15] * 2, 95) == [5, 50]


@given(st.lists(st.integers(0, 300), max_size=8))
def test_names_beside_a_plot_never_cover_each_other(wished: list[int]) -> None:
    places = sorted(spread(wished, [16] * len(wished), 300))
    assert all(after - before >= 16 for before, after in pairwise(places))
    assert not places or places[-1] <= 300


def test_a_name_that_fits_stays_whole() -> None:
    room = width_of(LONG, 12)
    assert shortened(LONG, room, 12) == LONG
    assert without_middle(LONG, room, 12) == LONG
    assert named_value("China", "54%", 150, 12) == "China 54%"


def test_a_name_that_does_not_fit_keeps_its_beginning_or_both_ends() -> None:
    beginning = shortened(LONG, 100, 12)
    assert beginning.endswith("…")
    assert LONG.startswith(beginning[:-1])
    start, end = without_middle(LONG, 100, 12).split("…")
    assert LONG.startswith(start)
    assert LONG.endswith(end)
    assert len(end) > len(start) > 0
    for text in (beginning, f"{start}…{end}"):
        assert 85 < width_of(text, 12) <= 100


def test_the_value_beside_a_name_is_never_shortened() -> None:
    model, room = "Qwen/Qwen3-235B-A22B", width_of("Qwen3-235B-A22B 12M", 12)
    assert named_value(model, "12M", room, 12) == "Qwen3-235B-A22B 12M"
    tight = named_value(model, "12M", room - 20, 12)
    assert tight.endswith("… 12M")
    assert width_of(tight, 12) <= room - 20
    assert named_value(model, "12M", room - 20, 12, optional=True) == "Qwen3-235B-A22B"


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (54.2, 55.9, "%", "54–56%"),
        # Whole percents that would be one number keep their decimals.
        (54.6, 55.4, "%", "54.6–55.4%"),
        (0.2, 0.4, "%", "0.2–0.4%"),
        (0.4, 3.2, "%", "0.4–3.2%"),
        (54.1, 54.1, "%", "54.1%"),
        (1_200_000, 3_400_000, "downloads", "1.2–3.4M"),
        (900, 1_200_000, "downloads", "900–1.2M"),
        (1, 3, "place", "1st–3rd"),
        (2, 2, "place", "2nd"),
    ],
)
def test_an_interval_names_its_unit_once(low: float, high: float, unit: str, words: str) -> None:
    assert span_words(low, high, unit) == words


def test_an_uncertain_stretch_reaches_from_the_day_before_to_the_day_after() -> None:
    days = [f"2026-05-0{day}" for day in range(1, 6)]
    assert stretches(days, {days[1], days[4]}) == [(days[0], days[2]), (days[3], days[4])]
    assert stretches(days, set()) == []
