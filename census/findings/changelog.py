"""The changelog of the data: which tags, scopes and rules changed, and by how much the headline.

Entries of data/changelog.csv are numbered and only ever added: what was wrong in one is put right
by a later one that names it in `corrects`.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import sqlite_utils

from census.base.csv_files import (
    Problem,
    Row,
    check_choice,
    check_days,
    check_filled,
    parse_number,
    read_rows,
)
from census.base.databases import open_readonly
from census.base.inserting import blank_to_null

FILE = "changelog.csv"
COLUMNS = (
    "number",
    "date",
    "kind",
    "what",
    "reason",
    "headline",
    "share_before",
    "share_after",
    "corrects",
    "source_url",
)
KINDS = ("tag", "scope", "rule", "method", "data", "correction")
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


class Move(NamedTuple):
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
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_filled(rows, ("number", "date", "kind", "what", "reason"), problems)
    check_choice(rows, "kind", KINDS, problems)
    check_days(rows, ["date"], problems)
    for place, row in enumerate(rows, start=1):
        problems.extend(row.problem(reason) for reason in _faults(row, place, rows))
    return rows


def _faults(row: Row, place: int, rows: list[Row]) -> list[str]:
    found = []
    if row["number"] != str(place):
        found.append(f"number {row['number']!r}; entries are numbered in order, here {place}")
    if place > 1 and row["date"] < rows[place - 2]["date"]:
        found.append(f"date {row['date']} is before the entry above; entries are only added")
    corrected = row["corrects"]
    if corrected and corrected not in [str(number) for number in range(1, place)]:
        found.append(f"corrects {corrected!r}; it is the number of an earlier entry")
    if (row["kind"] == "correction") != bool(corrected):
        found.append("a correction, and only a correction, names the entry that it corrects")
    if len({bool(row[name]) for name in ("headline", "share_before", "share_after")}) > 1:
        found.append("headline, share_before and share_after go together")
    for name in ("share_before", "share_after"):
        try:
            fine = not row[name] or 0 <= parse_number(row[name]) <= 100
        except ValueError:
            fine = False
        if not fine:
            found.append(f"{name} {row[name]!r} is not a percentage")
    return found


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


def headline_moves(before: Path, after: Path) -> list[Move]:
    """Return how the share of each country differs between two databases, the largest first."""
    old, new = headline_shares(before), headline_shares(after)
    return [
        Move(
            key,
            (new.get(key) or old[key])[0],
            old[key][1] if key in old else None,
            new[key][1] if key in new else None,
        )
        for key in [*new, *(key for key in old if key not in new)]
    ]
