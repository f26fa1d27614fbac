"""Reading the counts of registered namespaces from a Parquet or CSV file of any size.

DuckDB reads only the columns that are named here, so that whatever else an archive holds (its card
data has carried attack strings) is never read, and only the rows of registered namespaces leave it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import duckdb

from census.base.csv_files import DataError, Problem, parse_count, parse_day
from census.base.foreign_rows import csv_rows
from census.base.names import MODEL_NAME, NameDict, folded
from census.base.printable import printable_line
from census.store.observations import Observation

MEMORY = "1GB"
THREADS = 2
CHUNK = 10_000
COUNTS = ("downloads_30d", "downloads_all_time", "likes")
FRACTIONAL = re.compile(r"DOUBLE|FLOAT|REAL|DECIMAL")

# Flags of Model Pulse's meta.json, and what the ledger calls them.
FLAGS = {
    "skip_days": "skip_day",
    "partial": "partial",
    "low_days": "low_day",
    "frozen": "frozen",
}
FROM = ("from", "start", "first", "day", "date")
TO = ("to", "end", "last")


class Columns(NamedTuple):
    """A file's names for the columns that are read; None where the archive has none."""

    model_id: str
    day: str | None
    downloads_30d: str
    downloads_all_time: str
    likes: str
    created_at: str | None


class ArchiveDay(NamedTuple):
    """The usable rows of one day, the creation days of their models, and how many are unusable."""

    day: date
    observations: list[Observation]
    created: Mapping[str, str]
    unusable: int


class Flag(NamedTuple):
    """What an archive says of some of its days; `models` is None where it means all of them."""

    kind: str
    first: date
    last: date
    models: int | None
    value: str


def read_days(
    path: Path, columns: Columns, namespaces: Iterable[str], day: date | None = None
) -> Iterator[ArchiveDay]:
    """Yield the days of a file in order, with the rows of `namespaces` only.

    `day` is that of the whole file where it has no column of days. A row is unusable when its name
    is not valid on the Hub, its day is not a day, one of its counts is not a whole number from 0,
    or it has neither a 30-day nor an all-time count. Of several rows of a model on one day the one
    with the largest all-time count is taken. Raises DataError for a file that cannot be read or
    lacks the columns.
    """
    try:
        with duckdb.connect() as connection:
            connection.execute(f"set memory_limit = '{MEMORY}'")
            connection.execute(f"set threads = {THREADS}")
            connection.execute("set autoinstall_known_extensions = false")
            connection.execute("set autoload_known_extensions = false")
            rows = _rows(connection, path, columns, sorted(namespaces), day)
            for text, rows_of_day in groupby(rows, key=lambda row: row[0]):
                yield _day(text, rows_of_day)
    except (duckdb.Error, ValueError) as error:
        raise DataError(
            [Problem(str(path), 0, f"cannot be read: {printable_line(error)}")]
        ) from None


def _rows(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    columns: Columns,
    namespaces: Sequence[str],
    day: date | None,
) -> Iterator[Sequence[str | None]]:
    """Yield (day, name, three counts, creation time) as text, in order of days and names."""
    reader = "read_parquet(?)"
    if path.suffix != ".parquet":
        reader = "read_csv(?, header = true, all_varchar = true)"
        # DuckDB would give the second of two columns of one name another name.
        _, header = next(csv_rows(path), (0, []))
        if repeated := {name for name in header if header.count(name) > 1 and name in columns}:
            raise ValueError(f"column {min(repeated)!r} appears twice; keep one")
    types = {
        name: kind
        for name, kind, *_ in connection.execute(
            f"describe select * from {reader}",  # noqa: S608
            [str(path)],
        ).fetchall()
    }
    needed_columns = [columns.model_id, columns.day if day is None else None]
    missing = [name for name in needed_columns if name and name not in types]
    if missing or not {columns.downloads_30d, columns.downloads_all_time} & types.keys():
        missing_names = missing or [columns.downloads_30d, columns.downloads_all_time]
        raise ValueError(f"no column {' or '.join(missing_names)}; the file has {', '.join(types)}")
    if day is None and columns.day is None:
        raise ValueError("no column holds the day; give the day with --date")
    shown_day = f"'{day.isoformat()}'" if day else _day_text(str(columns.day), types)
    counts = [_count_text(name, types) for name in columns[2:5]]
    created = f'"{columns.created_at}"::varchar' if columns.created_at in types else "null"
    # Names come from the table of archives, not from the file.
    query = f"""
        select {shown_day} as day, "{columns.model_id}"::varchar as name, {", ".join(counts)},
          {created}
        from {reader}
        where lower(split_part("{columns.model_id}"::varchar, '/', 1))
          in (select unnest(?::varchar[]))
        order by day, name
    """  # noqa: S608
    cursor = connection.execute(query, [str(path), [folded(name) for name in namespaces]])
    while rows := cursor.fetchmany(CHUNK):
        yield from rows


