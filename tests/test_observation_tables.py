"""From the observations of files to the history: one row of each model, day and source."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from census.base.csv_files import Row
from census.base.names import NameDict
from census.database.loading import create_database
from census.database.observation_tables import history_of, load_observations
from census.inputs.registry import Registry
from census.store.ledger import LedgerEntry
from census.store.observation_columns import ObservationColumns
from census.store.observations import Observation, ObservationFile

# 20454 and 20455 are 2026-01-01 and the day after.
FIRST, SECOND = 20454, 20455
SOURCES = {"ours": 1, "theirs": 2}
RENAMED = NameDict([("old/one", Row({"model_id": "new/one"}, "model_aliases.csv", 2))])
REGISTRY = Registry({}, {}, NameDict(), {}, RENAMED, {})
KEYS = NameDict([("new/one", 7), ("new/two", 8)])


def day(
    source: str, number: int, *rows: tuple[object, ...]
) -> tuple[ObservationFile, list[Observation]]:
    """Return a file of a source's day in January 2026, and its observations."""
    path = f"{source}/2026/2026-01-{number:02}.csv"
    observations = [Observation(row[0], None, *row[1:]) for row in rows]  # type: ignore[arg-type]
    return ObservationFile(path, len(rows), "0", "made", "-", "-", "-"), observations


def history_rows(
    *files: tuple[ObservationFile, list[Observation]], ledger: tuple[LedgerEntry, ...] = ()
) -> list[list[int]]:
    """Return the rows of the history that files make."""
    history, _ = history_of(ObservationColumns.of_rows(files), KEYS, REGISTRY, SOURCES, ledger)
    return [list(row) for row in zip(*(column.tolist() for column in history), strict=True)]


def test_rows_are_in_order_of_days_models_and_sources() -> None:
    assert history_rows(
        day("theirs", 2, ("new/two", 1, None, 4)),
        day("ours", 1, ("new/one", 2, 20, None), ("new/two", 3, 30, 0)),
        day("ours", 2, ("new/two", 5, 50, 6), ("other/model", 9, 9, 9)),
    ) == [
        [FIRST, 7, 1, 2, 20, -1],
        [FIRST, 8, 1, 3, 30, 0],
        [SECOND, 8, 1, 5, 50, 6],
        [SECOND, 8, 2, 1, -1, 4],
    ]


def test_of_two_names_of_a_model_the_row_under_the_present_one_is_kept() -> None:
    files = [
        day("ours", 1, ("new/one", 1, 10, 1), ("old/one", 2, 20, 2)),
        day("ours", 2, ("old/ONE", 3, 30, 3), ("old/one", 4, 40, 4)),
    ]
    observed = ObservationColumns.of_rows(files)
    history, twice = history_of(observed, KEYS, REGISTRY, SOURCES, ())
    assert history.all_time.tolist() == [10, 40]
    assert history.days.tolist() == [FIRST, SECOND]
    assert twice == {files[0][0]: 1, files[1][0]: 1}


def test_likes_of_0_are_unknown_where_the_source_did_not_fetch_them() -> None:
    ledger = (LedgerEntry("no_likes", "ours", "2026-01-02", "2026-01-03", None, "", ""),)
    files = [day("ours", number, ("new/one", 1, 1, 0), ("new/two", 1, 1, 5)) for number in (1, 2)]
    theirs = day("theirs", 2, ("new/one", 1, 1, 0))
    likes = [row[5] for row in history_rows(*files, theirs, ledger=ledger)]
    assert likes == [0, 5, -1, 0, 5]


def test_a_models_newest_counts_are_of_the_last_day_and_the_preferred_source(
    tmp_path: Path,
) -> None:
    db = create_database(tmp_path / "made.db")
    connection: sqlite3.Connection = db.conn
    connection.execute("pragma foreign_keys = off")
    columns = [row[1] for row in connection.execute("pragma table_info(sources)")]
    for slug, number, preference in (("ours", 1, 2), ("theirs", 2, 1)):
        row = dict.fromkeys(columns, "-") | {"id": number, "slug": slug, "preference": preference}
        db.table("sources").insert(row | {"channel": "hub"})
    connection.execute("drop table models")
    connection.execute(
        "create table models"
        " (id, latest_30d, latest_30d_on, latest_all_time, latest_all_time_on, likes)"
    )
    connection.executemany("insert into models (id) values (?)", [(7,), (8,)])
    files = [
        day("ours", 1, ("new/one", 1, 10, 3)),
        day("ours", 2, ("new/one", 2, 20, None)),
        day("theirs", 2, ("new/one", 4, None, None)),
    ]
    load_observations(db, ObservationColumns.of_rows(files), KEYS, REGISTRY, ())
    assert connection.execute("select * from models order by id").fetchall() == [
        (7, 4, "2026-01-02", 20, "2026-01-02", 3),
        (8, None, None, None, None, None),
    ]
    assert connection.execute("select * from snapshots").fetchall() == [
        (FIRST, "2026-01-01", 1, 1),
        (SECOND, "2026-01-02", 2, 1),
    ]
    assert connection.execute("select * from history").fetchall() == [
        (FIRST, 7, 1, 1, 10, 3),
        (SECOND, 7, 1, 2, 20, None),
        (SECOND, 7, 2, 4, None, None),
    ]
