"""Reading the hand-edited CSV files, with every fault kept beside its file and line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
# Python reads nan, 1_000 and digits of other scripts as numbers too; SQL and readers do not.
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# Counts above this are not download counts: the whole Hub serves about 10^8 downloads a day.
LARGEST_COUNT = 10**12


@dataclass(frozen=True)
class Problem:
    """One fault in one file, as it is shown to the person who can fix it."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.reason}"


class DataError(Exception):
    """The data cannot be used; `problems` says why, all at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


class Row(dict[str, str]):
    """A CSV row by column name that knows the file and the line that it came from."""

    def __init__(self, values: dict[str, str], file: str, line: int) -> None:
        super().__init__(values)
        self.file = file
        self.line = line

    def problem(self, reason: str) -> Problem:
        """Return a fault of this row."""
        return Problem(self.file, self.line, reason)


def read_rows(path: Path, columns: Sequence[str], problems: list[Problem]) -> list[Row]:
    """Read a CSV file whose header is exactly `columns`; faults go to `problems`.

    Spaces around values are dropped and lines without a value skipped. A missing file, a wrong
    header, a row of another width and bytes that are not UTF-8 are faults; the readable rows are
    returned anyway, so that one run lists everything that is wrong.
    """
    file = str(path)
    if not path.is_file():
        problems.append(Problem(file, 0, "the file is missing"))
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(Problem(file, 0, f"not UTF-8 text: {error.reason} at byte {error.start}"))
        return []
    # Lines end as in CSV only: U+2028 and the like are part of a value.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = next(reader, [])
        if header != list(columns):
            problems.append(
                Problem(file, 1, f"columns are {','.join(header)}; expected {','.join(columns)}")
            )
            return []
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            if len(values) != len(columns):
                reason = f"{len(values)} values; expected {len(columns)}"
                problems.append(Problem(file, reader.line_num, reason))
                continue
            cells = (value.strip() for value in values)
            by_column = dict(zip(columns, cells, strict=True))
            rows.append(Row(by_column, file, reader.line_num))
    except csv.Error as error:
        problems.append(Problem(file, reader.line_num, f"broken CSV: {error}"))
    return rows


def format_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file of the project's form: UTF-8, LF, None as an empty value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return text.getvalue().encode()


def check_unique(
    rows: Iterable[Row],
    columns: Sequence[str],
    problems: list[Problem],
    key_of: Callable[[str], str] = str,
) -> None:
    """Report each row that repeats the values of `columns` of an earlier row.

    `key_of` turns a value into what is compared, such as `names.folded` for names of the Hub.
    """
    first_lines: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(key_of(row[column]) for column in columns)
        if key in first_lines:
            repeated = ", ".join(row[column] for column in columns)
            problems.append(row.problem(f"duplicate of line {first_lines[key]}: {repeated}"))
        else:
            first_lines[key] = row.line


def check_filled(rows: Iterable[Row], columns: Sequence[str], problems: list[Problem]) -> None:
    """Report each empty value in `columns`."""
    for row in rows:
        problems.extend(row.problem(f"{column} is empty") for column in columns if not row[column])


def check_choice(
    rows: Iterable[Row], column: str, allowed: Iterable[str], problems: list[Problem]
) -> None:
    """Report each value of `column` that is not among `allowed`."""
    choices = sorted(set(allowed))
    choices_shown = ", ".join(choice or "(empty)" for choice in choices[:12])
    for row in rows:
        if row[column] not in choices:
            reason = f"{column} {row[column]!r} is not one of: {choices_shown}"
            problems.append(row.problem(reason))


def check_reference(
    rows: Iterable[Row],
    column: str,
    keys_of_file: Iterable[str],
    file_name: str,
    problems: list[Problem],
) -> None:
    """Report each filled value of `column` that is not a key of the file `file_name`."""
    keys = set(keys_of_file)
    for row in rows:
        if row[column] and row[column] not in keys:
            problems.append(row.problem(f"{column} {row[column]!r} is not in {file_name}"))


def parse_count(text: str) -> int | None:
    """Return a count as an integer, or None for an empty (unknown) one.

    Raises ValueError for anything but a whole number from 0 to `LARGEST_COUNT`.
    """
    if text == "":
        return None
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError(f"{text!r} is not a whole number")
    count = int(text)
    if count < 0:
        raise ValueError(f"{text} is negative")
    if count > LARGEST_COUNT:
        raise ValueError(f"{text} is larger than any download count ({LARGEST_COUNT})")
    return count


def parse_number(text: str) -> float:
    """Return a decimal number such as -12.5; raises ValueError for any other text."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number")
    return float(text)


def parse_day(text: str) -> date:
    """Return the day that an ISO date names; raises ValueError for an impossible one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a possible date (YYYY-MM-DD)") from None
    if text != day.isoformat():
        raise ValueError(f"{text!r} is not a date in the form YYYY-MM-DD")
    return day


def first_day(text: str) -> date:
    """Return the first day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; raises ValueError."""
    match = PARTIAL_DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date (YYYY, YYYY-MM or YYYY-MM-DD)")
    year, month, day = match.groups()
    return parse_day(f"{year}-{month or '01'}-{day or '01'}")


def check_days(rows: Iterable[Row], columns: Sequence[str], problems: list[Problem]) -> None:
    """Report each filled value of `columns` that is not a full ISO date."""
    for row in rows:
        for column in columns:
            if row[column]:
                try:
                    parse_day(row[column])
                except ValueError as error:
                    problems.append(row.problem(f"{column}: {error}"))
