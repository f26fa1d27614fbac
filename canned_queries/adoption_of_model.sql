/*
title: How did a model's first year go?
theme: Adoption
description: >-
  One model's downloads since release at each age, with the lowest and highest count that the
  observations allow. Beside them stands the Relative Adoption Metric by both published
  definitions, each with its lowest and highest possible value. Ages that the model's counts do not
  reach have no row. How often the likely intervals hold was tested on whole histories, not on the
  first days alone.
unit: downloads since release
scope: "{model}"
parameters:
  model:
    choices: >-
      select m.name, m.name from models as m
      inner join adoption as a on a.model = m.id
      group by m.id order by max(a.low) desc, m.name
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
  unit: downloads
  title: "{model}: downloads since release"
columns:
  days: Days from release.
  until: The last of these days.
  downloads: Best estimate of the downloads in these days.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  ram_tenth: >-
    Downloads divided by those of the tenth largest model of its size at that age, best estimate.
  ram_tenth_low: Lowest possible value of ram_tenth.
  ram_tenth_high: Highest possible value of ram_tenth; empty where nothing limits it.
  ram_median: >-
    Downloads divided by the median of the ten largest models of its size at that age, best
    estimate.
  ram_median_low: Lowest possible value of ram_median.
  ram_median_high: Highest possible value of ram_median; empty where nothing limits it.
  likely_low: Lower end of the 90 % interval of the downloads.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: counted where all-time counts are within a day of both ends of these days, else estimated.
  counted_pct: 100 where the downloads are counted, otherwise 0.
  covered_pct: Always 100, since the model has an all-time count.
  ram_tenth_likely_low: Lower end of the 90 % interval of ram_tenth.
  ram_tenth_likely_high: >-
    Upper end of the 90 % interval of ram_tenth; empty where nothing limits it.
  ram_median_likely_low: Lower end of the 90 % interval of ram_median.
  ram_median_likely_high: >-
    Upper end of the 90 % interval of ram_median; empty where nothing limits it.
*/
select
    days,
    until,
    downloads,
    low,
    high,
    ram_tenth,
    ram_tenth_low,
    ram_tenth_high,
    ram_median,
    ram_median_low,
    ram_median_high,
    likely_low,
    likely_high,
    iif(counted = 1, 'counted', 'estimated') as rests_on,
    iif(counted = 1, 100.0, 0.0) as counted_pct,
    100.0 as covered_pct,
    ram_tenth_likely_low,
    ram_tenth_likely_high,
    ram_median_likely_low,
    ram_median_likely_high
from adoption
where
    model = (
        select m.id
        from models as m
        where m.name = :model
    )
order by days
