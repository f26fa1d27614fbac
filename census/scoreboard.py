"""Figures that others published beside the same figures of the census, with a verdict by rule."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import sqlite_utils

from census.bands import WIDEST_BAND
from census.intervals import Interval, crossings
from census.milestones import read_cut, words
from census.selections import (
    Ours,
    derivatives,
    listed,
    listed_from,
    listed_twice,
    share_of,
    share_of_bucket,
)
from census.tables import (
    Problem,
    Row,
    check_choice,
    check_filled,
    check_reference,
    check_unique,
    first_day,
    read_rows,
)

FILE = "scoreboard.csv"
COLUMNS = (
    "figure",
    "measure",
    "dimension",
    "key",
    "scope",
    "month",
    "tolerance",
    "tolerance_unit",
    "reason",
)
MEASURES = (
    "cumulative",
    "share",
    "share_of_bucket",
    "monthly",
    "growth",
    "crossing",
    "listed",
    "listed_from",
    "listed_twice",
    "derivatives",
)
DIMENSIONS = (
    "country",
    "region",
    "lab",
    "family",
    "size_bucket",
    "total",
    "tracker",
)
SCOPES = ("frontier", "labs", "hub")
TOLERANCE_UNITS = ("percent", "units")

AGREES = "agrees"
DIFFERS = "differs"
UNDECIDED = "cannot be decided"
NO_DATA = "no data"


def read_scoreboard(data: Path, figures: Collection[str], problems: list[Problem]) -> list[Row]:
    """Read and check which published figures are computed again, and how."""
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_unique(rows, ["figure"], problems)
    check_filled(rows, [column for column in COLUMNS if column != "key"], problems)
    check_reference(rows, "figure", figures, "published_figures.csv", problems)
    check_choice(rows, "measure", MEASURES, problems)
    check_choice(rows, "dimension", DIMENSIONS, problems)
    check_choice(rows, "scope", SCOPES, problems)
    check_choice(rows, "tolerance_unit", TOLERANCE_UNITS, problems)
    for row in rows:
        try:
            if float(row["tolerance"]) < 0:
                problems.append(row.problem(f"tolerance {row['tolerance']} is negative"))
            if len(row["month"]) != 7:
                raise ValueError(f"month {row['month']!r} is not YYYY-MM")
            first_day(row["month"])
        except ValueError as error:
            problems.append(row.problem(str(error)))
    return rows


def verdict(published: float, tolerance: float, ours: Ours | None) -> str:
    """Return whether a published figure and ours agree, as far as the bounds can tell.

    They agree when everything that the observations allow lies within the tolerance, and differ
    when none of it does. Anything else, and any figure whose band is too wide to be quoted, cannot
    be decided.
    """
    if ours is None:
        return NO_DATA
    if ours.wide:
        return UNDECIDED
    least, most = published - tolerance, published + tolerance
    if least <= ours.low and ours.high <= most:
        return AGREES
    if ours.high < least or ours.low > most:
        return DIFFERS
    return UNDECIDED


def compute(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return the census's figure for a row of scoreboard.csv, None where it has no data for it."""
    rules = {
        "listed": lambda: listed(connection, row["key"]),
        "listed_from": lambda: listed_from(connection, row["key"]),
        "listed_twice": lambda: listed_twice(connection, row["key"]),
        "derivatives": lambda: derivatives(connection, row),
        "share_of_bucket": lambda: share_of_bucket(connection, row),
        "growth": lambda: _growth(connection, row),
    }
    rule = rules.get(row["measure"])
    return rule() if rule else _from_series(connection, row, row["month"], row["measure"])


SUMS = """
    with points as (
        select
            :whole or instr('+' || :key || '+', '+' || key || '+') > 0 as counted,
            iif(:monthly, monthly, cumulative) as best,
            iif(:monthly, monthly_low, cumulative_low) as low,
            iif(:monthly, monthly_high, cumulative_high) as high
        from series
        where
            scope = :scope
            and attribution = 'publisher'
            and basis = 'operating'
            and dimension = :dimension
            and month = :month
    )

    select
        coalesce(sum(counted), 0),
        sum(iif(counted, best, 0)),
        sum(iif(counted, low, 0)),
        sum(iif(counted, high, 0)),
        sum(best),
        sum(low),
        sum(high)
    from points
"""


