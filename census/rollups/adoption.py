"""How fast models are taken up: downloads at the same age, and against others of their size.

Everything is read from the models' curves with their bounds. Where a curve does not reach an age,
or its beginning is unknown, there is no row.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlite_utils

from census.base.days import day_number, day_of
from census.base.inserting import insert_named
from census.history.known import Known
from census.history.middle import is_counted
from census.rollups.histories import Growth, Histories, HistoryOn
from census.rollups.published_days import Span

# The ages at which the ATOM Project compares models, in days.
AGES = (7, 14, 30, 60, 90, 180, 365)
RECENT = (7, 30, 90, 365)
# A count is called known when its bounds are apart by no more than this part of the higher one.
KNOWN_PART = 0.1
TOP = 10


class Adoption(NamedTuple):
    """A model's downloads in its first days; `bucket` None outside of scope frontier."""

    model: int
    days: int
    until: str
    downloads: Growth
    bucket: str | None


class Reference(NamedTuple):
    """What models of a size are measured by at an age: the tenth, and the median of ten."""

    models: int
    known_models: int
    tenth: Growth
    median: tuple[float, float, float]


def load_adoption(db: sqlite_utils.Database, histories: Histories) -> None:
    """Fill adoption, adoption_references and recent_growth from what is known of the models."""
    released = _released(db.conn)
    ends = db.execute("select through from scopes where scope = 'frontier'").fetchone()
    end = day_number(date.fromisoformat(ends[0])) if ends and ends[0] else None
    found: list[Adoption] = []
    recent: list[dict[str, object]] = []
    for model, known in histories.counted.items():
        day, bucket = released[model]
        first = first_spans(known, day)
        last = recent_spans(known, end) if end is not None else []
        if first or last:
            history = histories.on(model, [*first, *last])
            found.extend(first_days(history, model, first, bucket))
            recent.extend(recent_rows(history, model, last))
    references = make_references(found)
    insert_named(db.conn, "adoption", (adoption_row(row, references) for row in found))
    db.table("adoption_references").insert_all(_reference_rows(references))
    insert_named(db.conn, "recent_growth", recent)


def spans_of_adoption(
    connection: sqlite3.Connection, counted: Mapping[int, Known], end: int
) -> dict[int, list[Span]]:
    """Return the spans over which `load_adoption` will ask for each model's growth.

    `end` is the last day of scope frontier.
    """
    released = _released(connection)
    return {
        model: [*first_spans(known, released[model][0]), *recent_spans(known, end)]
        for model, known in counted.items()
    }


def _released(connection: sqlite3.Connection) -> dict[int, tuple[int | None, str | None]]:
    """Return each model's day of release and, within scope frontier, its size."""
    query = "select id, released_on, iif(in_frontier = 1, size_bucket, null) from models"
    return {
        int(key): (day_number(date.fromisoformat(day)) if day else None, bucket)
        for key, day, bucket in connection.execute(query)
    }


def first_spans(known: Known, released: int | None) -> list[Span]:
    """Return the spans of a model's first days, for the ages that its counts have reached.

    The first day is that of release, or of the repository's creation if that is later. There is
    none where no zero is known, nor after the last count.
    """
    if released is None or known.zero is None:
        return []
    # A count is that of a day's end: what came on the day of release is part of the first days.
    start = max(known.zero, released - 1)
    return [Span(start, start + days) for days in AGES if start + days <= known.counts[-1].day]


def first_days(
    history: HistoryOn, model: int, spans: Sequence[Span], bucket: str | None
) -> Iterator[Adoption]:
    """Yield a model's downloads in its first days."""
    for span, growth in zip(spans, history.growths(spans), strict=True):
        until = day_of(span.end).isoformat()
        yield Adoption(model, span.end - span.start, until, growth, bucket)


