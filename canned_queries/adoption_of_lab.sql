/*
title: How fast were a lab's models taken up after release?
theme: Adoption
description: >-
  The models of one lab side by side at each age, from 7 days to a year after release, with the
  lowest and highest count that the observations allow. Each point gives the day on which the model
  reached that age. Ages that a model's counts do not reach have no row. A model whose start is
  unknown is left out. How often the likely intervals hold was tested on whole histories, not on
  the first days alone.
unit: downloads since release
scope: "{lab}, {scope}"
parameters:
  lab:
    choices: >-
      select l.id, l.name from labs as l
      where exists (select 1 from models as m where m.lab = l.id)
      order by (
        select sum(m.latest_all_time) from models as m where m.lab = l.id and m.in_frontier = 1
      ) desc, l.id
  scope:
  top:
    label: Models
    help: How many of the lab's most downloaded models are shown, from 1 to 50.
    default: "8"
    pattern: integer
    min: 1
    max: 50
chart:
  kind: ages
  x: days
  y: downloads
  low: low
  high: high
  likely_low: likely_low
  likely_high: likely_high
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
  key: model
  label: model
  dimension: model
  unit: downloads
  drawn: 6
  title: "{lab}: downloads of its models since release"
columns:
  model: Full name of the model on the Hub.
  released_on: Day of a dated announcement, or else of creation on the Hub.
  days: Days from release.
  until: The last of these days.
  downloads: Best estimate of the downloads in these days.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  likely_low: Lower end of the 90 % interval of the downloads.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: counted where all-time counts are within a day of both ends of these days, else estimated.
  counted_pct: 100 where the downloads are counted, otherwise 0.
  covered_pct: Always 100, since the model has an all-time count.
*/
with chosen as (
    select
        m.id,
        m.name,
        m.released_on,
        m.latest_all_time
    from models as m
    where
        m.lab = :lab
        and exists (
            select 1
            from adoption as x
            where x.model = m.id
        )
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and m.in_frontier = 1)
            or (:scope = 'labs' and m.in_labs = 1)
        )
    order by m.latest_all_time desc nulls last, m.name asc
    limit cast(:top as integer)
)

select
    c.name as model,
    c.released_on,
    a.days,
    a.until,
    a.downloads,
    a.low,
    a.high,
    a.likely_low,
    a.likely_high,
    iif(a.counted = 1, 'counted', 'estimated') as rests_on,
    iif(a.counted = 1, 100.0, 0.0) as counted_pct,
    100.0 as covered_pct
from chosen as c
inner join adoption as a on c.id = a.model
order by c.latest_all_time desc nulls last, c.name asc, a.days asc
