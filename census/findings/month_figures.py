"""Downloads of several months, of some models, and medians of the largest, from the curves."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import day_number
from census.base.numbers import day_words, month_end
from census.base.shares import percent_of
from census.findings.our_figures import (
    OurFigure,
    figure_of_draws,
    figure_of_least,
    share_range,
)
from census.rollups.drawn_events import keys_once
from census.rollups.drawn_sums import DrawnSums
from census.rollups.keys import IN_SCOPE

TOP = 10
BILLION = 1_000_000_000
# The part `sized` are a lab's models of known size, `>70B` those with over 70 billion parameters.
ABOVE = re.compile(r">([0-9]+)B")


class Selection(NamedTuple):
    """Which models a figure counts: a condition in SQL on the model `m`, and its values."""

    condition: str
    values: Mapping[str, object]


class SelectionBounds(NamedTuple):
    """Downloads of a selection as far as hard bounds go; `models` is how many have any."""

    low: int
    high: int
    models: int


def select_models(dimension: str, key: str, part: str = "") -> Selection:
    """Return the models of a key: a lab (or a part of it), a country, a model, patterns of names.

    Raises ValueError for a part that is not one.
    """
    if part and dimension != "lab":
        raise ValueError(f"part {part!r} is only for a lab")
    if dimension == "country":
        return Selection("m.country is :key", {"key": key})
    if dimension == "model":
        return Selection("m.name = :key", {"key": key})
    if dimension == "names":
        patterns = {f"name{place}": pattern for place, pattern in enumerate(key.split("+"))}
        return Selection(
            "(" + " or ".join(f"m.name glob :{name}" for name in patterns) + ")", patterns
        )
    values: dict[str, object] = {"lab": key}
    if not part:
        return Selection("m.lab = :lab", values)
    if part == "sized":
        return Selection("m.lab = :lab and m.parameters is not null", values)
    above = ABOVE.fullmatch(part)
    if above is None:
        raise ValueError(f"part {part!r} is not sized or of the form >70B")
    values["above"] = int(above[1]) * BILLION
    return Selection("m.lab = :lab and m.parameters > :above", values)


# For every model by itself: the sum of its months, cut to the difference between the ends of the
# window. A model without a value before the window was created in it and began at zero.
GROWTH = """
    with inside as (
        select
            v.model,
            sum(v.monthly_low) as low,
            sum(v.monthly_high) as high
        from models as m
        inner join curves as v on m.id = v.model
        where
            {scope}
            and {condition}
            and v.month >= :since
            and v.date <= :through
            and (v.date = :through or strftime('%d', v.date, '+1 day') = '01')
        group by v.model
    ),

    bounded as (
        select
            max(i.low, last.cumulative_low - coalesce(start.cumulative_high, 0)) as low,
            min(i.high, last.cumulative_high - coalesce(start.cumulative_low, 0)) as high
        from inside as i
        inner join curves as last on i.model = last.model and last.date = :last
        left join curves as start on i.model = start.model and start.date = :start
    )

    select
        coalesce(sum(low), 0),
        coalesce(sum(high), 0),
        count(*)
    from bounded
"""


def growth(
    connection: sqlite3.Connection, scope: str, models: Selection, since: str, last: str
) -> SelectionBounds:
    """Return the hard bounds of a selection's growth from the first of month `since` to `last`.

    `last` is the last day of a month, or the last day of the scope.
    """
    query = GROWTH.format(scope=IN_SCOPE[scope], condition=models.condition)
    values = {
        **models.values,
        "since": since,
        "through": last,
        "last": last,
        "start": day_before(since).isoformat(),
    }
    return SelectionBounds(*connection.execute(query, values).fetchone())


def day_before(month: str) -> date:
    """Return the day before a month begins."""
    return date.fromisoformat(f"{month}-01") - timedelta(days=1)


def model_numbers(connection: sqlite3.Connection, scope: str, models: Selection) -> list[int]:
    """Return the numbers of a selection's models in a scope."""
    query = f"select m.id from models as m where {IN_SCOPE[scope]} and {models.condition}"  # noqa: S608
    return [row[0] for row in connection.execute(query, models.values).fetchall()]


def scope_end(connection: sqlite3.Connection, scope: str) -> str | None:
    """Return the last day of a scope, None where nothing is counted."""
    row = connection.execute("select through from scopes where scope = ?", (scope,)).fetchone()
    return str(row[0]) if row and row[0] else None


def window_downloads(
    connection: sqlite3.Connection, sums: DrawnSums, row: Mapping[str, str]
) -> OurFigure | None:
    """Return the downloads of a window of months.

    Where the scope ends before the window does, what was counted until then is the least that it
    can be, and nothing limits the most.
    """
    models = select_models(row["dimension"], row["key"], row["part"])
    end, last = scope_end(connection, row["scope"]), month_end(row["month"])
    if end is None or end < row["since"]:
        return None
    bounds = growth(connection, row["scope"], models, row["since"], min(end, last))
    if not bounds.models:
        return None
    if end < last:
        words = f"at least {bounds.low:,.0f} to {day_words(end)}, where the series ends"
        return figure_of_least(bounds.low, words)
    numbers = model_numbers(connection, row["scope"], models)
    start, day = day_number(day_before(row["since"])), day_number(date.fromisoformat(last))
    draws = sums.growth(numbers, start, day)
    return figure_of_draws(draws, bounds.low, bounds.high, sums.windowed_on(numbers, day))


