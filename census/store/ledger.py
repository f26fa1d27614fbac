"""The quality ledger: what collectors, archives and people noted about whole days of a source."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import (
    Problem,
    check_choice,
    check_days,
    check_filled,
    check_reference,
    format_csv,
    parse_count,
    read_rows,
)

FILE = "quality_ledger.csv"
COLUMNS = ("kind", "source", "from", "to", "models", "reason", "recorded_on")
# Days of these kinds stay as observations, but the series do not use them.
SET_ASIDE = ("skip_day", "partial")
# On these days the source wrote 0 where it had not fetched the likes: such likes are unknown.
NO_LIKES = "no_likes"
# On these days the counts are not of that day to the digit: rounded, or of an earlier look.
INEXACT = "inexact"
# The others are facts to know of.
NOTED = ("low_day", "frozen", "accepted", "replaced", "fall", "gap")


class Entry(NamedTuple):
    """One line of the ledger: days from `first` to `last` of a source; `models` None is unknown."""

    kind: str
    source: str
    first: str
    last: str
    models: int | None
    reason: str
    recorded_on: str


def without_likes(entries: Iterable[Entry], source: str, day: str) -> bool:
    """Return whether a source's likes of 0 on a day only mean that it did not fetch them."""
    return any(
        entry.kind == NO_LIKES and entry.source == source and entry.first <= day <= entry.last
        for entry in entries
    )


def read_ledger(data: Path, sources: Iterable[str], problems: list[Problem]) -> list[Entry]:
    """Return the ledger's entries; faults go to `problems`."""
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_choice(rows, "kind", (*SET_ASIDE, NO_LIKES, INEXACT, *NOTED), problems)
    check_reference(rows, "source", sources, "sources.csv", problems)
    check_filled(rows, ["kind", "source", "from", "to", "reason", "recorded_on"], problems)
    check_days(rows, ["from", "to", "recorded_on"], problems)
    entries = []
    for row in rows:
        try:
            models = parse_count(row["models"])
        except ValueError as error:
            problems.append(row.problem(f"models: {error}"))
            continue
        if row["to"] < row["from"]:
            problems.append(row.problem(f"ends on {row['to']}, before it begins"))
        entries.append(
            Entry(
                row["kind"],
                row["source"],
                row["from"],
                row["to"],
                models,
                row["reason"],
                row["recorded_on"],
            )
        )
    return entries


def format_ledger(entries: Iterable[Entry]) -> bytes:
    """Return the content of the ledger: in order of days, each entry once."""
    unique = sorted(set(entries), key=lambda entry: (entry.first, *map(str, entry)))
    return format_csv(COLUMNS, unique)
