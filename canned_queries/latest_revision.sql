/*
title: What the latest revision changed
theme: Revisions
description: >-
  Where the newest observations changed what the census knew one vintage earlier, largest change
  first. Without a second vintage there is nothing to compare, and no row.
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
  vintage_before: Day of the earlier vintage.
  vintage_now: Day of the newest vintage.
*/
with newest as (
    select
        as_of,
        lag(as_of) over (order by as_of) as day_before
    from vintages
    order by as_of desc
    limit 1
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
        n.as_of as vintage_now
    from newest as n
    inner join series_keys as k
        on
            k.scope = :scope
            and k.attribution = :attribution
            and k.basis = 'operating'
            and k.dimension = :dimension
    inner join vintage_points as v on k.id = v.series and n.day_before = v.as_of
    left join series_points as p on v.series = p.series and v.month = p.month
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
    vintage_now
from changed
order by abs(coalesce(known_now, 0) - coalesce(known_then, 0)) desc, month desc, key asc
limit cast(:limit as integer)
