"""Figures that others published, each beside ours or with the reason why there is none."""

from __future__ import annotations

import math
import re
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
    derivatives_known,
    downloads_30d,
    listed,
    listed_from,
    listed_twice,
    relative_adoption,
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
    parse_number,
    read_rows,
)
from census.windows import (
    cumulative_of,
    median_ratio,
    monthly_of_next,
    selected,
    windowed,
    windowed_share,
)

FILE = "scoreboard.csv"
COLUMNS = (
    "figure",
    "measure",
    "dimension",
    "key",
    "scope",
    "since",
    "month",
    "tolerance",
    "tolerance_unit",
    "reason",
)
# A figure that the census cannot compute has this measure, a reason and nothing else.
NONE = "none"
# These are of the months from `since` to `month`, all others of one month.
OF_MONTHS = ("windowed", "windowed_share")
MEASURES = (
    "cumulative",
    "share",
    "share_of_known",
    "share_of_bucket",
    "monthly",
    "monthly_of_next",
    "median_ratio",
    "growth",
    "crossing",
    "relative_adoption",
    "downloads_30d",
    *OF_MONTHS,
    "listed",
    "listed_from",
    "listed_twice",
    "derivatives",
    "derivatives_known",
    NONE,
)
# How the key of a measure is written, where it is no key of the series.
KEYS = {
    "relative_adoption": r"[^@]+@[0-9]+",
    "monthly_of_next": r"[^@]+@[0-9]+",
    "downloads_30d": r"[^@]+@[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "median_ratio": r"[^/]+/[^/]+",
    "share_of_bucket": r"[^@]+@[^@]+",
}
DIMENSIONS = (
    "country",
    "region",
    "lab",
    "family",
    "size_bucket",
    "model",
    "names",
    "total",
    "tracker",
)
SCOPES = ("frontier", "labs", "hub")
TOLERANCE_UNITS = ("percent", "units")

# What a row has beside what the file says, where it can be computed.
RESULTS = ("ours", "ours_low", "ours_high", "ours_in_words", "difference", "tolerance")

AGREES = "agrees"
DIFFERS = "differs"
UNDECIDED = "cannot be decided"
NO_DATA = "no data"
NOT_COMPUTED = "not computed"


def read_scoreboard(data: Path, figures: Collection[str], problems: list[Problem]) -> list[Row]:
    """Read and check how each published figure is computed again, or why it is not."""
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_unique(rows, ["figure"], problems)
    check_filled(rows, ["figure", "measure", "reason"], problems)
    check_reference(rows, "figure", figures, "published_figures.csv", problems)
    check_choice(rows, "measure", MEASURES, problems)
    computed = [row for row in rows if row["measure"] != NONE]
    check_filled(computed, ["dimension", "scope", "month", "tolerance", "tolerance_unit"], problems)
    check_choice(computed, "dimension", DIMENSIONS, problems)
    check_choice(computed, "scope", SCOPES, problems)
    check_choice(computed, "tolerance_unit", TOLERANCE_UNITS, problems)
    for row in computed:
        _check_numbers(row, problems)
    for row in rows:
        given = [column for column in COLUMNS[2:-1] if row[column]]
        if row["measure"] == NONE and given:
            problems.append(row.problem(f"not computed, and yet has {', '.join(given)}"))
    missing = sorted(set(figures) - {row["figure"] for row in rows})
    for figure in missing:
        reason = f"figure {figure!r} of published_figures.csv has no row"
        problems.append(Problem(str(data / FILE), 0, reason))
    return rows


def _check_numbers(row: Row, problems: list[Problem]) -> None:
    """Check the tolerance, the months and the key of a figure that is computed."""
    try:
        if parse_number(row["tolerance"]) < 0:
            problems.append(row.problem(f"tolerance {row['tolerance']} is negative"))
        for column in ("month", "since") if row["measure"] in OF_MONTHS else ("month",):
            if len(row[column]) != 7:
                raise ValueError(f"{column} {row[column]!r} is not YYYY-MM")
            first_day(row[column])
        if not re.fullmatch(KEYS.get(row["measure"], ".*"), row["key"]):
            problems.append(row.problem(f"key {row['key']!r} is none of {row['measure']}"))
        if row["dimension"] == "names" and row["measure"] not in ("cumulative", "windowed"):
            problems.append(row.problem("names are only for cumulative and windowed"))
        if row["measure"] in OF_MONTHS:
            selected(row["dimension"], row["key"])
        elif row["since"]:
            problems.append(row.problem(f"since is only for {' and '.join(OF_MONTHS)}"))
    except ValueError as error:
        problems.append(row.problem(str(error)))


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
        "derivatives_known": lambda: derivatives_known(connection, row),
        "downloads_30d": lambda: downloads_30d(connection, row["key"]),
        "relative_adoption": lambda: relative_adoption(connection, row["key"]),
        "share_of_bucket": lambda: share_of_bucket(connection, row),
        "monthly_of_next": lambda: monthly_of_next(connection, row),
        "median_ratio": lambda: median_ratio(connection, row),
        "windowed": lambda: windowed(connection, row),
        "windowed_share": lambda: windowed_share(connection, row),
        "growth": lambda: _growth(connection, row),
    }
    if row["dimension"] == "names":
        rules["cumulative"] = lambda: cumulative_of(connection, row)
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
            and (:unknown or key is not null)
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
        "unknown": measure != "share_of_known",
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
    if measure in ("share", "share_of_known"):
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
    scored: dict[str, Any] = {
        **{column: row[column] or None for column in COLUMNS if column != "tolerance"},
        "published": value,
        "unit": figure["unit"],
        **dict.fromkeys(RESULTS),
    }
    if row["measure"] == NONE:
        return {**scored, "verdict": NOT_COMPUTED}
    tolerance = float(row["tolerance"])
    if row["tolerance_unit"] == "percent":
        tolerance = tolerance * value / 100
    scored["tolerance"] = tolerance
    if row["measure"] == "crossing":
        decided, said = decide_crossing(connection, row)
        return {**scored, "ours_in_words": said, "verdict": decided}
    ours = compute(connection, row)
    scored["verdict"] = verdict(value, tolerance, ours)
    if ours is not None:
        scored["ours_low"] = float(ours.low)
        scored["ours_high"] = float(ours.high) if math.isfinite(ours.high) else None
        scored["ours_in_words"] = ours.words
        if not ours.wide:
            scored |= {"ours": float(ours.best), "difference": float(ours.best) - value}
    return scored
