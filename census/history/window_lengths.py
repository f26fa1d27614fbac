"""How many days a 30-day count covers: dated data, since the Hub changed it once."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.csv_files import Problem, Row, parse_count, parse_day, parse_number, read_rows
from census.base.days import iso

FILE = "window_lengths.csv"
COLUMNS = ("from", "to", "shortest", "longest", "mean", "source")
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


def read_window_lengths(data: Path, problems: list[Problem]) -> WindowLengths:
    """Read data/window_lengths.csv; faults go to `problems`.

    The first row has no `from` and the last no `to`; each begins on the day after the one before.
    """
    rows = read_rows(data / FILE, COLUMNS, problems)
    lengths = []
    expected = ""
    for place, row in enumerate(rows):
        try:
            if row["from"] != expected:
                before = expected or "(empty)"
                raise ValueError(f"from is {row['from'] or '(empty)'}; expected {before}")
            lengths.append(_length(row))
            if bool(row["to"]) == (place == len(rows) - 1):
                raise ValueError("to must be empty in the last row and filled in every other one")
            if row["to"]:
                expected = (parse_day(row["to"]) + timedelta(days=1)).isoformat()
        except ValueError as error:
            problems.append(row.problem(str(error)))
            break
    if not rows and not problems:
        problems.append(Problem(str(data / FILE), 0, "no rows: the length of a window is unknown"))
    return WindowLengths(lengths)


def _length(row: Row) -> WindowLength:
    shortest, longest = parse_count(row["shortest"]), parse_count(row["longest"])
    if not shortest or not longest or not row["source"]:
        raise ValueError("shortest, longest and source must be filled")
    mean = parse_number(row["mean"])
    if not shortest <= longest or not 28 <= mean <= 31:
        raise ValueError("expected shortest <= longest and a mean from 28 to 31 days")
    first = (parse_day(row["from"]) - EPOCH).days if row["from"] else 0
    return WindowLength(first, shortest, longest, mean, row["source"])


def load_window_lengths(connection: sqlite3.Connection, lengths: WindowLengths) -> None:
    """Fill the table window_lengths; an end that is open is null."""
    firsts = [length.first for length in lengths.lengths]
    for length, following in zip(lengths.lengths, [*firsts[1:], None], strict=True):
        connection.execute(
            "insert into window_lengths (first_day, last_day, shortest, longest, mean, source)"
            " values (?, ?, ?, ?, ?, ?)",
            (
                iso(length.first) if length.first else None,
                None if following is None else iso(following - 1),
                *length[1:],
            ),
        )
