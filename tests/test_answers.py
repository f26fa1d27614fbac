"""Answers in a sentence: what is certain is in them, what is not never is."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_client import Client

from census.base import speech
from census.base.numbers import long_count
from census.charts.figures import Figure, Point
from census.charts.point_words import value_of
from census.pages.answer_points import UNSURE, is_certain
from census.pages.answers import NONE, answer
from census.questions.question_files import Question, parse_question, read_questions

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = read_questions(ROOT / "canned_queries")
CHARTED = sorted(name for name, question in QUESTIONS.items() if question.chart is not None)


def question(kind: str, unit: str, declared: str = "") -> Question:
    """Return a question with a chart, and with a sentence of its own if declared."""
    lines = ["title: T", "theme: Models", "description: D.", f"unit: {unit}"]
    lines += [f"answer: '{declared}'"] if declared else []
    lines += [
        "parameters: {first: {label: F, help: H., default: CN, choices: {CN: China, US: America}}}",
        f"chart: {{kind: {kind}, x: a, y: b}}",
    ]
    return parse_question("made.sql", "/*\n" + "\n".join(lines) + "\n*/\nselect :first\n")


def figure(kind: str, unit: str, *points: Point, dimension: str = "country") -> Figure:
    """Return a figure of points."""
    keys = tuple(dict.fromkeys((point.key, point.label) for point in points))
    return Figure("made", kind, "T", "S", unit, dimension, points, "Alt.", (), keys=keys)


def bar(key: str | None, name: str, y: float, low: float, high: float) -> Point:
    """Return a bar of a country."""
    return Point(name, key, name, y, low, high)


SHARES = (
    bar("US", "United States", 50, 49.9, 50.1),
    bar(None, "Country not established", 30, 30, 30),
    bar("CN", "China", 15, 15, 15),
    bar("FR", "France", 5, 0, 25),
)


def estimate(
    key: str, name: str, y: float, low: float | None, high: float | None, p: float | None = None
) -> Point:
    """Return a bar of an estimate, with its 90 % interval and the probability of its place."""
    rests_on = "bounds" if low is None else "counted" if low == high else "estimated"
    return Point(
        name, key, name, y, 0, 100, likely_low=low, likely_high=high, rests_on=rests_on, p_place=p
    )


def ranked(*points: Point) -> str:
    """Return what is said of a ranking of shares."""
    return answer(question("bars", "percent of downloads"), {}, figure("bars", "%", *points))


def test_a_ranking_names_the_first_with_bounds_and_leaves_out_who_is_unknown() -> None:
    assert ranked(*SHARES[:3]) == (
        "The United States comes first with 50% (hard bounds 49.9 to 50.1%) of downloads,"
        " before China with 15.0%."
    )


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (1.0, "China comes first with 44% (90% interval 42 to 45%) of downloads, before"),
        (0.98, "China very likely (in 196 of 200 draws) comes first with 44% (90% interval"),
        (0.94, "China with 44% (90% interval 42 to 45%) of downloads; the United States with 40%"),
        (0.5, "; the first places cannot be told apart."),
    ],
)
def test_a_first_place_holds_in_95_percent_of_the_draws(p: float, said: str) -> None:
    words = ranked(
        estimate("CN", "China", 44, 42, 45, p),
        estimate("US", "United States", 40, 39, 41, p),
    )
    assert said in words
    assert ("likely the first, in 188 of 200 draws" in words) == (p == 0.94)


def test_what_rests_on_bounds_is_never_said_and_never_leads() -> None:
    words = ranked(
        estimate("CN", "China", 44, None, None), estimate("US", "United States", 40, 39, 41, 0.97)
    )
    assert "44" not in words
    assert words == UNSURE
    second = ranked(
        estimate("US", "United States", 44, 43, 45, 1.0), estimate("CN", "China", 40, None, None)
    )
    assert second == "The United States comes first with 44% (90% interval 43 to 45%) of downloads."


def test_a_wide_interval_comes_before_its_middle() -> None:
    words = ranked(estimate("CN", "China", 44, 38, 52, 1.0))
    assert words == "China comes first with 38 to 52% (90% interval, middle 44%) of downloads."


def test_a_count_in_doubt_leads_no_sentence() -> None:
    shown = (
        Point("A/Spike", "A/Spike", "A/Spike", 187e6, flagged=True),
        Point("B/Model", "B/Model", "B/Model", 30e6),
    )
    words = answer(
        question("bars", "downloads"), {}, figure("bars", "downloads", *shown, dimension="model")
    )
    assert words == (
        "B/Model comes first with 30.0 million downloads; counts in doubt are left out."
    )


def test_a_first_place_that_another_could_have_is_not_told() -> None:
    close = (bar("CN", "China", 46, 42, 50), bar("US", "United States", 44, 40, 45))
    assert ranked(*close) == (
        "China with 46% (hard bounds 42 to 50%) of downloads; the United States with 44% (hard"
        " bounds 40 to 45%); the first places cannot be told apart."
    )
    # One whose share nobody may quote can be the first all the same.
    words = ranked(bar("CN", "China", 40, 38, 42), bar("FR", "France", 20, 0, 50))
    assert words.endswith("; the first places cannot be told apart.")
    assert "France" not in words


def test_who_is_unknown_is_not_kept_quiet_where_it_is_more() -> None:
    rest = bar(None, "Country not established", 60, 60, 60)
    shown = figure("bars", "%", rest, bar("CN", "China", 40, 40, 40))
    said = answer(question("bars", "percent of downloads"), {}, shown)
    assert said == "China comes first with 40.0% of downloads; Country not established 60.0%."


def test_an_uncertain_first_is_told_by_its_bounds_alone() -> None:
    first = bar("CN", "China", 41e6, 20e6, 60e6)
    said = answer(question("bars", "downloads"), {}, figure("bars", "downloads", first))
    assert said == "China: at least 20.0 million downloads; which one comes first is not certain."
    assert long_count(41e6) not in said


def month(day: str, y: float, low: float, high: float, wide: bool = False) -> Point:
    """Return a month of China's."""
    return Point(day, "CN", "China", y, low, high, wide)


