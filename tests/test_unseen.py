"""The last crawl of a namespace without a model, by which its unknown creation is bounded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pytest

from census.base.days import day_number
from census.history.model_counts import ModelCounts, ObservedCounts, counts_of_model
from census.history.observed_rows import read_rows
from census.history.window_lengths import WindowLength, WindowLengths
from census.rollups.histories import Histories
from census.rollups.unseen import LEAST_KNOWN, last_crawls_without

FIRST = day_number(date(2025, 1, 1))
CRAWLS = (FIRST, FIRST + 30, FIRST + 60, FIRST + 90)
OLD, NEW, OF_OTHERS, DATED = 1, 900, 901, 902


def crawled(listed: Mapping[int, Iterable[int]], created: str | None = None) -> sqlite3.Connection:
    """Return models of namespace `a`, but for one, and on which days a source listed each."""
    db = sqlite3.connect(":memory:")
    db.execute("create table models (id, name, namespace, region, created_at, created_at_floor)")
    db.execute("create table sources (id, preference)")
    db.execute("insert into sources values (1, 1)")
    db.execute("create table history (source, day, model, downloads_30d, downloads_all_time)")
    for model, days in listed.items():
        namespace = "b" if model == OF_OTHERS else "a"
        dated = "2024-01-01" if model == DATED else created
        db.execute(
            "insert into models values (?, ?, ?, null, ?, 0)", (model, str(model), namespace, dated)
        )
        db.executemany("insert into history values (1, ?, ?, 1, 1)", [(day, model) for day in days])
    return db


def always(models: int, days: Iterable[int] = CRAWLS) -> dict[int, Iterable[int]]:
    return {key: [*days] for key in range(OLD, OLD + models)}


def unseen_of(db: sqlite3.Connection) -> dict[int, int]:
    return last_crawls_without(db, read_rows(db))


def test_a_model_came_after_the_last_crawl_of_its_namespace_without_it() -> None:
    db = crawled(always(LEAST_KNOWN) | {NEW: CRAWLS[2:], DATED: CRAWLS[2:]})
    # On the first day nothing is known to have been there before, so that no crawl is judged.
    assert unseen_of(db) == {NEW: CRAWLS[1]}


def test_a_crawl_of_other_namespaces_says_nothing() -> None:
    db = crawled(always(LEAST_KNOWN) | {OF_OTHERS: CRAWLS[2:]})
    assert unseen_of(db) == {}


@pytest.mark.parametrize(("missing", "found"), [(5, {NEW: CRAWLS[1]}), (6, {})])
def test_a_list_that_lacks_more_than_a_twentieth_is_a_selection(
    missing: int, found: dict[int, int]
) -> None:
    without = {key: [CRAWLS[0], CRAWLS[3]] for key in range(OLD, OLD + missing)}
    db = crawled(always(LEAST_KNOWN) | without | {NEW: CRAWLS[2:]})
    assert {NEW: unseen_of(db).get(NEW)} == (found or {NEW: None})


def test_few_models_are_no_measure_of_a_crawl() -> None:
    db = crawled(always(LEAST_KNOWN - 1) | {NEW: CRAWLS[2:]})
    assert unseen_of(db) == {}


def test_the_histories_begin_after_that_crawl() -> None:
    db = crawled({NEW: CRAWLS[2:]})
    windows = [ObservedCounts(day, 1, 3000, None) for day in (FIRST + 400, FIRST + 430)]
    known: ModelCounts = counts_of_model(windows, None)[0]
    lengths = WindowLengths([WindowLength(0, 30, 30, 30.0)])
    days = [FIRST + 300, FIRST + 360, FIRST + 430]

    def drawn(unseen: dict[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return Histories(db, {}, lengths, days[-1], unseen).draws_of_uncounted(NEW, known, days)

    # Nothing comes before the crawl without it; without one the model may be 540 days older.
    assert drawn({NEW: FIRST + 365})[:, :2].max() == 0
    assert drawn({})[:, 0].max() > 0
