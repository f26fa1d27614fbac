"""The changelog of the data: which tags, scopes and rules changed, and by how much the headline.

Entries of data/changelog.csv are numbered and only ever added: what was wrong in one is put right
by a later one that names it in `corrects`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import sqlite_utils

from census.base.csv_files import Problem, Row, parse_number
from census.base.databases import open_readonly
from census.base.declared_files import Checked, DataFile, DataRow, Day, column, one_of, optional
from census.base.inserting import blank_to_null

FILE = "changelog.csv"
KINDS = ("tag", "scope", "rule", "method", "data", "correction")


def check_percentage(text: str) -> None:
    """Raise ValueError for a text that is not a number from 0 to 100."""
    try:
        is_percentage = 0 <= parse_number(text) <= 100
    except ValueError:
        is_percentage = False
    if not is_percentage:
        raise ValueError(f"{text!r} is not a percentage")


Percentage = Annotated[str, Checked(check_percentage, {"pattern": r"^[0-9]+(\.[0-9]+)?$"}, " ")]


class ChangeRow(DataRow):
    """A change of tags, scopes or rules."""

    number: str = column("Number of the entry, in order")
    date: Day = column("The day of the change")
    kind: Annotated[str, one_of(*KINDS)] = column("What kind of change it is")
    what: str = column("What changed")
    reason: str = column("Why")
    headline: str = optional("The share that is measured before and after")
    share_before: Percentage = optional("That share before, in percent")
    share_after: Percentage = optional("That share after, in percent")
    corrects: str = optional("The number of the earlier entry that it puts right")
    source_url: str = optional("The document behind it")


def go_together(row: Row) -> Iterator[str]:
    """A correction names what it corrects, and a headline has both of its shares."""
    if (row["kind"] == "correction") != bool(row["corrects"]):
        yield "a correction, and only a correction, names the entry that it corrects"
    if len({bool(row[name]) for name in ("headline", "share_before", "share_after")}) > 1:
        yield "headline, share_before and share_after go together"


CHANGELOG_FILE = DataFile(
    FILE,
    "Which tags, scopes and rules changed, and by how much the headline; entries are only added.",
    ChangeRow,
    rules=(go_together,),
)
# The share that the home page leads with, at the end of the scope's series.
HEADLINE = """
    select
        k.key,
        k.label,
        round(100.0 * p.cumulative / sum(p.cumulative) over (), 4) as share,
        p.month
    from series_keys as k
    inner join series_points as p on k.id = p.series
    where
        k.scope = 'frontier'
        and k.attribution = 'publisher'
        and k.basis = 'operating'
        and k.dimension = 'country'
        and p.month = (
            select max(x.month)
            from series_points as x
            inner join series_keys as y on x.series = y.id
            where y.scope = 'frontier' and y.dimension = 'country'
        )
    order by p.cumulative desc, k.key asc
"""


class ShareMove(NamedTuple):
    """A country's share before and after a change, in percent; None where it had none."""

    key: str | None
    label: str
    before: float | None
    after: float | None

    @property
    def points(self) -> float:
        """By how many points the share moved."""
        return round((self.after or 0.0) - (self.before or 0.0), 4)


def read_changelog(data: Path, problems: list[Problem]) -> list[Row]:
    """Read and check the changelog; a data directory without one has no entries."""
    if not (data / FILE).is_file():
        return []
    rows = CHANGELOG_FILE.read(data, problems)
    for place, row in enumerate(rows, start=1):
        problems.extend(row.problem(reason) for reason in _faults(row, place, rows))
    return rows


def _faults(row: Row, place: int, rows: list[Row]) -> list[str]:
    faults = []
    if row["number"] != str(place):
        faults.append(f"number {row['number']!r}; entries are numbered in order, here {place}")
    if place > 1 and row["date"] < rows[place - 2]["date"]:
        faults.append(f"date {row['date']} is before the entry above; entries are only added")
    corrected = row["corrects"]
    if corrected and corrected not in [str(number) for number in range(1, place)]:
        faults.append(f"corrects {corrected!r}; it is the number of an earlier entry")
    return faults


def load_changelog(db: sqlite_utils.Database, rows: list[Row]) -> None:
    """Load the table changelog; `points` is what the headline moved by, empty if not measured."""
    db.table("changelog").insert_all(
        {
            **blank_to_null(row),
            "number": int(row["number"]),
            "share_before": float(row["share_before"]) if row["share_before"] else None,
            "share_after": float(row["share_after"]) if row["share_after"] else None,
            "corrects": int(row["corrects"]) if row["corrects"] else None,
            "points": (
                round(float(row["share_after"]) - float(row["share_before"]), 4)
                if row["share_before"]
                else None
            ),
        }
        for row in rows
    )


def headline_shares(database: Path) -> dict[str | None, tuple[str, float]]:
    """Return label and share of each country at the end of scope frontier, the largest first."""
    with open_readonly(database) as connection:
        rows = connection.execute(HEADLINE).fetchall()
    return {key: (label, share) for key, label, share, _ in rows}


def headline_moves(before: Path, after: Path) -> list[ShareMove]:
    """Return how the share of each country differs between two databases, the largest first."""
    shares_before, shares_after = headline_shares(before), headline_shares(after)
    return [
        ShareMove(
            key,
            (shares_after.get(key) or shares_before[key])[0],
            shares_before[key][1] if key in shares_before else None,
            shares_after[key][1] if key in shares_after else None,
        )
        for key in [*shares_after, *(key for key in shares_before if key not in shares_after)]
    ]
