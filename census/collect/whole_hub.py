"""Totals of the whole Hub from Parquet files of any size, registered or not.

The scope is every model that the files list, registered or not. DuckDB reads the columns that are
needed, within a bound of memory, in two passes over the rows. Its SQL is `whole_hub.sql`, which
Spark runs as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from census.base.csv_files import DataError, Problem
from census.base.names import folded
from census.base.printable import printable_line
from census.inputs.origins import operating_origin
from census.inputs.registry import Registry, load_registry
from census.inputs.sizes import SizeBucket, load_sizes

MEMORY = "2GB"
THREADS = 2
SCOPE = "whole Hub: every model that the files list, registered or not"
STATEMENTS = Path(__file__).with_name("whole_hub.sql")
UNKNOWN = "unknown"
# Column names in the archives that list the whole Hub; the first that a file has is taken.
NAMES = ("id", "model_id", "modelId")
DAYS = ("day", "date")
IN_30D = ("downloads", "dl30", "downloads_30d")
ALL_TIME = ("downloadsAllTime", "dl_all", "downloads_all_time")
COLUMNS = (
    *("day", "dimension", "key", "models", "models_30d", "downloads_30d", "share_30d_pct"),
    *("models_all_time", "downloads_all_time", "share_all_time_pct"),
)


class Total(NamedTuple):
    """One row of the outcome; a share is of all models of the day with such a count."""

    day: str
    dimension: str
    key: str
    models: int
    models_30d: int
    downloads_30d: int | None
    share_30d_pct: float | None
    models_all_time: int
    downloads_all_time: int | None
    share_all_time_pct: float | None


def statements(path: Path = STATEMENTS) -> dict[str, str]:
    """Return the statements of the SQL file by their names."""
    parts = re.split(r"^-- name: (\w+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        name: sql.strip().rstrip(";") for name, sql in zip(parts[1::2], parts[2::2], strict=True)
    }


def registry_rows(registry: Registry, day: date) -> list[tuple[str, str, str, str | None]]:
    """Return (namespace in small letters, lab, standing, country on `day`) of all namespaces."""
    rows = []
    for name, row in sorted(registry.namespaces.items()):
        lab = registry.labs[row["lab"]]
        origin = operating_origin(lab, registry.claims.get(lab.slug, []), day)
        rows.append((folded(name), lab.slug, lab.role, origin.country))
    return rows


def bucket_sql(buckets: Iterable[SizeBucket], parameters: str) -> str:
    """Return SQL for the size bucket of a number of parameters; `unknown` where it is null."""
    cases = " ".join(
        f"when {parameters} >= {bucket.at_least}"
        + (f" and {parameters} < {bucket.below}" if bucket.below else "")
        + f" then '{bucket.key}'"
        for bucket in buckets
    )
    return f"case {cases} else '{UNKNOWN}' end"


def counts_select(
    types: Mapping[str, str], buckets: Iterable[SizeBucket], day: date | None = None
) -> str:
    """Return the columns of `counts` in terms of a file's; raises ValueError where one is missing.

    `types` are the file's types by column. The text is the same for DuckDB and for Spark.
    """
    name = _first(NAMES, types)
    in_30d, all_time = _first(IN_30D, types), _first(ALL_TIME, types)
    day_column = _first(DAYS, types)
    if name is None or not (in_30d or all_time):
        missing_column = "a model's name" if name is None else "a count of downloads"
        raise ValueError(f"no column has {missing_column}; the file has {', '.join(types)}")
    if day_column is None and day is None:
        raise ValueError("no column holds the day; give the day with --date")
    day_sql = f"cast({day_column} as date)" if day_column else f"cast('{day}' as date)"
    # Files of the Hub have sizes as a structure with the total; where they have not, none is known.
    has_sizes = re.search(r"struct.*\btotal\b", types.get("safetensors", ""), re.IGNORECASE)
    size = bucket_sql(buckets, "safetensors.total") if has_sizes else f"'{UNKNOWN}'"
    return f"""
        {day_sql} as day,
        {name} as name,
        case when {name} like '%/%' then lower(split_part({name}, '/', 1)) else '' end as namespace,
        cast({in_30d or "null"} as bigint) as downloads_30d,
        cast({all_time or "null"} as bigint) as downloads_all_time,
        {size} as size_bucket"""


def _first(names: Sequence[str], types: Mapping[str, str]) -> str | None:
    return next((name for name in names if name in types), None)


@contextmanager
def engine(memory: str = MEMORY, threads: int = THREADS) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a DuckDB that keeps to a bound of memory and uses the disk beyond it."""
    with TemporaryDirectory() as spill, duckdb.connect() as duck:
        duck.execute(f"set memory_limit = '{memory}'")
        duck.execute(f"set threads = {threads}")
        duck.execute("set preserve_insertion_order = false")
        duck.execute(f"set temp_directory = '{spill}'")
        duck.execute("set autoinstall_known_extensions = false")
        duck.execute("set autoload_known_extensions = false")
        yield duck


