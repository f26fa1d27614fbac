"""Figures that others published, each compared with ours or with the reason why not."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import sqlite_utils

from census.base.csv_files import Row
from census.base.days import day_number
from census.base.numbers import month_end
from census.base.shares import percent_of
from census.base.speech import VERY_LIKELY
from census.findings.list_figures import (
    derivatives,
    derivatives_known,
    downloads_30d,
    list_length,
    listed_models_of_region,
    models_listed_twice,
    relative_adoption,
    share_of_bucket,
)
from census.findings.milestones import when_words
from census.findings.month_figures import (
    cumulative_of,
    day_before,
    median_ratio,
    monthly_of_other_labs,
    window_downloads,
    window_share,
)
from census.findings.our_figures import OurFigure, figure_of_draws, share_range
from census.findings.scoreboard_rows import BESIDE_KEY, COLUMNS, NONE, OF_MONTHS, key_in_words
from census.rollups.drawn_events import chance_passed_in_month, keys_once, read_cut, when_passed
from census.rollups.drawn_sums import DrawnSums
from census.rollups.keys import SeriesKey

# What a row has beside what the file says, where it can be computed.
RESULTS = (
    "ours",
    "ours_low",
    "ours_high",
    "ours_in_words",
    "difference",
    "tolerance",
    "ours_likely_low",
    "ours_likely_high",
    "p",
)
# The table has these in the words of its column `key`, and the tolerance in the figure's unit.
NOT_OF_TABLE = ("key", *BESIDE_KEY, "tolerance")
# These count the publisher's own list again: agreement does not show who is right.
OF_OWN_LIST = ("listed", "listed_from", "listed_twice")
SHARES = ("share", "share_of_known", "windowed_share")
# Sums over the census's models, which are only a part of the models that others count.
PARTS = (
    "cumulative",
    "monthly",
    "windowed",
    "monthly_of_next",
    "derivatives_known",
    "downloads_30d",
)
WHOLE_HUB = "hub"

AGREES = "agrees"
CONSISTENT = "consistent"
SAME_LIST = "the same list"
NOT_COMPARABLE = "not comparable"
DIFFERS = "differs"
UNDECIDED = "cannot be decided"
NO_DATA = "no data"
NOT_COMPUTED = "not computed"


def verdict(
    published: float, tolerance: float, ours: OurFigure | None, row: Mapping[str, str]
) -> tuple[str, float | None]:
    """Return whether a published figure and ours agree, and the part of the draws that says so.

    They agree where ours lies within the tolerance in 95 % of the draws, and differ where it does
    in 5 % at most. Others count more models than the census has, so its sum is consistent where it
    is not above theirs. Shares of the whole Hub are not comparable with those of registered
    publishers, and counting a publisher's own list again only confirms the list. The middle decides
    nothing; a figure that neither draws nor hard bounds decide stays undecided.
    """
    if ours is None:
        return NO_DATA, None
    if is_of_whole_hub(row):
        return NOT_COMPARABLE, None
    least, most = published - tolerance, published + tolerance
    within, below = ours.chance(least, most), ours.chance(-math.inf, most)
    if math.isinf(ours.high) and ours.low <= most:
        # What is counted of ours is the least that others have.
        below = 1.0
    if within is not None and within >= VERY_LIKELY:
        return (SAME_LIST if row["measure"] in OF_OWN_LIST else AGREES), within
    if row["measure"] in PARTS:
        if below is not None and below >= VERY_LIKELY:
            return CONSISTENT, below
        within = below
    if within is not None and round(1 - within, 2) >= VERY_LIKELY:
        return DIFFERS, within
    return UNDECIDED, within


def is_of_whole_hub(row: Mapping[str, str]) -> bool:
    """Return whether a figure is a share of everything on the Hub, which the census does not see.

    A share within one lab's own models is not such a share.
    """
    return row["measure"] in SHARES and row["scope"] == WHOLE_HUB and row["dimension"] != "lab"


def compute(
    connection: sqlite3.Connection, sums: DrawnSums, row: Mapping[str, str]
) -> OurFigure | None:
    """Return the census's figure for a row of scoreboard.csv, None where it has no data for it."""
    rules = {
        "listed": lambda: list_length(connection, row["key"]),
        "listed_from": lambda: listed_models_of_region(connection, row["key"], row["part"]),
        "listed_twice": lambda: models_listed_twice(connection, row["key"]),
        "derivatives": lambda: derivatives(connection, row),
        "derivatives_known": lambda: derivatives_known(connection, row),
        "downloads_30d": lambda: downloads_30d(connection, row["key"], row["day"]),
        "relative_adoption": lambda: relative_adoption(connection, row["key"], int(row["number"])),
        "share_of_bucket": lambda: share_of_bucket(connection, sums, row),
        "monthly_of_next": lambda: monthly_of_other_labs(connection, sums, row),
        "median_ratio": lambda: median_ratio(connection, sums, row),
        "windowed": lambda: window_downloads(connection, sums, row),
        "windowed_share": lambda: window_share(connection, sums, row),
        "growth": lambda: _growth(connection, sums, row),
    }
    if row["dimension"] == "names":
        rules["cumulative"] = lambda: cumulative_of(connection, sums, row)
    rule = rules.get(row["measure"])
    return rule() if rule else _from_series(connection, sums, row, row["month"], row["measure"])


