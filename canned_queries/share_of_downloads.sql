/*
title: Share of downloads by lab, family, size, licence or modality
theme: Countries
description: >-
  Each month's downloads split in one of seven ways, in percent, with the lowest and the highest
  share that the observations allow. The largest keys by the last month are named; the others are one
  row, other. What is unknown (no licence stated, no named family) counts as itself, so a month's
  shares sum to 100. Only models with an observed all-time count are in it.
unit: percent of downloads
scope: "{scope}, {measure}, counted for {attribution}, by {dimension}"
parameters:
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: family
    choices:
      country: country
      region: region
      lab: lab
      family: model family
      size_bucket: size in parameters
      licence: licence
      modality: modality
  measure:
    label: Measure
    help: All downloads up to the end of a month, or those of the month alone.
    default: cumulative
    choices:
      cumulative: cumulative downloads
      monthly: downloads in the month
  scope:
  attribution:
  top:
    label: Keys named
    help: How many of the largest are named, from 1 to 50. The rest is one row a month.
    default: "8"
    pattern: integer
    min: 1
    max: 50
  since:
    default: "2025-07"
  until:
  view:
chart:
  kind: "{view}"
  x: month
  y: share_pct
  low: low_pct
  high: high_pct
  key: key
  label: label
  dimension: "{dimension}"
  unit: "%"
  percent: true
  drawn: 6
columns:
  month: Month, YYYY-MM. The last may be a running month, counted to the last day of the scope.
  key: Code of the country, or the region, lab, family, size, licence or modality; empty is unknown.
  label: Name of the key.
  downloads: Best estimate of the downloads.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  share_pct: Share of the month's downloads, best estimate, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
*/
with points as (
    select
        month,
        coalesce(key, '') as handle,
        -- A licence and a modality are called other, which is not the row of the rest.
        iif(key = 'other', 'other ' || :dimension, key) as key,
        iif(key = 'other', 'Other ' || :dimension, label) as label,
        iif(:measure = 'monthly', monthly, cumulative) as downloads,
        iif(:measure = 'monthly', monthly_low, cumulative_low) as low,
        iif(:measure = 'monthly', monthly_high, cumulative_high) as high
    from series
    where
        scope = :scope
        and attribution = :attribution
        and basis = 'operating'
        and dimension = :dimension
        and (:since = '' or month >= :since)
        and (:until = '' or month <= :until)
),

ranked as (
    select
        handle,
        row_number() over (order by downloads desc, handle asc) as place
    from points
    where month = (select max(x.month) from points as x)
),

named as (
    select
        p.month,
        p.downloads,
        p.low,
        p.high,
        iif(r.place <= cast(:top as integer), p.key, 'other') as key,
        iif(r.place <= cast(:top as integer), p.label, 'Other') as label,
        iif(r.place <= cast(:top as integer), r.place, null) as place
    from points as p
    left join ranked as r on p.handle = r.handle
),

summed as (
    select
        month,
        key,
        label,
        place,
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high
    from named
    group by month, key, label, place
),

totals as (
    select
        month,
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high
    from summed
    group by month
    having sum(downloads) > 0
)

select
    n.month,
    n.key,
    n.label,
    n.downloads,
    n.low,
    n.high,
    round(100.0 * n.downloads / t.downloads, 4) as share_pct,
    coalesce(
        round(100.0 * n.low / nullif(n.low + t.high - n.high, 0), 4),
        round(100.0 * n.downloads / t.downloads, 4)
    ) as low_pct,
    coalesce(
        round(100.0 * n.high / nullif(n.high + t.low - n.low, 0), 4),
        round(100.0 * n.downloads / t.downloads, 4)
    ) as high_pct
from summed as n
inner join totals as t on n.month = t.month
order by n.month asc, n.place is null asc, n.place asc, n.key asc
