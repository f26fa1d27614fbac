"""Days of observations that were put together: one Parquet file a source and month.

A day in it vouches for itself: its rows, written as the CSV file that it was, have the SHA-256 that
the manifest keeps. So nothing but the manifest has to say what such a file holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import duckdb

COLUMNS = {
    "model_id": "varchar",
    "hub_id": "varchar",
    "downloads_30d": "bigint",
    "downloads_all_time": "bigint",
    "likes": "bigint",
}
HEADING = ",".join(COLUMNS)
# A day's CSV file, as `observations.format_day` writes it; names and ids have no character that
# would be quoted, and one that had would be found by its other SHA-256.
LINE = " || ',' || ".join(f"coalesce({name}::varchar, '')" for name in COLUMNS)
DAYS = f"""
    select
        day,
        sha256('{HEADING}' || chr(10) || string_agg({LINE} || chr(10), '' order by model_id))
    from read_parquet(?)
    group by day
"""  # noqa: S608
ROWS = f"select day, {', '.join(COLUMNS)} from read_parquet(?) order by day, model_id"  # noqa: S608

Row = tuple[str, str | None, int | None, int | None, int | None]


class Day(NamedTuple):
    """One day of a month: the SHA-256 of its CSV file, and its rows in the order of models."""

    sha256: str
    rows: Sequence[Row]


def month_of(path: str) -> str:
    """Return the path of the month that a day's file goes into, both below the observations."""
    return f"{path[: -len('-DD.csv')]}.parquet"


def read_day(folder: Path, path: str) -> Day | None:
    """Return a day of a month's file, None where there is no such file or no such day in it.

    `path` is that of the day's CSV file below `folder`. Raises ValueError where the month's file
    cannot be read.
    """
    month = folder / month_of(path)
    if not month.is_file():
        return None
    state = month.stat()
    days = _read(month, state.st_mtime_ns, state.st_size)
    return days.get(date.fromisoformat(Path(path).stem))


def read_month(month: Path) -> dict[date, Day]:
    """Return the days of a month's file; raises ValueError where it cannot be read."""
    try:
        with duckdb.connect() as duck:
            marks: dict[date, str] = dict(duck.execute(DAYS, [str(month)]).fetchall())
            days: dict[date, list[Row]] = {day: [] for day in sorted(marks)}
            for day, *row in duck.execute(ROWS, [str(month)]).fetchall():
                days[day].append(tuple(row))
    except duckdb.Error as error:
        reason = str(error).strip().partition("\n")[0]
        raise ValueError(f"cannot be read ({reason}); restore it from git") from error
    return {day: Day(marks[day], rows) for day, rows in days.items()}


# Days are read in the order of their paths, so those of a month one after the other.
@lru_cache(1)
def _read(month: Path, _written: int, _size: int) -> dict[date, Day]:
    return read_month(month)


def write_month(days: Iterable[Path], before: Path | None, target: Path) -> None:
    """Write the CSV files of days, and a month's file that was there before, as one month's file.

    Rows are in the order of models and days, in which they take least room.
    """
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    form = "header = true, delim = ',', quote = '\"', escape = '\"', nullstr = ''"
    parsed = f"read_csv(?, columns = {{{columns}}}, {form}, auto_detect = false, filename = true)"
    of_file = "strptime(parse_filename(filename, true), '%Y-%m-%d')::date as day"
    parts = [f"select {of_file}, {', '.join(COLUMNS)} from {parsed}"]  # noqa: S608
    values: list[object] = [[str(path) for path in days]]
    if before is not None:
        parts.append("select * from read_parquet(?)")
        values.append(str(before))
    literal = "'" + str(target).replace("'", "''") + "'"
    with duckdb.connect() as duck:
        duck.execute("set threads = 1")
        duck.execute(f"create table month as {' union all '.join(parts)}", values)
        duck.execute(
            "copy (select * from month order by model_id, day)"  # noqa: S608
            f" to {literal} (format parquet, compression zstd)"
        )