BOUNDS = """
    with points as (
        select
            :whole or instr('+' || :key || '+', '+' || key || '+') > 0 as counted,
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
        sum(iif(counted, low, 0)),
        sum(iif(counted, high, 0)),
        sum(low),
        sum(high)
    from points
"""


def _from_series(
    connection: sqlite3.Connection,
    sums: DrawnSums,
    row: Mapping[str, str],
    month: str,
    measure: str,
) -> OurFigure | None:
    is_total = row["dimension"] == "total"
    dimension = "country" if is_total else row["dimension"]
    values = {
        "key": row["key"],
        "whole": is_total,
        "monthly": measure == "monthly",
        "unknown": measure != "share_of_known",
        "scope": row["scope"],
        "dimension": dimension,
        "month": month,
    }
    counted, low, high, all_low, all_high = connection.execute(BOUNDS, values).fetchone()
    through, running = connection.execute(
        "select through, running_month from scopes where scope = ?", (row["scope"],)
    ).fetchone()
    if not counted or not all_high or (measure == "monthly" and running == month):
        return None
    day = day_number(date.fromisoformat(min(through, month_end(month))))
    if not sums.has(day):
        return None
    keys = keys_once(connection, sums, row["scope"], dimension)
    models = _models(
        keys if is_total else [key for key in keys if key.key in row["key"].split("+")]
    )
    certain = sums.certain_on(models, day)
    if measure in SHARES:
        all_models = _models([key for key in keys if key.key is not None or values["unknown"]])
        draws = percent_of(sums.on(models, day), sums.on(all_models, day), of_nothing=0.0)
        lowest, highest = share_range(low, high, all_low, all_high)
        return figure_of_draws(draws, lowest, highest, certain, share=True)
    if measure == "monthly":
        draws = sums.growth(models, day_number(day_before(month)), day)
        return figure_of_draws(draws, low, high, sums.windowed_on(models, day))
    return figure_of_draws(sums.on(models, day), low, high, certain)


def _models(keys: list[SeriesKey]) -> list[int]:
    return [model for key in keys for model in key.models]


def _growth(
    connection: sqlite3.Connection, sums: DrawnSums, row: Mapping[str, str]
) -> OurFigure | None:
    """Return the cumulative downloads by a month as a multiple of those a year earlier."""
    year, month = row["month"].split("-")
    figure_now = _from_series(connection, sums, row, row["month"], "cumulative")
    figure_before = _from_series(connection, sums, row, f"{int(year) - 1}-{month}", "cumulative")
    if figure_now is None or figure_before is None or not figure_before.low:
        return None
    low, high = figure_now.low / figure_before.high, figure_now.high / figure_before.low
    if figure_now.draws is None or figure_before.draws is None:
        return OurFigure(figure_now.middle / figure_before.middle, low, high)
    return figure_of_draws(
        figure_now.draws / np.maximum(figure_before.draws, figure_before.low),
        low,
        high,
        certain=True,
    )


