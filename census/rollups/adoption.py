"""How fast models are taken up: downloads at the same age, and against others of their size.

Everything is read from the models' curves with their bounds. Where a curve does not reach an age,
or its beginning is unknown, there is no row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import inf, isfinite

import numpy as np
import sqlite_utils
from numpy.typing import NDArray

from census.base.days import day_number, day_of
from census.base.inserting import insert_named
from census.base.shares import percent_of, percent_or_none
from census.history.cleaning import Count
from census.history.dated import dated
from census.history.middle import is_counted
from census.history.model_counts import ModelCounts
from census.rollups.histories import Histories, ModelHistory
from census.rollups.published_days import Span
from census.rollups.size_references import (
    AGES,
    Adoption,
    Reference,
    Relative,
    is_known,
    make_references,
    relative,
)
from census.rollups.summaries import (
    COUNTED_WITHIN_DAYS,
    POINT_PERCENT,
    are_counted,
    points_of,
)

Double = NDArray[np.float64]

RECENT = (7, 30, 90, 365)
NO_METRIC = Relative(None, None, None, None, None)


def load_adoption(db: sqlite_utils.Database, histories: Histories) -> None:
    """Fill adoption, adoption_references and recent_growth from what is known of the models."""
    released = _released(db.conn)
    ends = db.execute("select through from scopes where scope = 'frontier'").fetchone()
    end = day_number(date.fromisoformat(ends[0])) if ends and ends[0] else None
    adoptions: list[Adoption] = []
    recent: list[dict[str, object]] = []
    for model, model_counts in histories.counted_models.items():
        day, bucket = released[model]
        spans_of_first_days = first_spans(model_counts, day)
        spans_of_last_days = recent_spans(model_counts, end) if end is not None else []
        if spans_of_first_days or spans_of_last_days:
            history = histories.on(model, [*spans_of_first_days, *spans_of_last_days])
            adoptions.extend(first_days(history, model, model_counts, spans_of_first_days, bucket))
            recent.extend(recent_rows(history, model, model_counts, spans_of_last_days))
    references = make_references(adoptions)
    insert_named(db.conn, "adoption", (adoption_row(row, references) for row in adoptions))
    insert_named(db.conn, "adoption_references", _reference_rows(references))
    insert_named(db.conn, "recent_growth", recent)


def spans_of_adoption(
    connection: sqlite3.Connection, counted_models: Mapping[int, ModelCounts], end: int
) -> dict[int, list[Span]]:
    """Return the spans over which `load_adoption` will ask for each model's growth.

    `end` is the last day of scope frontier.
    """
    released = _released(connection)
    return {
        model: [*first_spans(model_counts, released[model][0]), *recent_spans(model_counts, end)]
        for model, model_counts in counted_models.items()
    }


def _released(connection: sqlite3.Connection) -> dict[int, tuple[int | None, str | None]]:
    """Return each model's day of release and, within scope frontier, its size."""
    query = "select id, released_on, iif(in_frontier = 1, size_bucket, null) from models"
    return {
        int(key): (day_number(date.fromisoformat(day)) if day else None, bucket)
        for key, day, bucket in connection.execute(query)
    }


def first_spans(model_counts: ModelCounts, released: int | None) -> list[Span]:
    """Return the spans of a model's first days, for the ages that its counts have reached.

    The first day is that of release, or of the repository's creation if that is later. A model
    without a known zero has no spans, and no span ends after the last count.
    """
    if released is None or model_counts.zero is None:
        return []
    # A count is that of a day's end: what came on the day of release is part of the first days.
    start = max(model_counts.zero, released - 1)
    return [
        Span(start, start + days) for days in AGES if start + days <= model_counts.counts[-1].day
    ]


def first_days(
    history: ModelHistory,
    model: int,
    model_counts: ModelCounts,
    spans: Sequence[Span],
    bucket: str | None,
) -> Iterator[Adoption]:
    """Yield a model's downloads in its first days."""
    growths = history.over(spans)
    columns = spans, growths.published, growths.draws.T, between_counts(model_counts, spans)
    for span, growth, draws, counted in zip(*columns, strict=True):
        until = day_of(span.end).isoformat()
        yield Adoption(model, span.end - span.start, until, growth, bucket, counted, draws)


