/*
title: How did a country's downloads grow?
theme: Profiles
description: >-
  One country by month: its downloads up to the month's end and in the month, its share, and its
  rank among countries. Each has the lowest and highest value that the observations allow. Labs
  whose country is not established have no rank, but their downloads are part of the total.
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
  likely_low: likely_low
  likely_high: likely_high
  half_low: half_low
  half_high: half_high
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
  through: through
columns:
  month: >-
    Month, YYYY-MM. The last month may not be over; it is counted to the last day of the scope.
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
  place: Rank among countries by the estimate; very likely where p_place is 0.95 or more.
  likely_low: Lower end of the 90 % interval of the downloads; empty where there is none.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: >-
    counted if at least 95 % of the downloads are of models counted on the day; otherwise estimated
    if there is a likely interval, bounds if there is none.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
  through: Last day counted in the row.
  share_likely_low_pct: Lower end of the 90 % interval of the share; empty where there is none.
  share_likely_high_pct: Upper end of the 90 % interval of the share.
  in_month_likely_low: Lower end of the 90 % interval of the month; empty where there is none.
  in_month_likely_high: Upper end of the 90 % interval of the month.
  in_month_rests_on: What the downloads of the month rest on, as rests_on.
  in_month_counted_pct: Part of the downloads of the month in models counted at both its ends, percent.
  half_low: Lower end of the 50 % interval.
  half_high: Upper end of the 50 % interval.
  p_place: >-
    Part of the possible histories in which the country has its rank among countries, from 0 to 1;
    0.95 or more is very likely.
*/
select
    c.month,
    c.key as country,
    c.label as country_name,
    c.models,
    c.downloads,
    c.low,
    c.high,
    p.monthly as in_month,
    p.monthly_low as in_month_low,
    p.monthly_high as in_month_high,
    c.share_pct,
    c.low_pct as share_low_pct,
    c.high_pct as share_high_pct,
    c.place,
    c.likely_low,
    c.likely_high,
    c.rests_on,
    c.counted_pct,
    c.covered_pct,
    c.through,
    c.likely_low_pct as share_likely_low_pct,
    c.likely_high_pct as share_likely_high_pct,
    p.monthly_likely_low as in_month_likely_low,
    p.monthly_likely_high as in_month_likely_high,
    p.monthly_rests_on as in_month_rests_on,
    round(100.0 * p.monthly_counted / nullif(p.monthly, 0), 2) as in_month_counted_pct,
    c.half_low,
    c.half_high,
    c.p_place
from series_steps as c
inner join series_points as p on c.series = p.series and c.month = p.month
where
    c.scope = :scope
    and c.attribution = :attribution
    and c.basis = :basis
    and c.dimension = 'country'
    and c.key = :country
    and c.step = 'month'
    and c.measure = 'cumulative'
    and (:since = '' or c.month >= :since)
    and (:until = '' or c.month <= :until)
order by c.month