def decide_crossing(
    connection: sqlite3.Connection, sums: DrawnSums, row: Mapping[str, str]
) -> tuple[str, str | None, float | None]:
    """Return the verdict on the month of a crossing, our interval in words, and the probability.

    The key passes the one in `versus`; the month is that of the publisher.
    """
    cut = read_cut(connection, sums, row["scope"], row["dimension"])
    first, second = cut.find_key(row["key"]), cut.find_key(row["versus"])
    if first is None or second is None:
        return NO_DATA, None, None
    when = when_passed(cut, first, second)
    chance = chance_passed_in_month(cut, first, second, row["month"])
    words = when_words(when) if when else None
    if chance is None:
        return UNDECIDED, words, None
    if chance.least >= VERY_LIKELY:
        return AGREES, words, chance.least
    differs = round(1 - chance.most, 2) >= VERY_LIKELY
    return DIFFERS if differs else UNDECIDED, words, chance.most


def load_scoreboard(db: sqlite_utils.Database, rows: list[Row], sums: DrawnSums) -> None:
    """Compute every figure of scoreboard.csv and load it beside the published one."""
    published = {row["figure"]: row for row in db.table("published_figures").rows}
    db.table("scoreboard").insert_all(
        _scoreboard_row(db.conn, sums, row, published[row["figure"]])
        for row in sorted(rows, key=lambda row: row["figure"])
    )


def _scoreboard_row(
    connection: sqlite3.Connection,
    sums: DrawnSums,
    row: Mapping[str, str],
    figure: Mapping[str, Any],
) -> dict[str, Any]:
    value = float(figure["value"])
    values: dict[str, Any] = {
        **{column: row[column] or None for column in COLUMNS if column not in NOT_OF_TABLE},
        "key": key_in_words(row) or None,
        "published": value,
        "unit": figure["unit"],
        **dict.fromkeys(RESULTS),
    }
    if row["measure"] == NONE:
        return {**values, "verdict": NOT_COMPUTED}
    tolerance = float(row["tolerance"])
    if row["tolerance_unit"] == "percent":
        tolerance = tolerance * value / 100
    values["tolerance"] = tolerance
    if row["measure"] == "crossing":
        verdict_of_crossing, words, p = decide_crossing(connection, sums, row)
        return {**values, "ours_in_words": words, "verdict": verdict_of_crossing, "p": p}
    ours = compute(connection, sums, row)
    values["verdict"], values["p"] = verdict(value, tolerance, ours, row)
    if row["measure"] in OF_MONTHS and row["scope"] == WHOLE_HUB and row["since"] < row["month"]:
        # The publishers of such windows do not say on which day of the last month they end.
        before = day_before(row["month"]).isoformat()[:7]
        earlier = compute(connection, sums, {**row, "month": before})
        if verdict(value, tolerance, earlier, row)[0] != values["verdict"]:
            values |= {"verdict": UNDECIDED, "p": None}
            ours = _either(earlier, ours)
    if ours is not None:
        values["ours_low"] = float(ours.low)
        values["ours_high"] = float(ours.high) if math.isfinite(ours.high) else None
        values["ours_in_words"] = ours.words
        if ours.likely:
            values["ours_likely_low"], values["ours_likely_high"] = ours.likely
        if ours.is_quotable:
            values |= {"ours": float(ours.middle), "difference": float(ours.middle) - value}
    return values


def _either(first: OurFigure | None, second: OurFigure | None) -> OurFigure | None:
    """Return a figure known to be one of two: its bounds span both."""
    if first is None or second is None:
        return None
    low, high = min(first.low, second.low), max(first.high, second.high)
    return OurFigure(second.middle, low, high, words=second.words, share=second.share)
