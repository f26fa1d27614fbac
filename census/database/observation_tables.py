"""Filling the tables of the observations: their files, days, every count, each model's newest."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import sqlite_utils
from numpy.typing import NDArray

from census.base.days import day_number
from census.base.inserting import ROWS_A_STATEMENT, blank_to_null
from census.base.names import NameDict
from census.history.observed_rows import ObservedRows, order_of_rows, preferred
from census.inputs.registry import Registry
from census.store.ledger import LedgerEntry, without_likes
from census.store.observation_columns import ObservationColumns
from census.store.observations import ObservationFile, is_about

Column = NDArray[np.integer[Any]]

# -1 is how the columns say "unknown".
COUNT = "nullif(?, -1)"


class History(NamedTuple):
    """Observations of known models in order of days, models and sources; columns of one length.

    `days` are days since 1970-01-01, `models` and `sources` numbers of the database; the counts
    are -1 where unknown.
    """

    days: Column
    models: Column
    sources: Column
    in_30d: Column
    all_time: Column
    likes: Column

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> History:
        """Return the rows that a mask marks, or those at some places."""
        return History(*(column[chosen] for column in self))


class LoadedObservations(NamedTuple):
    """All observations, and how many rows of a source's day repeat a model, by source and day."""

    rows: ObservedRows
    repeated: dict[tuple[str, date], int]


def load_observations(
    db: sqlite_utils.Database,
    observed: ObservationColumns,
    keys: NameDict[int],
    registry: Registry,
    ledger: Sequence[LedgerEntry],
) -> LoadedObservations:
    """Load the manifest and every observation, and return what later steps need of them.

    The newest counts of each model are added to its row.
    """
    sources = {row["slug"]: int(row["id"]) for row in db.table("sources").rows}
    _load_files(db, observed.files, sources)
    history, repeated_by_file = history_of(observed, keys, registry, sources, ledger)
    _insert(db.conn, history)
    _add_newest(db, history)
    repeated = {(file.source, file.day): rows for file, rows in repeated_by_file.items()}
    return LoadedObservations(_by_model(history, preferred(db.conn)), repeated)


def _by_model(history: History, preference: Sequence[int]) -> ObservedRows:
    """Return the observations in order of models, days and the sources' preference."""
    keys = history.models, history.days, history.sources
    models, days, sources = (column.astype(np.int32, copy=False) for column in keys)
    order = order_of_rows(models, days, sources, preference)
    in_30d, all_time = (column.astype(np.int64, copy=False) for column in history[3:5])
    return ObservedRows(models[order], days[order], sources[order], in_30d[order], all_time[order])


def history_of(
    observed: ObservationColumns,
    keys: NameDict[int],
    registry: Registry,
    sources: Mapping[str, int],
    ledger: Sequence[LedgerEntry],
) -> tuple[History, Counter[ObservationFile]]:
    """Return the observations by model key, and how many rows of a file repeat a model.

    A source that lists a model under its old and its new name says the same twice: the row under
    the present name is kept. Models without a key are left out.
    """
    present = [registry.present_name(name) for name in observed.names]
    model_of_name = np.array([keys.get(name, -1) for name in present], dtype=np.int32)
    is_present = np.array([*map(str.__eq__, present, observed.names)], dtype=np.bool_)
    files = observed.files
    day_of_file = np.array([day_number(file.day) for file in files], dtype=np.int32)
    source_of_file = np.array([sources[file.source] for file in files], dtype=np.int32)
    no_likes = [without_likes(ledger, file.source, file.day.isoformat()) for file in files]
    # Unknown is never 0.
    is_unknown = np.array(no_likes, dtype=np.bool_)[observed.file] & (observed.likes == 0)
    history = History(
        day_of_file[observed.file],
        model_of_name[observed.name],
        source_of_file[observed.file],
        observed.in_30d,
        observed.all_time,
        np.where(is_unknown, -1, observed.likes),
    )
    is_known = history.models >= 0
    if not is_known.all():
        history = history.where(is_known)
    order = np.argsort(_place_in_order(history), kind="stable")
    if (order[1:] < order[:-1]).any():
        history = history.where(order)
    without_repeated, repeated_by_day = _without_repeated(
        history, is_present[observed.name][is_known][order]
    )
    files_of = {(day_number(file.day), sources[file.source]): file for file in files}
    return without_repeated, Counter(
        {files_of[day_and_source]: rows for day_and_source, rows in repeated_by_day.items()}
    )


