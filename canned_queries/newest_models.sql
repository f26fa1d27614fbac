/*
title: Which models are the newest?
theme: Models
description: >-
  The models that were released last, with their newest counts. Where no announcement is dated, the
  day is that of creation on the Hub. The census knows a model only once it was observed, so some
  from recent weeks are missing.
unit: models
scope: "{scope}, {task}, {country}"
parameters:
  task:
  scope:
  country:
  limit:
    default: "50"
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
columns:
  released_on: Day of a dated announcement, or else of creation on the Hub.
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  parameters: Parameters in total.
  licence: Licence as the Hub tags it.
  downloads_30d: Newest observed count of the last 30 days.
  counted_30d_on: Day of the newest 30-day count.
  downloads_all_time: Newest observed count of all time.
  all_time_on: Day of the newest all-time count.
*/
select
    m.released_on,
    m.name as model,
    l.name as lab,
    m.country,
    coalesce(c.name, 'Country not established') as country_name,
    m.parameters,
    m.licence,
    m.latest_30d as downloads_30d,
    m.latest_30d_on as counted_30d_on,
    m.latest_all_time as downloads_all_time,
    m.latest_all_time_on as all_time_on
from models as m
inner join labs as l on m.lab = l.id
left join countries as c on m.country = c.code
where
    m.released_on is not null
    and (
        :scope = 'hub'
        or (:scope = 'frontier' and m.in_frontier = 1)
        or (:scope = 'labs' and m.in_labs = 1)
    )
    and (:country = '' or m.country = :country)
    and (
        :task = ''
        or case :task when 'language' then 'text' else :task end = coalesce(m.modality, 'unknown')
    )
order by m.released_on desc, m.name asc
limit cast(:limit as integer)
