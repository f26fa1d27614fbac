"""Recorded vintages: what was published on a day, in files that stay as they are.

`data/vintages/manifest.csv` vouches for one file a recording. Files are added, never altered: a
recording says what readers were told, whatever is known since.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, NamedTuple

from census.base.csv_files import Problem, Row, format_csv
from census.base.declared_files import (
    DataFile,
    DataRow,
    Day,
    Sha256,
    column,
    matching,
    one_of,
    optional,
)
from census.base.files import sha256_of
from census.store.observations import ALTERED, MISSING

FOLDER = "vintages"
MANIFEST = f"{FOLDER}/manifest.csv"
# What is recorded: one scope, attribution and basis, cut three ways, both measures.
SCOPE = "frontier"
ATTRIBUTION = "publisher"
BASIS = "operating"
DIMENSIONS = ("country", "lab", "region")
MEASURES = ("cumulative", "monthly")
FILE_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(-[1-9]\d*)?\.csv", re.ASCII)
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
# What follows the sentence of a method where nobody has written another one.
RULES_CHANGED = " Rules have changed since the recording of "


class RecordedPoint(NamedTuple):
    """One key's downloads in one month as published; None is what was not published.

    `key` is empty for what is unknown (unverified), `through` the last day that the month counts,
    `measure` cumulative or monthly. Counts are downloads, shares percent.
    """

    dimension: str
    key: str
    label: str
    month: str
    through: str
    measure: str
    downloads: int | None
    low: int | None
    high: int | None
    likely_low: int | None
    likely_high: int | None
    share_pct: float | None
    low_pct: float | None
    high_pct: float | None
    likely_low_pct: float | None
    likely_high_pct: float | None


# Told by patterns, since a recording has thousands of rows.
Downloads = Annotated[str, matching(re.compile(r"[0-9]{1,13}"), "is not a count")]
Percentage = Annotated[
    str, matching(re.compile(r"100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?"), "is not a percentage")
]


class PointRow(DataRow):
    """One key's downloads in one month as they were published."""

    dimension: Annotated[str, one_of(*DIMENSIONS)] = column("What the downloads are cut by")
    key: str = optional("The key; empty for what is unknown")
    label: str = column("The key's name")
    month: Annotated[str, matching(MONTH, "is not YYYY-MM")] = column("The month")
    through: Day = column("The last day that it counts")
    measure: Annotated[str, one_of(*MEASURES)] = column("All downloads by its end, or its own")
    downloads: Downloads = optional("The estimate; empty where none was published")
    low: Downloads = optional("Lower bound")
    high: Downloads = optional("Upper bound")
    likely_low: Downloads = optional("Lower end of the 90 % interval")
    likely_high: Downloads = optional("Its upper end")
    share_pct: Percentage = optional("Share of all keys in percent")
    low_pct: Percentage = optional("Lower bound of the share")
    high_pct: Percentage = optional("Upper bound of the share")
    likely_low_pct: Percentage = optional("Lower end of the 90 % interval of the share")
    likely_high_pct: Percentage = optional("Its upper end")


def ends_in_its_month(row: Row) -> Iterator[str]:
    """The last day is one of the month."""
    if row["through"][:7] != row["month"]:
        yield f"through {row['through']} is not in month {row['month']!r} (YYYY-MM)"


RECORDING_FILE = DataFile(
    f"{FOLDER}/DAY.csv",
    "What was published on a day, by country, region and lab.",
    PointRow,
    unique=(("dimension", "key", "month", "measure"),),
    rules=(ends_in_its_month,),
    written_by="record-vintage",
)
COLUMNS = RECORDING_FILE.columns
TEXTS = COLUMNS.index("downloads")
SHARES = COLUMNS.index("share_pct")


class Recording(NamedTuple):
    """One line of the manifest: `file` is relative to the folder, `through` the series' last day.

    `method` says in a sentence how the series was made; `rules_digest` tells its rules from others.
    """

    file: str
    recorded_on: str
    method: str
    through: str
    rules_digest: str
    sha256: str

    @property
    def day(self) -> str:
        """The name that the recording is asked for by: its day, with a number after the first."""
        return self.file.removesuffix(".csv")


class RecordingRow(DataRow):
    """What vouches for a recording."""

    file: Annotated[str, matching(FILE_NAME, "is not DAY.csv or DAY-NUMBER.csv")] = column(
        "Its file: the day, with a number after the first of a day"
    )
    recorded_on: Day = column("The day on which it was made")
    method: str = column("How the series was made, in a sentence")
    through: Day = column("The last day of the series")
    rules_digest: Sha256 = column("SHA-256 of the rules that made it")
    sha256: Sha256 = column("SHA-256 of the file")


def is_named_by_its_day(row: Row) -> Iterator[str]:
    """The file has the name of the day on which it was recorded."""
    matched = FILE_NAME.fullmatch(row["file"])
    if matched and matched[1] != row["recorded_on"]:
        yield f"file {row['file']!r} is not DAY.csv or DAY-NUMBER.csv of its recorded_on"


