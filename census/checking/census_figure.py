"""The census's own figure beside one to check: value, interval, hard bounds and coverage."""

from __future__ import annotations

import math
import sqlite3
from typing import Any, NamedTuple

from census.base import speech
from census.base.databases import select_rows
from census.base.shares import percent_or_none
from census.base.speech import Value
from census.checking.figure_to_check import SHARES, FigureToCheck

Row = dict[str, Any]
# A 30-day count of a single model speaks for days this near; a crawl of all for a fortnight.
NEAR_MODEL_DAYS = 3
NEAR_DAYS = 15
# Less of the weight counted on a day than this, and the day's sum is a least, not a count.
WHOLE_PCT = 95.0
SERIES = """
select *
from series_steps
where
    scope = :scope
    and attribution = :attribution
    and basis = 'operating'
    and dimension = :dimension
    and key = :key
    and measure = :series
    and step = :step
"""
OF_MONTH = f"{SERIES} and month = :month"
OF_DAY = f"{SERIES} and through = :on"
BEFORE = f"{SERIES} and through < :on order by through desc limit 1"
AFTER = f"{SERIES} and through > :on order by through asc limit 1"
RECENT = """
select
    r.downloads,
    r.counted_on as through,
    sum(r.downloads) over () as total,
    r.covered,
    r.coverable,
    sum(r.covered) over () as all_covered,
    sum(r.coverable) over () as all_coverable,
    r.key
from recent_series as r
where
    r.scope = :scope
    and r.attribution = :attribution
    and r.basis = 'operating'
    and r.dimension = :dimension
    and r.counted_on = (
        select d.counted_on
        from recent_days as d
        where
            d.scope = :scope
            and iif(
                length(:on) = 7,
                d.month = :on and d.of_month = 1,
                abs(julianday(d.counted_on) - julianday(:on)) <= :near
            )
        order by abs(julianday(d.counted_on) - julianday(:on)) asc, d.counted_on desc
        limit 1
    )
"""
CURVE = """
select
    c.cumulative,
    c.cumulative_low,
    c.cumulative_high,
    c.likely_low,
    c.likely_high,
    c.counted,
    c.monthly,
    c.monthly_low,
    c.monthly_high,
    c.monthly_likely_low,
    c.monthly_likely_high,
    c.monthly_counted,
    c.date as through,
    c.month
from curves as c
inner join models as m on c.model = m.id
where m.name = :key
"""
CURVE_OF_MONTH = f"{CURVE} and c.month = :month"
CURVE_BEFORE = f"{CURVE} and c.date < :on order by c.date desc limit 1"
CURVE_FROM = f"{CURVE} and c.date >= :on order by c.date asc limit 1"
MODEL_RECENT = """
select
    h.downloads_30d as downloads,
    s.date as through
from models as m
inner join history as h on m.id = h.model
inner join snapshots as s on h.day = s.day
inner join sources as o on h.source = o.id
where
    m.name = :key
    and h.downloads_30d is not null
    and iif(
        length(:on) = 7,
        substr(s.date, 1, 7) = :on,
        abs(julianday(s.date) - julianday(:on)) <= :near
    )
order by
    iif(length(:on) = 7, 0, abs(julianday(s.date) - julianday(:on))) asc,
    s.date desc,
    o.preference asc
limit 1
"""
MODELS = """
select count(*) as models
from models as m
where
    iif(:scope = 'hub', 1, iif(:scope = 'labs', m.in_labs, m.in_frontier)) = 1
    and coalesce(m.created_at, '') <= :until
    and :key = case :dimension
        when 'country' then m.country
        when 'region' then m.region
        when 'lab' then m.lab
        else m.family
    end
"""
OF_SERIES = {
    "share": "cumulative",
    "cumulative": "cumulative",
    "rank": "cumulative",
    "share_monthly": "monthly",
    "monthly": "monthly",
}


class CensusFigure(NamedTuple):
    """A figure of the census; `low` and `high` are hard bounds, `high` infinite where none is.

    `value` decides what may be said. `covered_pct` is the part by weight that is counted, `place_p`
    how probable a place is.
    """

    value: Value
    low: float
    high: float
    through: str
    month: str
    covered_pct: float | None = None
    place_p: float | None = None


def measure(
    connection: sqlite3.Connection, figure: FigureToCheck, attribution: str = "publisher"
) -> CensusFigure | None:
    """Return the census's figure for the same thing, None where it has none for that time."""
    values = {
        "scope": figure.scope,
        "attribution": attribution,
        "dimension": figure.dimension,
        "key": figure.key,
        "on": figure.on,
        "month": figure.month,
        "series": OF_SERIES.get(figure.measure, ""),
    }
    if figure.measure == "models":
        return _model_count(connection, values, figure)
    if figure.dimension == "model":
        return _model_figure(connection, values, figure)
    if figure.measure in ("recent", "share_recent"):
        return _recent_figure(connection, values, figure.measure)
    return _series_figure(connection, values, figure)


def _series_figure(
    connection: sqlite3.Connection, values: dict[str, Any], figure: FigureToCheck
) -> CensusFigure | None:
    """Read the row of a month, or of a day that is stored; a count between two is bracketed."""
    is_month = len(figure.on) == 7
    if not is_month:
        for step in ("month", "day") if figure.measure != "monthly" else ("month",):
            rows = select_rows(connection, OF_DAY, {**values, "step": step})
            if rows:
                return _figure_of_row(rows[0], figure.measure)
        if figure.measure == "cumulative":
            months = {**values, "step": "month"}
            before, after = (select_rows(connection, sql, months) for sql in (BEFORE, AFTER))
            return _figure_between(before[0], after[0], figure.on) if before and after else None
    rows = select_rows(connection, OF_MONTH, {**values, "step": "month"})
    if not rows or (not is_month and figure.on > rows[0]["through"]):
        return None
    return _figure_of_row(rows[0], figure.measure)


