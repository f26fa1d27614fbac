/*
title: How well each lab's downloads are known
theme: Coverage
description: >-
  For each lab and month the models with a cumulative curve, for how many of them the count at the
  month's end is known exactly, and how wide the bounds of the lab's downloads are. Without
  observations near a month the bounds are wide, whatever the estimate says.
unit: percent of downloads known
scope: "every model with a curve, {lab}"
answer: >-
  In the last month the downloads of {full} of the {keys} labs shown are known exactly.
parameters:
  lab:
    default: ""
    optional: The largest labs
  since:
    default: "2025-01"
  until:
  top:
    label: Labs
    help: How many of the largest labs are shown when none is chosen, from 1 to 200.
    default: "20"
    pattern: integer
    min: 1
    max: 200
chart:
  kind: grid
  x: month
  y: certain_pct
  key: lab
  label: lab_name
  unit: "%"
  drawn: 20
columns:
  month: Month, YYYY-MM.
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  models: Models with a curve in the month.
  models_known: Of those, models whose count at the month's end is known exactly.
  downloads: Best estimate of all downloads up to the end of the month.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  certain_pct: Lowest in percent of the highest; 100 is known exactly.
*/
with largest as (
    select
        lab,
        row_number() over (order by downloads desc, lab asc) as place
    from lab_coverage
    where month = (select max(x.month) from lab_coverage as x)
)

select
    c.month,
    c.lab,
    l.name as lab_name,
    c.models,
    c.models_known,
    c.downloads,
    c.downloads_low as low,
    c.downloads_high as high,
    round(100.0 * c.downloads_low / nullif(c.downloads_high, 0), 4) as certain_pct
from largest as g
inner join lab_coverage as c on g.lab = c.lab
inner join labs as l on c.lab = l.id
where
    (c.lab = :lab or (:lab = '' and g.place <= cast(:top as integer)))
    and (:since = '' or c.month >= :since)
    and (:until = '' or c.month <= :until)
order by g.place asc, c.month asc