def make_references(found: Sequence[Adoption]) -> dict[tuple[str, int], Reference]:
    """Return the references by size bucket and age, where at least ten models are that old.

    Bounds: the tenth largest count lies between the tenth largest low and the tenth largest high,
    whichever models these are. The tenth is made monotonic, as its authors do: never less than at
    the age before.
    """
    cells: dict[tuple[str, int], list[Growth]] = defaultdict(list)
    for row in found:
        if row.bucket is not None:
            cells[row.bucket, row.days].append(row.downloads)
    references: dict[tuple[str, int], Reference] = {}
    for bucket, days in sorted(cells):
        growths = cells[bucket, days]
        if len(growths) < TOP:
            continue
        ranked = [
            sorted((growth[part] for growth in growths), reverse=True)[:TOP] for part in range(3)
        ]
        tenth = Growth(*(values[-1] for values in ranked))
        middle = [(values[TOP // 2 - 1] + values[TOP // 2]) / 2 for values in ranked]
        before = references.get((bucket, _age_before(days)))
        if before is not None:
            tenth = Growth(*map(max, tenth, before.tenth))
        references[bucket, days] = Reference(
            len(growths),
            sum(is_known(growth) for growth in growths),
            tenth,
            (middle[0], middle[1], middle[2]),
        )
    return references


def is_known(growth: Growth) -> bool:
    """Return whether the bounds of a count are as good as one number."""
    return growth.high - growth.low <= KNOWN_PART * growth.high


def relative(growth: Growth, reference: Sequence[float]) -> tuple[float | None, ...]:
    """Return a count over a reference: estimate, lowest, highest; None for what has no bound."""
    best, low, high = reference
    return (
        round(growth.best / best, 4) if best else None,
        round(growth.low / high, 4) if high else None,
        round(growth.high / low, 4) if low else None,
    )


def adoption_row(
    row: Adoption, references: Mapping[tuple[str, int], Reference]
) -> dict[str, object]:
    """Return a row of the table, with its Relative Adoption Metric where its size has one."""
    reference = references.get((row.bucket, row.days)) if row.bucket else None
    values: dict[str, object] = {
        "model": row.model,
        "days": row.days,
        "until": row.until,
        "downloads": row.downloads.best,
        "low": row.downloads.low,
        "high": row.downloads.high,
        "known": int(is_known(row.downloads)),
    }
    for name in ("tenth", "median"):
        measured = relative(row.downloads, getattr(reference, name)) if reference else (None,) * 3
        for part, value in zip(("", "_low", "_high"), measured, strict=True):
            values[f"ram_{name}{part}"] = value
    return values


def recent_spans(known: Known, end: int) -> list[Span]:
    """Return the last days up to `end` of a model counted on it, as far as it is old enough."""
    if not is_counted(known, end):
        return []
    return [Span(end - days, end) for days in RECENT if end - days >= known.first_day]


def recent_rows(
    history: HistoryOn, model: int, spans: Sequence[Span]
) -> Iterator[dict[str, object]]:
    """Yield what a model gained in the last days, and had before them."""
    had = history.levels([span.start for span in spans])
    for span, gained, before in zip(spans, history.growths(spans), had, strict=True):
        yield {
            "model": model,
            "days": span.end - span.start,
            "through": day_of(span.end).isoformat(),
            "downloads": gained.best,
            "low": gained.low,
            "high": gained.high,
            "had": before.best,
            "had_low": before.low,
            "had_high": before.high,
            "growth_pct": round(100 * gained.best / before.best, 4) if before.best else None,
            "growth_low_pct": round(100 * gained.low / before.high, 4) if before.high else None,
        }


def _age_before(days: int) -> int:
    place = AGES.index(days)
    return AGES[place - 1] if place else 0


def _reference_rows(
    references: Mapping[tuple[str, int], Reference],
) -> Iterator[dict[str, object]]:
    for (bucket, days), reference in sorted(references.items()):
        yield {
            "size_bucket": bucket,
            "days": days,
            "models": reference.models,
            "known_models": reference.known_models,
            "tenth": reference.tenth.best,
            "tenth_low": reference.tenth.low,
            "tenth_high": reference.tenth.high,
            "median": reference.median[0],
            "median_low": reference.median[1],
            "median_high": reference.median[2],
        }
