/*
title: Who passed whom, and when?
theme: Milestones
description: >-
  Who passed whom, which round numbers were reached, and who took first place in all downloads so
  far. Each row has the days between which it happened in the middle 90 % of the possible
  histories. The sentence names the last of these days. Crossings are stated only where every model
  has an all-time count: models without one are in no total and may have reached a round number
  earlier. Nothing is said about months before September 2024, or where only hard bounds are known.
unit: months
scope: "{scope}, {dimension}, {kind}"
parameters:
  scope:
  dimension:
    label: Milestones of
    help: What passed or reached something.
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
      lead: one is ahead of the next, but since when is not known
      number_one: new first places
      round_number: round numbers
  limit:
    default: "500"
columns:
  latest: Month by which it very likely had happened.
  earliest: First month in which it is likely to have happened, among the counted models.
  what: The milestone in a sentence.
  kind: crossing, lead, number_one or round_number.
  dimension: country, region, lab, family, or total for all downloads of the scope.
  key: Key in that dimension.
  other_key: What was passed, or led before.
  value: The round number.
  certain_before: 1 if the opposite is very likely for an earlier month.
  estimate: Month of the middle draw, where it has a beginning.
  earliest_on: First of the days between which it happened in 90 % of the draws.
  latest_on: Last of the days between which it happened in 90 % of the draws.
  p: The part of the draws in which the sentence holds.
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
    estimate,
    earliest_on,
    latest_on,
    p
from milestones
where
    scope = :scope
    and (:dimension = '' or dimension = :dimension)
    and (:kind = '' or kind = :kind)
order by latest desc, latest_on desc, earliest_on desc, id asc
limit cast(:limit as integer)