def test_a_series_tells_its_last_certain_month_and_the_year_before() -> None:
    shown = figure(
        "lines",
        "%",
        month("2025-03-31", 30, 30, 30),
        month("2026-03-31", 40, 39, 41),
        month("2026-04-30", 44, 30, 60, wide=True),
    )
    said = answer(question("lines", "percent of downloads"), {}, shown)
    assert said == (
        "Up to the end of March 2026, China had 40% (hard bounds 39 to 41%) of downloads,"
        " a year before 30.0%."
    )
    vague = replace(shown, points=shown.points[2:])
    assert answer(question("lines", "percent of downloads"), {}, vague) == UNSURE


def test_a_year_before_is_the_same_day() -> None:
    """On 20 May there is no count of 20 May a year earlier, and the end of that May is another."""
    shown = figure("lines", "%", month("2025-05-31", 30, 30, 30), month("2026-05-20", 40, 40, 40))
    said = answer(question("lines", "percent of downloads"), {}, shown)
    assert said == "Up to 20 May 2026, China had 40.0% of downloads."


def test_nothing_before_september_2024_is_answered() -> None:
    shown = figure("lines", "%", month("2024-08-31", 30, 30, 30))
    assert answer(question("lines", "percent of downloads"), {}, shown) == UNSURE


def test_recent_downloads_are_those_of_thirty_days() -> None:
    shown = figure("lines", "%", month("2026-05-20", 66, 66, 66))
    said = answer(question("lines", "percent of downloads"), {"measure": "recent"}, shown)
    assert said == "In the 30 days to 20 May 2026, China had 66.0% of downloads."


def test_a_month_alone_is_told_as_a_month() -> None:
    shown = figure("lines", "downloads", month("2026-03-31", 4e6, 4e6, 4e6))
    said = answer(question("lines", "downloads in the month"), {}, shown)
    assert said.startswith("In March 2026, China had 4.0 million downloads")