def between_counts(model_counts: ModelCounts, spans: Sequence[Span]) -> list[bool]:
    """Return which spans begin and end within a day of a count; before any it had nothing yet."""
    days = np.array(spans, dtype=np.int64).reshape(-1, 2)
    is_counted_day = are_counted(dated(Count, model_counts.counts).days, days)
    if model_counts.zero is not None:
        is_counted_day |= days <= model_counts.zero + COUNTED_WITHIN_DAYS
    return [bool(start and end) for start, end in is_counted_day]


def adoption_row(
    row: Adoption, references: Mapping[tuple[str, int], Reference]
) -> dict[str, object]:
    """Return a row of the table, with its Relative Adoption Metric where its size has one."""
    reference = references.get((row.bucket, row.days)) if row.bucket else None
    values: dict[str, object] = {
        "model": row.model,
        "days": row.days,
        "until": row.until,
        "downloads": row.downloads.middle,
        "low": row.downloads.low,
        "high": row.downloads.high,
        "known": int(is_known(row.downloads)),
        "likely_low": row.downloads.likely_low,
        "likely_high": row.downloads.likely_high,
        "counted": int(row.counted),
    }
    for name in ("tenth", "median"):
        measured = relative(row, getattr(reference, name)) if reference else NO_METRIC
        for part, value in measured._asdict().items():
            values[f"ram_{name}" if part == "middle" else f"ram_{name}_{part}"] = value
    return values


def recent_spans(model_counts: ModelCounts, end: int) -> list[Span]:
    """Return the spans of a model's last days up to `end`, for which it is old enough.

    A model that was not counted on `end` has none.
    """
    if not is_counted(model_counts, end):
        return []
    return [Span(end - days, end) for days in RECENT if end - days >= model_counts.first_day]


def recent_rows(
    history: ModelHistory, model: int, model_counts: ModelCounts, spans: Sequence[Span]
) -> Iterator[dict[str, object]]:
    """Yield rows of a model's downloads in the last days, and of those before them."""
    growths = history.over(spans, [span.start for span in spans])
    gains, levels = growths.published[: len(spans)], growths.published[len(spans) :]
    parts = percent_of(
        growths.draws[:, : len(spans)], growths.draws[:, len(spans) :], of_nothing=np.inf
    )
    ends = zip(*(end.tolist() for end in points_of(parts)[1:3]), strict=True)
    rows = zip(spans, gains, levels, ends, between_counts(model_counts, spans), strict=True)
    for span, gained, before, drawn_ends, counted in rows:
        middle = percent_or_none(gained.middle, before.middle, 4)
        low = percent_or_none(gained.low, before.high, 4)
        high = 100 * gained.high / before.low if before.low else inf
        likely = (
            (None, None)
            if middle is None or low is None
            else percent_ends(drawn_ends, middle, low, high)
        )
        yield {
            "model": model,
            "days": span.end - span.start,
            "through": day_of(span.end).isoformat(),
            "downloads": gained.middle,
            "low": gained.low,
            "high": gained.high,
            "had": before.middle,
            "had_low": before.low,
            "had_high": before.high,
            "growth_pct": middle,
            "growth_low_pct": low,
            "likely_low": gained.likely_low,
            "likely_high": gained.likely_high,
            "had_likely_low": before.likely_low,
            "had_likely_high": before.likely_high,
            "growth_likely_low_pct": likely[0],
            "growth_likely_high_pct": likely[1],
            "counted": int(counted),
        }


def percent_ends(
    ends: tuple[float, float], middle: float, low: float, high: float
) -> tuple[float, float | None]:
    """Return the ends of a growth's 90 % interval in percent, None where the upper has no limit.

    `ends` are those of the draws. They get two decimals, are cut to the hard bounds, and hold the
    estimate.
    """
    if ends[1] - ends[0] < POINT_PERCENT:
        return middle, middle
    least, most = (min(max(round(end, 2), low), high) for end in ends)
    return min(middle, least), max(middle, most) if isfinite(most) else None


def _reference_rows(
    references: Mapping[tuple[str, int], Reference],
) -> Iterator[dict[str, object]]:
    for (bucket, days), reference in sorted(references.items()):
        row: dict[str, object] = {
            "size_bucket": bucket,
            "days": days,
            "models": reference.models,
            "known_models": reference.known_models,
            "counted_pct": reference.counted_pct,
        }
        for name, convert in (("tenth", round), ("median", float)):
            for part, value in getattr(reference, name)._asdict().items():
                if part != "draws":
                    row[name if part == "middle" else f"{name}_{part}"] = convert(value)
        yield row
