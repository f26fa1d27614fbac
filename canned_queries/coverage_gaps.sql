/*
title: Which models are missing from the totals?
theme: Coverage
description: >-
  Models for which no source ever gave an all-time count. Their downloads are in none of the
  census's totals, whatever their 30-day counts say.
unit: downloads of the last 30 days
scope: "{scope}, {country}"
parameters:
  scope:
  country:
  limit:
    default: "1000"
columns:
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  released_on: Day of a dated announcement, or else of creation on the Hub.
  downloads_30d: Newest observed count of the last 30 days, if any.
  counted_on: Day of the newest observed count.
  status: Whether the Hub lists it still.
  noted: What was noted of the count, if it stands out; it is shown as it was stated.
*/
select
    m.name as model,
    l.name as lab,
    m.country,
    coalesce(c.name, 'Country not established') as country_name,
    m.released_on,
    m.latest_30d as downloads_30d,
    m.latest_30d_on as counted_on,
    m.status,
    (
        select min(e.what)
        from quality_events as e
        where e.model = m.id and e.kind = 'outlier' and e.from_date = m.latest_30d_on
    ) as noted
from models as m
inner join labs as l on m.lab = l.id
left join countries as c on m.country = c.code
where
    m.latest_all_time is null
    and (
        :scope = 'hub'
        or (:scope = 'frontier' and m.in_frontier = 1)
        or (:scope = 'labs' and m.in_labs = 1)
    )
    and (:country = '' or m.country = :country)
order by m.latest_30d desc nulls last, m.name asc
limit cast(:limit as integer)
