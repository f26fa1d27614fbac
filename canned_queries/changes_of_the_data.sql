/*
title: What changed in the census's data and rules?
theme: Coverage
description: >-
  What changed in tags, lists, rules, method and data, when and why. Where it was measured, the row
  says by how many points the headline share moved. Entries are only ever added: a wrong one is
  corrected by a later one that names it. Each day's new observations are not listed.
unit: entries
scope: "{kind}"
parameters:
  kind:
    label: Kind
    help: The kind of change.
    default: ""
    optional: All kinds
    choices:
      tag: tag of a lab or model
      scope: scope
      rule: rule
      method: method, how series are made
      data: data
      correction: correction of an earlier entry
  limit:
    default: "1000"
columns:
  number: Number of the entry.
  date: Day of the change.
  kind: tag, scope, rule, method, data or correction.
  what: What changed.
  reason: Why.
  headline: The share that was measured before and after.
  share_before: The share named in headline before the change, percent.
  share_after: The share named in headline after the change, percent.
  points: By how many points it moved; empty if that was not measured.
  corrects: The earlier entry that this one puts right.
  source_url: Where the change is documented.
*/
select
    number,
    date,
    kind,
    what,
    reason,
    headline,
    share_before,
    share_after,
    points,
    corrects,
    source_url
from changelog
where :kind = '' or kind = :kind
order by number desc
limit cast(:limit as integer)
