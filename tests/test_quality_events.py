"""Which days of a source are set aside, what a ledger's line covers, and which counts stand out."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
import sqlite_utils

from census.base.days import day_number, day_of
from census.database.declared_tables import schema
from census.history.observed import clean_history
from census.history.observed_rows import read_rows
from census.history.quality_events import (
    inexact_days,
    load_events,
    outliers,
    unusable_days,
    whole_days,
)
from census.store.ledger import LedgerEntry

SOURCES = {"daily": 1, "other": 2}
FIRST = day_number(day_of(20_000))


def noted(kind: str, first: int, last: int) -> LedgerEntry:
    """Return a line of the ledger about days after `FIRST`."""
    days = (day_of(FIRST + first).isoformat(), day_of(FIRST + last).isoformat())
    return LedgerEntry(kind, "daily", *days, None, "Because.", "2026-09-05")


@pytest.mark.parametrize("kind", ["skip_day", "partial"])
def test_a_noted_span_is_set_aside_from_its_first_day_to_its_last(kind: str) -> None:
    days = unusable_days({}, [noted(kind, 3, 5)], SOURCES)
    assert days == {(1, FIRST + 3), (1, FIRST + 4), (1, FIRST + 5)}
    assert unusable_days({}, [noted(kind, 3, 3)], SOURCES) == {(1, FIRST + 3)}
    assert inexact_days([noted(kind, 3, 5)], SOURCES) == frozenset()


def test_an_inexact_span_is_used_for_all_but_what_must_be_exact() -> None:
    ledger = [noted("inexact", 1, 2), noted("fall", 4, 9)]
    assert inexact_days(ledger, SOURCES) == {(1, FIRST + 1), (1, FIRST + 2)}
    assert unusable_days({}, ledger, SOURCES) == frozenset()


def test_partial_days_are_set_aside_beside_those_that_were_noted() -> None:
    whole = {2: [(FIRST, 100), (FIRST + 1, 40), (FIRST + 2, 100)]}
    days = unusable_days(whole, [noted("skip_day", 0, 0)], SOURCES)
    assert days == {(2, FIRST + 1), (1, FIRST)}


# Day after `FIRST`, model, source, 30-day count and, where there is one, all-time count.
Seen = tuple[int, int, int, int] | tuple[int, int, int, int, int]


def database(*history: Seen) -> sqlite3.Connection:
    """Return a database with observations; sources 1 and 3 list every model, 2 is a selection."""
    db = sqlite3.connect(":memory:")
    db.executescript(schema())
    for number, kind in ((1, "archive"), (2, "import"), (3, "hub")):
        values = (number, f"source-{number}", kind, number)
        db.execute("insert into sources values (?, ?, '', ?, 'hub', '', '', '', ?, null)", values)
    for day in {row[0] for row in history}:
        stated = (FIRST + day, day_of(FIRST + day).isoformat())
        db.execute("insert into snapshots values (?, ?, 0, 0)", stated)
    for day, model, source, *counts in history:
        downloads, total = counts if len(counts) == 2 else (*counts, None)
        db.execute(
            "insert into history values (?, ?, ?, ?, ?, null)",
            (FIRST + day, model, source, downloads, total),
        )
    return db


def test_only_sources_that_list_every_model_have_whole_days() -> None:
    db = database((0, 1, 1, 5), (0, 2, 1, 5), (1, 1, 1, 5), (1, 1, 2, 5), (1, 1, 3, 5))
    assert whole_days(db) == {1: [(FIRST, 2), (FIRST + 1, 1)], 3: [(FIRST + 1, 1)]}


@pytest.mark.parametrize(
    ("count", "other", "apart", "stands_out"),
    [
        (10_000_000, 1_000_000, 31, True),
        (9_999_999, 10, 31, False),
        (10_000_000, 1_000_001, 31, False),
        # The same downloads are in both counts: nothing stands out from them.
        (10_000_000, 1_000_000, 30, False),
    ],
)
def test_a_count_stands_out_from_ten_million_and_ten_times_the_others_on(
    count: int, other: int, apart: int, stands_out: bool
) -> None:
    for early, late in ((count, other), (other, count)):
        found = outliers(database((0, 7, 1, early), (apart, 7, 1, late), (0, 8, 1, 5)))
        assert [(one.model, one.source, one.downloads_30d) for one in found] == (
            [(7, "source-1", count)] if stands_out else []
        )


def test_the_largest_count_of_a_model_stands_out_and_is_compared_with_its_largest_other() -> None:
    seen = [(0, 7, 1, 1_100_000), (0, 8, 1, 9_000_000), (40, 7, 1, 10_000_000),
            (45, 7, 1, 12_000_000), (46, 7, 1, 11_000_000), (90, 7, 1, 10)]  # fmt: skip
    found = [(one.model, one.day - FIRST, one.downloads_30d) for one in outliers(database(*seen))]
    assert found == [(7, 45, 12_000_000)]
    assert outliers(database(*seen, (80, 7, 1, 1_200_001))) == []


Event = tuple[str, str | None, int, int, int | None, int | None]


def events_of(
    db: sqlite3.Connection,
    ledger: Sequence[LedgerEntry] = (),
    repeated: Mapping[tuple[str, date], int] | None = None,
) -> list[Event]:
    """Return the events of a database: kind, source, days after `FIRST`, model, how many models."""
    models = [row[0] for row in db.execute("select distinct model from history")]
    history = clean_history(read_rows(db), frozenset(), dict.fromkeys(models))
    load_events(
        sqlite_utils.Database(db), history, whole_days(db), ledger, repeated or {}, outliers(db)
    )
    rows = db.execute(
        "select id, kind, source, from_date, to_date, model, models from quality_events order by id"
    ).fetchall()
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    return [
        (
            kind,
            source,
            *(day_number(date.fromisoformat(day)) - FIRST for day in (first, last)),
            model,
            many,
        )
        for _, kind, source, first, last, model, many in rows
    ]


def test_what_one_model_did_names_it_and_what_several_did_counts_them() -> None:
    fell = [
        (day, model, 2, 0, total)
        for model in (7, 8, 9)
        for day, total in enumerate((100, 110, 60, 61, 130) if model < 9 else (5, 4, 6, 7, 8))
    ]
    assert events_of(database(*fell)) == [
        ("rollback", None, 1, 1, 9, 1),
        ("rollback", None, 2, 3, None, 2),
    ]


def test_days_of_a_source_that_are_short_or_missing_are_told() -> None:
    """Four models, then one of them, nothing for three days, two (which is half), and four."""
    listed = {0: 4, 1: 1, 5: 2, 6: 4}
    seen = [
        (day, model, 1, 10, 1000 + day) for day, many in listed.items() for model in range(many)
    ]
    # A selection may list what it will.
    seen += [(0, 1, 2, 10, 1000), (9, 1, 2, 10, 1009)]
    assert events_of(database(*seen)) == [
        ("partial", "source-1", 1, 1, None, 1),
        ("gap", "source-1", 2, 4, None, None),
    ]


def test_a_source_that_lists_less_for_good_has_a_new_size() -> None:
    listed = [9, *[2] * 7, 3]
    seen = [(day, model, 1, 10) for day, many in enumerate(listed) for model in range(many)]
    assert events_of(database(*seen)) == [("new_size", "source-1", 1, 8, None, 2)]


@pytest.mark.parametrize(("stuck", "told"), [(5, True), (4, False)])
def test_a_day_on_which_a_quarter_of_the_busy_models_did_not_move_is_a_stall(
    stuck: int, told: bool
) -> None:
    seen = [
        (day, model, 1, 60_000, 10**6 + (day if model >= stuck else 0))
        for day in (0, 1)
        for model in range(20)
    ]
    assert events_of(database(*seen)) == ([("stall", "source-1", 1, 1, None, None)] if told else [])


def test_a_month_of_longer_or_shorter_windows_is_told_from_its_first_day_to_its_last() -> None:
    """Growth of 100 a day and 2,700 in "30 days", measured on all days of November."""
    seen = [(day, 7, 1, 2700, 5000 + 100 * day) for day in range(-5, 68)]
    november = day_number(date(2024, 11, 1)) - FIRST
    assert events_of(database(*seen)) == [
        ("window_length", "source-1", november, november + 29, None, None)
    ]


def test_events_are_in_order_of_days_kinds_sources_and_models() -> None:
    ledger = [
        noted("skip_day", 1, 2),
        noted("fall", 1, 3),
        noted("fall", 1, 2),
        noted("fall", 1, 9)._replace(source="after", models=12),
    ]
    large = [(40, model, 1, 20_000_000) for model in (8, 7)]
    repeated = {("source-3", day_of(FIRST)): 3}
    assert events_of(database(*large), ledger, repeated) == [
        ("repeated", "source-3", 0, 0, None, 3),
        ("fall", "after", 1, 9, None, 12),
        ("fall", "daily", 1, 2, None, None),
        ("fall", "daily", 1, 3, None, None),
        ("skip_day", "daily", 1, 2, None, None),
    ]
    # One that stands out is one of a model that has others.
    large += [(0, model, 1, 2_000_000) for model in (8, 7)]
    found = events_of(database(*large), ledger, repeated)
    assert found[-2:] == [
        ("outlier", "source-1", 40, 40, 7, 1),
        ("outlier", "source-1", 40, 40, 8, 1),
    ]
