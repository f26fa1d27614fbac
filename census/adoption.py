"""How fast models are taken up: downloads at the same age, and against others of their size.

Everything is read from the models' curves with their bounds. Where a curve does not reach an age,
or its beginning is unknown, there is no row.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

import sqlite_utils

from census.curves import Curve, Growth
from census.series import Seen, curve_of, day_number, day_of

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


def load_adoption(
    db: sqlite_utils.Database,
    unusable: frozenset[tuple[int, int]],
    created: Mapping[int, int | None],
) -> None:
    """Fill adoption, adoption_references and recent_growth from the observations.

    `unusable` and `created` are those of `census.series.build_series`.
    """
    released = {
        int(key): (day_number(date.fromisoformat(day)) if day else None, bucket)
        for key, day, bucket in db.execute(
            "select id, released_on, iif(in_frontier = 1, size_bucket, null) from models"
        ).fetchall()
    }
    ends = db.execute("select through from scopes where scope = 'frontier'").fetchone()
    end = day_number(date.fromisoformat(ends[0])) if ends and ends[0] else None
    found: list[Adoption] = []
    recent: list[dict[str, object]] = []
    for model, curve in model_curves(db.conn, unusable, created):
        day, bucket = released[model]
        found.extend(first_days(model, curve, created[model], day, bucket))
        if end is not None:
            recent.extend(recent_rows(model, curve, end))
    references = make_references(found)
    db.table("adoption").insert_all(adoption_row(row, references) for row in found)
    db.table("adoption_references").insert_all(_reference_rows(references))
    db.table("recent_growth").insert_all(recent)


def model_curves(
    connection: sqlite3.Connection,
    unusable: frozenset[tuple[int, int]],
    created: Mapping[int, int | None],
) -> Iterator[tuple[int, Curve]]:
    """Yield the curve of each model that has one, in order of models."""
    query = """
        select h.model, h.day, h.source, h.downloads_30d, h.downloads_all_time
        from history as h
        inner join sources as s on h.source = s.id
        order by h.model, h.day, s.preference
    """
    for key, rows in groupby(connection.execute(query), key=lambda row: int(row[0])):
        seen = [Seen(*row[1:]) for row in rows]
        usable = [row for row in seen if (row.source, row.day) not in unusable]
        curve, _ = curve_of(usable, created[key])
        if curve is not None:
            yield key, curve


def first_days(
    model: int, curve: Curve, created: int | None, released: int | None, bucket: str | None
) -> Iterator[Adoption]:
    """Yield a model's downloads in its first days, for the ages that its counts have reached.

    The first day is that of release, or of the repository's creation if that is later. Nothing is
    yielded for a curve that does not begin at zero, nor for days after the last known point.
    """
    if created is None or released is None or not curve.anchored:
        return
    # A count is that of a day's end: what came on the day of release is part of the first days.
    start = max(created, released - 1)
    for days in AGES:
        end = start + days
        if end > curve.days[-1]:
            return
        until = day_of(end).isoformat()
        yield Adoption(model, days, until, curve.growth(start, end), bucket)


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


def recent_rows(model: int, curve: Curve, end: int) -> Iterator[dict[str, object]]:
    """Yield what a model gained in the last days up to `end`, and had before them.

    Only for a model that was counted on that day and is older than the days.
    """
    if not curve.known_on(end):
        return
    for days in RECENT:
        start = end - days
        if start < curve.first_day:
            return
        before, gained = curve.at(start), curve.growth(start, end)
        yield {
            "model": model,
            "days": days,
            "through": day_of(end).isoformat(),
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
