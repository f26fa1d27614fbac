"""Downloads in the first days, the Relative Adoption Metric and recent growth, from curves."""

from __future__ import annotations

from datetime import date

import pytest

from census.adoption import (
    Adoption,
    adoption_row,
    first_days,
    is_known,
    make_references,
    recent_rows,
    relative,
)
from census.cleaning import Count, clean_counts
from census.curves import HUB_FLOOR, Curve, Growth, make_curve
from census.series import day_number

CREATED = day_number(date(2026, 1, 1))


def curve_through(*counts: tuple[int, int], created: int | None = CREATED) -> Curve:
    """Return a curve through (days after creation, count), without any 30-day count."""
    cleaned = clean_counts([Count(CREATED + day, value) for day, value in counts])
    curve = make_curve(cleaned, {}, created, {})
    assert curve is not None
    return curve


def growth(value: int) -> Growth:
    return Growth(value, value, value)


def test_counted_days_are_exact_and_those_between_are_bounded() -> None:
    curve = curve_through((7, 70), (20, 200))
    rows = {row.days: row for row in first_days(1, curve, CREATED, CREATED, None)}
    assert rows[7].downloads == Growth(70, 70, 70)
    assert rows[7].until == "2026-01-08"
    # Half of the way between 70 on day 7 and 200 on day 20, somewhere between the two.
    assert rows[14].downloads == Growth(140, 70, 200)
    assert sorted(rows) == [7, 14]


def test_the_days_begin_with_the_release_where_it_is_later() -> None:
    curve = curve_through((9, 90), (16, 230), (40, 300))
    rows = {row.days: row for row in first_days(1, curve, CREATED, CREATED + 10, None)}
    # From the end of day 9 on: the day of release is the first.
    assert rows[7].downloads == Growth(140, 140, 140)
    assert sorted(rows) == [7, 14, 30]


@pytest.mark.parametrize(
    ("created", "released"), [(None, CREATED), (HUB_FLOOR, HUB_FLOOR), (CREATED, None)]
)
def test_an_unknown_beginning_has_no_rows(created: int | None, released: int | None) -> None:
    curve = curve_through((30, 70), (50, 200), created=created)
    assert list(first_days(1, curve, created, released, None)) == []


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
    curve = curve_through((10, 100), (40, 150))
    rows = list(recent_rows(1, curve, CREATED + 40))
    assert [row["days"] for row in rows] == [7, 30]
    assert rows[1]["had"] == 100
    assert rows[1]["downloads"] == 50
    assert rows[1]["growth_pct"] == 50.0
    # Counted on both days, the thirty are known; of the seven nothing is certain.
    assert [row["growth_low_pct"] for row in rows] == [0.0, 50.0]
    assert list(recent_rows(1, curve, CREATED + 39)) == []
