/*
title: How many downloads do the leading models of each size get?
theme: Adoption
description: >-
  What the Relative Adoption Metric compares with, for each size and age, among the models counted
  by default. These are the downloads of the tenth largest model, made never to fall with age, and
  the median of the ten largest. Sizes with fewer than ten models of an age have no row.
unit: downloads since release
scope: frontier
columns:
  size_bucket: Size class by parameters.
  days: Days from release.
  models: Models of the size with a count at that age.
  known_models: Of those, models whose lowest and highest count are within 10 % of each other.
  tenth: Downloads of the tenth largest model, best estimate.
  tenth_low: Lowest possible value of tenth.
  tenth_high: Highest possible value of tenth.
  median: Median of the downloads of the ten largest models, best estimate.
  median_low: Lowest possible value of median.
  median_high: Highest possible value of median.
  through: The day up to which downloads are counted.
  tenth_likely_low: Lower end of the 90 % interval of the tenth largest.
  tenth_likely_high: Upper end of the 90 % interval of the tenth largest.
  median_likely_low: Lower end of the 90 % interval of the median.
  median_likely_high: Upper end of the 90 % interval of the median.
  rests_on: >-
    counted where 95 % or more of the downloads of the ten largest are counted at both ends of these
    days, else estimated.
  counted_pct: Percentage of the downloads of the ten largest that is counted.
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