def _day_text(column: str, types: Mapping[str, str]) -> str:
    is_dated = types[column] == "DATE" or types[column].startswith("TIMESTAMP")
    return f'"{column}"::date::varchar' if is_dated else f'"{column}"::varchar'


def _count_text(column: str, types: Mapping[str, str]) -> str:
    """Return SQL for a count as text; a fraction stays one, so that it is refused as a count."""
    if column not in types:
        return "null"
    name = f'"{column}"'
    if FRACTIONAL.match(types[column]):
        whole = f"isfinite({name}::double) and {name} = trunc({name})"
        return (
            f"case when {whole} then try_cast({name} as hugeint)::varchar else {name}::varchar end"
        )
    return f"{name}::varchar"


def _day(text: str | None, rows: Iterable[Sequence[str | None]]) -> ArchiveDay:
    observations: NameDict[Observation] = NameDict()
    created: NameDict[str] = NameDict()
    unusable = 0
    try:
        day = parse_day((text or "")[:10])
    except ValueError:
        return ArchiveDay(date.min, [], {}, sum(1 for _ in rows))
    for _, name, *counts, created_at in rows:
        try:
            observation = _observation(name or "", counts)
        except ValueError:
            unusable += 1
            continue
        earlier = observations.get(observation.model_id)
        if earlier is None or _all_time(earlier) < _all_time(observation):
            observations[observation.model_id] = observation
        if created_at and (created_on := _parse(created_at[:10])):
            created[observation.model_id] = created_on.isoformat()
    return ArchiveDay(day, list(observations.values()), created, unusable)


def _observation(name: str, counts: Sequence[str | None]) -> Observation:
    if not MODEL_NAME.fullmatch(name):
        raise ValueError("no model name")
    downloads_30d, downloads_all_time, likes = (parse_count(count or "") for count in counts)
    if downloads_30d is None and downloads_all_time is None:
        raise ValueError("no count")
    return Observation(name, None, downloads_30d, downloads_all_time, likes)


def _all_time(observation: Observation) -> int:
    count = observation.downloads_all_time
    return -1 if count is None else count


def read_flags(meta: object) -> tuple[list[Flag], list[str]]:
    """Return the flags in a meta.json of Model Pulse, and what in it was not understood.

    Each of `FLAGS` may be a list of days, of pairs or of objects with a day or a first and last
    one, or an object with days or models as its keys. Only days and numbers are taken from it.
    """
    flags: list[Flag] = []
    unclear: list[str] = []
    if not isinstance(meta, dict):
        return [], ["meta.json is not a JSON object"]
    for key, kind in FLAGS.items():
        spans: dict[tuple[date, date, str], set[str]] = {}
        for model, value in _items(meta.get(key)):
            span = _span(value)
            if span is None:
                unclear.append(
                    f"meta.json: {key}: not understood: {printable_line(repr(value))[:80]}"
                )
                continue
            spans.setdefault(span, set()).add(model)
        for (first, last, value), models in sorted(spans.items()):
            number = None if "" in models else len(models)
            flags.append(Flag(kind, first, last, number, value))
    return flags, unclear


def _items(value: object) -> Iterator[tuple[str, object]]:
    """Yield pairs of a model (empty for all models) and a value that may be a day or a span."""
    if value is None:
        return
    if isinstance(value, list):
        yield from (("", item) for item in value)
    elif isinstance(value, dict) and not _span(value):
        for key, item in value.items():
            if _parse(key):
                yield "", {"day": key, "value": item}
            elif isinstance(item, list) and not _span(item):
                yield from ((key, entry) for entry in item)
            else:
                yield key, item
    else:
        yield "", value


def _span(value: object) -> tuple[date, date, str] | None:
    if isinstance(value, dict):
        first = next((day for key in FROM if (day := _parse(value.get(key)))), None)
        last = next((day for key in TO if (day := _parse(value.get(key)))), first)
        number = value.get("value")
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        text = f"{number:g}" if is_number else ""
    elif isinstance(value, list) and len(value) == 2:
        first, last, text = _parse(value[0]), _parse(value[1]), ""
    else:
        first = last = _parse(value)
        text = ""
    if first is None or last is None or last < first:
        return None
    return first, last, text


def _parse(value: object) -> date | None:
    try:
        return parse_day(value) if isinstance(value, str) else None
    except ValueError:
        return None


def spans_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return the first and last day of each run of consecutive days."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and day == spans[-1][1] + timedelta(days=1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans
