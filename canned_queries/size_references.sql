/*
title: How many downloads does a good model of its size get?
theme: Adoption
description: >-
  What the Relative Adoption Metric compares with, for each size and age, among the models counted
  by default. These are the downloads of the tenth largest model, made to never fall with age, and
  the median of the ten largest. Each has the bounds that the observations allow. Sizes with fewer
  than ten models of an age have no row.
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
*/
-- A size is read as the number that it begins with; the smallest begins with none.
select
    size_bucket,
    days,
    models,
    known_models,
    tenth,
    tenth_low,
    tenth_high,
    median,
    median_low,
    median_high,
    (
        select s.through
        from scopes as s
        where s.scope = 'frontier'
    ) as through
from adoption_references
order by cast(size_bucket as integer), days
