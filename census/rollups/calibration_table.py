"""data/calibration.csv: how often the intervals held when known counts were hidden, and of what."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import Problem, Row, format_csv
from census.base.declared_files import (
    Count,
    DataFile,
    DataRow,
    Day,
    Number,
    Sha256,
    column,
    optional,
)
from census.base.inserting import blank_to_null, insert_named
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


class CalibrationFileRow(DataRow):
    """How often the intervals held in one test at one level, and of what it was made."""

    test: str = column("Which counts were hidden")
    level: str = column("What was compared: models or sums")
    cases: Count = column("How many counts were hidden")
    inside_50: Number = optional("In how many percent of them the 50 % interval held")
    inside_80: Number = optional("The same of the 80 % interval")
    inside_90: Number = optional("The same of the 90 % interval")
    median_width: Number = optional("Median width of the 90 % interval in percent")
    worst_miss: str = optional("The worst miss in words")
    last_observation: Day = column("Day of the last observation of that data")
    data_digest: Sha256 = column("SHA-256 of the data")
    code_digest: Sha256 = column("SHA-256 of the code of the estimate")


CALIBRATION_FILE = DataFile(
    FILE,
    "How often the intervals held when known counts were hidden.",
    CalibrationFileRow,
    unique=(("test", "level"),),
    written_by="calibrate",
)
PERCENTS = ("inside_50", "inside_80", "inside_90", "median_width")


def read_calibration(data: Path, problems: list[Problem]) -> list[CalibrationRow]:
    """Read the table; faults go to `problems`. Without the file nothing was tested yet: no rows."""
    if not (data / FILE).is_file():
        return []
    faults: list[Problem] = []
    rows = CALIBRATION_FILE.read(data, faults)
    again = "make the file again with calibrate"
    problems.extend(replace(fault, reason=f"{fault.reason}; {again}") for fault in faults)
    return [] if faults else [_parse(row) for row in rows]


def _parse(row: Row) -> CalibrationRow:
    percents = {name: float(row[name]) if row[name] else None for name in PERCENTS}
    return CalibrationRow(**{**row, **percents, "cases": int(row["cases"])})  # type: ignore[arg-type]


def calibration_rows(
    results: Iterable[Calibration], last_observation: str, data_digest: str, code_digest: str
) -> list[CalibrationRow]:
    """Return the rows of the table for the results of the tests."""
    digests = (last_observation, data_digest, code_digest)
    return [CalibrationRow(*result[:7], worst_words(result.worst), *digests) for result in results]


def worst_words(miss: Miss | None) -> str:
    """Return the worst miss in words: whose, when, the true value and the interval."""
    if miss is None:
        return ""
    digits = 1 if miss.truth <= 100 and miss.high <= 100 else 0
    truth, low, high = (f"{value:,.{digits}f}" for value in (miss.truth, miss.low, miss.high))
    return f"{miss.name}, {miss.group}: {truth}, the interval was {low} to {high}"


def format_calibration(rows: Sequence[CalibrationRow]) -> bytes:
    """Return the content of data/calibration.csv."""
    return format_csv(CALIBRATION_FILE.columns, rows)


def load_calibration(connection: sqlite3.Connection, rows: Sequence[CalibrationRow]) -> None:
    """Fill the table of the database."""
    values_of_rows = (blank_to_null(row._asdict()) for row in rows)
    insert_named(
        connection, "calibration", ({"id": n, **row} for n, row in enumerate(values_of_rows, 1))
    )
