"""Old days of observations put together: a source's month becomes one Parquet file.

Nothing is lost: a month's file is kept only if each day read back from it has exactly the bytes
whose SHA-256 is in the manifest. All months are written as one change of the data directory.
"""

from __future__ import annotations

import tempfile
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from census.base import file_changes
from census.base.csv_files import DataError, Problem
from census.store.months import month_of, read_month, write_month
from census.store.observations import (
    FOLDER,
    MANIFEST,
    ObservationFile,
    read_manifest,
    read_observations,
)

# A month is put together when its last day is older than this.
OLDER_THAN_DAYS = 90


class Month(NamedTuple):
    """A month that was put together: its path, days and rows, and bytes before and now."""

    path: str
    days: int
    rows: int
    bytes_before: int
    bytes_now: int


def compact(data: Path, today: date) -> list[Month]:
    """Put the days of months that are old enough together; return those months.

    Raises DataError for a fault of the observations and for a month that would not be the same;
    then nothing is written.
    """
    with file_changes.locked(data):
        problems: list[Problem] = []
        files = read_manifest(data, problems)
        if problems:
            raise DataError(problems)
        months: list[Month] = []
        changed: dict[str, bytes | None] = {}
        for path, days in sorted(due_days(files, today).items()):
            separate = [day for day in days if (data / FOLDER / day.path).is_file()]
            if not separate:
                continue
            content = compact_month(data, path, days, separate, problems)
            changed[f"{FOLDER}/{path}"] = content
            bytes_before = sum((data / FOLDER / day.path).stat().st_size for day in separate)
            rows = sum(day.rows for day in days)
            months.append(Month(path, len(days), rows, bytes_before, len(content)))
        # The files of the months are written before the first file of a day is removed.
        for month in months:
            for day in due_days(files, today)[month.path]:
                changed[f"{FOLDER}/{day.path}"] = None
        if problems:
            raise DataError(problems)
        if changed:
            file_changes.apply(data, changed)
    return months


def due_days(files: Sequence[ObservationFile], today: date) -> Mapping[str, list[ObservationFile]]:
    """Return the days of each month whose last day is old enough, by the path of the month."""
    months: dict[str, list[ObservationFile]] = defaultdict(list)
    for file in files:
        last = file.day.replace(day=monthrange(file.day.year, file.day.month)[1])
        if (today - last).days > OLDER_THAN_DAYS:
            months[month_of(file.path)].append(file)
    return months


def compact_month(
    data: Path,
    path: str,
    days: Sequence[ObservationFile],
    separate: Sequence[ObservationFile],
    problems: list[Problem],
) -> bytes:
    """Return a month's file, read back and compared; differences go to `problems`.

    `separate` are those of its days that have files of their own; the others are in the existing
    file of the month.
    """
    folder = data / FOLDER
    for day in days:
        read_observations(data, day, problems)
    if problems:
        raise DataError(problems)
    existing = folder / path
    with tempfile.TemporaryDirectory() as workspace:
        month_file = Path(workspace) / existing.name
        write_month(
            [folder / day.path for day in separate],
            existing if existing.is_file() else None,
            month_file,
        )
        days_read = read_month(month_file)
        content = month_file.read_bytes()
    expected = {day.day: (day.sha256, day.rows) for day in days}
    if {day: (stored.sha256, len(stored.rows)) for day, stored in days_read.items()} != expected:
        differing_days = [
            day.path
            for day in days
            if day.day not in days_read or days_read[day.day].sha256 != day.sha256
        ]
        days_named = ", ".join(differing_days) or "it has another day"
        reason = f"{path} would not have the same content: {days_named}"
        problems.append(Problem(str(data / MANIFEST), 0, reason))
    return content
