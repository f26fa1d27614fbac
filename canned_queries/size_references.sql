/*
title: How many downloads does a good model of its size get?
theme: Adoption
description: >-
  What the Relative Adoption Metric compares with, for each size and age, among the models counted
  by default. These are the downloads of the tenth largest model, made to never fall with age, and
  the median of the ten largest. Each has the bounds that the observations allow. Sizes with fewer
  than ten models of an age have no row. How often the likely intervals hold was tested on whole
  histories, not on the first days alone.
unit: downloads since release
scope: frontier
columns:
  size_bucket: Size class by parameters.
  days: Days from release.
  models: Models of the size with a count at that age.
  known_models: Of those, models whose lowest and highest count are within 10 % of each other.
  tenth: Downloads of the tenth largest, best estimate.
  tenth_low: Its lowest possible value.
  tenth_high: Its highest possible value.
  median: Median of the ten largest, best estimate.
  median_low: Its lowest possible value.
  median_high: Its highest possible value.
  through: The day up to which downloads are counted.
  tenth_likely_low: Lower end of the 90 % interval of the tenth largest.
  tenth_likely_high: Upper end of it.
  median_likely_low: Lower end of the 90 % interval of the median.
  median_likely_high: Upper end of it.
  rests_on: >-
    counted where 95 % or more of the downloads of the ten largest are counted at both ends of these
    days, else estimated.
  counted_pct: Part of the downloads of the ten largest that is, percent.
  covered_pct: >-
    Part of the downloads of the last 30 days of the size in models with an all-time count, percent;
    empty where no 30-day count is near.
*/
-- A size is read as the number that it begins with; the smallest begins with none.
select
    a.size_bucket,
    a.days,
    a.models,
    a.known_models,
    a.tenth,
    a.tenth_low,
    a.tenth_high,
    a.median,
    a.median_low,
    a.median_high,
    s.through,
    a.tenth_likely_low,
    a.tenth_likely_high,
    a.median_likely_low,
    a.median_likely_high,
    iif(a.counted_pct >= 95, 'counted', 'estimated') as rests_on,
    a.counted_pct,
    round(100.0 * x.covered / nullif(x.coverable, 0), 2) as covered_pct
from adoption_references as a
inner join scopes as s on s.scope = 'frontier'
left join mix_sums as x
    on
        a.size_bucket = x.key
        and s.scope = x.scope
        and x.split = 'size_bucket'
        and x.country = 'all'
order by cast(a.size_bucket as integer), a.days
