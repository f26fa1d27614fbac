"""How many days a 30-day count covers: dated data, since the Hub changed it once."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.csv_files import NUMBER, Problem, Row, parse_day
from census.base.days import iso
from census.base.declared_files import Count, DataFile, DataRow, Day, Number, column, optional
from census.base.inserting import insert_rows

FILE = "window_lengths.csv"
EPOCH = date(1970, 1, 1)


class WindowLength(NamedTuple):
    """The shortest, longest and mean length in days of the windows that end from day `first` on.

    `first` is in days since 1970-01-01; the earliest row begins with time itself (0).
    """

    first: int
    shortest: int
    longest: int
    mean: float
    source: str = ""


class WindowLengths:
    """The lengths of all days, looked up by the last day of a window."""

    def __init__(self, lengths: Sequence[WindowLength]) -> None:
        self.lengths = tuple(lengths)
        self._firsts = [length.first for length in lengths]
        self._shortest = np.array([length.shortest for length in lengths], dtype=np.int64)
        self._longest = np.array([length.longest for length in lengths], dtype=np.int64)

    def of(self, last_day: int) -> WindowLength:
        """Return the length of a window that ends on a day (days since 1970-01-01)."""
        return self.lengths[bisect_right(self._firsts, last_day) - 1]

    def ends(self, last_days: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the shortest and the longest length of the windows that end on some days."""
        place = np.searchsorted(self._firsts, last_days, side="right") - 1
        return self._shortest[place], self._longest[place]


class WindowLengthRow(DataRow):
    """How long the windows are that end in a span of days."""

    from_: Day = optional("The first day on which they end; empty in the first row", name="from")
    to: Day = optional("The last such day; empty in the last row")
    shortest: Count = column("The shortest length in days")
    longest: Count = column("The longest length in days")
    mean: Number = column("The mean length in days")
    source: str = column("Where it was read or how it was measured")


def is_about_a_month(row: Row) -> Iterator[str]:
    """The shortest length is not above the longest, and the mean is one of 27 to 31 days."""
    lengths = row["shortest"], row["longest"]
    if not all(map(str.isdecimal, lengths)) or not NUMBER.fullmatch(row["mean"]):
        return
    if not 0 < int(lengths[0]) <= int(lengths[1]) or not 27 <= float(row["mean"]) <= 31:
        yield "expected shortest <= longest and a mean from 27 to 31 days"


def covers_all_days(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """The first row has no `from`, the last no `to`; each begins the day after the one before."""
    expected = ""
    for place, row in enumerate(rows):
        if row["from"] != expected:
            yield row, f"from is {row['from'] or '(empty)'}; expected {expected or '(empty)'}"
        if bool(row["to"]) == (place == len(rows) - 1):
            yield row, "to must be empty in the last row and filled in every other one"
        try:
            expected = (parse_day(row["to"]) + timedelta(days=1)).isoformat()
        except ValueError:
            # What is no day is told by itself; what it leads to cannot be.
            return


WINDOW_LENGTHS_FILE = DataFile(
    FILE,
    "How many days a 30-day count covers, by the day on which it ends.",
    WindowLengthRow,
    rules=(is_about_a_month,),
    orders=(covers_all_days,),
)


def read_window_lengths(data: Path, problems: list[Problem]) -> WindowLengths:
    """Read data/window_lengths.csv; faults go to `problems`, and then no length is known."""
    faults: list[Problem] = []
    rows = WINDOW_LENGTHS_FILE.read(data, faults)
    if not rows and not faults:
        faults.append(Problem(str(data / FILE), 0, "no rows: the length of a window is unknown"))
    problems.extend(faults)
    return WindowLengths([] if faults else [_length(row) for row in rows])


def _length(row: Row) -> WindowLength:
    first = (parse_day(row["from"]) - EPOCH).days if row["from"] else 0
    lengths = int(row["shortest"]), int(row["longest"])
    return WindowLength(first, *lengths, float(row["mean"]), row["source"])


def load_window_lengths(connection: sqlite3.Connection, lengths: WindowLengths) -> None:
    """Fill the table window_lengths; an end that is open is null."""
    firsts = [length.first for length in lengths.lengths]
    insert_rows(
        connection,
        "window_lengths",
        (
            (
                None,
                iso(length.first) if length.first else None,
                None if following is None else iso(following - 1),
                *length[1:],
            )
            for length, following in zip(lengths.lengths, [*firsts[1:], None], strict=True)
        ),
    )
