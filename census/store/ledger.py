"""The quality ledger: what collectors, archives and people noted about whole days of a source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

from census.base.csv_files import Problem, Row, format_csv
from census.base.declared_files import Count, DataFile, DataRow, Day, column, one_of, optional

FILE = "quality_ledger.csv"
# Days of these kinds stay as observations, but the series do not use them.
SET_ASIDE = ("skip_day", "partial")
# On these days the source wrote 0 where it had not fetched the likes: such likes are unknown.
NO_LIKES = "no_likes"
# On these days the counts are not of that day to the digit: rounded, or of an earlier look.
INEXACT = "inexact"
# The others are facts to know of.
NOTED = ("low_day", "frozen", "accepted", "replaced", "fall", "gap")


class LedgerRow(DataRow):
    """What was noted about whole days of a source."""

    kind: Annotated[str, one_of(*SET_ASIDE, NO_LIKES, INEXACT, *NOTED)] = column(
        "What is the matter with the days"
    )
    source: str = column("The source")
    from_: Day = column("The first day", name="from")
    to: Day = column("The last day")
    models: Count = optional("How many models it concerns; empty for all or unknown")
    reason: str = column("What happened, and what was done")
    recorded_on: Day = column("The day on which it was noted")


def ends_after_beginning(row: Row) -> Iterator[str]:
    """The last day is not before the first."""
    if row["to"] and row["to"] < row["from"]:
        yield f"ends on {row['to']}, before it begins"


LEDGER_FILE = DataFile(
    FILE,
    "What collectors, archives and people noted about whole days of a source.",
    LedgerRow,
    references={"source": "sources.csv"},
    rules=(ends_after_beginning,),
    written_by="collect, backfill, import and people",
)


class LedgerEntry(NamedTuple):
    """One line of the ledger: days from `first` to `last` of a source; `models` None is unknown."""

    kind: str
    source: str
    first: str
    last: str
    models: int | None
    reason: str
    recorded_on: str


def without_likes(entries: Iterable[LedgerEntry], source: str, day: str) -> bool:
    """Return whether a source's likes of 0 on a day only mean that it did not fetch them."""
    return any(
        entry.kind == NO_LIKES and entry.source == source and entry.first <= day <= entry.last
        for entry in entries
    )


def read_ledger(data: Path, sources: Collection[str], problems: list[Problem]) -> list[LedgerEntry]:
    """Return the ledger's entries; faults go to `problems`."""
    rows = LEDGER_FILE.read(data, problems, {"sources.csv": sources})
    return [
        LedgerEntry(
            row["kind"],
            row["source"],
            row["from"],
            row["to"],
            int(row["models"]) if row["models"].isdecimal() else None,
            row["reason"],
            row["recorded_on"],
        )
        for row in rows
    ]


def format_ledger(entries: Iterable[LedgerEntry]) -> bytes:
    """Return the content of the ledger: in order of days, each entry once."""
    unique = sorted(set(entries), key=lambda entry: (entry.first, *map(str, entry)))
    return format_csv(LEDGER_FILE.columns, unique)