def _place_in_order(history: History) -> NDArray[np.int64]:
    """Return one number a row that rises in the order of days, models and sources."""
    place = history.days.astype(np.int64) - int(history.days.min(initial=0))
    for column in (history.models, history.sources):
        place *= int(column.max(initial=0)) + 1
        place += column
    return place


def _without_repeated(
    history: History, is_present: NDArray[np.bool_]
) -> tuple[History, Counter[tuple[int, int]]]:
    """Return one row of each model, day and source, and the number of removed rows by day.

    `is_present` says which rows are under the present name of their model: the first of these is
    kept, else the last row. Removed rows are counted by (day, source).
    """
    is_same = np.ones(len(history.days), dtype=np.bool_)
    is_same[:1] = False
    for column in history[:3]:
        is_same[1:] &= column[1:] == column[:-1]
    keep = np.ones(len(is_same), dtype=np.bool_)
    repeated: Counter[tuple[int, int]] = Counter()
    for last in np.flatnonzero(is_same & ~np.append(is_same[1:], False)).tolist():
        first = last
        while is_same[first]:
            first -= 1
        rows = range(first, last + 1)
        keep[first : last + 1] = False
        keep[next((row for row in rows if is_present[row]), last)] = True
        repeated[int(history.days[last]), int(history.sources[last])] += len(rows) - 1
    return (history.where(keep) if repeated else history), repeated


def _load_files(
    db: sqlite_utils.Database, files: Sequence[ObservationFile], sources: Mapping[str, int]
) -> None:
    db.table("observation_files").insert_all(
        blank_to_null(
            {
                "path": file.path,
                "source": sources[file.source],
                "date": file.day.isoformat(),
                "rows": file.rows,
                "sha256": file.sha256,
                "date_basis": file.date_basis,
                "source_url": file.source_url,
                "commit": file.commit,
                "retrieved_at": file.retrieved_at,
                "about": int(is_about(file.date_basis)),
            }
        )
        for file in files
    )


def _insert(connection: sqlite3.Connection, history: History) -> None:
    """Fill snapshots and history."""
    days, firsts, rows = np.unique(history.days, return_index=True, return_counts=True)
    begins_model = np.append(True, history.models[1:] != history.models[:-1])
    begins_model[firsts] = True
    models = np.add.reduceat(begins_model, firsts, dtype=np.int64)
    connection.executemany(
        "insert into snapshots values (?, date(? * 86400, 'unixepoch'), ?, ?)",
        np.stack([days, days, rows, models], axis=1).tolist(),
    )
    placeholders = f"(?, ?, ?, {COUNT}, {COUNT}, {COUNT})"
    for first in range(0, len(history.days), ROWS_A_STATEMENT):
        part = slice(first, first + ROWS_A_STATEMENT)
        batch = np.stack([column[part] for column in history], axis=1)
        statement = f"insert into history values {', '.join([placeholders] * len(batch))}"  # noqa: S608
        connection.execute(statement, batch.ravel().tolist())


def _add_newest(db: sqlite_utils.Database, history: History) -> None:
    """Add to each model its newest counts with their days; of one day the preferred source's."""
    preference = np.zeros(int(history.sources.max(initial=0)) + 1, dtype=np.int64)
    for row in db.table("sources").rows:
        if row["id"] < len(preference):
            preference[row["id"]] = row["preference"]
    # Later rows overwrite earlier ones below, so the newest count of the preferred source is last.
    order = np.lexsort((-preference[history.sources], history.days))
    models = np.unique(history.models)
    newest = np.full((6, int(models.max(initial=0)) + 1), -1, dtype=np.int64)
    for place, counts in enumerate(history[3:]):
        known_rows = order[counts[order] >= 0]
        newest[2 * place, history.models[known_rows]] = counts[known_rows]
        newest[2 * place + 1, history.models[known_rows]] = history.days[known_rows]
    # The day of the newest likes is in no column.
    values = np.stack([*newest[:5, models], models], axis=1)
    day = f"date({COUNT} * 86400, 'unixepoch')"
    db.conn.executemany(
        "update models set"  # noqa: S608
        f" latest_30d = {COUNT}, latest_30d_on = {day},"
        f" latest_all_time = {COUNT}, latest_all_time_on = {day},"
        f" likes = {COUNT} where id = ?",
        values.tolist(),
    )