def is_added_at_the_end(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Recordings are in the order of their days, since lines are only added."""
    for previous, row in pairwise(rows):
        if row["recorded_on"] < previous["recorded_on"]:
            reason = f"recorded_on {row['recorded_on']} is before the line above"
            yield row, f"{reason}; lines are only added"


MANIFEST_FILE = DataFile(
    MANIFEST,
    "Every recording of what was published; a missing or altered one stops the build.",
    RecordingRow,
    unique=(("file",),),
    rules=(is_named_by_its_day,),
    orders=(is_added_at_the_end,),
    written_by="record-vintage",
)


def read_manifest(data: Path, problems: list[Problem]) -> list[Recording]:
    """Return the recordings in the order in which they were made; faults go to `problems`.

    A data directory without recordings has no manifest.
    """
    folder = data / FOLDER
    if not (data / MANIFEST).is_file():
        problems.extend(_not_listed(folder, set()))
        return []
    rows = MANIFEST_FILE.read(data, problems)
    problems.extend(_not_listed(folder, {row["file"] for row in rows}))
    return [Recording(**row) for row in rows]


def _not_listed(folder: Path, listed_names: set[str]) -> Iterator[Problem]:
    for path in sorted(folder.glob("*.csv")):
        if path.name not in listed_names and path.name != Path(MANIFEST).name:
            yield Problem(
                str(path), 0, "the manifest does not list this file; record it with record-vintage"
            )


def read_recording(
    data: Path, recording: Recording, problems: list[Problem]
) -> list[RecordedPoint]:
    """Return the points of a recording, after checking its file against the manifest.

    A missing or altered file, other columns and an impossible value are faults; an altered file is
    not read any further.
    """
    path = data / FOLDER / recording.file
    if not path.is_file():
        problems.append(Problem(str(path), 0, MISSING))
        return []
    if sha256_of(path) != recording.sha256:
        problems.append(Problem(str(path), 0, ALTERED))
        return []
    faults: list[Problem] = []
    rows = RECORDING_FILE.read(data, faults, path=f"{FOLDER}/{recording.file}")
    problems.extend(faults)
    faulty = {fault.line for fault in faults}
    return [_point(row) for row in rows if row.line not in faulty]


def _point(row: Row) -> RecordedPoint:
    texts = [row[name] for name in COLUMNS[:TEXTS]]
    counts = [int(row[name]) if row[name] else None for name in COLUMNS[TEXTS:SHARES]]
    shares = [float(row[name]) if row[name] else None for name in COLUMNS[SHARES:]]
    return RecordedPoint(*texts, *counts, *shares)  # type: ignore[arg-type]


def read_recordings(
    data: Path, problems: list[Problem]
) -> list[tuple[Recording, list[RecordedPoint]]]:
    """Return every recording with what it holds, in order; faults go to `problems`."""
    return [
        (recording, read_recording(data, recording, problems))
        for recording in read_manifest(data, problems)
    ]


def add_recording(
    data: Path,
    recorded_on: date,
    points: Iterable[RecordedPoint],
    *,
    method: str,
    through: str,
    rules_digest: str,
) -> tuple[Recording, dict[str, bytes]]:
    """Return a new recording and the files that add it to the data directory, the manifest last.

    Nothing is written here: pass the files to `file_changes.apply`. A name that is taken, by the
    manifest or by any file, is never used again: the second recording of a day is DAY-2. Raises
    ValueError with the first fault of the manifest.
    """
    problems: list[Problem] = []
    recordings = read_manifest(data, problems)
    if problems:
        raise ValueError(str(problems[0]))
    content = format_csv(COLUMNS, sorted(points))
    recording = Recording(
        file=_free_name(data, recorded_on, recordings),
        recorded_on=recorded_on.isoformat(),
        method=method,
        through=through,
        rules_digest=rules_digest,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    lines = [*recordings, recording]
    for previous, following in pairwise(lines):
        if following.recorded_on < previous.recorded_on:
            raise ValueError(
                f"{MANIFEST}: {following.recorded_on} is before the last recording, of"
                f" {previous.recorded_on}; recordings are only added"
            )
    return recording, {
        f"{FOLDER}/{recording.file}": content,
        MANIFEST: format_csv(MANIFEST_FILE.columns, lines),
    }


def recording_due(recordings: Sequence[Recording], day: date, rules_digest: str) -> str:
    """Return why another recording is due on a day, empty where none is.

    One is due in each month, and where the rules are not those of the last one.
    """
    if not recordings:
        return "there is none yet"
    last = recordings[-1]
    if last.rules_digest != rules_digest:
        return f"the rules are not those of {last.day}"
    month = day.isoformat()[:7]
    return "" if last.recorded_on[:7] >= month else f"the last one is {last.day}"


def method_now(last: Recording, rules_digest: str) -> str:
    """Return the sentence of the last recording, and that the rules have changed since, if so."""
    method = last.method.partition(RULES_CHANGED)[0].rstrip()
    if last.rules_digest == rules_digest:
        return last.method
    return f"{method}{RULES_CHANGED}{last.day}; the changelog says how."


def _free_name(data: Path, day: date, recordings: Sequence[Recording]) -> str:
    used_names = {recording.file for recording in recordings}
    number = 1
    while True:
        name = f"{day.isoformat()}{f'-{number}' if number > 1 else ''}.csv"
        if name not in used_names and not (data / FOLDER / name).exists():
            return name
        number += 1
