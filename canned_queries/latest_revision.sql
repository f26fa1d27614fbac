/*
title: What the latest revision changed
theme: Revisions
description: >-
  What is known differently from one vintage earlier, largest change first. Where the earlier vintage
  is a recording of what was published, the method may have changed as well as the observations.
  Without an earlier vintage that differs there is nothing to compare, and no row.
unit: downloads
scope: "{scope}, counted for {attribution}, by {dimension}"
parameters:
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: country
    choices:
      country: country
      region: region
      lab: lab
      family: model family
      size_bucket: size in parameters
  scope:
  attribution:
  limit:
columns:
  month: Month, YYYY-MM.
  key: Code of the country, or the region, lab, family or size; empty is unknown.
  label: Name of the key.
  known_then: Best estimate one vintage earlier; empty if the month was not known.
  known_now: Best estimate now; empty if the month is no longer known.
  revised_by: Now less before.
  revised_pct: The same in percent of what was known before.
  band_before: Highest less lowest count that was allowed before.
  band_now: Highest less lowest count that is allowed now.
  vintage_before: The earlier vintage, a recording where one was made since.
  vintage_now: Day of the newest vintage.
  because: >-
    observations where both vintages have the same rules, method where the rules changed between them,
    whatever else did.
*/
with newest as (
    select
        as_of,
        lag(as_of) over (order by as_of) as day_before
    from vintages
    order by as_of desc
    limit 1
),

-- The latest recording that is not what is known now.
recording as (
    select
        v.day,
        v.recorded_on,
        iif(v.rules_digest = b.value, 'observations', 'method') as because
    from recorded_vintages as v
    inner join build_info as b on b.key = 'rules_digest'
    inner join scopes as s on s.scope = 'frontier'
    where
        (v.changed_since > 0 or s.through <> v.through)
        and :scope = 'frontier'
        and :attribution = 'publisher'
        and :dimension in ('country', 'region', 'lab')
        -- One that was recorded before the last but one vintage is not the one before.
        and v.recorded_on >= coalesce((select n.day_before from newest as n), '')
    order by v.recorded_on desc, length(v.day) desc, v.day desc
    limit 1
),

now as (
    select
        k.key,
        k.label,
        p.month,
        p.cumulative,
        p.cumulative_low as low,
        p.cumulative_high as high
    from series_keys as k
    inner join series_points as p on k.id = p.series
    where
        k.scope = :scope
        and k.attribution = :attribution
        and k.basis = 'operating'
        and k.dimension = :dimension
),

published as (
    select
        r.key,
        r.label,
        r.month,
        r.downloads,
        r.low,
        r.high
    from recording as g
    inner join recorded_points as r
        on g.day = r.day and r.dimension = :dimension and r.measure = 'cumulative'
),

differences as (
    select
        r.month,
        r.key,
        r.label,
        r.downloads as known_then,
        w.cumulative as known_now,
        r.high - r.low as band_before,
        w.high - w.low as band_now
    from published as r
    left join now as w on r.key is w.key and r.month = w.month
    where r.downloads is not w.cumulative or r.low is not w.low or r.high is not w.high
    union all
    -- Months and keys that are known only now; of labs only the largest were recorded.
    select
        w.month,
        w.key,
        w.label,
        null as known_then,
        w.cumulative as known_now,
        null as band_before,
        w.high - w.low as band_now
    from now as w
    where
        (:dimension <> 'lab' or w.key in (select x.key from published as x))
        and not exists (
            select 1
            from published as r
            where r.key is w.key and r.month = w.month
        )
),

changed as (
    select
        v.month,
        k.key,
        k.label,
        v.cumulative as known_then,
        p.cumulative as known_now,
        v.cumulative_high - v.cumulative_low as band_before,
        p.cumulative_high - p.cumulative_low as band_now,
        n.day_before as vintage_before,
        n.as_of as vintage_now,
        'observations' as because
    from newest as n
    inner join series_keys as k
        on
            k.scope = :scope
            and k.attribution = :attribution
            and k.basis = 'operating'
            and k.dimension = :dimension
    inner join vintage_points as v on k.id = v.series and n.day_before = v.as_of
    left join series_points as p on v.series = p.series and v.month = p.month
    where not exists (select 1 from recording)
    union all
    select
        d.month,
        d.key,
        d.label,
        d.known_then,
        d.known_now,
        d.band_before,
        d.band_now,
        g.day as vintage_before,
        iif(n.as_of > g.recorded_on, n.as_of, g.recorded_on) as vintage_now,
        g.because
    from recording as g
    cross join newest as n
    cross join differences as d
)

select
    month,
    key,
    label,
    known_then,
    known_now,
    known_now - known_then as revised_by,
    round(100.0 * (known_now - known_then) / nullif(known_then, 0), 4) as revised_pct,
    band_before,
    band_now,
    vintage_before,
    vintage_now,
    because
from changed
order by abs(coalesce(known_now, 0) - coalesce(known_then, 0)) desc, month desc, key asc
limit cast(:limit as integer)
