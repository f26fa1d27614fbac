"""The numbers on the page of the method, taken from the code that applies them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from census.base import speech
from census.base.numbers import day_words, month_words
from census.history.bounds import DOUBLINGS, TOLERANCE
from census.history.cleaning import (
    BUSY_DOWNLOADS_30D,
    PARTIAL_PART,
    STALL_DAYS,
    STALL_PART,
    STUCK_PART,
    UNDECIDED_SNAPSHOTS,
)
from census.history.ends import COUNTED_PCT
from census.pages.sentences import place
from census.rollups.calibration import CRAWL, LEAST_CASES, LEAST_INSIDE, MODEL
from census.rollups.coverage import NEAR_DAYS
from census.rollups.derivatives import FEW_DOWNLOADS
from census.rollups.noise import DRAWS
from census.rollups.published_days import RECENT_DAYS
from census.rollups.size_references import AGES, TOP
from census.rollups.summaries import (
    COUNTED_PART,
    LEFT_OUT,
    LEFT_OUT_OF_BAND,
    SIGNIFICANT_DIGITS,
    WINDOWED_PART,
)
from census.rollups.used_counts import COUNTS_APART_DAYS, LEAST_WINDOWS, WINDOWS_APART_DAYS

Row = Mapping[str, Any]

# Why models are in a scope or not, and how they spread over sizes: statements of the page.
REASONS = """
select
    scope_reason as reason,
    in_frontier,
    count(*) as models,
    sum(latest_all_time) as downloads
from models
group by scope_reason, in_frontier
order by in_frontier desc, count(*) desc, scope_reason
limit 16
"""
SIZES = """
select
    size_bucket,
    count(*) as models
from models
where in_frontier = 1
group by size_bucket
order by size_bucket is null, cast(replace(size_bucket, '<', '-') as integer)
"""
# Recordings of what was published, the oldest first, and what is published now: the headlines of
# China and the United States at the end of the series of each.
HEADLINES = """
with last_months as (
    select
        day,
        max(month) as month
    from recorded_points
    group by day
),

shares as (
    select
        r.day,
        r.key,
        r.share_pct,
        r.low_pct,
        r.high_pct
    from last_months as l
    inner join recorded_points as r on l.day = r.day and l.month = r.month
    where r.dimension = 'country' and r.measure = 'cumulative'
    union all
    select
        '' as day,
        k.key,
        p.share_pct,
        p.low_pct,
        p.high_pct
    from scopes as s
    inner join series_keys as k
        on
            s.scope = k.scope
            and k.attribution = 'publisher'
            and k.basis = 'operating'
            and k.dimension = 'country'
    inner join standings as p on k.id = p.series and substr(s.through, 1, 7) = p.month
    where s.scope = 'frontier'
),

days as (
    select
        day,
        recorded_on,
        through,
        method
    from recorded_vintages
    union all
    select
        '' as day,
        '9999' as recorded_on,
        through,
        null as method
    from scopes
    where scope = 'frontier'
)

select
    d.day,
    d.through,
    -- Where no all-time counts are of that day any more, its counts have another day now.
    coalesce(a.about, 1) as about,
    d.method,
    cn.share_pct as china,
    cn.low_pct as china_low,
    cn.high_pct as china_high,
    us.share_pct as us,
    us.low_pct as us_low,
    us.high_pct as us_high
from days as d
left join all_time_days as a on d.through = a.date
left join shares as cn on d.day = cn.day and cn.key = 'CN'
left join shares as us on d.day = us.day and us.key = 'US'
order by d.recorded_on asc, length(d.day) asc, d.day asc
"""
CHANGES = """
select
    number,
    date,
    what,
    reason,
    headline,
    share_before,
    share_after
from changelog
where kind in ('method', 'rule')
order by number desc
"""

# What the database rests on.
COUNTS = """
select
    count(h.downloads_30d) as windows,
    count(h.downloads_all_time) as all_time,
    count(distinct h.model) as models,
    count(distinct h.source) as sources,
    (select count(*) from quality_events where kind = 'contradiction') as contradictions,
    (select min(date) from snapshots) as first_day,
    (select max(date) from snapshots) as last_day
