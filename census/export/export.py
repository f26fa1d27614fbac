"""The whole census as files: SQLite, CSV, Parquet, and descriptions that machines read."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from census.base.csv_files import DataError, Problem
from census.base.databases import connect_readonly, open_readonly
from census.base.files import sha256_of
from census.export.croissant import croissant
from census.export.data_package import File, data_package
from census.export.parquet import MONTHS, write_parquet
from census.export.table_descriptions import Table, read_tables, read_words
from census.export.whole_files import Limits, Statement, StatementResult, csv_pieces

INDEX = "index.json"
SUMS = "SHA256SUMS"
PACKAGE = "datapackage.json"
CROISSANT = "croissant.json"
README = "README.md"
BLOCK = 1024 * 1024
COMPRESSION = 6
# The statements of an export are our own, so they have no time limit.
PATIENT = Limits(seconds=float("inf"))

Announce = Callable[[str], None]

ABOUT = """# {title}: everything as files

{description}

Observations to {last_observation}; cumulative series to {data_through}. Data: CC BY 4.0, with the
attributions that the tables `sources` and `capability_sources` name.

| file | what |
| --- | --- |
| `census.db`, `census.db.gz` | the SQLite database, plain and compressed |
| `csv/TABLE.csv` | each table: UTF-8, comma, heading; unknown is empty, never 0 |
| `parquet/TABLE.parquet` | each table; `observations`, `series` by month in `month=YYYY-MM/` |
| `{package}` | Frictionless data package of the CSV files |
| `{croissant}` | Croissant description of all files |
| `{sums}` | checksums: `sha256sum --check {sums}` |
| `{index}` | the same list with sizes, and the database that it was made of |

A text that begins with `=`, `+`, `-` or `@` stands here as it is. The site's address of a CSV file
takes `_spreadsheet=1`, with which a spreadsheet cannot run it as a formula.
"""


def export(
    database: Path, out: Path, metadata: Path, url: str = "", announce: Announce = lambda _: None
) -> list[File]:
    """Write everything to `out`, which is replaced as a whole; return the files.

    The same database, DuckDB and zlib give the same bytes. Raises DataError without a database, or
    where `out` holds what no export wrote.
    """
    if not database.is_file():
        raise DataError([Problem(str(database), 0, "the database is missing; build it first")])
    if out.exists() and any(out.iterdir()) and not (out / INDEX).is_file():
        raise DataError(
            [Problem(str(out), 0, "holds files that no export wrote; name another folder")]
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as folder:
        new = Path(folder) / "new"
        new.mkdir()
        files = _write_all(database, new, read_words(metadata), url, announce)
        if out.exists():
            out.rename(Path(folder) / "old")
        new.chmod(0o755)
        new.rename(out)
    return files


def _write_all(
    database: Path, out: Path, words: Mapping[str, Any], url: str, announce: Announce
) -> list[File]:
    with open_readonly(database) as connection:
        tables = read_tables(connection, words)
        info = dict(connection.execute("select key, value from build_info").fetchall())
        cursor = connection.execute(
            "select name, url from sources where id in (select source from observation_files)"
            " or channel in (select channel from channels where days > 0)"
            " union all select name, url from capability_sources order by name"
        )
        sources = [{"name": name, "url": address} for name, address in cursor]
        announce("CSV")
        csv_files = dict(_write_csv_files(database, tables, out))
        announce("Parquet")
        parquet_files = list(_write_parquet_files(connection, tables, out))
    announce("The database")
    whole = _write_database(database, out)
    announce("Descriptions")
    described = data_package(words, tables, csv_files, sources, info)
    _write_json(out / PACKAGE, described)
    others = [*parquet_files, *whole]
    _write_json(out / CROISSANT, croissant(words, tables, csv_files, others, info, url))
    _write_text(
        out / README,
        ABOUT.format(**words, **info, package=PACKAGE, croissant=CROISSANT, sums=SUMS, index=INDEX),
    )
    files = [
        *whole,
        *csv_files.values(),
        *parquet_files,
        _file(out, out / PACKAGE, "Frictionless data package of the CSV files"),
        _file(out, out / CROISSANT, "Croissant description of all files"),
        _file(out, out / README, "What the files are"),
    ]
    _write_text(out / SUMS, "".join(f"{file.sha256}  {file.path}\n" for file in files))
    index = {"database": whole[0].sha256, **info, "files": [file._asdict() for file in files]}
    _write_json(out / INDEX, index)
    return files


def _write_csv_files(
    database: Path, tables: Sequence[Table], out: Path
) -> Iterator[tuple[str, File]]:
    (out / "csv").mkdir()
    for table in tables:
        path = out / "csv" / f"{table.name}.csv"
        result = StatementResult(
            connect_readonly(database), Statement(table.select, trusted=True), PATIENT
        )
        try:
            with path.open("wb") as file:
                file.writelines(csv_pieces(result))
        finally:
            result.close()
        yield table.name, _file(out, path, f"Table {table.name}")


def _write_parquet_files(
    connection: sqlite3.Connection, tables: Sequence[Table], out: Path
) -> Iterator[File]:
    (out / "parquet").mkdir()
    # One DuckDB for all tables: starting one takes longer than writing most of them.
    with duckdb.connect() as duck:
        for table in tables:
            for path in write_parquet(connection, table, out / "parquet", duck):
                month = f", {path.parent.name[6:]}" if table.name in MONTHS else ""
                yield _file(out, path, f"Table {table.name}{month}")


def _write_database(database: Path, out: Path) -> list[File]:
    """Put the database beside the files, and once more compressed, without a time in it."""
    copy = out / "census.db"
    try:
        os.link(database, copy)
    except OSError:
        # Another file system, or one without links.
        shutil.copyfile(database, copy)
    packed = out / "census.db.gz"
    with (
        database.open("rb") as source,
        packed.open("wb") as target,
        gzip.GzipFile("", "wb", COMPRESSION, target, mtime=0) as squeezed,
    ):
        shutil.copyfileobj(source, squeezed, BLOCK)
    return [
        _file(out, copy, "The SQLite database"),
        _file(out, packed, "The SQLite database, compressed"),
    ]


def _file(out: Path, path: Path, description: str) -> File:
    return File(path.relative_to(out).as_posix(), path.stat().st_size, sha256_of(path), description)


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    _write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def read_index(out: Path) -> dict[str, Any] | None:
    """Return the index of an export, None where there is no export."""
    path = out / INDEX
    if not path.is_file():
        return None
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
