"""Downloads in the first days, the Relative Adoption Metric and recent growth, from curves."""

from __future__ import annotations

import sqlite3
from datetime import date

import numpy as np
import pytest

from census.base.days import day_number
from census.history.model_counts import HUB_FLOOR, ModelCounts, ObservedCounts, counts_of_model
from census.history.window_lengths import WindowLength, WindowLengths
from census.rollups.adoption import (
    adoption_row,
    first_days,
    first_spans,
    recent_rows,
    recent_spans,
)
from census.rollups.histories import Growth, Histories, ModelHistory, growths_of
from census.rollups.noise import DRAWS
from census.rollups.published_days import Span
from census.rollups.size_references import (
    Adoption,
    Yardstick,
    is_known,
    make_references,
    relative,
)

CREATED = day_number(date(2026, 1, 1))


def model_of(*counts: tuple[int, int], created: int | None = CREATED) -> ModelCounts:
    """Return a model with counts on (days after creation, count), without any 30-day count."""
    rows = [ObservedCounts(CREATED + day, 1, None, value) for day, value in counts]
    return counts_of_model(rows, created)[0]


def history_of(known: ModelCounts, spans: list[Span]) -> ModelHistory:
    """Return the history of a model on the days of spans."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create table models (id, name, region)")
    connection.execute("insert into models values (1, 'x/one', null)")
    lengths = WindowLengths([WindowLength(0, 30, 30, 30.0)])
    histories = Histories(connection, {1: known}, lengths, known.counts[-1].day)
    return histories.on(1, spans)


def rows_of(known: ModelCounts, released: int | None) -> dict[int, Adoption]:
    """Return a model's downloads in its first days, by their number."""
    spans = first_spans(known, released)
    return {row.days: row for row in first_days(history_of(known, spans), 1, known, spans, None)}


def growth(value: int) -> Growth:
    return Growth(value, value, value, value, value)


