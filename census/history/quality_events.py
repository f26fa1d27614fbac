"""The quality events of a build: every rule that was applied, and what the ledger notes."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlite_utils

from census.base.days import day_number, day_of
from census.base.numbers import month_end
from census.history.cleaning import UNDECIDED_SNAPSHOTS, NewSize, gaps, judge_sizes, stalled_days
from census.history.measured_lengths import measured_lengths, unfitting
from census.history.observed import History
from census.store.ledger import INEXACT, SET_ASIDE, LedgerEntry

# Sources of these kinds list every model of a lab each day. The others are selections: that a day
# is short or missing means nothing there.
WHOLE_KINDS = ("hub", "archive")
# A 30-day count this large, and this many times the model's next largest, is flagged.
OUTLIER_DOWNLOADS_30D = 10_000_000
OUTLIER_TIMES = 10

EventRow = dict[str, Any]


def whole_days(connection: sqlite3.Connection) -> dict[int, list[tuple[int, int]]]:
    """Return (day, number of models) in order of days, for each source that lists every model."""
    rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
    query = """
        select h.source, h.day, count(*)
        from history as h
        inner join sources as s on h.source = s.id
        where s.kind in (?, ?)
        group by h.source, h.day
        order by h.source, h.day
    """
    for source, day, models in connection.execute(query, WHOLE_KINDS):
        rows[source].append((day, models))
    return rows


def unusable_days(
    sizes_by_source: Mapping[int, Sequence[tuple[int, int]]],
    ledger: Sequence[LedgerEntry],
    sources: Mapping[str, int],
) -> frozenset[tuple[int, int]]:
    """Return the (source, day) pairs that no series uses: partial days and noted skip days."""
    unusable = {
        (source, day)
        for source, rows in sizes_by_source.items()
        for day in judge_sizes(rows).partial
    }
    return frozenset(unusable | _noted_days(SET_ASIDE, ledger, sources))


def inexact_days(
    ledger: Sequence[LedgerEntry], sources: Mapping[str, int]
) -> frozenset[tuple[int, int]]:
    """Return the (source, day) pairs whose counts are not of that day to the digit."""
    return frozenset(_noted_days((INEXACT,), ledger, sources))


def _noted_days(
    kinds: Sequence[str], ledger: Sequence[LedgerEntry], sources: Mapping[str, int]
) -> set[tuple[int, int]]:
    """Return the (source, day) pairs of the ledger's entries of some kinds."""
    noted = set()
    for entry in ledger:
        if entry.kind in kinds:
            first = day_number(date.fromisoformat(entry.first))
            last = day_number(date.fromisoformat(entry.last))
            noted |= {(sources[entry.source], day) for day in range(first, last + 1)}
    return noted


def load_events(
    db: sqlite_utils.Database,
    history: History,
    sizes_by_source: Mapping[int, Sequence[tuple[int, int]]],
    ledger: Sequence[LedgerEntry],
    repeated: Mapping[tuple[str, date], int],
    outliers_found: Sequence[Outlier],
) -> None:
    """Fill quality_events, in order of days."""
    slugs = {row["id"]: row["slug"] for row in db.table("sources").rows}
    rows = [
        *_ledger_events(ledger),
        *_source_events(history, sizes_by_source, slugs),
        *_model_events(history),
        *_outlier_events(outliers_found),
        *_length_events(history, slugs),
        *(
            _event(
                "repeated", slug, day, day, models, "listed under two names of one model; one kept"
            )
            for (slug, day), models in repeated.items()
        ),
    ]
    rows.sort(
        key=lambda row: (
            row["from_date"],
            row["kind"],
            row["source"] or "",
            row["to_date"],
            row["model"] or 0,
        )
    )
    db.table("quality_events").insert_all(
        {"id": number, **row} for number, row in enumerate(rows, 1)
    )


