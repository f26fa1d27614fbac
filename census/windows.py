"""Downloads of several months, of some models, and medians of the largest, from the curves."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from census.bands import WIDEST_BAND
from census.numbers import day_words, month_end
from census.rollups.keys import IN_SCOPE
from census.selections import Ours, share_of

TOP = 10
BILLION = 1_000_000_000
# `lab@sized` are a lab's models of known size, `lab@>70B` those of more parameters than that.
ABOVE = re.compile(r">([0-9]+)B")


class Selected(NamedTuple):
    """Which models a figure counts: a condition in SQL on the model `m`, and its values."""

    condition: str
    values: Mapping[str, object]


class Sums(NamedTuple):
    """Downloads of a selection: best estimate and bounds; `models` is how many have any."""

    best: float
    low: float
    high: float
    models: int


def selected(dimension: str, key: str) -> Selected:
    """Return the models of a key: a lab (and a size), a country, a model, or patterns of names.

    Raises ValueError for a key that is none.
    """
    if dimension == "country":
        return Selected("m.country is :key", {"key": key})
    if dimension == "model":
        return Selected("m.name = :key", {"key": key})
    if dimension == "names":
        patterns = {f"name{place}": pattern for place, pattern in enumerate(key.split("+"))}
        return Selected(
            "(" + " or ".join(f"m.name glob :{name}" for name in patterns) + ")", patterns
        )
    lab, at, size = key.partition("@")
    values: dict[str, object] = {"lab": lab}
    if not at:
        return Selected("m.lab = :lab", values)
    if size == "sized":
        return Selected("m.lab = :lab and m.parameters is not null", values)
    above = ABOVE.fullmatch(size)
    if above is None:
        raise ValueError(f"key {key!r}: after @ stands sized or >70B")
    values["above"] = int(above[1]) * BILLION
    return Selected("m.lab = :lab and m.parameters > :above", values)


# Of every model in turn: what its months add up to, and what its ends leave possible. A model
# without a value before the window was created in it and began at zero.
GROWTH = """
    with inside as (
        select
            v.model,
            sum(v.monthly) as best,
            sum(v.monthly_low) as low,
            sum(v.monthly_high) as high
        from models as m
        inner join curves as v on m.id = v.model
        where
            {scope}
            and {condition}
            and v.month between :since and :until
            and (v.date = :through or strftime('%d', v.date, '+1 day') = '01')
        group by v.model
    ),

    bounded as (
        select
            i.best,
            max(i.low, last.cumulative_low - coalesce(start.cumulative_high, 0)) as low,
            min(i.high, last.cumulative_high - coalesce(start.cumulative_low, 0)) as high
        from inside as i
        inner join curves as last on i.model = last.model and last.date = :last
        left join curves as start on i.model = start.model and start.date = :start
    )

    select
        coalesce(sum(best), 0),
        coalesce(sum(low), 0),
        coalesce(sum(high), 0),
        count(*)
    from bounded
"""


def growth(
    connection: sqlite3.Connection, scope: str, models: Selected, since: str, last: str
) -> Sums:
    """Return the downloads of a selection from the first of month `since` to the end of `last`.

    `last` is the last day of a month, or the last day of the scope.
    """
    query = GROWTH.format(scope=IN_SCOPE[scope], condition=models.condition)
    start = date.fromisoformat(f"{since}-01") - timedelta(days=1)
    given = {
        **models.values,
        "since": since,
        "until": last[:7],
        "through": last,
        "last": last,
        "start": start.isoformat(),
    }
    return Sums(*connection.execute(query, given).fetchone())


def through(connection: sqlite3.Connection, scope: str) -> str | None:
    """Return the last day of a scope, None where nothing is counted."""
    row = connection.execute("select through from scopes where scope = ?", (scope,)).fetchone()
    return str(row[0]) if row and row[0] else None


def windowed(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return the downloads of a window of months.

    Where the scope ends before the window does, what was counted until then is the least that it
    can be, and nothing limits the most.
    """
    models = selected(row["dimension"], row["key"])
    end, last = through(connection, row["scope"]), month_end(row["month"])
    if end is None or end < row["since"]:
        return None
    sums = growth(connection, row["scope"], models, row["since"], min(end, last))
    if not sums.models:
        return None
    if end < last:
        words = f"at least {sums.low:,.0f} to {day_words(end)}, where the series ends"
        return Ours(sums.best, sums.low, math.inf, wide=True, words=words)
    return Ours(sums.best, sums.low, sums.high, is_wide(sums))


