"""Days of observations that were put together: one Parquet file a source and month.

Each day in it can be verified: its rows, written as the CSV file that it was, have the SHA-256 that
the manifest keeps. So no other record of what such a file holds is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.integer[Any]]

COLUMNS = {
    "model_id": "varchar",
    "hub_id": "varchar",
    "downloads_30d": "bigint",
    "downloads_all_time": "bigint",
    "likes": "bigint",
}
HEADING = ",".join(COLUMNS)
# The lines of a day's CSV file, as `observations.format_day` writes it. No name or id has a
# character that needs quotes; if one had, the SHA-256 would differ.
LINE = " || ',' || ".join(f"coalesce({name}::varchar, '')" for name in COLUMNS)
DAYS = f"""
    select
        day,
        sha256(
            '{HEADING}' || chr(10) || string_agg({LINE} || chr(10), '' order by model_id)
        ) as mark,
        count(*) as rows
    from {{table}}
    group by day
"""  # noqa: S608
# The same days as columns: names in their order, numbered from 0, and counts, -1 where unknown.
LOAD_ROWS = "create or replace temp table source_rows as select * from read_parquet(?)"
NUMBERED = """
    create or replace temp table numbered as
    select
        model_id as name,
        row_number() over (order by model_id) - 1 as number
    from (select distinct model_id from source_rows)
"""
COUNTED = """
    select
        n.number,
        coalesce(g.downloads_30d, -1) as in_30d,
        coalesce(g.downloads_all_time, -1) as all_time,
        coalesce(g.likes, -1) as likes
    from source_rows as g
    inner join numbered as n on g.model_id = n.name
    order by g.day, n.number
"""
ROWS = f"select day, {', '.join(COLUMNS)} from read_parquet(?) order by day, model_id"  # noqa: S608

Row = tuple[str, str | None, int | None, int | None, int | None]


class StoredDay(NamedTuple):
    """One day of a month: the SHA-256 of its CSV file, and its rows in the order of models."""

    sha256: str
    rows: Sequence[Row]


class MonthColumns(NamedTuple):
    """All rows of a month in order of days and models.

    `marks` are the SHA-256 of the CSV files of its days, in their order, `rows` how many rows each
    day has. The other four are columns: the place of each row's model in `names`, and its counts,
    -1 where unknown.
    """

    marks: dict[date, str]
    rows: list[int]
    names: list[str]
    name: Counts
    in_30d: Counts
    all_time: Counts
    likes: Counts


def month_of(path: str) -> str:
    """Return the path of the month that a day's file goes into, both below the observations."""
    return f"{path[: -len('-DD.csv')]}.parquet"


def read_day(folder: Path, path: str) -> StoredDay | None:
    """Return a day of a month's file, None where there is no such file or no such day in it.

    `path` is that of the day's CSV file below `folder`. Raises ValueError where the month's file
    cannot be read.
    """
    month = folder / month_of(path)
    if not month.is_file():
        return None
    file_status = month.stat()
    days = _read(month, file_status.st_mtime_ns, file_status.st_size)
    return days.get(date.fromisoformat(Path(path).stem))


def read_month(month: Path) -> dict[date, StoredDay]:
    """Return the days of a month's file; raises ValueError where it cannot be read."""
    try:
        with duckdb.connect() as duck:
            mark_rows = duck.execute(DAYS.format(table="read_parquet(?)"), [str(month)]).fetchall()
            marks: dict[date, str] = {day: mark for day, mark, _ in mark_rows}
            days: dict[date, list[Row]] = {day: [] for day in sorted(marks)}
            for day, *row in duck.execute(ROWS, [str(month)]).fetchall():
                days[day].append(tuple(row))
    except duckdb.Error as error:
        reason = str(error).strip().partition("\n")[0]
        raise ValueError(f"cannot be read ({reason}); restore it from git") from error
    return {day: StoredDay(marks[day], rows) for day, rows in days.items()}


def read_month_columns(duck: duckdb.DuckDBPyConnection, month: Path) -> MonthColumns:
    """Return the rows of a month's file as columns; raises duckdb.Error where it cannot be read."""
    duck.execute(LOAD_ROWS, [str(month)])
    days = f"select day, mark, rows from ({DAYS.format(table='source_rows')}) order by day"  # noqa: S608
    marks = duck.execute(days).fetchall()
    duck.execute(NUMBERED)
    names = [
        name for (name,) in duck.execute("select name from numbered order by number").fetchall()
    ]
    columns = (np.asarray(column) for column in duck.execute(COUNTED).fetchnumpy().values())
    return MonthColumns(
        {day: mark for day, mark, _ in marks}, [rows for *_, rows in marks], names, *columns
    )


# Days are read in the order of their paths, so those of a month one after the other.
@lru_cache(1)
def _read(month: Path, _written: int, _size: int) -> dict[date, StoredDay]:
    return read_month(month)


def write_month(days: Iterable[Path], existing: Path | None, target: Path) -> None:
    """Write the CSV files of days, with the rows of an existing month's file, as one month's file.

    Rows are in the order of models and days, in which they take the least space.
    """
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    form = "header = true, delim = ',', quote = '\"', escape = '\"', nullstr = ''"
    parsed = f"read_csv(?, columns = {{{columns}}}, {form}, auto_detect = false, filename = true)"
    day_of_file = "strptime(parse_filename(filename, true), '%Y-%m-%d')::date as day"
    queries = [f"select {day_of_file}, {', '.join(COLUMNS)} from {parsed}"]  # noqa: S608
    values: list[object] = [[str(path) for path in days]]
    if existing is not None:
        queries.append("select * from read_parquet(?)")
        values.append(str(existing))
    literal = "'" + str(target).replace("'", "''") + "'"
    with duckdb.connect() as duck:
        duck.execute("set threads = 1")
        duck.execute(f"create table month as {' union all '.join(queries)}", values)
        duck.execute(
            "copy (select * from month order by model_id, day)"  # noqa: S608
            f" to {literal} (format parquet, compression zstd)"
        )
