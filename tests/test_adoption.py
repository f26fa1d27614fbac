"""Downloads in the first days, the Relative Adoption Metric and recent growth, from curves."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from census.base.days import day_number
from census.history.known import HUB_FLOOR, Known, Seen, known_of
from census.history.window_lengths import WindowLength, WindowLengths
from census.rollups.adoption import (
    Adoption,
    adoption_row,
    first_days,
    first_spans,
    is_known,
    make_references,
    recent_rows,
    recent_spans,
    relative,
)
from census.rollups.histories import Growth, Histories, HistoryOn
from census.rollups.published_days import Span

CREATED = day_number(date(2026, 1, 1))


def model_of(*counts: tuple[int, int], created: int | None = CREATED) -> Known:
    """Return a model with counts on (days after creation, count), without any 30-day count."""
    rows = [Seen(CREATED + day, 1, None, value) for day, value in counts]
    return known_of(rows, created)[0]


def history_of(known: Known, spans: list[Span]) -> HistoryOn:
    """Return the history of a model on the days of spans."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create table models (id, name, region)")
    connection.execute("insert into models values (1, 'x/one', null)")
    lengths = WindowLengths([WindowLength(0, 30, 30, 30.0)])
    histories = Histories(connection, {1: known}, lengths, known.counts[-1].day)
    return histories.on(1, spans)


def rows_of(known: Known, released: int | None) -> dict[int, Adoption]:
    """Return a model's downloads in its first days, by their number."""
    spans = first_spans(known, released)
    return {row.days: row for row in first_days(history_of(known, spans), 1, spans, None)}


def growth(value: int) -> Growth:
    return Growth(value, value, value)


def test_counted_days_are_exact_and_those_between_are_bounded() -> None:
    rows = rows_of(model_of((7, 70), (20, 200)), CREATED)
    assert rows[7].downloads == Growth(70, 70, 70)
    assert rows[7].until == "2026-01-08"
    # Somewhere between 70 on day 7 and 200 on day 20.
    assert rows[14].downloads[1:] == (70, 200)
    assert 70 < rows[14].downloads.best < 200
    assert sorted(rows) == [7, 14]


def test_the_days_begin_with_the_release_where_it_is_later() -> None:
    rows = rows_of(model_of((9, 90), (16, 230), (40, 300)), CREATED + 10)
    # From the end of day 9 on: the day of release is the first.
    assert rows[7].downloads == Growth(140, 140, 140)
    assert sorted(rows) == [7, 14, 30]


@pytest.mark.parametrize(
    ("created", "released"), [(None, CREATED), (HUB_FLOOR, HUB_FLOOR), (CREATED, None)]
)
def test_an_unknown_beginning_has_no_rows(created: int | None, released: int | None) -> None:
    assert first_spans(model_of((30, 70), (50, 200), created=created), released) == []


@pytest.mark.parametrize(("low", "high", "known"), [(90, 100, True), (89, 100, False)])
def test_a_count_is_known_within_a_tenth(low: int, high: int, known: bool) -> None:
    assert is_known(Growth(95, low, high)) is known


def test_references_are_the_tenth_and_the_median_of_ten() -> None:
    found = [Adoption(n, 7, "", growth(100 * n), "1-5B") for n in range(1, 13)]
    found += [Adoption(99, 7, "", growth(10**6), None)]
    reference = make_references(found)["1-5B", 7]
    assert reference.models == 12
    # Ranked 1200, 1100, … 300: the tenth is 300, the fifth and the sixth are 800 and 700.
    assert reference.tenth == growth(300)
    assert reference.median == (750.0, 750.0, 750.0)


def test_nine_models_are_no_reference() -> None:
    found = [Adoption(n, 7, "", growth(n), "1-5B") for n in range(9)]
    assert make_references(found) == {}


def test_the_tenth_never_falls_with_age_and_the_median_may() -> None:
    found = [Adoption(n, 7, "", growth(500), "1-5B") for n in range(10)]
    found += [Adoption(n, 14, "", growth(400), "1-5B") for n in range(10)]
    references = make_references(found)
    assert references["1-5B", 14].tenth == growth(500)
    assert references["1-5B", 14].median == (400.0, 400.0, 400.0)


def test_the_metric_is_bounded_by_both_sides() -> None:
    assert relative(Growth(50, 40, 60), Growth(100, 80, 120)) == (0.5, 0.3333, 0.75)
    assert relative(Growth(50, 40, 60), Growth(100, 0, 120)) == (0.5, 0.3333, None)


def test_a_size_without_reference_has_no_metric() -> None:
    row = adoption_row(Adoption(1, 7, "2026-01-08", growth(70), "1-5B"), {})
    assert row["downloads"] == 70
    assert row["ram_tenth"] is None
    assert row["ram_median_high"] is None


def test_recent_growth_needs_a_count_on_the_last_day() -> None:
    known = model_of((10, 100), (40, 150))
    spans = recent_spans(known, CREATED + 40)
    rows = list(recent_rows(history_of(known, spans), 1, spans))
    assert [row["days"] for row in rows] == [7, 30]
    assert rows[1]["had"] == 100
    assert rows[1]["downloads"] == 50
    assert rows[1]["growth_pct"] == 50.0
    # Counted on both days, the thirty are known; of the seven nothing is certain.
    assert [row["growth_low_pct"] for row in rows] == [0.0, 50.0]
    assert recent_spans(known, CREATED + 39) == []
