"""What was observed, as columns: the same as a plain reading of rows, one after the other."""

from __future__ import annotations

import itertools
import sqlite3
from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from census.history.cleaning import Count
from census.history.dated import Dated, dated
from census.history.model_counts import ObservedCounts, Window, counts_of_model
from census.history.observed import clean_history
from census.history.observed_rows import read_rows

ROWS = (Count(3, 10), Count(5, 10), Count(9, 40))
UNUSABLE = frozenset({(1, 22), (2, 25)})

counts = st.none() | st.integers(0, 200_000)
# Days and sources of three models; each is seen once by a source and day.
observed = st.dictionaries(
    st.tuples(st.integers(20, 32), st.integers(1, 3), st.integers(1, 2)),
    st.tuples(counts, counts),
    min_size=1,
    max_size=40,
)


def test_columns_read_like_the_tuple_of_their_rows() -> None:
    columns = dated(Count, ROWS)
    assert tuple(columns) == ROWS
    assert (columns[-1], tuple(columns[1:]), tuple(reversed(columns))) == (
        ROWS[-1],
        ROWS[1:],
        ROWS[::-1],
    )
    assert [tuple(columns.until(day)) for day in (2, 5, 9)] == [(), ROWS[:2], ROWS]
    assert tuple(columns.where(columns.values == 10)) == ROWS[:2]
    assert not dated(Window, ())
    assert dated(Count, columns) is columns
    assert isinstance(columns[0].day, int)


@given(observed)
def test_columns_say_of_each_model_what_its_rows_say_one_by_one(
    seen: dict[tuple[int, int, int], tuple[int | None, int | None]],
) -> None:
    """Source 2 is preferred to source 1; two of the days of a source are not used."""
    connection = database(seen)
    plain: dict[int, list[ObservedCounts]] = defaultdict(list)
    for day, model, source in sorted(seen, key=lambda key: (key[1], key[0], -key[2])):
        plain[model].append(ObservedCounts(day, source, *seen[day, model, source]))
    history = clean_history(read_rows(connection), UNUSABLE, dict.fromkeys(plain, 24))
    assert list(history.counts) == sorted(plain)
    for model, rows in plain.items():
        usable = [row for row in rows if (row.source, row.day) not in UNUSABLE]
        known, _ = counts_of_model(usable, 24)
        assert history.counts[model] == known
        firsts: dict[int, int] = {}
        for row in usable:
            if row.downloads_30d is not None:
                firsts.setdefault(row.day, row.downloads_30d)
        assert {(one.day, one.growth) for one in known.windows} <= set(firsts.items())
    assert {
        source: {day: list(one) for day, one in history.movements_of(source).items()}
        for source in (1, 2)
    } == movements(plain)


def movements(plain: dict[int, list[ObservedCounts]]) -> dict[int, dict[int, list[int]]]:
    """Return days, growth, busy and stuck models by source and day, one row after the other."""
    found: dict[int, dict[int, list[int]]] = {1: {}, 2: {}}
    for rows in plain.values():
        for source, by_day in found.items():
            counted = [
                row
                for row in rows
                if row.source == source
                and row.downloads_all_time is not None
                and (source, row.day) not in UNUSABLE
            ]
            for before, row in itertools.pairwise(counted):
                moved = (row.downloads_all_time or 0) - (before.downloads_all_time or 0)
                busy = (row.downloads_30d or 0) >= 60_000
                total = by_day.setdefault(row.day, [row.day - before.day, 0, 0, 0])
                total[0] = min(total[0], row.day - before.day)
                total[1] += max(moved, 0)
                total[2] += busy
                total[3] += busy and moved == 0
    return {source: dict(sorted(by_day.items())) for source, by_day in found.items()}


def database(
    seen: dict[tuple[int, int, int], tuple[int | None, int | None]],
) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "create table sources (id, preference);"
        " insert into sources values (1, 9), (2, 5);"
        " create table history (day, model, source, downloads_30d, downloads_all_time)"
    )
    connection.executemany(
        "insert into history values (?, ?, ?, ?, ?)",
        ((*key, *values) for key, values in sorted(seen.items())),
    )
    return connection


def test_rows_are_in_order_of_models_days_and_preference() -> None:
    rows = read_rows(database({(30, 1, 1): (1, None), (21, 3, 1): (2, 5), (30, 1, 2): (None, 7)}))
    assert rows.models.tolist() == [1, 1, 3]
    assert rows.sources.tolist() == [2, 1, 1]
    assert rows.in_30d.tolist() == [-1, 1, 2]
    assert rows.all_time.tolist() == [7, -1, 5]
    assert rows.of_days({(1, 30)}).tolist() == [False, True, False]


def test_no_observations_are_no_rows() -> None:
    rows = read_rows(database({}))
    assert len(rows.days) == 0
    assert rows.of_days({(1, 30)}).tolist() == []
    assert Dated(Count, np.array([], dtype=np.int64), np.array([], dtype=np.int64)) == ()
