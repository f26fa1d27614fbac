"""When models whose day of creation is unknown were not there yet, by crawls of their namespaces.

A crawl lists a day's namespaces whole where it has nearly every model that is known to have been
there then: that is measured, since a source can be whole on one day and a part on another.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import defaultdict

# A day on which a source lists this part of the models that were there lists namespaces whole...
WHOLE_PART = 0.95
# ... if so many are known to have been there.
LEAST_KNOWN = 100

LISTED = """
    select h.source, h.day, h.model, m.namespace
    from history as h
    inner join models as m on h.model = m.id
    order by h.source, h.day, h.model
"""
# When models are known to have been there: by their creation, and by their observations.
SPANS = """
    select
        m.id,
        m.namespace,
        unixepoch(m.created_at) / 86400,
        min(h.day),
        max(h.day)
    from models as m
    inner join history as h on m.id = h.model
    group by m.id
"""


def last_crawls_without(connection: sqlite3.Connection) -> dict[int, int]:
    """Return the last day on which the namespace of a model was crawled whole without it.

    It is that of models without a day of creation; one whose namespace was not crawled before the
    model was first seen is left out. Days are since 1970-01-01.
    """
    spans = connection.execute(SPANS).fetchall()
    listed: dict[tuple[int, int], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for source, day, model, namespace in connection.execute(LISTED):
        listed[source, day][namespace].add(model)
    there: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for model, namespace, created, first, last in spans:
        there[namespace].append((model, first if created is None else min(created, first), last))
    crawled: dict[str, set[int]] = defaultdict(set)
    for (_, day), namespaces in listed.items():
        known = [
            model in models
            for namespace, models in namespaces.items()
            # Both ends are other days, so that the crawl is not its own witness.
            for model, first, last in there[namespace]
            if first < day < last
        ]
        if len(known) >= LEAST_KNOWN and sum(known) >= WHOLE_PART * len(known):
            for namespace in namespaces:
                crawled[namespace].add(day)
    days = {namespace: sorted(of_namespace) for namespace, of_namespace in crawled.items()}
    found = {}
    for model, namespace, created, first, _ in spans:
        before = days.get(namespace, [])
        place = bisect_left(before, first)
        if created is None and place:
            found[model] = before[place - 1]
    return found