def taken_up(model: int, days: int, *counts: float, bucket: str | None = "1-5B") -> Adoption:
    """Return a model that has some counts in so many draws each, without bounds above."""
    draws = np.repeat(np.array(counts, dtype=np.float64), DRAWS // len(counts))
    (downloads,) = growths_of(draws[:, None], np.array([draws.min()]), np.array([draws.max()]))
    return Adoption(model, days, "", downloads, bucket, False, draws)


def test_counted_days_are_exact_and_those_between_are_bounded() -> None:
    rows = rows_of(model_of((7, 70), (20, 200)), CREATED)
    assert rows[7].downloads == growth(70)
    assert rows[7].until == "2026-01-08"
    # Somewhere between 70 on day 7 and 200 on day 20.
    between = rows[14].downloads
    assert (between.low, between.high) == (70, 200)
    assert 70 < between.likely_low < between.middle < between.likely_high < 200
    # Day 7 is counted, as is the beginning; day 14 is not.
    assert {days: row.counted for days, row in rows.items()} == {7: True, 14: False}
    assert sorted(rows) == [7, 14]


def test_the_days_begin_with_the_release_where_it_is_later() -> None:
    rows = rows_of(model_of((9, 90), (16, 230), (40, 300)), CREATED + 10)
    # From the end of day 9 on: the day of release is the first.
    assert rows[7].downloads == growth(140)
    assert sorted(rows) == [7, 14, 30]


@pytest.mark.parametrize(
    ("created", "released"), [(None, CREATED), (HUB_FLOOR, HUB_FLOOR), (CREATED, None)]
)
def test_an_unknown_beginning_has_no_rows(created: int | None, released: int | None) -> None:
    assert first_spans(model_of((30, 70), (50, 200), created=created), released) == []


@pytest.mark.parametrize(("low", "high", "known"), [(90, 100, True), (89, 100, False)])
def test_a_count_is_known_within_a_tenth(low: int, high: int, known: bool) -> None:
    assert is_known(Growth(95, low, high, low, high)) is known


def test_references_are_the_tenth_and_the_median_of_ten() -> None:
    found = [taken_up(n, 7, 100 * n) for n in range(1, 13)]
    found += [taken_up(99, 7, 10**6, bucket=None)]
    reference = make_references(found)["1-5B", 7]
    assert reference.models == 12
    # Ranked 1200, 1100, … 300: the tenth is 300, the fifth and the sixth are 800 and 700.
    assert reference.tenth[:5] == (300, 300, 300, 300, 300)
    assert reference.median[:5] == (750.0, 750.0, 750.0, 750.0, 750.0)
    assert reference.counted_pct == 0.0


def test_the_ten_largest_are_those_of_each_draw() -> None:
    # Nine have 900. Of two more one has 500 and the other 100, which of them differs by draw: the
    # tenth has 500 in every draw, though each of the two has 300 in the middle.
    found = [taken_up(n, 7, 900) for n in range(9)]
    found += [taken_up(10, 7, 100, 500), taken_up(11, 7, 500, 100)]
    reference = make_references(found)["1-5B", 7]
    assert reference.tenth[:5] == (500, 100, 500, 500, 500)


def test_nine_models_are_no_reference() -> None:
    found = [taken_up(n, 7, n) for n in range(9)]
    assert make_references(found) == {}


def test_the_tenth_never_falls_with_age_and_the_median_may() -> None:
    found = [taken_up(n, 7, 500) for n in range(10)]
    found += [taken_up(n, 14, 400) for n in range(10)]
    references = make_references(found)
    assert references["1-5B", 14].tenth[:5] == (500, 500, 500, 500, 500)
    assert references["1-5B", 14].median[:3] == (400.0, 400.0, 400.0)


def test_the_metric_is_bounded_by_both_sides() -> None:
    row = taken_up(1, 7, 40, 60)
    assert relative(row, of_size(100, 80, 120))[:3] == (0.5, 0.3333, 0.75)
    assert relative(row, of_size(100, 0, 120))[:3] == (0.5, 0.3333, None)


def of_size(best: float, low: float, high: float, *draws: float) -> Yardstick:
    """Return what models of a size are measured by, the same in every draw by default."""
    drawn = np.repeat(np.array(draws or (best,), dtype=np.float64), DRAWS // len(draws or (1,)))
    return Yardstick(best, low, high, low, high, drawn)


def test_the_metric_of_each_draw_has_the_reference_of_that_draw() -> None:
    row = taken_up(1, 7, 40, 60)
    # 40 of 80 in one half of the draws and 60 of 120 in the other are the same.
    assert relative(row, of_size(100, 80, 120, 80, 120))[3:] == (0.5, 0.5)
    # The other way round they are 40 of 120 and 60 of 80.
    assert relative(row, of_size(100, 80, 120, 120, 80))[3:] == (0.3333, 0.75)
    # Nothing limits the metric above where a quarter of the draws has no reference.
    assert relative(row, of_size(100, 0, 120, 0, 100, 100, 100))[3:] == (0.4, None)


def test_a_size_without_reference_has_no_metric() -> None:
    row = adoption_row(taken_up(1, 7, 70), {})
    assert (row["downloads"], row["likely_low"], row["likely_high"]) == (70, 70, 70)
    assert row["ram_tenth"] is None
    assert row["ram_median_high"] is None
    assert row["ram_tenth_likely_low"] is None


def test_recent_growth_needs_a_count_on_the_last_day() -> None:
    known = model_of((10, 100), (40, 150))
    spans = recent_spans(known, CREATED + 40)
    rows = list(recent_rows(history_of(known, spans), 1, known, spans))
    assert [row["days"] for row in rows] == [7, 30]
    assert rows[1]["had"] == 100
    assert rows[1]["downloads"] == 50
    assert rows[1]["growth_pct"] == 50.0
    # Counted on both days, the thirty are known; of the seven nothing is certain.
    assert [row["growth_low_pct"] for row in rows] == [0.0, 50.0]
    assert [row["counted"] for row in rows] == [0, 1]
    week, month = ((row["growth_likely_low_pct"], row["growth_likely_high_pct"]) for row in rows)
    assert month == (50.0, 50.0)
    # In seven of the thirty days something of the 50 came, so that it was a part of 100 to 150.
    assert 0 < week[0] < rows[0]["growth_pct"] < week[1] < 50
    assert recent_spans(known, CREATED + 39) == []
