"""When models whose day of creation is unknown were not there yet, by crawls of their namespaces.

A crawl lists a day's namespaces whole where it has nearly every model that is known to have been
there then: that is measured, since a source can be whole on one day and a part on another.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.observed_rows import ObservedRows

Whole = NDArray[np.int64]

# A day on which a source lists this part of the models that were there lists namespaces whole...
WHOLE_PART = 0.95
# ... if so many are known to have been there.
LEAST_KNOWN = 100

# Namespaces are numbered here, since they are compared by the million.
MODELS = """
    select
        id,
        dense_rank() over (order by namespace) - 1 as namespace,
        coalesce(unixepoch(created_at) / 86400, -1) as created
    from models
"""


class _Models(NamedTuple):
    """What is known of the observed models, a row each; days are since 1970-01-01.

    A model is known to have been there between `start` and `last`, both left out; `first` is the
    day on which it was first observed, `dated` says whether its day of creation is known.
    """

    ids: Whole
    namespaces: Whole
    dated: NDArray[np.bool_]
    first: Whole
    start: Whole
    last: Whole


def last_crawls_without(connection: sqlite3.Connection, rows: ObservedRows) -> dict[int, int]:
    """Return the last day on which the namespace of a model was crawled whole without it.

    `rows` are all observations. Only models without a known day of creation are in the result, and
    of these only those whose namespace was crawled before they were first seen.
    """
    models = _models(connection, rows)
    days, namespaces = _whole_crawls(rows, models)
    last_crawls = {}
    for row in np.flatnonzero(~models.dated).tolist():
        crawled = days[namespaces == models.namespaces[row]]
        crawled_before = crawled[crawled < models.first[row]]
        if len(crawled_before):
            last_crawls[int(models.ids[row])] = int(crawled_before.max())
    return last_crawls


def _models(connection: sqlite3.Connection, rows: ObservedRows) -> _Models:
    ids, firsts = np.unique(rows.models, return_index=True)
    lasts = np.append(firsts[1:], len(rows.models)) - 1
    rows_of_models = np.array(connection.execute(MODELS).fetchall(), dtype=np.int64).reshape(-1, 3)
    rows_of_models = rows_of_models[np.argsort(rows_of_models[:, 0])]
    _, namespaces, created = rows_of_models[np.searchsorted(rows_of_models[:, 0], ids)].T
    # Rows of a model are in the order of days.
    first, last = rows.days[firsts].astype(np.int64), rows.days[lasts].astype(np.int64)
    start = np.where(created < 0, first, np.minimum(created, first))
    return _Models(ids.astype(np.int64), namespaces, created >= 0, first, start, last)


def _whole_crawls(rows: ObservedRows, models: _Models) -> tuple[Whole, Whole]:
    """Return the days and namespaces of crawls that list their namespaces whole."""
    place = np.searchsorted(models.ids, rows.models)
    widest = int(rows.days.max(initial=0)) + 1
    # Only models seen both before and after a day show that its crawl was whole; the crawl itself
    # must not be its own evidence.
    between_its_ends = (models.start[place] < rows.days) & (rows.days < models.last[place])
    crawls, crawl = np.unique(
        rows.sources.astype(np.int64) * widest + rows.days, return_inverse=True
    )
    listed_models = np.bincount(crawl[between_its_ends], minlength=len(crawls))
    number_of_namespaces = int(models.namespaces.max(initial=0)) + 1
    pairs = np.unique(crawl * number_of_namespaces + models.namespaces[place])
    of_crawl, namespaces = pairs // number_of_namespaces, pairs % number_of_namespaces
    days = crawls[of_crawl] % widest
    # Those that had begun before a day less those that had ended by it; none ends before it begins.
    begun = _until(models.namespaces, models.start + 1, namespaces, days, widest)
    ended = _until(
        models.namespaces, np.maximum(models.last, models.start + 1), namespaces, days, widest
    )
    known_models = np.bincount(of_crawl, begun - ended, minlength=len(crawls))
    whole = (known_models >= LEAST_KNOWN) & (listed_models >= WHOLE_PART * known_models)
    return days[whole[of_crawl]], namespaces[whole[of_crawl]]


def _until(
    of_models: Whole, ends: Whole, namespaces: Whole, days: Whole, widest: int
) -> NDArray[np.intp]:
    """Return how many models of each namespace have an end by each day."""
    # Namespaces lie this far apart, so that no day of one reaches the days of the next.
    step = widest + 2
    ordered = np.sort(of_models * step + ends)
    behind = np.searchsorted(ordered, namespaces * step + days, side="right")
    return behind - np.searchsorted(ordered, namespaces * step, side="left")