def _event(
    kind: str,
    source: str | None,
    first: date,
    last: date,
    models: int | None,
    what: str,
    model: int | None = None,
) -> EventRow:
    return {
        "kind": kind,
        "source": source,
        "from_date": first.isoformat(),
        "to_date": last.isoformat(),
        "model": model,
        "models": models,
        "what": what,
    }


def _ledger_events(ledger: Sequence[LedgerEntry]) -> list[EventRow]:
    return [
        _event(
            entry.kind,
            entry.source,
            date.fromisoformat(entry.first),
            date.fromisoformat(entry.last),
            entry.models,
            entry.reason,
        )
        for entry in ledger
    ]


def _source_events(
    history: History,
    sizes_by_source: Mapping[int, Sequence[tuple[int, int]]],
    slugs: Mapping[int, str],
) -> list[EventRow]:
    events = []
    for source, rows in sizes_by_source.items():
        slug = slugs[source]
        counts = dict(rows)
        sizes = judge_sizes(rows)
        for day in sizes.partial:
            what = "fewer than half the models of the source's last whole day; the day is not used"
            events.append(_event("partial", slug, day_of(day), day_of(day), counts[day], what))
        for new in sizes.new:
            span = day_of(new.first), day_of(new.last)
            events.append(_event("new_size", slug, *span, new.models, new_size_words(new)))
        for first, last in gaps([day for day, _ in rows]):
            what = "no observations; growth is spread evenly over the days"
            events.append(_event("gap", slug, day_of(first), day_of(last), None, what))
        for day, what in stalled_days(history.movements_of(source)).items():
            events.append(_event("stall", slug, day_of(day), day_of(day), None, what))
    return events


def new_size_words(new: NewSize) -> str:
    """Say in words that a source has lasting fewer models, for the quality log and for people."""
    return (
        f"the source lists about {new.models:,} models instead of {new.before:,}, and has for"
        f" {UNDECIDED_SNAPSHOTS} snapshots: this is its size from here on"
    )


def _model_events(history: History) -> list[EventRow]:
    return [
        _event(
            kind,
            None,
            day_of(first),
            day_of(last),
            models,
            what,
            history.event_models[kind, first, last, what] if models == 1 else None,
        )
        for (kind, first, last, what), models in history.events.items()
    ]


class Outlier(NamedTuple):
    """A 30-day count that stands out; facts are flagged, not changed."""

    model: int
    source: str
    day: int
    downloads_30d: int


def outliers(connection: sqlite3.Connection) -> list[Outlier]:
    """Return the largest 30-day count of each model where it is far above its other ones."""
    query = """
        select h.model, s.slug, h.day, max(h.downloads_30d)
        from history as h
        inner join sources as s on h.source = s.id
        where h.downloads_30d >= ?
        group by h.model
        having h.downloads_30d >= ? * (
            select max(o.downloads_30d)
            from snapshots as d
            cross join history as o on d.day = o.day and h.model = o.model
            where abs(o.day - h.day) > 30
        )
        order by h.model
    """
    bounds = (OUTLIER_DOWNLOADS_30D, OUTLIER_TIMES)
    return [Outlier(*row) for row in connection.execute(query, bounds)]


def _outlier_events(standing_out: Sequence[Outlier]) -> list[EventRow]:
    return [
        _event(
            "outlier",
            outlier.source,
            day_of(outlier.day),
            day_of(outlier.day),
            1,
            f"{outlier.downloads_30d:,} downloads in 30 days stand out; kept as it was stated",
            outlier.model,
        )
        for outlier in standing_out
    ]


def _length_events(history: History, slugs: Mapping[int, str]) -> list[EventRow]:
    """Return the months in which a source's 30-day counts were longer or shorter than stated."""
    events = []
    for length, words in unfitting(measured_lengths(history.rows)):
        first = date.fromisoformat(f"{length.month}-01")
        last = date.fromisoformat(month_end(length.month))
        events.append(_event("window_length", slugs[length.source], first, last, None, words))
    return events