@pytest.mark.parametrize(
    ("step", "day", "said"),
    [
        ("month", "2026-08-21", "In August 2026 (to 21 August 2026), China had 66.0% of"),
        ("week", "2026-08-29", "In the week to 29 August 2026, China had 66.0% of"),
        ("day", "2026-08-31", "On 31 August 2026, China had 66.0% of"),
    ],
)
def test_a_share_of_a_week_or_a_day_is_not_told_as_one_of_its_month(
    step: str, day: str, said: str
) -> None:
    shown = figure("lines", "%", month(day, 66, 66, 66))
    values = {"measure": "monthly", "step": step}
    words = answer(question("lines", "percent of downloads"), values, shown)
    assert words.startswith(said)


def test_a_ranking_says_of_which_time_it_is() -> None:
    shown = replace(figure("bars", "%", SHARES[2]), period="in the 30 days to 5 September 2026")
    said = answer(question("bars", "percent of downloads of the last 30 days"), {}, shown)
    assert said == (
        "In the 30 days to 5 September 2026, China comes first with 15.0% of downloads."
    )


def test_bars_of_several_countries_that_bear_the_same_names_are_told_by_country() -> None:
    """The sizes of all countries are not those of the first."""
    bars = [
        Point(size, key, label, y, y, y)
        for key, label, shares in (("CN", "China", (60, 40)), ("US", "United States", (30, 70)))
        for size, y in zip(("<1B", "1-5B"), shares, strict=True)
    ]
    asked = question("bars", "percent of the country's downloads", "Most is {highest}.")
    shown = replace(figure("bars", "%", *bars), keys=(("FR", "France"), ("US", "United States")))
    assert answer(asked, {}, shown) == (
        "The largest part of the country's downloads: China <1B (60.0%);"
        " the United States 1-5B (70.0%)."
    )
    assert answer(asked, {}, figure("bars", "%", *bars[:2])) == "Most is <1B."


def test_a_declared_sentence_is_filled_in() -> None:
    asked = question("bars", "percent", "{first_name} has {first_range}; lowest {lowest}.")
    two = figure("bars", "%", bar("CN", "China", 8, 8, 8), bar("CN", "China", 46, 46, 46))
    shown = replace(two, points=(*two.points, bar("US", "United States", 2, 2, 2)))
    shown = replace(shown, keys=(("CN", "China"), ("US", "United States")))
    said = answer(asked, {"first": "CN"}, shown)
    assert said == "China has from 8.0% to 46.0%; lowest the United States."


def test_a_range_of_bounded_values_goes_from_the_lowest_to_the_highest_bound() -> None:
    asked = question("dots", "percent", "{first_name} has {first_range}.")
    two = figure("dots", "%", bar("CN", "China", 30, 29, 31), bar("CN", "China", 85, 71, 87))
    said = answer(asked, {"first": "CN"}, replace(two, keys=(("CN", "China"),)))
    assert said == "China has between 29.0% and 87.0% (hard bounds)."


def test_a_declared_sentence_is_not_used_where_a_piece_is_uncertain() -> None:
    asked = question("bars", "percent of downloads", "The highest is {highest_value}.")
    may_be_more = bar("FR", "France", 5, 0, 60)
    assert "highest is" not in answer(asked, {}, figure("bars", "%", *SHARES[:-1], may_be_more))
    asked = question("bars", "percent of downloads", "The lowest is {lowest_value}.")
    assert "lowest is" not in answer(asked, {}, figure("bars", "%", *SHARES))


def test_the_highest_is_told_where_what_is_uncertain_is_surely_less() -> None:
    asked = question("bars", "percent of downloads", "The highest is {highest_value}.")
    sizes = (SHARES[2], SHARES[0], SHARES[3])
    assert (
        answer(asked, {}, figure("bars", "%", *sizes))
        == "The highest is 50% (hard bounds 49.9 to 50.1%)."
    )


def test_a_chart_in_another_order_than_that_of_values_has_no_first_places() -> None:
    assert ranked(SHARES[2], SHARES[0]) == (
        "In the order of the chart, China with 15.0% of downloads; the United States with 50%"
        " (hard bounds 49.9 to 50.1%)."
    )


def test_the_first_of_variants_is_the_first_row_whatever_is_larger() -> None:
    asked = question("dots", "percent", "{no1_value} by default, up to {highest_value}.")
    rows = (bar("", "Ours", 57, 57, 57), bar("", "By base", 58, 58, 58), bar("", "All", 19, 19, 19))
    assert answer(asked, {}, figure("dots", "%", *rows)) == "57.0% by default, up to 58.0%."


