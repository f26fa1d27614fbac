"""All observations as columns: one number array a column, in order of models."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from itertools import chain

import numpy as np
from numpy.typing import NDArray

# How many rows are held as Python objects at once.
ROWS_AT_ONCE = 100_000

QUERY = """
    select
        model,
        day,
        source,
        coalesce(downloads_30d, -1),
        coalesce(downloads_all_time, -1)
    from history
"""


@dataclass(frozen=True)
class ObservedRows:
    """Observations in order of models, days and the sources' preference; columns of one length.

    `models` and `sources` are their numbers in the database, `days` days since 1970-01-01,
    `in_30d` and `all_time` the counts, -1 where unknown.
    """

    models: NDArray[np.int32]
    days: NDArray[np.int32]
    sources: NDArray[np.int32]
    in_30d: NDArray[np.int64]
    all_time: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> ObservedRows:
        """Return the rows that a mask marks, or those at some places."""
        return ObservedRows(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def of_days(self, pairs: Collection[tuple[int, int]]) -> NDArray[np.bool_]:
        """Say which rows are of one of the (source, day) pairs."""
        in_pairs = np.zeros(len(self.days), dtype=np.bool_)
        if pairs:
            sources, days = np.array(sorted(pairs), dtype=np.int64).T
            widest = max(int(self.days.max(initial=0)), int(days.max())) + 1
            in_pairs = np.isin(self.sources * np.int64(widest) + self.days, sources * widest + days)
        return in_pairs


def read_rows(connection: sqlite3.Connection) -> ObservedRows:
    """Return every observation in the database."""
    cursor = connection.execute(QUERY)
    batches = []
    while batch := cursor.fetchmany(ROWS_AT_ONCE):
        flat = np.fromiter(chain.from_iterable(batch), np.int64, 5 * len(batch)).reshape(-1, 5)
        batches.append(_columns(flat))
    if not batches:
        return _columns(np.zeros((0, 5), dtype=np.int64))
    rows = ObservedRows(
        *(
            np.concatenate([getattr(columns, field.name) for columns in batches])
            for field in fields(ObservedRows)
        )
    )
    del batches
    return rows.where(order_of_rows(rows.models, rows.days, rows.sources, preferred(connection)))


def preferred(connection: sqlite3.Connection) -> list[int]:
    """Return the numbers of the sources in the order of preference."""
    query = "select id from sources order by preference, id"
    return [source for (source,) in connection.execute(query)]


def order_of_rows(
    models: NDArray[np.int32],
    days: NDArray[np.int32],
    sources: NDArray[np.int32],
    preference: Sequence[int],
) -> NDArray[np.intp]:
    """Return the places of observations in the order of models, days and preferred sources."""
    rank = np.zeros(max(preference, default=0) + 1, dtype=np.int64)
    rank[list(preference)] = np.arange(len(preference))
    # One number a row that rises in the order wanted, which is quickest to sort by.
    first, last = int(days.min(initial=0)), int(days.max(initial=0))
    order = models.astype(np.int64)
    order *= last - first + 1
    order += days - first
    order *= len(preference)
    order += rank[sources]
    # Rows come day by day, each day in the order of models: merging such runs takes half as long
    # as sorting.
    return np.argsort(order, kind="stable")


def _columns(flat: NDArray[np.int64]) -> ObservedRows:
    models, days, sources = (flat[:, column].astype(np.int32) for column in range(3))
    return ObservedRows(models, days, sources, flat[:, 3].copy(), flat[:, 4].copy())
