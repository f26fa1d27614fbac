"""Parquet files of the census: written, and read back as tables, by DuckDB."""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from census.database.declared_tables import schema
from census.export.table_descriptions import Table
from census.export.translation import AS_SQLITE, as_duckdb
from census.questions.question_files import Question, placeholders

# Tables cut by month, and the month of a row.
MONTHS = {"observations": "substr(date, 1, 7)", "series": "month"}
TYPES = {"integer": "bigint", "real": "double", "text": "varchar"}
# Text stands for null in the file between SQLite and DuckDB: there an empty text is not unknown.
NULL = "\\N"


def write_parquet(
    connection: sqlite3.Connection, table: Table, folder: Path, duck: duckdb.DuckDBPyConnection
) -> list[Path]:
    """Write a table as Parquet, by month where it is long; return the files.

    `duck` is a database in memory, which holds the table meanwhile. The same rows and the same
    DuckDB give the same bytes.
    """
    with tempfile.TemporaryDirectory(dir=folder) as between:
        plain = Path(between) / "rows.csv"
        _write_rows(connection, table, plain)
        duck.execute("set threads = 1")
        columns = {column.name: TYPES[column.type] for column in table.columns}
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        duck.execute(
            "create or replace table written as select * from read_csv("  # noqa: S608
            f"{sql_literal(plain)}, header = true, delim = ',', quote = '\"', escape = '\"',"
            f" nullstr = '{NULL}', auto_detect = false, parallel = false,"
            f" columns = {{{types}}})"
        )
        if table.name not in MONTHS:
            path = folder / f"{table.name}.parquet"
            _copy(duck, "select * from written", path)
            return [path]
        return [
            _copy_month(duck, MONTHS[table.name], month, folder / table.name)
            for (month,) in duck.execute(
                f"select distinct {MONTHS[table.name]} as month from written order by month"  # noqa: S608
            ).fetchall()
        ]


def _write_rows(connection: sqlite3.Connection, table: Table, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in table.columns])
        for row in connection.execute(table.select):
            writer.writerow([NULL if value is None else value for value in row])


def _copy_month(duck: duckdb.DuckDBPyConnection, of_row: str, month: str, folder: Path) -> Path:
    """Write one month in the layout of Hive: the folder's name is the month of its rows."""
    path = folder / f"month={month}" / "part-0.parquet"
    path.parent.mkdir(parents=True)
    left_out = " exclude (month)" if of_row == "month" else ""
    _copy(duck, f"select *{left_out} from written where {of_row} = '{month}'", path)  # noqa: S608
    return path


def _copy(duck: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    duck.execute(f"copy ({select}) to {sql_literal(path)} (format parquet, compression zstd)")


def sql_literal(path: Path) -> str:
    """Return a path as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def open_parquet(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a DuckDB with a view for each table in a folder of exported Parquet files.

    Views of the schema that are not files, as `series_steps`, are made from those that are.
    """
    duck = duckdb.connect()
    duck.execute(AS_SQLITE)
    table_names = set()
    for name, files in _files(folder):
        duck.execute(
            f'create view "{name}" as select * from read_parquet({sql_literal(files)},'  # noqa: S608
            " hive_partitioning = true, hive_types_autocast = false)"
        )
        table_names.add(name)
    for name, sql in _views_of_schema():
        if name not in table_names:
            duck.execute(as_duckdb(sql))
    return duck


def _views_of_schema() -> list[tuple[str, str]]:
    """Return name and statement of each view, in the order in which the schema makes them."""
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(schema())
        return empty.execute(
            "select name, sql from sqlite_master where type = 'view' order by rowid"
        ).fetchall()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield path.name, path / "*" / "*.parquet"
        elif path.suffix == ".parquet":
            yield path.stem, path


def ask_parquet(
    duck: duckdb.DuckDBPyConnection, question: Question, values: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the rows of a question from Parquet; `values` are checked."""
    # DuckDB refuses a value that the statement does not name; a chart's parameters are not in it.
    used = {name: values[name] for name in placeholders(question.sql)}
    result = duck.execute(as_duckdb(question.sql), used)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
