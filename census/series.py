"""From the observations in the database to every model's curve at the ends of months."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from census.cleaning import (
    BUSY_DOWNLOADS_30D,
    Cleaned,
    Count,
    Event,
    Movement,
    clean_counts,
)
from census.curves import Curve, Growth, Value, make_curve

EPOCH = date(1970, 1, 1)
# The last days that are tried as a scope's end; older ones would hide a month of observations.
CANDIDATE_DAYS = 40
# A scope ends on the last day on which this part of its estimate is known, in percent.
KNOWN_PCT = 90.0

CurveRow = tuple[int, str, str, int, int, int, int, int, int, str]


class Seen(NamedTuple):
    """One observation of a model, in order of days and then of the sources' preference."""

    day: int
    source: int
    downloads_30d: int | None
    downloads_all_time: int | None


@dataclass
class Series:
    """What the curves of all models amount to, gathered model by model."""

    rows: list[CurveRow] = field(default_factory=list)
    events: Counter[tuple[str, int, int, str]] = field(default_factory=Counter)
    event_models: dict[tuple[str, int, int, str], int] = field(default_factory=dict)
    movements: dict[int, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    on_candidates: dict[int, dict[int, tuple[Value, Growth, bool]]] = field(default_factory=dict)


def day_number(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """Return the day of a number of days since 1970-01-01."""
    return EPOCH + timedelta(days=number)


def month_before(day: date) -> date:
    """Return the last day of the month before the one that a day is in."""
    return day.replace(day=1) - timedelta(days=1)


def month_ends(first: int, last: int) -> Iterator[int]:
    """Yield the last days of the months that end from `first` to `last`, in order."""
    start = day_of(first).replace(day=1)
    while True:
        start = (start + timedelta(days=31)).replace(day=1)
        end = day_number(start) - 1
        if end > last:
            return
        yield end


def build_series(
    connection: sqlite3.Connection,
    unusable: frozenset[tuple[int, int]],
    created: Mapping[int, int | None],
) -> Series:
    """Return every model's curve at the ends of months and on the candidate last days.

    `unusable` holds the (source, day) pairs that the rules for whole days set aside, `created` the
    day of creation of each model (None if unknown).
    """
    candidates = candidate_days(connection, unusable)
    series = Series(on_candidates={day: {} for day in candidates})
    if not candidates:
        return series
    for model, rows in _by_model(connection):
        usable = [row for row in rows if (row.source, row.day) not in unusable]
        curve, cleaned = curve_of(usable, created[model])
        _note_events(series, model, cleaned, usable, created[model])
        _note_movements(series, usable)
        if curve is None:
            continue
        series.rows.extend(
            _row(model, curve, day) for day in month_ends(curve.first_day, candidates[0])
        )
        for day in candidates:
            if day >= curve.first_day:
                value, growth = _value_and_growth(curve, day)
                series.on_candidates[day][model] = (value, growth, curve.known_on(day))
    return series


def candidate_days(
    connection: sqlite3.Connection, unusable: frozenset[tuple[int, int]]
) -> list[int]:
    """Return the last days with a usable all-time count, the latest first."""
    days: list[int] = []
    query = """
        select distinct day, source
        from history
        where downloads_all_time is not null
        order by day desc, source
    """
    for day, source in connection.execute(query):
        if (source, day) not in unusable and day not in days:
            days.append(day)
        if len(days) == CANDIDATE_DAYS:
            break
    return days


def curve_of(seen: Iterable[Seen], created: int | None) -> tuple[Curve | None, Cleaned]:
    """Return the curve that a model's usable observations make, and what cleaning did to them.

    Of several sources' counts of one day the preferred source's is taken, for each count by itself.
    30-day counts of a day whose all-time count is set aside are not used either.
    """
    counts: dict[int, int] = {}
    pairs: dict[int, int] = {}
    counts_30d: dict[int, int] = {}
    for row in seen:
        if row.downloads_30d is not None:
            counts_30d.setdefault(row.day, row.downloads_30d)
        if row.downloads_all_time is not None and row.day not in counts:
            counts[row.day] = row.downloads_all_time
            if row.downloads_30d is not None:
                pairs[row.day] = row.downloads_30d
    cleaned = clean_counts([Count(*item) for item in sorted(counts.items())])
    good = {count.day for count in cleaned.counts} - cleaned.capped
    windows = {day: n for day, n in counts_30d.items() if day in good or day not in counts}
    return make_curve(cleaned, windows, created, pairs), cleaned


def last_day_of_scope(series: Series, models: frozenset[int]) -> tuple[int, float] | None:
    """Return the scope's last day and the percentage of its estimate known then, or None.

    It is the last day on which models with a known point hold `KNOWN_PCT` of the estimate.
    """
    for day, values in series.on_candidates.items():
        total = known = 0
        for model, (value, _, is_known) in values.items():
            if model in models:
                total += value.best
                known += value.best if is_known else 0
        if total and 100 * known >= KNOWN_PCT * total:
            return day, 100 * known / total
    return None


def rows_on(series: Series, day: int) -> list[CurveRow]:
    """Return the curve rows of every model on one of the candidate days."""
    return [
        _make_row(model, day, value, growth)
        for model, (value, growth, _) in series.on_candidates[day].items()
    ]


def movements_of(series: Series, source: int) -> dict[int, Movement]:
    """Return what a source's counts did on each of its days."""
    return {day: Movement(*total) for day, total in sorted(series.movements[source].items())}


def _by_model(connection: sqlite3.Connection) -> Iterator[tuple[int, list[Seen]]]:
    query = """
        select h.model, h.day, h.source, h.downloads_30d, h.downloads_all_time
        from history as h
        inner join sources as s on h.source = s.id
        order by h.model, h.day, s.preference
    """
    for model, rows in groupby(connection.execute(query), key=lambda row: int(row[0])):
        yield model, [Seen(*row[1:]) for row in rows]


def _row(model: int, curve: Curve, day: int) -> CurveRow:
    value, growth = _value_and_growth(curve, day)
    return _make_row(model, day, value, growth)


def _value_and_growth(curve: Curve, day: int) -> tuple[Value, Growth]:
    return curve.at(day), curve.growth(day_number(month_before(day_of(day))), day)


def _make_row(model: int, day: int, value: Value, growth: Growth) -> CurveRow:
    iso = day_of(day).isoformat()
    return (
        model,
        iso,
        iso[:7],
        value.best,
        value.low,
        value.high,
        growth.best,
        growth.low,
        growth.high,
        value.method,
    )


def _note_events(
    series: Series, model: int, cleaned: Cleaned, usable: list[Seen], created: int | None
) -> None:
    events = list(cleaned.events)
    first = next((row.day for row in usable), None)
    if created is not None and first is not None and first < created:
        done = "observed before the day of its creation; no zero point is taken"
        events.append(Event("created_later", first, created, done))
    for event in events:
        key = (event.kind, event.first, event.last, event.done)
        series.events[key] += 1
        series.event_models.setdefault(key, model)


def _note_movements(series: Series, usable: list[Seen]) -> None:
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
        total = series.movements[row.source].setdefault(row.day, [row.day - before.day, 0, 0, 0])
        total[0] = min(total[0], row.day - before.day)
        total[1] += max(moved, 0)
        total[2] += busy
        total[3] += busy and moved == 0
