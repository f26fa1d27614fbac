/*
title: Which licences do models have?
theme: Models
description: >-
  The licences that models state, what each allows by the census's reading, and how often each is
  chosen and downloaded. Downloads are those up to the last day of the scope, of models with an
  all-time count.
unit: models
scope: "{scope}, {country}"
answer: >-
  {no1} is the licence that most models state ({no1_value}), before {no2} ({no2_value}) and
  {no3} ({no3_value}).
parameters:
  scope:
  country:
  limit:
    default: "50"
chart:
  kind: bars
  title: Models by licence
  x: models
  y: licence_name
  key: class
  label: class_label
  dimension: class
  unit: models
  drawn: 15
columns:
  licence: Licence as the Hub tags it; empty is unknown.
  licence_name: Name of the licence.
  class: open, restricted, non_commercial or unread; empty is unknown.
  class_label: What the class means.
  models: Models that state the licence.
  downloads: Best estimate of the downloads of these models.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  source_url: Where the terms were read.
  through: The day up to which downloads are counted.
  likely_low: Lower end of the 90 % interval of the downloads; empty where there is none.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: >-
    What the downloads rest on - counted where 95 % or more are in models counted on the day.
    Else estimated where there is a likely interval, bounds where there is none.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
*/
select
    nullif(x.key, '') as licence,
    x.label as licence_name,
    l.class,
    coalesce(l.class_label, 'Licence unknown') as class_label,
    x.models,
    x.downloads,
    x.low,
    x.high,
    l.source_url,
    (
        select s.through
        from scopes as s
        where s.scope = :scope
    ) as through,
    x.likely_low,
    x.likely_high,
    case
        when x.downloads > 0 and x.counted >= 0.95 * x.downloads then 'counted'
        when x.likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * x.counted / nullif(x.downloads, 0), 2) as counted_pct,
    round(100.0 * x.covered / nullif(x.coverable, 0), 2) as covered_pct
from mix_sums as x
left join licences as l on x.key = l.licence
where
    x.scope = :scope
    and x.split = 'licence'
    and x.country = iif(:country = '', 'all', :country)
order by x.models desc, x.key asc
limit cast(:limit as integer)