def window_share(
    connection: sqlite3.Connection, sums: DrawnSums, row: Mapping[str, str]
) -> OurFigure | None:
    """Return the share of a key in the downloads of a window of months, in percent.

    The share of a country is among the scope's models, that of a part of a lab among the lab's
    models of known size. None where the scope ends before the window does: the downloads of the
    missing days could change any share.
    """
    end, last = scope_end(connection, row["scope"]), month_end(row["month"])
    if end is None or end < last:
        return None
    part = select_models(row["dimension"], row["key"], row["part"])
    whole = Selection("1", {})
    if row["dimension"] == "lab":
        whole = select_models("lab", row["key"], "sized")
    rest_of_models = Selection(
        f"{whole.condition} and not ifnull({part.condition}, 0)", {**whole.values, **part.values}
    )
    start, day = day_number(day_before(row["since"])), day_number(date.fromisoformat(last))
    part_bounds, rest_bounds = (
        growth(connection, row["scope"], models, row["since"], last)
        for models in (part, rest_of_models)
    )
    numbers = [model_numbers(connection, row["scope"], models) for models in (part, rest_of_models)]
    part_growth, rest_growth = (sums.growth(models, start, day) for models in numbers)
    if not part_bounds.models or not np.any(part_growth + rest_growth):
        return None
    return figure_of_draws(
        percent_of(part_growth, part_growth + rest_growth, of_nothing=0.0),
        *share_range(
            part_bounds.low,
            part_bounds.high,
            part_bounds.low + rest_bounds.low,
            part_bounds.high + rest_bounds.high,
        ),
        all(sums.windowed_on(models, day) for models in numbers),
        share=True,
    )


def cumulative_of(
    connection: sqlite3.Connection, sums: DrawnSums, row: Mapping[str, str]
) -> OurFigure | None:
    """Return the downloads up to a month's end of the models whose names fit a pattern."""
    numbers = model_numbers(connection, row["scope"], select_models(row["dimension"], row["key"]))
    day = day_number(date.fromisoformat(month_end(row["month"])))
    if not sums.has(day) or not sums.counted(numbers):
        return None
    low, high = sums.bounds_on(numbers, day)
    return figure_of_draws(sums.on(numbers, day), low, high, sums.certain_on(numbers, day))


def monthly_of_other_labs(
    connection: sqlite3.Connection, sums: DrawnSums, row: Mapping[str, str]
) -> OurFigure | None:
    """Return the downloads in a month of the largest labs but one, together.

    The lab of `key` is left out, and the `number` largest others are summed. The n-th largest count
    lies between the n-th largest low and the n-th largest high, whichever labs these are, and so do
    sums of the largest.
    """
    lab, number = row["key"], int(row["number"])
    query = """
        select key, monthly_low, monthly_high
        from series
        where
            scope = :scope
            and attribution = 'publisher'
            and basis = 'operating'
            and dimension = 'lab'
            and key <> :lab
            and month = :month
    """
    values = {"scope": row["scope"], "lab": lab, "month": row["month"]}
    end = scope_end(connection, row["scope"])
    counts = connection.execute(query, values).fetchall()
    if end is None or end < month_end(row["month"]) or len(counts) < number:
        return None
    low, high = (
        sum(sorted((count[part] for count in counts), reverse=True)[:number]) for part in (1, 2)
    )
    start = day_number(day_before(row["month"]))
    day = day_number(date.fromisoformat(month_end(row["month"])))
    counted_labs = {count[0] for count in counts}
    series_keys = keys_once(connection, sums, row["scope"], "lab")
    labs = [key for key in series_keys if key.key in counted_labs]
    growths = np.stack([sums.growth(key.models, start, day) for key in labs])
    draws = np.sort(growths, axis=0)[-number:].sum(axis=0)
    models_of_labs = [model for key in labs for model in key.models]
    return figure_of_draws(draws, low, high, sums.windowed_on(models_of_labs, day))


def median_ratio(
    connection: sqlite3.Connection, sums: DrawnSums, row: Mapping[str, str]
) -> OurFigure | None:
    """Return the median of the ten largest models of some sizes over that of others.

    The sizes of `key` are over those of `versus`; several are joined by `+`.
    """
    first = _median_of_ten(connection, sums, row["scope"], row["key"], row["month"])
    second = _median_of_ten(connection, sums, row["scope"], row["versus"], row["month"])
    if first is None or second is None or not second.draws.all():
        return None
    high = first.high / second.low if second.low else math.inf
    return figure_of_draws(first.draws / second.draws, first.low / second.high, high, certain=True)


class Median(NamedTuple):
    """The median of the ten largest models: its draws and its bounds."""

    draws: NDArray[np.float64]
    low: float
    high: float


COUNTS_OF_SIZES = """
    select m.id, v.cumulative_low, v.cumulative_high
    from models as m
    inner join curves as v on m.id = v.model
    where
        {scope}
        and instr('+' || :sizes || '+', '+' || m.size_bucket || '+') > 0
        and v.date = :last
"""


def _median_of_ten(
    connection: sqlite3.Connection, sums: DrawnSums, scope: str, sizes: str, month: str
) -> Median | None:
    query, last = COUNTS_OF_SIZES.format(scope=IN_SCOPE[scope]), month_end(month)
    counts = connection.execute(query, {"sizes": sizes, "last": last}).fetchall()
    day = day_number(date.fromisoformat(last))
    if len(counts) < TOP or not sums.has(day):
        return None
    low, high = (
        sum(sorted((count[part] for count in counts), reverse=True)[TOP // 2 - 1 : TOP // 2 + 1])
        / 2
        for part in (1, 2)
    )
    levels = np.sort(np.stack([sums.on([count[0]], day) for count in counts]), axis=0)[-TOP:]
    return Median(np.median(levels, axis=0), low, high)
