/*
title: Labs ranked by downloads
theme: Labs
description: >-
  All downloads of each lab's models up to the last day of the scope. The country is that of the
  lab's operating headquarters; disputed says that sources disagree about it.
unit: downloads
scope: "{scope}, counted for {attribution}, {country}"
parameters:
  scope:
  attribution:
  country:
  limit:
chart:
  kind: bars
  x: downloads
  y: lab_name
  low: low
  high: high
  key: country
  label: country_name
  dimension: country
  date: through
  unit: downloads
  drawn: 15
columns:
  place: Rank by downloads among the rows shown.
  lab: Identifier of the lab; empty where whose weights they are is not known.
  lab_name: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty is unverified, XX is distributed.
  country_name: Name of the country.
  disputed: 1 if sources disagree about the country.
  models: Models of the lab in the series.
  downloads: Best estimate of all downloads up to the day.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  share_pct: Share of all downloads of the scope, percent.
  through: The day up to which downloads are counted.
*/
with points as (
    select
        p.key as lab,
        p.label as lab_name,
        p.models,
        p.cumulative as downloads,
        p.cumulative_low as low,
        p.cumulative_high as high,
        s.through,
        sum(p.cumulative) over () as total
    from scopes as s
    inner join series as p
        on s.scope = p.scope and substr(s.through, 1, 7) = p.month
    where
        s.scope = :scope
        and p.attribution = :attribution
        and p.basis = 'operating'
        and p.dimension = 'lab'
)

select
    row_number() over (order by p.downloads desc, p.lab asc) as place,
    p.lab,
    p.lab_name,
    l.country,
    coalesce(c.name, 'Unverified') as country_name,
    l.disputed,
    p.models,
    p.downloads,
    p.low,
    p.high,
    round(100.0 * p.downloads / nullif(p.total, 0), 4) as share_pct,
    p.through
from points as p
left join labs as l on p.lab = l.id
left join countries as c on l.country = c.code
where :country = '' or l.country = :country
order by place
limit cast(:limit as integer)
