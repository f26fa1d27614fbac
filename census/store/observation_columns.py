"""Observations of many files as columns: one number array a column, a row an observation.

Files of the usual form go through DuckDB, many at once. A file with anything irregular is left to
`observations.read_observations`, which says what is wrong.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from census.base.csv_files import Problem
from census.store.months import month_of, read_month_columns
from census.store.observations import (
    COLUMNS,
    FOLDER,
    Observation,
    ObservationFile,
    is_name,
    read_observations,
)

HEADING = (",".join(COLUMNS) + "\n").encode()
# Files are read together up to this many rows, which bounds the memory for their texts.
ROWS_AT_ONCE = 1_000_000
TYPES = ", ".join(f"'{name}': 'varchar'" for name in COLUMNS)
LOAD_ROWS = f"""
    create or replace temp table source_rows as
    select *
    from read_csv(
        ?,
        columns = {{{TYPES}}},
        auto_detect = false,
        header = true,
        delim = ',',
        quote = '',
        escape = '',
        new_line = '\\n'
    )
"""  # noqa: S608
# Names in the order in which a file has them, numbered from 0.
NUMBERED = """
    create or replace temp table numbered as
    select
        model_id as name,
        row_number() over (order by model_id) - 1 as number
    from (select distinct model_id from source_rows)
"""
NAMES = "select name from numbered order by number"
FAULTS = """
    select count(*)
    from source_rows
    where
        not coalesce(regexp_full_match(hub_id, '[0-9a-f]{24}'), true)
        or not coalesce(regexp_full_match(downloads_30d, '[0-9]{1,12}'), true)
        or not coalesce(regexp_full_match(downloads_all_time, '[0-9]{1,12}'), true)
        or not coalesce(regexp_full_match(likes, '[0-9]{1,12}'), true)
        or coalesce(downloads_30d, downloads_all_time, likes) is null
"""
ROWS = """
    select
        n.number,
        coalesce(g.downloads_30d::bigint, -1) as in_30d,
        coalesce(g.downloads_all_time::bigint, -1) as all_time,
        coalesce(g.likes::bigint, -1) as likes
    from source_rows as g
    inner join numbered as n on g.model_id = n.name
    order by g.rowid
"""

Column = NDArray[np.integer[Any]]


class _FileColumns(NamedTuple):
    """Rows of some files, in their order: the columns of `ObservationColumns`."""

    file: Column
    name: Column
    in_30d: Column
    all_time: Column
    likes: Column


@dataclass(frozen=True)
class ObservationColumns:
    """Observations in order of files, and of names in each; columns of one length.

    `file` and `name` are places in `files` and `names`; the counts are -1 where unknown.
    """

    files: tuple[ObservationFile, ...]
    names: tuple[str, ...]
    file: Column
    name: Column
    in_30d: Column
    all_time: Column
    likes: Column

    @classmethod
    def of_rows(
        cls, files: Iterable[tuple[ObservationFile, Sequence[Observation]]]
    ) -> ObservationColumns:
        """Return the observations of files as columns."""
        numbers: dict[str, int] = {}
        pairs = list(files)
        blocks = [_columns_of(place, rows, numbers) for place, (_, rows) in enumerate(pairs)]
        return cls(tuple(file for file, _ in pairs), tuple(numbers), *_joined(blocks))

    def of_files(self, is_wanted: Callable[[ObservationFile], bool]) -> ObservationColumns:
        """Return the observations of the files that are wanted."""
        chosen_files = np.array([is_wanted(file) for file in self.files], dtype=np.bool_)
        rows = chosen_files[self.file]
        places = np.cumsum(chosen_files, dtype=np.int32) - 1
        return ObservationColumns(
            tuple(file for file, keep in zip(self.files, chosen_files, strict=True) if keep),
            self.names,
            places[self.file[rows]],
            *(column[rows] for column in (self.name, self.in_30d, self.all_time, self.likes)),
        )

    def without_rows(self) -> ObservationColumns:
        """Return the files alone."""
        return ObservationColumns(self.files, (), *_joined([]))


def read_observation_columns(
    data: Path, files: Sequence[ObservationFile], problems: list[Problem]
) -> ObservationColumns:
    """Return the observations of files, each checked against the manifest.

    Faults are reported as by `read_observations`, which also decides which rows of a faulty file
    are kept.
    """
    numbers: dict[str, int] = {}
    blocks: list[_FileColumns] = []
    months = _in_months(data, files)
    in_month = {place for places in months.values() for place in places}
    irregular = {
        place
        for place, file in enumerate(files)
        if place not in in_month and not _is_plain(data, file)
    }
    with duckdb.connect() as duck:
        duck.execute("set threads = 1")
        batches = [(None, places) for places in _batches(files, irregular | in_month)]
        for month, places in [*batches, *months.items()]:
            if month is None:
                block = _read_plain(duck, data, files, places, numbers)
            else:
                block = _read_month(duck, month, files, places, numbers)
            if block is None:
                irregular.update(places)
            else:
                blocks.append(block)
    for place in sorted(irregular):
        blocks.append(_columns_of(place, read_observations(data, files[place], problems), numbers))
    columns = _joined(blocks)
    if (columns.file[1:] < columns.file[:-1]).any():
        order = np.argsort(columns.file, kind="stable")
        columns = _FileColumns(*(column[order] for column in columns))
    return ObservationColumns(tuple(files), tuple(numbers), *columns)


def _in_months(data: Path, files: Sequence[ObservationFile]) -> dict[Path, list[int]]:
    """Return for each month's file the places of the days that it holds."""
    months: dict[Path, list[int]] = defaultdict(list)
    for place, file in enumerate(files):
        if not (data / FOLDER / file.path).is_file():
            month = data / FOLDER / month_of(file.path)
            if month.is_file():
                months[month].append(place)
    return months


