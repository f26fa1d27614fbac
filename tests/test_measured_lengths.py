"""The length of windows, measured on daily counts: a month that does not fit is an event."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from census.base.csv_files import Problem
from census.base.days import day_number
from census.base.file_changes import apply, locked
from census.database.build import build
from census.history.measured_lengths import (
    LEAST_COUNTS,
    MeasuredLength,
    measured_lengths,
    unfitting,
    window_length,
)
from census.history.observed_rows import ObservedRows, read_rows
from census.store.observations import (
    DayOfObservations,
    Observation,
    add_days,
    read_manifest,
    read_observations,
)

FIRST = day_number(date(2026, 1, 1))


def daily(length: int, a_day: int = 1000, days: int = 80) -> ObservedRows:
    """Return the counts of one model that grows evenly, its windows `length` days long."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "create table history (day, model, source, downloads_30d, downloads_all_time)"
    )
    connection.execute("create table sources (id, preference)")
    connection.execute("insert into sources values (7, 1)")
    connection.executemany(
        "insert into history values (?, 1, 7, ?, ?)",
        ((FIRST + day, a_day * min(day, length), a_day * day) for day in range(days)),
    )
    return read_rows(connection)


@pytest.mark.parametrize(("length", "fits"), [(27, False), (29, True), (31, True), (33, False)])
def test_the_mean_length_of_a_month_is_that_of_its_windows(length: int, fits: bool) -> None:
    found = {one.month: one for one in measured_lengths(daily(length))}
    assert found["2026-03"].mean == pytest.approx(length)
    assert found["2026-03"].source == 7
    assert found["2026-03"].fits is fits
    told = dict(unfitting(list(found.values())))
    assert (found["2026-03"] in told) is not fits


def test_small_counts_and_few_of_them_say_nothing() -> None:
    assert measured_lengths(daily(30, a_day=60)) == []
    assert measured_lengths(daily(30, days=30 + LEAST_COUNTS - 12)) == []


def test_the_beginning_of_a_window_lies_between_two_counts() -> None:
    counts = [(0, 100), (1, 130), (2, 145)]
    # 125 was reached five sixths of the way through the first day.
    assert window_length(counts, 20) == pytest.approx(2 - 25 / 30)
    assert window_length([(0, 100), (9, 130), (10, 145)], 20) is None
    assert window_length(counts, 50) is None
    # A counter that fell says nothing of a length.
    assert window_length([(0, 100), (1, 90), (2, 145)], 20) is None


def test_the_words_name_the_mean_and_how_many() -> None:
    ((_, words),) = unfitting([MeasuredLength(1, "2026-03", 27.04, 1200)])
    assert words == (
        "30-day counts cover 27.0 days in the mean of 1,200; window_lengths.csv needs a look"
    )


def test_the_build_reports_a_month_that_does_not_fit(few_data: Path, tmp_path: Path) -> None:
    data = few_data
    problems: list[Problem] = []
    rows = read_observations(data, read_manifest(data, problems)[-1], problems)
    counted = sorted(
        (row.model_id, row.downloads_all_time) for row in rows if row.downloads_all_time is not None
    )
    for day in range(60):
        on = date(2026, 5, 25) + timedelta(days=day)
        counts = [
            Observation(name, None, 1000 * min(day, 25), total + 1000 * day, None)
            for name, total in counted
        ]
        made = DayOfObservations("hub-stats", on, counts, "made for a test", "", "", "2026-08-01")
        with locked(data):
            apply(data, add_days(data, [made]))
    build(data, tmp_path / "census.db")
    with sqlite3.connect(tmp_path / "census.db") as db:
        events = db.execute(
            "select source, from_date, to_date, what from quality_events"
            " where kind = 'window_length'"
        ).fetchall()
    assert events
    assert events[-1][:3] == ("hub-stats", "2026-07-01", "2026-07-31")
    assert "cover 25.0 days" in events[-1][3]
