"""Which days of a source are set aside, what a ledger's line covers, and which counts stand out."""

from __future__ import annotations

import sqlite3

import pytest

from census.base.days import day_number, day_of
from census.database.loading import SCHEMA
from census.history.quality_events import inexact_days, outliers, unusable_days, whole_days
from census.store.ledger import Entry

SOURCES = {"daily": 1, "other": 2}
FIRST = day_number(day_of(20_000))


def noted(kind: str, first: int, last: int) -> Entry:
    """Return a line of the ledger about days after `FIRST`."""
    days = (day_of(FIRST + first).isoformat(), day_of(FIRST + last).isoformat())
    return Entry(kind, "daily", *days, None, "Because.", "2026-09-05")


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


def database(*history: tuple[int, int, int, int]) -> sqlite3.Connection:
    """Return a database with observations (day after `FIRST`, model, source, 30-day count)."""
    db = sqlite3.connect(":memory:")
    db.executescript(SCHEMA.read_text(encoding="utf-8"))
    for number, kind in ((1, "archive"), (2, "import"), (3, "hub")):
        values = (number, f"source-{number}", kind, number)
        db.execute("insert into sources values (?, ?, '', ?, 'hub', '', '', '', ?, null)", values)
    for day in {row[0] for row in history}:
        stated = (FIRST + day, day_of(FIRST + day).isoformat())
        db.execute("insert into snapshots values (?, ?, 0, 0)", stated)
    for day, model, source, downloads in history:
        db.execute(
            "insert into history values (?, ?, ?, ?, null, null)",
            (FIRST + day, model, source, downloads),
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
