/*
title: Most downloaded models
theme: Models
description: >-
  Models by the newest count that a source gave, each with the day of that count: days can differ
  from model to model. The 30-day count is the Hub's own rolling window and is never added up; a
  count that stands out from its neighbours is kept as it was stated and noted.
unit: downloads
scope: "{scope}, {measure}, {country}"
parameters:
  measure:
    label: Measure
    help: The Hub's count of the last 30 days, or of all time.
    default: all-time
    choices:
      all-time: downloads of all time
      30-day: downloads of the last 30 days
  scope:
  country:
  limit:
    label: Rows
    help: How many rows at most, from 1 to 3000.
    default: "100"
    pattern: integer
    min: 1
    max: 3000
chart:
  kind: bars
  x: downloads
  y: model
  key: country
  label: country_name
  dimension: country
  date: counted_on
  unit: downloads
  drawn: 20
columns:
  place: Rank by downloads among the rows shown.
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty is unverified, XX is distributed.
  country_name: Name of the country.
  downloads: Newest observed count of the chosen measure.
  counted_on: The day of that count.
  released_on: The day of a dated announcement, else of its creation on the Hub.
  parameters: Parameters in total.
  licence: Licence as the Hub tags it.
  noted: What was noted of the 30-day count, if it stands out; it is shown as it was stated.
*/
with by_30_days as (
    select
        id,
        name,
        lab,
        country,
        released_on,
        parameters,
        licence,
        latest_30d as downloads,
        latest_30d_on as counted_on
    from models
    where
        :measure = '30-day'
        and latest_30d is not null
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and in_frontier = 1)
            or (:scope = 'labs' and in_labs = 1)
        )
        and (:country = '' or country = :country)
    order by latest_30d desc, name asc
    limit cast(:limit as integer)
),

by_all_time as (
    select
        id,
        name,
        lab,
        country,
        released_on,
        parameters,
        licence,
        latest_all_time as downloads,
        latest_all_time_on as counted_on
    from models
    where
        :measure <> '30-day'
        and latest_all_time is not null
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and in_frontier = 1)
            or (:scope = 'labs' and in_labs = 1)
        )
        and (:country = '' or country = :country)
    order by latest_all_time desc, name asc
    limit cast(:limit as integer)
),

counted as (
    select * from by_30_days
    union all
    select * from by_all_time
)

select
    row_number() over (order by m.downloads desc, m.name asc) as place,
    m.name as model,
    l.name as lab,
    m.country,
    coalesce(c.name, 'Unverified') as country_name,
    m.downloads,
    m.counted_on,
    m.released_on,
    m.parameters,
    m.licence,
    (
        select min(e.what)
        from quality_events as e
        where
            :measure = '30-day'
            and e.model = m.id
            and e.kind = 'outlier'
            and e.from_date = m.counted_on
    ) as noted
from counted as m
inner join labs as l on m.lab = l.id
left join countries as c on m.country = c.code
order by place