from history as h
"""
WINDOWS = "select first_day, last_day, shortest, longest, mean from window_lengths order by id"
SCOPES = """
select
    s.*,
    e.about,
    e.largest_only,
    e.note
from scopes as s
inner join scope_ends as e on s.scope = e.scope
order by s.rowid
"""
# The snapshot on which the first recording ended, and what part of each country's recent downloads
# it held: the models of the default scope that it counted, by the 30-day count nearest to its day.
LESSON = """
with first_recording as (
    select
        v.day,
        v.through,
        -- The ledger says which day a snapshot was moved to since.
        coalesce(
            (
                select q.to_date
                from quality_events as q
                where q.kind = 'replaced' and q.from_date = v.through and q.to_date > q.from_date
            ),
            v.through
        ) as counted_on
    from recorded_vintages as v
    order by v.recorded_on asc, v.day asc
    limit 1
),

snapshot as (
    select
        f.source,
        f.date,
        f.about,
        s.day
    from first_recording as r
    inner join observation_files as f on r.counted_on = f.date
    inner join snapshots as s on f.date = s.date
    order by f."rows" desc
    limit 1
),

flagged as (
    select
        q.model,
        s.day
    from quality_events as q
    inner join snapshots as s on q.from_date = s.date
    where q.kind = 'outlier'
),

near as (
    select
        h.model,
        h.downloads_30d as weight,
        row_number() over (
            partition by h.model
            order by abs(h.day - p.day), h.day desc, o.preference
        ) as place
    from snapshot as p
    cross join history as h on h.day between p.day - :near and p.day + :near
    inner join models as m on h.model = m.id
    inner join sources as o on h.source = o.id
    where
        m.in_frontier = 1
        and h.downloads_30d is not null
        and (h.model, h.day) not in (select q.model, q.day from flagged as q)
),

held as (
    select h.model
    from snapshot as p
    cross join history as h on p.day = h.day and p.source = h.source
    where h.downloads_all_time is not null
),

weights as (
    select
        m.country,
        sum(n.weight) as weight,
        sum(iif(n.model in (select h.model from held as h), n.weight, 0)) as held
    from near as n
    inner join models as m on n.model = m.id
    where n.place = 1 and m.country in ('CN', 'US', 'FR')
    group by m.country
),

compared as (
    select
        key,
        month,
        through,
        cumulative_share_pct as share_pct
    from series
    where
        scope = 'frontier'
        and attribution = 'publisher'
        and basis = 'operating'
        and dimension = 'country'
        and key in ('CN', 'US', 'FR')
)

select
    w.country,
    c.name as country_name,
    p.date as day,
    p.about,
    100.0 * w.held / w.weight as held_pct,
    r.share_pct as share_then,
    b.share_pct as share_before,
    b.through as day_before,
    t.share_pct as share_after,
    t.through as day_after
from weights as w
inner join countries as c on w.country = c.code
cross join snapshot as p
cross join first_recording as f
inner join recorded_points as r
    on
        f.day = r.day
        and w.country = r.key
        and r.dimension = 'country'
        and r.measure = 'cumulative'
        and substr(f.through, 1, 7) = r.month
inner join compared as t on w.country = t.key and substr(f.through, 1, 7) = t.month
inner join compared as b
    on
        w.country = b.key
        and substr(date(f.through, 'start of month', '-1 day'), 1, 7) = b.month
where w.weight > 0
order by held_pct, w.country
"""
LESSON_VALUES = {"near": NEAR_DAYS}
CALIBRATION = """
select
    test,
    level,
    cases,
    inside_50,
    inside_80,
    inside_90,
    median_width,
    worst_miss