def test_columns_are_added_up() -> None:
    points = [
        Point(day, key, label, y)
        for day in ("2026-01-31", "2026-02-28")
        for key, label, y in (("CN", "China", 3.0), ("US", "United States", 2.0))
    ]
    said = answer(question("columns", "models"), {}, figure("columns", "models", *points))
    assert said.startswith(
        "From January 2026 to February 2026: 10 models; the largest groups are China 6"
    )


def test_nothing_is_said_of_nothing() -> None:
    assert answer(question("bars", "models"), {}, figure("bars", "models")) == NONE


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_no_share_that_is_too_wide_is_ever_quoted(one: float, two: float, three: float) -> None:
    low, y, high = sorted((one, two, three))
    said = answer(
        question("bars", "percent of downloads"),
        {},
        figure("bars", "%", bar("CN", "China", y, low, high)),
    )
    shown = bar("CN", "China", y, low, high)
    assert is_certain(shown, "%") == (high - low <= speech.WIDEST_SAID)
    if high - low > speech.WIDEST_SAID:
        assert "comes first with" not in said
    else:
        assert f"comes first with {speech.share_words(value_of(shown))}" in said


@pytest.mark.parametrize("name", CHARTED)
def test_every_charts_page_begins_with_an_answer_in_numbers(site: Client, name: str) -> None:
    page = unescape(site.get(f"/census/{name}").text)
    found = re.search(r'<p class="answer">(.+?)</p>', page)
    assert found is not None
    said = found[1]
    assert said.endswith((".", "!"))
    assert re.search(r"\d", said) or said == UNSURE
    assert not re.search(r"\{\w+\}|None|nan", said)
    assert page.index('class="answer"') < page.index('<figure class="chart"')


def test_the_sentence_has_the_numbers_of_the_table(site: Client) -> None:
    rows = site.rows("/census/ranking_by_lab?scope=labs")
    page = unescape(site.get("/census/ranking_by_lab?scope=labs").text)
    said = re.search(r'<p class="answer">(.+?)</p>', page)
    assert said is not None
    assert f"{rows[0]['lab_name']} comes first with {long_count(rows[0]['downloads'])}" in said[1]


def test_places_are_told_as_places_and_only_certain_ones() -> None:
    points = tuple(
        Point("2026-05-20", key, name, place, low, high)
        for key, name, place, low, high in (
            ("CN", "China", 1.0, 1.0, 1.0),
            ("US", "United States", 2.0, 2.0, 2.0),
            ("FR", "France", 3.0, 3.0, 4.0),
        )
    )
    asked = question("ranks", "percent of downloads", "{no1} has {no1_value}.")
    said = answer(asked, {}, figure("ranks", "place", *points))
    assert said == (
        "Up to 20 May 2026, China was 1st and the United States 2nd by share of downloads."
    )
    loose = tuple(replace(point, wide=True) for point in points)
    assert answer(asked, {}, figure("ranks", "place", *loose)) == UNSURE


def test_curves_over_age_are_told_at_one_age_by_what_is_certain() -> None:
    points = (
        Point("7", "a", "A", 5e6, 5e6, 5e6),
        Point("90", "a", "A", 20e6, 20e6, 20e6),
        Point("90", "b", "B", 9e6, 4e6, 12e6, wide=True),
        Point("90", "c", "C", 3e6, 0, 12e6, wide=True),
    )
    said = answer(
        question("ages", "downloads since release"),
        {},
        figure("ages", "downloads", *points, dimension="model"),
    )
    assert said == (
        "In the first 90 days from release: A 20.0 million and B at least 4.0 million downloads."
    )
    nothing = figure("ages", "downloads", points[3], dimension="model")
    assert answer(question("ages", "downloads"), {}, nothing) == UNSURE


def test_columns_of_what_is_unknown_alone_are_told_as_such() -> None:
    points = Point("2026-05-31", None, "Gating unknown", 4.0)
    said = answer(question("columns", "models released"), {}, figure("columns", "models", points))
    assert (
        said
        == "From May 2026 to May 2026: 4 models released; the largest group is Gating unknown 4."
    )
