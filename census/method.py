"""The numbers of the method, from the code that applies them: what the page of the method says."""

from __future__ import annotations

from census.adoption import AGES, TOP
from census.bands import WIDEST_BAND
from census.cleaning import (
    BUSY_DOWNLOADS_30D,
    PARTIAL_PART,
    STALL_DAYS,
    STALL_PART,
    STUCK_PART,
    UNDECIDED_SNAPSHOTS,
)
from census.derivatives import FEW_DOWNLOADS
from census.history.ends import COUNTED_PCT

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
with shares as (
    select
        day,
        key,
        share_pct,
        low_pct,
        high_pct
    from recorded_points
    where
        dimension = 'country'
        and measure = 'cumulative'
        and month = (
            select max(x.month)
            from recorded_points as x
            where x.day = recorded_points.day
        )
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
    d.method,
    cn.share_pct as china,
    cn.low_pct as china_low,
    cn.high_pct as china_high,
    us.share_pct as us,
    us.low_pct as us_low,
    us.high_pct as us_high
from days as d
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


def method_numbers() -> dict[str, str]:
    """Return every threshold that the method has, by name, as readers write it."""
    return {
        "widest": f"{WIDEST_BAND:.0f}",
        "known": f"{COUNTED_PCT:.0f}",
        "window": "30",
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
