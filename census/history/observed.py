"""What the observations say of every model, after cleaning."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from census.history.cleaning import BUSY_DOWNLOADS_30D, Event, Movement
from census.history.model_counts import ModelCounts, ObservedColumns, counts_of_columns
from census.history.observed_rows import ObservedRows

EventKey = tuple[str, int, int, str]


@dataclass
class History:
    """What is known of each model by its number, and what cleaning did to get there.

    `events` counts the models of each event; `event_models` names one of them. `rows` are all that
    was observed.
    """

    rows: ObservedRows
    counts: dict[int, ModelCounts] = field(default_factory=dict)
    events: Counter[EventKey] = field(default_factory=Counter)
    event_models: dict[EventKey, int] = field(default_factory=dict)
    movements: dict[int, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(dict))

    def note(self, model: int, events: Iterable[Event]) -> None:
        """Add what was done to a model's counts."""
        for event in events:
            key = (event.kind, event.first, event.last, event.action)
            self.events[key] += 1
            self.event_models.setdefault(key, model)

    def counted(self) -> dict[int, ModelCounts]:
        """Return the models with a usable all-time count, which the series are of."""
        return {
            model: model_counts
            for model, model_counts in self.counts.items()
            if model_counts.counts
        }

    def movements_of(self, source: int) -> dict[int, Movement]:
        """Return how a source's counts moved on each of its days."""
        return {day: Movement(*total) for day, total in sorted(self.movements[source].items())}


def clean_history(
    rows: ObservedRows,
    unusable: frozenset[tuple[int, int]],
    created: Mapping[int, int | None],
) -> History:
    """Return the counts of every model from the usable observations, in order of models.

    `unusable` holds the (source, day) pairs that the rules for whole days set aside, `created` the
    day of creation of each model (None if unknown).
    """
    history = History(rows)
    models, firsts = np.unique(rows.models, return_index=True)
    set_aside = rows.of_days(unusable)
    usable = rows.where(~set_aside) if set_aside.any() else rows
    firsts = np.searchsorted(usable.models, models)
    lasts = np.searchsorted(usable.models, models, side="right")
    for model, first, last in zip(models.tolist(), firsts.tolist(), lasts.tolist(), strict=True):
        rows_of_model = slice(first, last)
        observed = ObservedColumns(
            usable.days[rows_of_model].astype(np.int64),
            usable.in_30d[rows_of_model],
            usable.all_time[rows_of_model],
        )
        history.counts[model], events = counts_of_columns(observed, created[model])
        history.note(model, events)
    _note_movements(history, usable)
    return history


def _note_movements(history: History, usable: ObservedRows) -> None:
    """Add what the counts of each model did between two days of a source to its totals by day."""
    counted = usable.where(usable.all_time >= 0)
    by_source = counted.where(np.lexsort((counted.days, counted.models, counted.sources)))
    is_same_model = (by_source.sources[1:] == by_source.sources[:-1]) & (
        by_source.models[1:] == by_source.models[:-1]
    )
    after, before = (
        by_source.where(np.flatnonzero(is_same_model) + 1),
        by_source.where(np.flatnonzero(is_same_model)),
    )
    growth = after.all_time - before.all_time
    busy = after.in_30d >= BUSY_DOWNLOADS_30D
    pairs, place = np.unique(
        np.stack([after.sources.astype(np.int64), after.days]), axis=1, return_inverse=True
    )
    place = place.reshape(-1)
    days = np.full(pairs.shape[1], np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(days, place, (after.days - before.days).astype(np.int64))
    totals = [
        days,
        *(
            _added(values, place, len(days))
            for values in (np.maximum(growth, 0), busy, busy & (growth == 0))
        ),
    ]
    for source, day, *total in np.stack([*pairs, *totals], axis=1).tolist():
        history.movements[source][day] = total


def _added(
    values: NDArray[np.int64] | NDArray[np.bool_], place: NDArray[np.intp], places: int
) -> NDArray[np.int64]:
    """Return the sums of the values at each place."""
    total = np.zeros(places, dtype=np.int64)
    np.add.at(total, place, values)
    return total