def _is_plain(data: Path, file: ObservationFile) -> bool:
    """Return whether a file is as the manifest says and has no quoted value."""
    path = data / FOLDER / file.path
    if not path.is_file():
        return False
    content = path.read_bytes()
    return (
        hashlib.sha256(content).hexdigest() == file.sha256
        and content.startswith(HEADING)
        and content.endswith(b"\n")
        and content.count(b"\n") == file.rows + 1
        and content.isascii()
        and b'"' not in content
        and b"\r" not in content
    )


def _batches(files: Sequence[ObservationFile], left_out: Collection[int]) -> Iterator[list[int]]:
    """Yield the places of the files that are read together; `left_out` are read in other ways."""
    places: list[int] = []
    rows = 0
    for place, file in enumerate(files):
        if place in left_out:
            continue
        if places and rows + file.rows > ROWS_AT_ONCE:
            yield places
            places, rows = [], 0
        places.append(place)
        rows += file.rows
    if places:
        yield places


def _read_plain(
    duck: duckdb.DuckDBPyConnection,
    data: Path,
    files: Sequence[ObservationFile],
    places: Sequence[int],
    numbers: dict[str, int],
) -> _FileColumns | None:
    """Return the rows of some files, None if any of them has a fault.

    `numbers` gets the names that are new, each with its place.
    """
    paths = [str(data / FOLDER / files[place].path) for place in places]
    try:
        duck.execute(LOAD_ROWS, [paths])
        duck.execute(NUMBERED)
        faults = duck.execute(FAULTS).fetchall()
        names = [name for (name,) in duck.execute(NAMES).fetchall()]
    except duckdb.Error:
        return None
    if faults != [(0,)] or not all(name is not None and is_name(name) for name in names):
        return None
    rank, *counts = (np.asarray(column) for column in duck.execute(ROWS).fetchnumpy().values())
    file = np.repeat(np.array(places, dtype=np.int32), [files[place].rows for place in places])
    if len(rank) != len(file):
        return None
    # Names are sorted where their ranks rise.
    rises = (rank[1:] > rank[:-1]) | (file[1:] != file[:-1])
    if not rises.all():
        return None
    return _FileColumns(file, _numbers_of(names, numbers)[rank], *counts)


def _read_month(
    duck: duckdb.DuckDBPyConnection,
    month: Path,
    files: Sequence[ObservationFile],
    places: Sequence[int],
    numbers: dict[str, int],
) -> _FileColumns | None:
    """Return the rows of the days of a month, None if they are not those of the manifest."""
    try:
        columns = read_month_columns(duck, month)
    except duckdb.Error:
        return None
    expected_days = [(files[place].day, files[place].sha256, files[place].rows) for place in places]
    stored_days = [
        (day, mark, rows)
        for (day, mark), rows in zip(columns.marks.items(), columns.rows, strict=True)
    ]
    if expected_days != stored_days:
        return None
    file = np.repeat(np.array(places, dtype=np.int32), columns.rows)
    number = _numbers_of(columns.names, numbers)
    return _FileColumns(file, number[columns.name], columns.in_30d, columns.all_time, columns.likes)


def _numbers_of(names: Sequence[str], numbers: dict[str, int]) -> Column:
    """Return the place of each name in `numbers`, which gets those that are new."""
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int32)


def _columns_of(place: int, rows: Sequence[Observation], numbers: dict[str, int]) -> _FileColumns:
    """Return the observations of one file as columns."""
    name = _numbers_of([row.model_id for row in rows], numbers)
    counts = [[-1 if count is None else count for count in row[2:]] for row in rows]
    return _FileColumns(
        np.full(len(rows), place, dtype=np.int32),
        name,
        *np.array(counts, dtype=np.int64).reshape(-1, 3).T,
    )


def _joined(blocks: Sequence[_FileColumns]) -> _FileColumns:
    """Return the rows of all blocks one after the other."""
    if not blocks:
        return _columns_of(0, [], {})
    return _FileColumns(*(np.concatenate(columns) for columns in zip(*blocks, strict=True)))
