/*
title: A lab's downloads over time
theme: Profiles
description: >-
  One lab by month - downloads up to the month's end and in the month, its share of the scope and
  its place among labs - with the bounds that the observations allow. Counted for the lab of the
  base, a lab has what others made from its models.
unit: downloads
scope: "{lab}, {scope}, counted for {attribution}"
parameters:
  lab:
    choices: >-
      select l.id, l.name from labs as l
      where exists (select 1 from models as m where m.lab = l.id)
      order by (
        select sum(m.latest_all_time) from models as m where m.lab = l.id and m.in_frontier = 1
      ) desc, l.id
  scope:
  attribution:
  since:
    default: "2025-01"
  until:
chart:
  kind: lines
  x: month
  y: downloads
  low: low
  high: high
  key: lab
  label: lab_name
  dimension: lab
  unit: downloads
  title: "{lab}: downloads over time"
columns:
  month: Month, YYYY-MM. The last may be a running month, counted to the last day of the scope.
  lab: Identifier of the lab.
  lab_name: Name of the lab.
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
  place: Rank among labs by downloads, best estimate.
*/
select
    p.month,
    k.key as lab,
    k.label as lab_name,
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
    and k.basis = 'operating'
    and k.dimension = 'lab'
    and k.key = :lab
    and (:since = '' or p.month >= :since)
    and (:until = '' or p.month <= :until)
order by p.month
