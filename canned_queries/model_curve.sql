/*
title: How did a model's downloads grow?
theme: Models
description: >-
  One model's total downloads at each month's end after cleaning, with the likely interval, and the
  lowest and highest count that the observations allow. The column method says how the value was
  reached.
unit: downloads
scope: "{model}"
parameters:
  model:
    choices: >-
      select m.name, m.name from models as m
      where exists (select 1 from curves as c where c.model = m.id)
      order by m.in_frontier desc, m.latest_all_time desc nulls last, m.name
chart:
  kind: curve
  x: date
  y: downloads
  low: low
  high: high
  unit: downloads
  title: "{model}: downloads over time"
  likely_low: likely_low
  likely_high: likely_high
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
  through: through
columns:
  date: Last day counted of the month.
  month: Month, YYYY-MM.
  downloads: Best estimate of all downloads up to the day.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  in_month: Best estimate of the downloads in the month.
  in_month_low: Lowest count of the month.
  in_month_high: Highest count of the month.
  method: How the value was reached - observed, estimated or carried after the last count.
  likely_low: Lower end of the 90 % interval of the downloads.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: counted where an all-time count is within a day, otherwise estimated.
  counted_pct: 100 where the downloads are counted, otherwise 0.
  covered_pct: Always 100, since the model has an all-time count.
  through: Last day counted in the row.
  in_month_likely_low: Lower end of the 90 % interval of the month.
  in_month_likely_high: Upper end of the 90 % interval of the month.
*/
select
    c.date,
    c.month,
    c.cumulative as downloads,
    c.cumulative_low as low,
    c.cumulative_high as high,
    c.monthly as in_month,
    c.monthly_low as in_month_low,
    c.monthly_high as in_month_high,
    c.method,
    c.likely_low,
    c.likely_high,
    iif(c.counted = 1, 'counted', 'estimated') as rests_on,
    iif(c.counted = 1, 100.0, 0.0) as counted_pct,
    100.0 as covered_pct,
    c.date as through,
    c.monthly_likely_low as in_month_likely_low,
    c.monthly_likely_high as in_month_likely_high
from curves as c
where
    c.model = (
        select m.id
        from models as m
        where m.name = :model
    )
order by c.date
