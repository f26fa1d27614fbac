/*
title: Milestones
theme: Milestones
description: >-
  Who passed whom, round numbers and new first places in the cumulative downloads, each with the
  months between which the bounds place it. Earliest is the first month in which the counted models
  can have done it, latest the month by which they certainly had; an exact date is never made up.
  Models without an all-time count are in no series, so a round number may have come earlier. A
  month by the best estimate is given only where no share could lie within more than 20 points.
unit: months
scope: "{scope}, {dimension}, {kind}"
parameters:
  scope:
  dimension:
    label: Of
    help: What the milestones are of.
    default: ""
    optional: Everything
    choices:
      total: all downloads of the scope
      country: countries
      region: regions
      lab: labs
      family: model families
  kind:
    label: Kind
    help: Which kind of milestone.
    default: ""
    optional: All kinds
    choices:
      crossing: one passed another
      lead: one is ahead of the next, since when is open
      number_one: new first places
      round_number: round numbers
  limit:
    default: "500"
columns:
  latest: Month by which it certainly had happened.
  earliest: First month in which it can have happened.
  what: The milestone in a sentence.
  kind: crossing, lead, number_one or round_number.
  dimension: country, region, lab, family, or total for all downloads of the scope.
  key: Key in that dimension.
  other_key: The key that was passed, or that led before.
  value: The round number.
  certain_before: 1 when the opposite is certain for an earlier month.
  estimate: Month by the best estimate, where it is good enough to be quoted.
*/
select
    latest,
    earliest,
    what,
    kind,
    dimension,
    key,
    other_key,
    value,
    known_before as certain_before,
    estimate
from milestones
where
    scope = :scope
    and (:dimension = '' or dimension = :dimension)
    and (:kind = '' or kind = :kind)
order by latest desc, earliest desc, id asc
limit cast(:limit as integer)
