/*
title: Which licences do models have?
theme: Models
description: >-
  The licences that models state, what each allows by the census's reading, and how often they are
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
  licence_name: Its name.
  class: open, restricted, non_commercial or unread; empty is unknown.
  class_label: What that means.
  models: Models that state it.
  downloads: Best estimate of their downloads.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  source_url: Where its terms were read.
  through: The day up to which downloads are counted.
*/
select
    nullif(x.key, '') as licence,
    x.label as licence_name,
    l.class,
    coalesce(l.class_label, 'Licence unknown') as class_label,
    sum(x.models) as models,
    sum(x.downloads) as downloads,
    sum(x.low) as low,
    sum(x.high) as high,
    l.source_url,
    (
        select s.through
        from scopes as s
        where s.scope = :scope
    ) as through
from model_mix as x
left join licences as l on x.key = l.licence
where
    x.scope = :scope
    and x.split = 'licence'
    and (:country = '' or x.country = :country)
group by x.key, x.label, l.class, l.class_label, l.source_url
order by models desc, x.key asc
limit cast(:limit as integer)