def _figure_of_row(row: Row, measure: str) -> CensusFigure | None:
    time_and_coverage = row["through"], row["month"], row["covered_pct"]
    if measure == "rank":
        place, p = row["place"], row["p_place"]
        if place is None:
            return None
        is_very_likely = speech.is_very_likely(p)
        value = Value(place, place if is_very_likely else None, place if is_very_likely else None)
        return CensusFigure(value, 1, math.inf, *time_and_coverage, place_p=p)
    column, ends = ("share_pct", "_pct") if measure in SHARES else ("downloads", "")
    interval = speech.value_of(row, column, f"low{ends}", f"high{ends}")
    if interval is None:
        return None
    return CensusFigure(interval, row[f"low{ends}"], row[f"high{ends}"], *time_and_coverage)


def _figure_between(row_before: Row, row_after: Row, on: str) -> CensusFigure:
    """Return a count that never falls on a day between two others, from its values on these."""
    low, high = row_before["low"], row_after["high"]
    least = low if row_before["rests_on"] == speech.COUNTED else row_before["likely_low"]
    most = high if row_after["rests_on"] == speech.COUNTED else row_after["likely_high"]
    middle = (row_before["downloads"] + row_after["downloads"]) / 2
    value = Value(middle, None, None)
    if least is not None and most is not None:
        value = Value(middle, least, most, likely=True)
    return CensusFigure(value, low, high, on, on[:7], row_after["covered_pct"])


def _recent_figure(
    connection: sqlite3.Connection, values: dict[str, Any], measure: str
) -> CensusFigure | None:
    rows = select_rows(connection, RECENT, {**values, "near": NEAR_DAYS})
    row = next((other for other in rows if other["key"] == values["key"]), None)
    if row is None:
        return None
    covered = percent_or_none(row["covered"], row["coverable"], 2)
    time_and_coverage = row["through"], row["through"][:7], covered
    if measure == "recent":
        count = float(row["downloads"])
        if (covered or 0) >= WHOLE_PCT:
            return CensusFigure(
                Value(count, count, count, counted=True), count, count, *time_and_coverage
            )
        return CensusFigure(Value(count, None, None), count, math.inf, *time_and_coverage)
    share = 100 * row["downloads"] / row["total"]
    if (percent_or_none(row["all_covered"], row["all_coverable"], 2) or 0) >= WHOLE_PCT:
        return CensusFigure(
            Value(share, share, share, counted=True), share, share, *time_and_coverage
        )
    return CensusFigure(Value(share, None, None), 0, 100, *time_and_coverage)


def _model_figure(
    connection: sqlite3.Connection, values: dict[str, Any], figure: FigureToCheck
) -> CensusFigure | None:
    if figure.measure == "recent":
        rows = select_rows(connection, MODEL_RECENT, {**values, "near": NEAR_MODEL_DAYS})
        if not rows:
            return None
        count, day = float(rows[0]["downloads"]), rows[0]["through"]
        value = Value(count, count, count, counted=True)
        return CensusFigure(value, count, count, day, day[:7], 100.0)
    monthly = figure.measure == "monthly"
    if len(figure.on) == 7 or monthly:
        rows = select_rows(connection, CURVE_OF_MONTH, values)
        return _figure_of_curve(rows[0], rows[0], monthly, rows[0]["through"]) if rows else None
    after = select_rows(connection, CURVE_FROM, values)
    if not after:
        return None
    if after[0]["through"] == figure.on:
        return _figure_of_curve(after[0], after[0], monthly, figure.on)
    before = select_rows(connection, CURVE_BEFORE, values)
    return _figure_of_curve(before[0], after[0], monthly, figure.on) if before else None


def _figure_of_curve(row_before: Row, row_after: Row, monthly: bool, through: str) -> CensusFigure:
    start = "monthly" if monthly else "cumulative"
    ends = "monthly_likely" if monthly else "likely"
    exact = row_before is row_after and bool(
        row_before["monthly_counted" if monthly else "counted"]
    )
    middle = (row_before[start] + row_after[start]) / 2
    low, high = row_before[f"{start}_low"], row_after[f"{start}_high"]
    value = Value(
        middle,
        low if exact else row_before[f"{ends}_low"],
        high if exact else row_after[f"{ends}_high"],
        likely=not exact,
        counted=exact,
    )
    return CensusFigure(value, low, high, through, through[:7], 100.0)


def _model_count(
    connection: sqlite3.Connection, values: dict[str, Any], figure: FigureToCheck
) -> CensusFigure | None:
    """Count the models that the census knows and that were there by then."""
    scope_row = connection.execute(
        "select through from scopes where scope = ?", (figure.scope,)
    ).fetchone()
    last_day = scope_row[0] if scope_row else ""
    until = f"{figure.on}-31" if len(figure.on) == 7 else figure.on
    if not last_day or figure.month > last_day[:7] or (len(figure.on) > 7 and figure.on > last_day):
        return None
    row = connection.execute(MODELS, {**values, "until": f"{until}T99"}).fetchone()
    count = float(row[0])
    value = Value(count, count, count, counted=True)
    return CensusFigure(value, count, count, min(until, last_day), figure.month)
