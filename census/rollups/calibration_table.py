"""data/calibration.csv: how often the intervals held when known counts were hidden, and of what."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import (
    Problem,
    Row,
    check_days,
    check_filled,
    format_csv,
    parse_count,
    read_rows,
)
from census.rollups.calibration import Calibration, Miss

FILE = "calibration.csv"


class CalibrationRow(NamedTuple):
    """One test at one level, with the data and the code that it was made of.

    `inside_50` and so on are percents of the cases, None without a case; `median_width` is that of
    the 90 % interval in percent of the true value, of a share in percentage points.
    """

    test: str
    level: str
    cases: int
    inside_50: float | None
    inside_80: float | None
    inside_90: float | None
    median_width: float | None
    worst_miss: str
    last_observation: str
    data_digest: str
    code_digest: str


COLUMNS = CalibrationRow._fields
PERCENTS = ("inside_50", "inside_80", "inside_90", "median_width")


def read_calibration(data: Path, problems: list[Problem]) -> list[CalibrationRow]:
    """Read the table; faults go to `problems`. Without the file nothing was tested yet: no rows."""
    if not (data / FILE).is_file():
        return []
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_filled(rows, ["test", "level", "cases", "last_observation", *COLUMNS[-2:]], problems)
    check_days(rows, ["last_observation"], problems)
    found = []
    for row in rows:
        try:
            found.append(_parse(row))
        except ValueError as error:
            problems.append(row.problem(f"{error}; make the file again with calibrate"))
    return found


def _parse(row: Row) -> CalibrationRow:
    percents = {name: float(row[name]) if row[name] else None for name in PERCENTS}
    cases = parse_count(row["cases"])
    if cases is None:
        raise ValueError("cases is empty")
    return CalibrationRow(**{**row, **percents, "cases": cases})  # type: ignore[arg-type]


def calibration_rows(
    results: Iterable[Calibration], last_observation: str, data_digest: str, code_digest: str
) -> list[CalibrationRow]:
    """Return the rows of the table for the results of the tests."""
    made_of = (last_observation, data_digest, code_digest)
    return [CalibrationRow(*result[:7], worst_words(result.worst), *made_of) for result in results]


def worst_words(miss: Miss | None) -> str:
    """Return the worst miss in words: whose, when, the true value and the interval."""
    if miss is None:
        return ""
    digits = 1 if miss.truth <= 100 and miss.high <= 100 else 0
    truth, low, high = (f"{value:,.{digits}f}" for value in (miss.truth, miss.low, miss.high))
    return f"{miss.name}, {miss.group}: {truth}, the interval was {low} to {high}"


def format_calibration(rows: Sequence[CalibrationRow]) -> bytes:
    """Return the content of data/calibration.csv."""
    return format_csv(COLUMNS, rows)


def load_calibration(connection: sqlite3.Connection, rows: Sequence[CalibrationRow]) -> None:
    """Fill the table of the database."""
    connection.executemany(
        "insert into calibration values (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?)",
        ((number, *row) for number, row in enumerate(rows, start=1)),
    )
