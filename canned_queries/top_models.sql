/*
title: Which models are downloaded most?
theme: Models
description: >-
  Models by the newest count that a source gave, each with the day of that count: days can differ
  from model to model. For the last 30 days on one day, all counts are of that day. The 30-day
  count is the Hub's own and is never added up. A count that stands out from its neighbours is kept
  as stated, and flagged.
unit: "{measure}"
scope: "{scope}, {task}, {measure}, {country}"
parameters:
  measure:
    label: Measure
    help: >-
      Each model's newest count of all time or of 30 days, or all counts of the last 30 days on one
      day.
    default: all-time
    choices:
      all-time: downloads of all time
      30-day: downloads of 30 days by each model's newest count
      recent: downloads of the last 30 days, counted on one day
  "on":
  task:
  scope:
  country:
  limit:
    label: Rows
    help: How many rows at most, from 1 to 3000.
    default: "100"
    pattern: integer
    min: 1
    max: 3000
limits:
  - parameter: task
    values: >-
      select 'embedding' union all select 'image' union all select 'speech'
      union all select 'video' union all select 'vision' union all select 'other'
      union all select 'unknown'
    because: is a kind of model that the default scope does not count
    fills: true
    allowed:
      scope: [labs, hub]
  - parameter: measure
    values: select 'all-time' union all select '30-day'
    because: is each model's newest count, of a day of its own
    allowed:
      "on": [""]
  - parameter: "on"
    values: >-
      select x.counted_on from recent_days as x
      where not exists (
        select 1 from recent_days as d where d.counted_on = x.counted_on and d.scope = 'frontier'
      )
    because: is a day on which no source counted 100 models counted by default
    allowed:
      scope: [labs, hub]
  - parameter: "on"
    values: >-
      select x.counted_on from recent_days as x
      where not exists (
        select 1 from recent_days as d where d.counted_on = x.counted_on and d.scope <> 'hub'
      )
    because: is a day on which no source counted 100 models of labs
    allowed:
      scope: [hub]
chart:
  kind: bars
  title: Most downloaded models
  x: downloads
  y: model
  key: country
  label: country_name
  dimension: country
  date: counted_on
  unit: downloads
  drawn: 20
  flagged: flagged
columns:
  place: Rank by downloads among the rows shown.
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  downloads: Observed count of the chosen measure.
  counted_on: The day of that count.
  released_on: Day of a dated announcement, or else of creation on the Hub.
  parameters: Parameters in total.
  licence: Licence as the Hub tags it.
  noted: What was noted of the 30-day count, if it stands out; it is shown as it was stated.
  flagged: 1 where a 30-day count has a quality event, so that it says nothing for certain.
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
        and (
            :task = ''
            or case :task when 'language' then 'text' else :task end = coalesce(modality, 'unknown')
        )
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
        :measure = 'all-time'
        and latest_all_time is not null
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and in_frontier = 1)
            or (:scope = 'labs' and in_labs = 1)
        )
        and (:country = '' or country = :country)
        and (
            :task = ''
            or case :task when 'language' then 'text' else :task end = coalesce(modality, 'unknown')
        )
    order by latest_all_time desc, name asc
    limit cast(:limit as integer)
),

recent_day as (
    select
        case
            when :on <> '' then :on
            else (
                select d.counted_on
                from recent_ends as d
                where d.scope = s.scope
            )
        end as counted_on
    from scopes as s
    where s.scope = :scope and :measure = 'recent'
),

by_day as (
    select
        m.id,
        m.name,
        m.lab,
        m.country,
        m.released_on,
        m.parameters,
        m.licence,
        r.downloads_30d as downloads,
        r.counted_on,
        r.flagged
    from recent_day as d
    cross join recent_counts as r on d.counted_on = r.counted_on
    inner join models as m on r.model = m.id
    where
        (
            :scope = 'hub'
            or (:scope = 'frontier' and m.in_frontier = 1)
            or (:scope = 'labs' and m.in_labs = 1)
        )
        and (:country = '' or m.country = :country)
        and (
            :task = ''
            or case :task when 'language' then 'text' else :task end = coalesce(m.modality, 'unknown')
        )
    order by r.downloads_30d desc
    limit cast(:limit as integer)
),

counted as (
    select
        *,
        (
            select iif(count(*) > 0, 1, 0)
            from quality_events as e
            where e.model = by_30_days.id and e.kind = 'outlier' and e.from_date = by_30_days.counted_on
        ) as flagged
    from by_30_days
    union all
    select
        *,
        0 as flagged
    from by_all_time
    union all
    select * from by_day
)

select
    row_number() over (order by m.downloads desc, m.name asc) as place,
    m.name as model,
    l.name as lab,
    m.country,
    coalesce(c.name, 'Country not established') as country_name,
    m.downloads,
    m.counted_on,
    m.released_on,
    m.parameters,
    m.licence,
    (
        select min(e.what)
        from quality_events as e
        where
            :measure <> 'all-time'
            and e.model = m.id
            and e.kind = 'outlier'
            and e.from_date = m.counted_on
    ) as noted,
    m.flagged
from counted as m
inner join labs as l on m.lab = l.id
left join countries as c on m.country = c.code
order by place
