/*
title: Downloads in each month
theme: Countries
description: >-
  Downloads of each month alone, by country, region, lab, model family, size, licence or modality,
  with the lowest and the highest count that the observations allow. Where only few days were
  observed the bounds of a month are wide, and the best estimate is no more than that. The running
  month is counted to the last day of the scope.
unit: downloads in the month
scope: "{scope}, counted for {attribution}, by {dimension}"
parameters:
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: region
    choices:
      country: country
      region: region
      lab: lab
      family: model family
      size_bucket: size in parameters
      licence: licence
      modality: modality
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
    default: "2025-01"
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
  monthly: true
  drawn: 6
columns:
  month: Month, YYYY-MM. The last may be a running month, counted to the last day of the scope.
  key: Code of the country, or the region, lab, family, size, licence or modality; empty is unknown.
  label: Name of the key.
  downloads: Best estimate of the downloads in the month.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
*/
with points as (
    select
        month,
        coalesce(key, '') as handle,
        -- A licence and a modality are called other, which is not the row of the rest.
        iif(key = 'other', 'other ' || :dimension, key) as key,
        iif(key = 'other', 'Other ' || :dimension, label) as label,
        monthly,
        monthly_low,
        monthly_high
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
        row_number() over (order by sum(monthly) desc, handle asc) as place
    from points
    group by handle
),

named as (
    select
        p.month,
        p.monthly,
        p.monthly_low,
        p.monthly_high,
        iif(r.place <= cast(:top as integer), p.key, 'other') as key,
        iif(r.place <= cast(:top as integer), p.label, 'Other') as label,
        iif(r.place <= cast(:top as integer), r.place, null) as place
    from points as p
    inner join ranked as r on p.handle = r.handle
)

select
    month,
    key,
    label,
    sum(monthly) as downloads,
    sum(monthly_low) as low,
    sum(monthly_high) as high
from named
group by month, key, label
order by month asc, min(place) is null asc, downloads desc, key asc
