/*
title: Cumulative downloads
theme: Countries
description: >-
  All downloads up to the end of each month, by country, region, lab, model family or size, with the
  lowest and the highest count that the observations allow. The largest keys by the last month are
  named; the others are one row, other. Only models with an observed all-time count are in it.
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
  top:
    label: Keys named
    help: How many of the largest are named, from 1 to 50. The rest is one row a month.
    default: "8"
    pattern: integer
    min: 1
    max: 50
  since:
  until:
  view:
chart:
  kind: "{view}"
  x: month
  y: downloads
  low: low
  high: high
  key: key
  label: label
  dimension: "{dimension}"
  unit: downloads
  drawn: 6
  published: cumulative
columns:
  month: Month, YYYY-MM. The last may be a running month, counted to the last day of the scope.
  key: Code of the country, or the region, lab, family or size; empty is unknown, other is the rest.
  label: Name of the key.
  downloads: Best estimate of all downloads up to the end of the month.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
*/
with points as (
    select
        month,
        key,
        label,
        cumulative,
        cumulative_low,
        cumulative_high
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
        key,
        row_number() over (order by cumulative desc, key asc) as place
    from points
    where month = (select max(x.month) from points as x)
),

named as (
    select
        p.month,
        p.cumulative,
        p.cumulative_low,
        p.cumulative_high,
        iif(r.place <= cast(:top as integer), p.key, 'other') as key,
        iif(r.place <= cast(:top as integer), p.label, 'Other') as label,
        iif(r.place <= cast(:top as integer), r.place, null) as place
    from points as p
    left join ranked as r on p.key is r.key
)

select
    month,
    key,
    label,
    sum(cumulative) as downloads,
    sum(cumulative_low) as low,
    sum(cumulative_high) as high
from named
group by month, key, label
order by month asc, min(place) is null asc, downloads desc, key asc