from calibration
where cases > 0
order by id
"""
# The test and the level that decide whether the intervals may be published.
DECIDING = (CRAWL, MODEL)


def lesson_words(rows: Sequence[Row]) -> str | None:
    """Return the lesson of the first recorded series in words, None without one.

    `rows` are those of LESSON; the first is the country of which the snapshot held least. The
    lesson is None, too, where that country's share then was within the estimates for the ends of
    the months before and after.
    """
    if len(rows) < 2:
        return None
    worst = rows[0]
    day = ("about " if worst["about"] else "") + day_words(worst["day"])
    shares_held = " and ".join(
        f"{row['held_pct']:.0f}% of those of {country(row)}" for row in rows[1:]
    )
    differences = sorted(
        worst[name] - worst["share_then"] for name in ("share_before", "share_after")
    )
    if differences[0] <= 0 <= differences[1]:
        return None
    points = sorted({abs(round(point)) for point in differences})
    share_published = f"{worst['share_then']:.1f}%"
    return (
        f"The first published series ended on one snapshot, of {day}. By weight it held"
        f" {worst['held_pct']:.0f}% of the recent downloads of {country(worst)}, but {shares_held}."
        f" It gave {country(worst)} {share_published} of all downloads. The estimate now is"
        f" {worst['share_before']:.1f}% for {day_words(worst['day_before'])} and"
        f" {worst['share_after']:.1f}% for {day_words(worst['day_after'])}. So the snapshot"
        f" {'understated' if differences[0] > 0 else 'overstated'} the share by"
        f" {' to '.join(str(point) for point in points)} points."
    )


def country(row: Row) -> str:
    """Return a country's name as it stands in a sentence."""
    return place({"country": row["country"], "country_name": row["country_name"]})


def calibration_words(rows: Sequence[Row]) -> str | None:
    """Return how often the 90 % interval held in the test that decides, None without it."""
    for row in rows:
        if (row["test"], row["level"]) == DECIDING and row["inside_90"] is not None:
            return (
                f"One monthly crawl was hidden at a time. Of its {row['cases']:,} counts of single"
                f" models, {row['inside_90']:.1f}% lay inside their 90% interval. A perfect"
                " interval would hold 90%."
            )
    return None


def method_numbers() -> dict[str, str]:
    """Return every threshold of the method by name, formatted for readers."""
    return {
        "known": f"{COUNTED_PCT:.0f}",
        "tolerance": f"{100 * TOLERANCE.part:.0f}",
        "slack": f"{TOLERANCE.slack}",
        "doublings": f"{DOUBLINGS}",
        "draws": f"{DRAWS}",
        "interval": f"{100 * (1 - 2 * LEFT_OUT):.0f}",
        "left_out": f"{100 * LEFT_OUT:.0f}",
        "half": f"{100 * (1 - 2 * LEFT_OUT_OF_BAND):.0f}",
        "windowed": f"{100 * WINDOWED_PART:.0f}",
        "least_windows": f"{LEAST_WINDOWS}",
        "windows_apart": f"{WINDOWS_APART_DAYS}",
        "counts_apart": f"{COUNTS_APART_DAYS}",
        "counted": f"{100 * COUNTED_PART:.0f}",
        "digits": f"{SIGNIFICANT_DIGITS}",
        "least_cases": f"{LEAST_CASES}",
        "least_inside": f"{LEAST_INSIDE:.0f}",
        "near": f"{NEAR_DAYS}",
        "recent": f"{RECENT_DAYS}",
        "coverage_points": f"{speech.COVERAGE_POINTS:.0f}",
        "understated": speech.UNDERSTATED,
        "overstated": speech.OVERSTATED,
        "coverage_unknown": speech.COVERAGE_UNKNOWN,
        "number_first": f"{speech.NUMBER_FIRST_WIDTH:.0f}",
        "widest": f"{speech.WIDEST_SAID:.0f}",
        "very_likely": f"{100 * speech.VERY_LIKELY:.0f}",
        "told_apart": f"{100 * speech.TOLD_APART:.0f}",
        "not_told_apart": speech.NOT_TOLD_APART,
        "first_said": month_words(speech.FIRST_MONTH_SAID),
        "undecided": f"{UNDECIDED_SNAPSHOTS}",
        "partial": f"{100 * PARTIAL_PART:.0f}",
        "stall": f"{100 * STALL_PART:.0f}",
        "stall_days": f"{STALL_DAYS}",
        "stuck": f"{100 * STUCK_PART:.0f}",
        "busy": f"{BUSY_DOWNLOADS_30D:,}",
        "ages": ", ".join(str(age) for age in AGES[:-1]) + f" and {AGES[-1]}",
        "top": f"{TOP}",
        "few": f"{FEW_DOWNLOADS}",
    }