def whole_hub(
    data: Path, files: Sequence[Path], day: date | None = None
) -> tuple[list[Total], list[Total]]:
    """Return the totals by day, dimension and key, and the largest unregistered publishers.

    `files` are Parquet files of one kind: one day of the whole Hub (`day` says which, where no
    column does) or daily series. Raises DataError for a file that cannot be read.
    """
    problems = [
        Problem(str(path), 0, "the file is missing") for path in files if not path.is_file()
    ]
    registry = load_registry(data, problems)
    sizes = load_sizes(data, registry, problems)
    if problems:
        raise DataError(problems)
    with engine() as duck:
        try:
            _view_counts(duck, files, sizes.buckets, day)
            last = duck.execute("select max(day) from counts").fetchone()
            if last is None or last[0] is None:
                raise ValueError("the files have no rows")
            _fill(duck, registry_rows(registry, last[0]))
            sql = statements()
            duck.execute(f"create temp table cells as {sql['cells']}")
            totals = duck.execute(sql["totals"]).fetchall()
            publishers = duck.execute(sql["publishers"]).fetchall()
        except (duckdb.Error, ValueError) as error:
            file_names = ", ".join(map(str, files))
            raise DataError(
                [Problem(file_names, 0, f"cannot be read: {printable_line(error)}")]
            ) from None
    return [_total(row) for row in totals], _publishers(publishers, totals)


def _view_counts(
    duck: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    buckets: Sequence[SizeBucket],
    day: date | None,
) -> None:
    file_list = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    read = f"read_parquet([{file_list}])"
    columns = duck.execute(f"describe select * from {read}").fetchall()  # noqa: S608
    types = {str(name): str(kind) for name, kind, *_ in columns}
    select = counts_select(types, buckets, day)
    duck.execute(f"create temp view counts as select {select} from {read}")  # noqa: S608


def _fill(
    duck: duckdb.DuckDBPyConnection, registered: Sequence[tuple[str, str, str, str | None]]
) -> None:
    duck.execute(
        "create temp table registry (namespace varchar, lab varchar, standing varchar,"
        " country varchar)"
    )
    duck.executemany("insert into registry values (?, ?, ?, ?)", registered)
    duck.execute("create temp view labs as select distinct lab, country from registry")


def _total(row: Sequence[object]) -> Total:
    return Total(str(row[0]), *row[1:])  # type: ignore[arg-type]


def _publishers(
    rows: Iterable[Sequence[object]], totals: Sequence[Sequence[object]]
) -> list[Total]:
    """Return publishers as totals, with their shares of the whole Hub on their day."""
    sums_by_day: dict[object, list[int]] = {}
    for row in totals:
        if row[1] == "standing":
            sums = sums_by_day.setdefault(row[0], [0, 0])
            sums[0] += int(row[5] or 0)  # type: ignore[call-overload]
            sums[1] += int(row[8] or 0)  # type: ignore[call-overload]
    rows_of_publishers = []
    for day, name, models, models_30d, in_30d, models_all, all_time in rows:
        sums = sums_by_day[day]
        shares = [
            100.0 * int(part) / total if part is not None and total else None  # type: ignore[call-overload]
            for part, total in zip((in_30d, all_time), sums, strict=True)
        ]
        values = (models, models_30d, in_30d, shares[0], models_all, all_time, shares[1])
        rows_of_publishers.append(_total((day, "unregistered publisher", name, *values)))
    return rows_of_publishers


def sentence(totals: Sequence[Total]) -> str:
    """Return in words what part of the last day's downloads is in the registry."""
    day = totals[-1].day
    totals_of_day = [
        total for total in totals if total.day == day and total.dimension == "standing"
    ]
    models = sum(total.models for total in totals_of_day)
    outside = next((total for total in totals_of_day if total.key == "not registered"), None)
    if outside is None:
        return f"{day}, {SCOPE}: {models:,} models, all of them registered."
    shares = [
        f"{share:.1f} % of the downloads {words}"
        for share, words in (
            (outside.share_30d_pct, "of 30 days"),
            (outside.share_all_time_pct, "of all time"),
        )
        if share is not None
    ]
    return (
        f"{day}, {SCOPE}: of {models:,} models {outside.models:,} are not registered,"
        f" with {' and '.join(shares)}."
    )
