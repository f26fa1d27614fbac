/*
title: Countries ranked by downloads
theme: Countries
description: >-
  All downloads up to the last day of the scope, by the country of the labs. Low and high are the
  lowest and the highest share that the observations allow on that day.
unit: percent of all downloads
scope: "{scope}, counted for {attribution}, country by {basis}"
parameters:
  scope:
  attribution:
  basis:
  view:
    default: bars
    choices:
      bars: bars with what is certain
      map: circles on a map
chart:
  kind: "{view}"
  x: share_pct
  y: country_name
  low: low_pct
  high: high_pct
  key: country
  label: country_name
  dimension: country
  date: through
  unit: "%"
  percent: true
  drawn: 12
columns:
  place: Rank by downloads.
  country: ISO 3166-1 alpha-2 code; empty is unverified, XX is distributed.
  country_name: Name of the country.
  models: Models of the country in the series.
  downloads: Best estimate of all downloads up to the day.
  share_pct: Share of all downloads, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
  through: The day up to which downloads are counted.
*/
with points as (
    select
        p.key as country,
        p.label as country_name,
        p.models,
        p.cumulative as downloads,
        p.cumulative_low as low,
        p.cumulative_high as high,
        s.through
    from scopes as s
    inner join series as p
        on s.scope = p.scope and substr(s.through, 1, 7) = p.month
    where
        s.scope = :scope
        and p.attribution = :attribution
        and p.basis = :basis
        and p.dimension = 'country'
),

totals as (
    select
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high
    from points
    having sum(downloads) > 0
)

select
    row_number() over (order by p.downloads desc, p.country asc) as place,
    p.country,
    p.country_name,
    p.models,
    p.downloads,
    round(100.0 * p.downloads / t.downloads, 4) as share_pct,
    coalesce(
        round(100.0 * p.low / nullif(p.low + t.high - p.high, 0), 4),
        round(100.0 * p.downloads / t.downloads, 4)
    ) as low_pct,
    coalesce(
        round(100.0 * p.high / nullif(p.high + t.low - p.low, 0), 4),
        round(100.0 * p.downloads / t.downloads, 4)
    ) as high_pct,
    p.through
from points as p
cross join totals as t
order by place