def _from_series(
    connection: sqlite3.Connection, row: Mapping[str, str], month: str, measure: str
) -> Ours | None:
    whole = row["dimension"] == "total"
    given = {
        "key": row["key"],
        "whole": whole,
        "monthly": measure == "monthly",
        "scope": row["scope"],
        "dimension": "country" if whole else row["dimension"],
        "month": month,
    }
    counted, best, low, high, *total = connection.execute(SUMS, given).fetchone()
    if not counted or not total[0] or _unfinished(connection, row["scope"], month, measure):
        return None
    highest = share_of(high, total[1] - low)
    lowest = share_of(low, total[2] - high)
    # The band of the whole is measured against itself: its share is always 100.
    band = 100 * (high - low) / best if whole and best else highest - lowest
    wide = band > WIDEST_BAND
    if measure == "share":
        return Ours(100 * best / total[0], lowest, highest, wide)
    return Ours(best, low, high, wide)


def _unfinished(connection: sqlite3.Connection, scope: str, month: str, measure: str) -> bool:
    """Return whether a month's own downloads are not complete yet."""
    running = connection.execute(
        "select running_month from scopes where scope = ?", (scope,)
    ).fetchone()
    return measure == "monthly" and running is not None and running[0] == month


def _growth(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return how many times the cumulative downloads of a year earlier there were in a month."""
    year, month = row["month"].split("-")
    now = _from_series(connection, row, row["month"], "cumulative")
    then = _from_series(connection, row, f"{int(year) - 1}-{month}", "cumulative")
    if now is None or then is None or not then.low or not then.best:
        return None
    wide = now.wide or then.wide
    return Ours(now.best / then.best, now.low / then.high, now.high / then.low, wide)


def decide_crossing(
    connection: sqlite3.Connection, row: Mapping[str, str]
) -> tuple[str, str | None]:
    """Return the verdict on the month of a crossing, and the interval of ours in words.

    The key is `A>B`, the month that of the publisher.
    """
    cut = read_cut(connection, row["scope"], row["dimension"])
    first, second = (cut.series.get(key, {}) for key in row["key"].split(">"))
    when = list(crossings(first, second, cut.months))
    if not first or not second or not when:
        return NO_DATA, None
    return verdict_on_month(row["month"], when[-1]), words(when[-1])


def verdict_on_month(month: str, when: Interval) -> str:
    """Return whether an event of `month` fits the months between which it must have happened."""
    if not when.earliest <= month <= when.latest:
        return DIFFERS
    certain = when.known_before and when.earliest == when.latest
    return AGREES if certain else UNDECIDED


def load_scoreboard(db: sqlite_utils.Database, rows: list[Row]) -> None:
    """Compute every figure of scoreboard.csv and load it beside the published one."""
    published = {row["figure"]: row for row in db.table("published_figures").rows}
    db.table("scoreboard").insert_all(
        _scored(db.conn, row, published[row["figure"]])
        for row in sorted(rows, key=lambda row: row["figure"])
    )


def _scored(
    connection: sqlite3.Connection, row: Mapping[str, str], figure: Mapping[str, Any]
) -> dict[str, Any]:
    value = float(figure["value"])
    tolerance = float(row["tolerance"])
    if row["tolerance_unit"] == "percent":
        tolerance = tolerance * value / 100
    crossing = row["measure"] == "crossing"
    ours = None if crossing else compute(connection, row)
    decided, said = (
        decide_crossing(connection, row) if crossing else (verdict(value, tolerance, ours), None)
    )
    quotable = ours is not None and not ours.wide
    return {
        "figure": row["figure"],
        "measure": row["measure"],
        "dimension": row["dimension"],
        "key": row["key"] or None,
        "scope": row["scope"],
        "month": row["month"],
        "published": value,
        "unit": figure["unit"],
        "ours": float(ours.best) if ours and quotable else None,
        "ours_low": float(ours.low) if ours else None,
        "ours_high": float(ours.high) if ours else None,
        "ours_in_words": said,
        "difference": float(ours.best) - value if ours and quotable else None,
        "tolerance": tolerance,
        "tolerance_unit": row["tolerance_unit"],
        "verdict": decided,
        "reason": row["reason"],
    }
