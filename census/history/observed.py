"""From the observations in the database to what is known of every model."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from census.history.cleaning import BUSY_DOWNLOADS_30D, Event, Movement
from census.history.known import Known, Seen, known_of

EventKey = tuple[str, int, int, str]


@dataclass
class History:
    """What is known of each model by its number, and what cleaning did to get there.

    `events` counts the models of each event; `event_models` names one of them.
    """

    known: dict[int, Known] = field(default_factory=dict)
    events: Counter[EventKey] = field(default_factory=Counter)
    event_models: dict[EventKey, int] = field(default_factory=dict)
    movements: dict[int, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(dict))

    def note(self, model: int, events: Iterable[Event]) -> None:
        """Add what was done to a model's counts."""
        for event in events:
            key = (event.kind, event.first, event.last, event.done)
            self.events[key] += 1
            self.event_models.setdefault(key, model)

    def counted(self) -> dict[int, Known]:
        """Return the models with a usable all-time count, which the series are of."""
        return {model: known for model, known in self.known.items() if known.counts}

    def movements_of(self, source: int) -> dict[int, Movement]:
        """Return what a source's counts did on each of its days."""
        return {day: Movement(*total) for day, total in sorted(self.movements[source].items())}


def read_history(
    connection: sqlite3.Connection,
    unusable: frozenset[tuple[int, int]],
    created: Mapping[int, int | None],
) -> History:
    """Return what the usable observations say of every model, in order of models.

    `unusable` holds the (source, day) pairs that the rules for whole days set aside, `created` the
    day of creation of each model (None if unknown).
    """
    history = History()
    for model, rows in _by_model(connection):
        usable = [row for row in rows if (row.source, row.day) not in unusable]
        known, events = known_of(usable, created[model])
        history.known[model] = known
        history.note(model, events)
        _note_movements(history, usable)
    return history


def _by_model(connection: sqlite3.Connection) -> Iterator[tuple[int, list[Seen]]]:
    query = """
        select h.model, h.day, h.source, h.downloads_30d, h.downloads_all_time
        from history as h
        inner join sources as s on h.source = s.id
        order by h.model, h.day, s.preference
    """
    for model, rows in groupby(connection.execute(query), key=lambda row: int(row[0])):
        yield model, [Seen(*row[1:]) for row in rows]


def _note_movements(history: History, usable: list[Seen]) -> None:
    """Add what a model's counts did between two days of one source to the source's totals."""
    last: dict[int, Seen] = {}
    for row in usable:
        if row.downloads_all_time is None:
            continue
        before = last.get(row.source)
        last[row.source] = row
        if before is None or before.downloads_all_time is None:
            continue
        moved = row.downloads_all_time - before.downloads_all_time
        busy = (row.downloads_30d or 0) >= BUSY_DOWNLOADS_30D
        total = history.movements[row.source].setdefault(row.day, [row.day - before.day, 0, 0, 0])
        total[0] = min(total[0], row.day - before.day)
        total[1] += max(moved, 0)
        total[2] += busy
        total[3] += busy and moved == 0
