/*
title: Which models do well for their size?
theme: Adoption
description: >-
  A model's downloads at an age divided by those of a reference: models of its size at the same
  age. Above 1 it is on track for an all-time top ten of its size. The ATOM Project published two
  definitions of the reference. One is the median of the ten largest (January 2026), the other the
  tenth largest, which never falls with age (second quarter of 2026). Here both are taken among the
  models counted by default that have curves in the census, so values differ from the ATOM
  Project's. Models are ranked by the lowest possible value, which is certain. A size with fewer
  than ten models of that age has no value. How often the likely intervals hold was tested on whole
  histories, not on the first days alone.
unit: times the reference of its size
scope: "{definition}, first {days}, {country}, {size}"
answer: >-
  {no1} reached at least {no1_value} times the reference of its size, {no2} {no2_value} and
  {no3} {no3_value}.
parameters:
  definition:
    label: Reference
    help: What a model is compared with.
    default: tenth
    choices:
      tenth: compared with the tenth largest of its size
      median: compared with the median of the ten largest of its size
  days:
    label: Age
    help: How many days from release are counted.
    default: "90"
    choices:
      "7": 7 days
      "14": 14 days
      "30": 30 days
      "60": 60 days
      "90": 90 days
      "180": 180 days
      "365": 365 days
  size:
  country:
  limit:
    help: How many rows at most, from 1 to 1000.
    default: "50"
    max: 1000
chart:
  kind: bars
  title: "Relative Adoption Metric after {days}, {definition}"
  x: metric_low
  y: model
  key: country
  label: country_name
  dimension: country
  unit: times at least
  drawn: 8
  note: Only sizes with ten models or more of that age; a bar is the lowest possible value.
columns:
  place: Rank by the lowest possible value, among the rows shown.
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  size_bucket: Size class by parameters.
  released_on: Day of a dated announcement, or else of creation on the Hub.
  metric: Best estimate of the metric.
  metric_low: Lowest possible value of the metric.
  metric_high: Highest possible value of the metric; empty where nothing limits it.
  downloads: Best estimate of the downloads in these days.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  likely_low: Lower end of the 90 % interval of the downloads.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: counted where all-time counts are within a day of both ends of these days, else estimated.
  counted_pct: 100 where the downloads are counted, otherwise 0.
  covered_pct: Always 100, since the model has an all-time count.
  metric_likely_low: Lower end of the 90 % interval of the metric.
  metric_likely_high: Upper end of the 90 % interval of the metric; empty where nothing limits it.
*/
with by_tenth as (
    select
        a.model,
        a.ram_tenth as metric,
        a.ram_tenth_low as metric_low,
        a.ram_tenth_high as metric_high,
        a.downloads,
        a.low,
        a.high,
        a.likely_low,
        a.likely_high,
        a.counted,
        a.ram_tenth_likely_low as metric_likely_low,
        a.ram_tenth_likely_high as metric_likely_high
    from adoption as a
    inner join models as m on a.model = m.id
    where
        :definition = 'tenth'
        and a.days = cast(:days as integer)
        and a.ram_tenth_low is not null
        and (:size = '' or m.size_bucket = :size)
        and (:country = '' or m.country = :country)
    order by a.ram_tenth_low desc
    limit cast(:limit as integer)
),

by_median as (
    select
        a.model,
        a.ram_median as metric,
        a.ram_median_low as metric_low,
        a.ram_median_high as metric_high,
        a.downloads,
        a.low,
        a.high,
        a.likely_low,
        a.likely_high,
        a.counted,
        a.ram_median_likely_low as metric_likely_low,
        a.ram_median_likely_high as metric_likely_high
    from adoption as a
    inner join models as m on a.model = m.id
    where
        :definition = 'median'
        and a.days = cast(:days as integer)
        and a.ram_median_low is not null
        and (:size = '' or m.size_bucket = :size)
        and (:country = '' or m.country = :country)
    order by a.ram_median_low desc
    limit cast(:limit as integer)
),

measured as (
    select
        model,
        metric,
        metric_low,
        metric_high,
        downloads,
        low,
        high,
        likely_low,
        likely_high,
        counted,
        metric_likely_low,
        metric_likely_high
    from by_tenth
    union all
    select
        model,
        metric,
        metric_low,
        metric_high,
        downloads,
        low,
        high,
        likely_low,
        likely_high,
        counted,
        metric_likely_low,
        metric_likely_high
    from by_median
)

select
    row_number() over (order by a.metric_low desc, a.metric desc, m.name asc) as place,
    m.name as model,
    l.name as lab,
    m.country,
    coalesce(c.name, 'Country not established') as country_name,
    m.size_bucket,
    m.released_on,
    a.metric,
    a.metric_low,
    a.metric_high,
    a.downloads,
    a.low,
    a.high,
    a.likely_low,
    a.likely_high,
    iif(a.counted = 1, 'counted', 'estimated') as rests_on,
    iif(a.counted = 1, 100.0, 0.0) as counted_pct,
    100.0 as covered_pct,
    a.metric_likely_low,
    a.metric_likely_high
from measured as a
inner join models as m on a.model = m.id
inner join labs as l on m.lab = l.id
left join countries as c on m.country = c.code
order by place
