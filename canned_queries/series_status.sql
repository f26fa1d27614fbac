/*
title: Up to which day do the figures go?
theme: Coverage
description: >-
  For each list of models, the last day on which counted models hold at least nine tenths of its
  downloads. The row says how many of its models have an all-time count, and how much of its
  downloads that covers. A model without one is in no total. The note says where the last day is
  known only approximately, or where only the largest models were counted on it.
unit: models
scope: each scope in turn
columns:
  scope: Name of the scope, as in the parameter of other questions.
  through: Last day of the scope's series.
  running_month: The month that is not yet complete, counted to that day; empty if none is.
  models: Models in the scope.
  models_with_counts: Models of the scope with an all-time count, which are in the series.
  counted_pct: Percentage of the downloads that is of models counted within a day of the last day.
  covered_pct: Part of the downloads of the last 30 days in models with an all-time count, percent.
  carried_pct: Percentage of the downloads that is of models carried at an earlier count.
  note: What to know about the last day; empty if there is nothing to say.
*/
select
    s.scope,
    s.through,
    s.running_month,
    s.models,
    s.models_with_counts,
    s.counted_pct,
    s.covered_pct,
    s.carried_pct,
    e.note
from scopes as s
inner join scope_ends as e on s.scope = e.scope
order by case s.scope when 'frontier' then 0 when 'labs' then 1 else 2 end, s.scope
