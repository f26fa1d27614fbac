"""Reading a CSV or Parquet file that somebody else made, by our names for its columns."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from census.base.csv_files import Problem

# What a file raises that is not a table, or only the beginning of one.
BROKEN = (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error, duckdb.Error, ValueError)


def read_named(
    path: Path, columns: Sequence[str], mapping: Mapping[str, str], problems: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, values by our column names) of a CSV (also .gz) or Parquet file.

    `columns` are ours, the first of which a file must have; `mapping` gives the file's name of one
    where it differs. Values are stripped of outer blanks, lines without a value are skipped. Faults
    of the file as a whole (missing, no CSV, a column that is not there or there twice) go to
    `problems`. For Parquet the line is the number of the row.
    """
    if not path.is_file():
        problems.append(Problem(str(path), 0, "the file is missing"))
        return
    rows = _parquet_rows(path) if path.suffix == ".parquet" else csv_rows(path)
    try:
        _, header = next(rows)
        places = _places(header, columns, mapping)
        for line, values in rows:
            if len(values) != len(header):
                reason = f"{len(values)} values; expected {len(header)}"
                problems.append(Problem(str(path), line, reason))
                continue
            yield line, {name: values[place].strip() for name, place in places.items()}
    except StopIteration:
        problems.append(Problem(str(path), 0, "the file is empty"))
    except BROKEN as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        problems.append(Problem(str(path), 0, f"cannot be read: {reason}"))


def csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, values) of a CSV file (also .gz), without the lines that have no value."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        for values in reader:
            if any(value.strip() for value in values):
                yield reader.line_num, values


def _parquet_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        cursor = connection.execute("select columns(*)::varchar from read_parquet(?)", [str(path)])
        yield 0, [column[0] for column in cursor.description or ()]
        line = 0
        while rows := cursor.fetchmany(10_000):
            for row in rows:
                line += 1
                yield line, ["" if value is None else value for value in row]


def _places(
    header: list[str], columns: Sequence[str], mapping: Mapping[str, str]
) -> dict[str, int]:
    for our_name, name_in_file in mapping.items():
        if our_name not in columns:
            raise ValueError(f"the census has no column {our_name!r}; it has {', '.join(columns)}")
        if name_in_file not in header:
            raise ValueError(f"no column {name_in_file!r}; the file has {', '.join(header)}")
    names_in_file = {name: mapping.get(name, name) for name in columns}
    first = columns[0]
    if names_in_file[first] not in header:
        raise ValueError(f"no column {first}; name the one that holds it with --column {first}=…")
    for name_in_file, uses in Counter(names_in_file.values()).items():
        if header.count(name_in_file) > 1:
            raise ValueError(
                f"column {name_in_file!r} is there {header.count(name_in_file)} times; keep one"
            )
        if uses > 1 and name_in_file in header:
            our_name = " and as ".join(
                name for name in columns if names_in_file[name] == name_in_file
            )
            raise ValueError(
                f"column {name_in_file!r} would be read as {our_name}; name another for one"
            )
    return {
        our_name: header.index(name_in_file)
        for our_name, name_in_file in names_in_file.items()
        if name_in_file in header
    }
