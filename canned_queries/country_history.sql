/*
title: A country's downloads over time
theme: Profiles
description: >-
  One country by month - downloads up to the month's end and in the month, its share and its place
  among countries - with the bounds that the observations allow. Unverified labs are no country and
  have no place, but their downloads are part of the whole.
unit: downloads
scope: "{country}, {scope}, counted for {attribution}, country by {basis}"
parameters:
  country:
    default: CN
    optional: null
  scope:
  attribution:
  basis:
  since:
    default: "2025-01"
  until:
chart:
  kind: lines
  x: month
  y: downloads
  low: low
  high: high
  key: country
  label: country_name
  dimension: country
  unit: downloads
  title: "{country}: downloads over time"
columns:
  month: Month, YYYY-MM. The last may be a running month, counted to the last day of the scope.
  country: ISO 3166-1 alpha-2 code.
  country_name: Name of the country.
  models: Models with a count.
  downloads: Best estimate of all downloads up to the end of the month.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  in_month: Best estimate of the downloads in the month.
  in_month_low: Lowest count of the month.
  in_month_high: Highest count of the month.
  share_pct: Share of all downloads up to the end of the month, best estimate, percent.
  share_low_pct: Lowest share that the observations allow, percent.
  share_high_pct: Highest share that the observations allow, percent.
  place: Rank among countries by downloads, best estimate.
*/
select
    p.month,
    k.key as country,
    k.label as country_name,
    p.models,
    p.cumulative as downloads,
    p.cumulative_low as low,
    p.cumulative_high as high,
    p.monthly as in_month,
    p.monthly_low as in_month_low,
    p.monthly_high as in_month_high,
    n.share_pct,
    n.low_pct as share_low_pct,
    n.high_pct as share_high_pct,
    n.place
from series_keys as k
inner join series_points as p on k.id = p.series
inner join standings as n on p.series = n.series and p.month = n.month
where
    k.scope = :scope
    and k.attribution = :attribution
    and k.basis = :basis
    and k.dimension = 'country'
    and k.key = :country
    and (:since = '' or p.month >= :since)
    and (:until = '' or p.month <= :until)
order by p.month
