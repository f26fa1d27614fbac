/*
title: Which models have not been counted for a long time?
theme: Coverage
description: >-
  Models whose newest count is much older than the newest observation of all. Their totals stay at
  the last known value, so their share is understated. The Hub may have removed them, or no source
  may have looked.
unit: days
scope: "{scope}, not observed for {days} days"
parameters:
  days:
    label: Days
    help: >-
      The least number of days between a model's newest count and the newest observation of all,
      from 1 to 3650.
    default: "90"
    pattern: integer
    min: 1
    max: 3650
  scope:
  limit:
columns:
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  last_seen: Day of the newest count of any kind.
  days: Days from then to the newest observation of all.
  downloads_all_time: Newest observed all-time count.
  all_time_on: Day of the newest all-time count.
  downloads_30d: Newest observed count of the last 30 days.
  counted_30d_on: Day of the newest 30-day count.
  status: What the Hub said of it when it was last checked; empty if it was not.
*/
with newest as (
    select
        max(date) as date,
        date(max(date), '-' || cast(:days as integer) || ' days') as oldest
    from snapshots
),

seen as materialized (
    select
        m.id,
        max(coalesce(m.latest_30d_on, ''), coalesce(m.latest_all_time_on, '')) as last_seen
    from models as m
    where
        :scope = 'hub'
        or (:scope = 'frontier' and m.in_frontier = 1)
        or (:scope = 'labs' and m.in_labs = 1)
)

select
    m.name as model,
    l.name as lab,
    c.last_seen,
    cast(julianday(n.date) - julianday(c.last_seen) as integer) as days,
    m.latest_all_time as downloads_all_time,
    m.latest_all_time_on as all_time_on,
    m.latest_30d as downloads_30d,
    m.latest_30d_on as counted_30d_on,
    m.status
from seen as c
cross join newest as n
inner join models as m on c.id = m.id
inner join labs as l on m.lab = l.id
where
    c.last_seen <> ''
    and c.last_seen <= n.oldest
order by m.latest_all_time desc nulls last, m.latest_30d desc nulls last, m.name asc
limit cast(:limit as integer)
