"""The rules of speech: what may be said of an interval, in which order and with which word."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_client import Client

from census.base import speech
from census.base.numbers import long_count
from census.base.speech import Manner, Value, value_of
from census.charts.figures import Point
from census.charts.point_words import point_words

PERCENT = st.floats(0, 100)


def likely(low: float, middle: float, high: float) -> Value:
    return Value(middle, low, high, likely=True)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (likely(42.2, 43.9, 45.2), "44% (90% interval 42 to 45%)"),
        (likely(40, 44, 50), "44% (90% interval 40 to 50%)"),
        (likely(38, 44, 52), "38 to 52% (90% interval, middle 44%)"),
        (likely(34, 44, 54), "34 to 54% (90% interval, middle 44%)"),
        (likely(33, 44, 54), None),
        # Ends that read the same get one decimal, what is counted has one and no interval.
        (likely(45.67, 45.8, 45.98), "46% (90% interval 45.7 to 46.0%)"),
        (Value(57.318, 57.318, 57.318, counted=True), "57.3%"),
        (Value(57.3, 57.1, 57.6, counted=True), "57% (hard bounds 57 to 58%)"),
        (Value(0.02, 0.02, 0.02), "<0.1%"),
        (likely(0.2, 0.3, 0.9), "0.3% (90% interval 0.2 to 1%)"),
        (Value(44, None, None), None),
    ],
)
def test_a_share_in_words(value: Value, words: str | None) -> None:
    assert speech.share_words(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            likely(1.032e9, 1.084e9, 1.139e9),
            "1.08 billion (90% interval 1.03 to 1.14 billion)",
        ),
        (likely(0.95e9, 1.0e9, 1.1e9), "950.0 million to 1.10 billion (90% interval, middle"
         " 1.00 billion)"),
        (likely(0.9e9, 1.0e9, 1.2e9), None),
        (Value(12345, 12345, 12345), "12,345"),
        (Value(0, 0, 0), "0"),
        (Value(0, 0, 5), None),
    ],
)  # fmt: skip
def test_a_count_in_words(value: Value, words: str | None) -> None:
    assert speech.count_words(value, long_count) == words


@pytest.mark.parametrize(
    ("month", "said"),
    [("2024-08", False), ("2024-08-31", False), ("2024-09", True), ("2026-09-05", True)],
)
def test_nothing_before_september_2024_is_said(month: str, said: bool) -> None:
    narrow = likely(43, 44, 45)
    assert speech.may_say(narrow, share=True, month=month) == said
    assert (speech.share_words(narrow, month) is not None) == said


ROW = {"share_pct": 44.0, "low_pct": 20.0, "high_pct": 70.0}


@pytest.mark.parametrize(
    ("more", "ends"),
    [
        ({"rests_on": "estimated", "likely_low_pct": 42.0, "likely_high_pct": 45.0}, (42.0, 45.0)),
        ({"rests_on": "counted", "likely_low_pct": 42.0, "likely_high_pct": 45.0}, (42.0, 45.0)),
        ({"rests_on": "counted", "likely_low_pct": None, "likely_high_pct": None}, (20.0, 70.0)),
        ({"rests_on": "bounds", "likely_low_pct": None, "likely_high_pct": None}, (None, None)),
        ({"rests_on": "estimated", "likely_low_pct": None, "likely_high_pct": None}, (None, None)),
        # A row of a question that has hard bounds only is judged by them.
        ({}, (20.0, 70.0)),
        ({"low_pct": None}, (None, None)),
    ],
)
def test_the_interval_of_a_row(more: dict[str, Any], ends: tuple[Any, Any]) -> None:
    value = value_of({**ROW, **more}, "share_pct", "low_pct", "high_pct")
    assert value is not None
    assert (value.low, value.high) == ends
    assert value_of({**ROW, **more}, "missing", "low_pct", "high_pct") is None


def test_names_of_likely_ends() -> None:
    assert speech.likely_name("low") == "likely_low"
    assert speech.likely_name("share_high_pct") == "share_likely_high_pct"
    with pytest.raises(ValueError, match="not an end"):
        speech.likely_name("share_pct")


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (1.0, "very likely"),
        (0.95, "very likely"),
        (0.94, "likely"),
        (0.66, "likely"),
        (0.65, "cannot be told apart"),
        (0.0, "cannot be told apart"),
        (None, "cannot be told apart"),
    ],
)
def test_the_word_of_a_probability(p: float | None, word: str) -> None:
    assert speech.certainty_word(p) == word


def test_the_number_of_draws_stands_beside_the_word() -> None:
    assert speech.draws_words(0.98, 200) == "very likely, in 196 of 200 draws"


@pytest.mark.parametrize(
    ("covered", "of_scope", "words"),
    [
        (94.9, 100.0, "likely understated"),
        (95.0, 100.0, ""),
        (29.0, 90.0, "likely understated"),
        (95.1, 90.0, "likely overstated"),
        (95.0, 90.0, ""),
        (None, 90.0, "coverage unknown"),
        (90.0, None, "coverage unknown"),
    ],
)
def test_the_direction_of_coverage(
    covered: float | None, of_scope: float | None, words: str
) -> None:
    assert speech.coverage_words(covered, of_scope) == words


@given(PERCENT, PERCENT, PERCENT)
def test_a_wider_interval_is_never_said_more_boldly(
    first: float, second: float, more: float
) -> None:
    order = list(Manner)
    low, high = sorted((first, second))
    middle = (low + high) / 2
    narrow, wide = likely(low, middle, high), likely(low - more, middle, high)
    assert order.index(speech.manner(narrow, True)) <= order.index(speech.manner(wide, True))


@given(PERCENT, PERCENT, PERCENT)
def test_words_always_carry_the_interval_they_were_allowed_by(
    first: float, second: float, third: float
) -> None:
    low, middle, high = sorted((first, second, third))
    words = speech.share_words(likely(low, middle, high))
    if high - low > speech.WIDEST_SAID:
        assert words is None
    elif high - low > 0.1:
        assert words is not None
        assert "90% interval" in words
        assert words.startswith(speech.whole_percent(middle)) == (
            high - low <= speech.NUMBER_FIRST_WIDTH
        ) or speech.whole_percent(middle).startswith(words[0])


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_draws_never_make_a_weaker_word(first: float, second: float) -> None:
    order = ["cannot be told apart", "likely", "very likely"]
    low, high = sorted((first, second))
    assert order.index(speech.certainty_word(low)) <= order.index(speech.certainty_word(high))


@pytest.mark.parametrize(
    ("point", "unit", "words"),
    [
        ({"likely_low": 42, "likely_high": 45}, "%", "44% (90% interval 42 to 45%)"),
        ({"likely_low": 38, "likely_high": 52}, "%", "38 to 52% (90% interval, middle 44%)"),
        ({"likely_low": 20, "likely_high": 60}, "%", "not known well enough to be said"),
        ({"rests_on": "counted", "low": 44, "high": 44}, "%", "44.0% (counted)"),
        ({"rests_on": "bounds", "low": 43, "high": 45}, "%", "not known well enough to be said"),
        ({"wide": True}, "%", "not known well enough to be said"),
        ({"flagged": True}, "%", "a count in doubt"),
        ({"rests_on": "counted"}, "place", "44th"),
        ({"low": 43, "high": 45}, "%", "44% (hard bounds 43 to 45%)"),
    ],
)
def test_a_point_of_a_chart_in_words(point: dict[str, Any], unit: str, words: str) -> None:
    base = {"rests_on": "estimated"} if "likely_low" in point else {}
    made = Point("2026-05-20", "CN", "China", 44.0, **{**base, **point})
    assert point_words(made, unit) == words


def test_page_file_quote_and_alternative_text_say_one_figure(site: Client) -> None:
    """The headline's share: in the answer, the rows, the alternative text and the quote."""
    row = next(row for row in site.rows("/census/ranking_by_country") if row["country"] == "CN")
    value = value_of(row, "share_pct", "low_pct", "high_pct")
    assert value is not None
    words = speech.share_words(value)
    assert words is not None
    page = unescape(site.get("/census/ranking_by_country").text)
    said = re.search(r'<p class="answer">(.+?)</p>', page)
    assert said is not None
    assert words in said[1]
    svg = unescape(site.get("/census/ranking_by_country.svg").text)
    assert f"China {words}" in svg
    assert words in unescape(site.get("/").text)
    quotes = site.get("/-/quote/ranking_by_country.json").text
    assert f"China: {words}" in quotes.replace("\\u2013", "–") or words in quotes
    cells = site.get("/census/ranking_by_country.csv").text
    assert str(row["share_pct"]) in cells
