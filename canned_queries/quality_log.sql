/*
title: Which counts were set aside or flagged, and why?
theme: Coverage
description: >-
  Every use of a cleaning rule and every warning about a source: what kind, which days, which
  model, and what was done. Observations themselves are never edited.
unit: events
scope: "{kind}"
parameters:
  kind:
    label: Kind
    help: The kind of event.
    default: ""
    optional: All kinds
    choices: select distinct kind, kind from quality_events order by kind
  limit:
    default: "1000"
columns:
  from_date: First day.
  to_date: Last day.
  kind: Kind of event.
  source: Source of the observations, if it concerns one.
  model: Model, if it concerns one.
  models: How many models it concerns.
  what: What was found and what was done.
*/
select
    e.from_date,
    e.to_date,
    e.kind,
    e.source,
    m.name as model,
    e.models,
    e.what
from quality_events as e
left join models as m on e.model = m.id
where :kind = '' or e.kind = :kind
order by e.from_date desc, e.kind asc, e.source asc, m.name asc, e.id asc
limit cast(:limit as integer)