def windowed_share(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return the share of a key in the downloads of a window of months, in percent.

    Of a country it is that of the scope's models, of `lab@>70B` that of the lab's models of known
    size. None where the scope ends before the window does: the rest could turn any share around.
    """
    end, last = through(connection, row["scope"]), month_end(row["month"])
    if end is None or end < last:
        return None
    part = selected(row["dimension"], row["key"])
    whole = Selected("1", {})
    if row["dimension"] == "lab":
        whole = selected("lab", row["key"].partition("@")[0] + "@sized")
    rest = Selected(
        f"{whole.condition} and not ifnull({part.condition}, 0)", {**whole.values, **part.values}
    )
    ours, others = (
        growth(connection, row["scope"], models, row["since"], last) for models in (part, rest)
    )
    if not ours.models or not ours.best + others.best:
        return None
    low, high = share_of(ours.low, others.high), share_of(ours.high, others.low)
    return Ours(share_of(ours.best, others.best), low, high, high - low > WIDEST_BAND)


CUMULATIVE = """
    select
        coalesce(sum(v.cumulative), 0),
        coalesce(sum(v.cumulative_low), 0),
        coalesce(sum(v.cumulative_high), 0),
        count(*)
    from models as m
    inner join curves as v on m.id = v.model
    where {scope} and {condition} and v.date = :last
"""


def cumulative_of(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return the downloads up to a month's end of the models whose names fit a pattern."""
    models = selected(row["dimension"], row["key"])
    query = CUMULATIVE.format(scope=IN_SCOPE[row["scope"]], condition=models.condition)
    given = {**models.values, "last": month_end(row["month"])}
    sums = Sums(*connection.execute(query, given).fetchone())
    return Ours(sums.best, sums.low, sums.high, is_wide(sums)) if sums.models else None


def monthly_of_next(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return the downloads in a month of the largest labs but one, together.

    The key is `lab@number`. The n-th largest count lies between the n-th largest low and the n-th
    largest high, whichever labs these are, and so do sums of the largest.
    """
    lab, _, number = row["key"].partition("@")
    query = """
        select monthly, monthly_low, monthly_high
        from series
        where
            scope = :scope
            and attribution = 'publisher'
            and basis = 'operating'
            and dimension = 'lab'
            and key <> :lab
            and month = :month
    """
    given = {"scope": row["scope"], "lab": lab, "month": row["month"]}
    end = through(connection, row["scope"])
    counts = connection.execute(query, given).fetchall()
    if end is None or end < month_end(row["month"]) or len(counts) < int(number):
        return None
    best, low, high = (
        sum(sorted((count[part] for count in counts), reverse=True)[: int(number)])
        for part in range(3)
    )
    return Ours(best, low, high, is_wide(Sums(best, low, high, len(counts))))


def median_ratio(connection: sqlite3.Connection, row: Mapping[str, str]) -> Ours | None:
    """Return the median of the ten largest models of some sizes over that of others.

    The key is `sizes/sizes`, several joined by `+`.
    """
    over, _, under = row["key"].partition("/")
    first = _median_of_ten(connection, row["scope"], over, row["month"])
    second = _median_of_ten(connection, row["scope"], under, row["month"])
    if first is None or second is None or not second.best:
        return None
    best, low = first.best / second.best, first.low / second.high
    high = first.high / second.low if second.low else math.inf
    return Ours(best, low, high, is_wide(Sums(best, low, high, TOP)))


COUNTS_OF_SIZES = """
    select v.cumulative, v.cumulative_low, v.cumulative_high
    from models as m
    inner join curves as v on m.id = v.model
    where
        {scope}
        and instr('+' || :sizes || '+', '+' || m.size_bucket || '+') > 0
        and v.date = :last
"""


def _median_of_ten(
    connection: sqlite3.Connection, scope: str, sizes: str, month: str
) -> Sums | None:
    query = COUNTS_OF_SIZES.format(scope=IN_SCOPE[scope])
    counts = connection.execute(query, {"sizes": sizes, "last": month_end(month)}).fetchall()
    if len(counts) < TOP:
        return None
    best, low, high = (
        sum(sorted((count[part] for count in counts), reverse=True)[TOP // 2 - 1 : TOP // 2 + 1])
        / 2
        for part in range(3)
    )
    return Sums(best, low, high, len(counts))


def is_wide(sums: Sums) -> bool:
    """Return whether a count's bounds are too far apart to quote its estimate."""
    return not sums.best or 100 * (sums.high - sums.low) / sums.best > WIDEST_BAND
