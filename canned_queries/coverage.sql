/*
title: On which days were models observed?
theme: Coverage
description: >-
  For each month and source, the days with observations and how many models were observed. A month
  without a row has no observation at all: its totals are only bounded, not known.
unit: models observed on the fullest day
scope: every observation of every source
parameters:
  since:
  until:
chart:
  kind: grid
  title: Days and models observed
  x: month
  y: most_models_in_a_day
  key: source
  label: source
  unit: models
  drawn: 8
columns:
  month: Month, YYYY-MM.
  source: Where the observations came from, as in the table sources.
  days: Days with observations.
  first_day: First day with observations in the month.
  last_day: Last day with observations in the month.
  observations: Observations of all those days.
  most_models_in_a_day: Models observed on the day with the most.
*/
select
    substr(f.date, 1, 7) as month,
    s.slug as source,
    count(distinct f.date) as days,
    min(f.date) as first_day,
    max(f.date) as last_day,
    sum(f."rows") as observations,
    max(f."rows") as most_models_in_a_day
from observation_files as f
inner join sources as s on f.source = s.id
where
    (:since = '' or substr(f.date, 1, 7) >= :since)
    and (:until = '' or substr(f.date, 1, 7) <= :until)
group by substr(f.date, 1, 7), s.slug
order by month, source
