/*
title: Share of downloads by country
theme: Countries
description: >-
  Each month's downloads split by the country of the labs, in percent, with the lowest and the
  highest share that the observations allow. Labs without a sourced country (Unverified) and labs
  that name no single base (Distributed) count as themselves, so a month's shares sum to 100.
  Downloads are requests to the Hugging Face Hub: they are not users, and they leave out ModelScope,
  mirrors and private copies, which understates use inside China.
unit: percent of downloads
scope: "{scope}, {measure}, counted for {attribution}, country by {basis}"
parameters:
  measure:
    label: Measure
    help: All downloads up to the end of a month, or those of the month alone.
    default: cumulative
    choices:
      cumulative: cumulative downloads
      monthly: downloads in the month
  scope:
  attribution:
  basis:
  since:
  until:
  view:
chart:
  kind: "{view}"
  x: month
  y: share_pct
  low: low_pct
  high: high_pct
  key: country
  label: country_name
  dimension: country
  unit: "%"
  percent: true
  drawn: 6
  published: share
columns:
  month: Month, YYYY-MM. The last may be a running month, counted to the last day of the scope.
  country: ISO 3166-1 alpha-2 code; empty is unverified, XX is distributed.
  country_name: Name of the country.
  downloads: Best estimate of the downloads.
  share_pct: Share of the month's downloads, best estimate, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
*/
with points as (
    select
        month,
        key as country,
        label as country_name,
        iif(:measure = 'monthly', monthly, cumulative) as downloads,
        iif(:measure = 'monthly', monthly_low, cumulative_low) as low,
        iif(:measure = 'monthly', monthly_high, cumulative_high) as high
    from series
    where
        scope = :scope
        and attribution = :attribution
        and basis = :basis
        and dimension = 'country'
        and (:since = '' or month >= :since)
        and (:until = '' or month <= :until)
),

totals as (
    select
        month,
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high
    from points
    group by month
    having sum(downloads) > 0
)

select
    p.month,
    p.country,
    p.country_name,
    p.downloads,
    round(100.0 * p.downloads / t.downloads, 4) as share_pct,
    coalesce(
        round(100.0 * p.low / nullif(p.low + t.high - p.high, 0), 4),
        round(100.0 * p.downloads / t.downloads, 4)
    ) as low_pct,
    coalesce(
        round(100.0 * p.high / nullif(p.high + t.low - p.low, 0), 4),
        round(100.0 * p.downloads / t.downloads, 4)
    ) as high_pct
from points as p
inner join totals as t on p.month = t.month
order by p.month asc, p.downloads desc, p.country asc
