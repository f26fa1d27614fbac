/*
title: How far each scope goes
theme: Coverage
description: >-
  For each scope the last day on which observed models hold at least nine tenths of its downloads,
  and how many of its models have an all-time count at all. A model without one is in no cumulative
  series.
unit: models
scope: each scope in turn
columns:
  scope: Name of the scope, as in the parameter of other questions.
  through: Last day of the scope's series.
  running_month: The month that is not yet complete, counted to that day; empty if none is.
  models: Models in the scope.
  models_with_counts: Of those, models with an all-time count, which are in the series.
*/
select
    scope,
    through,
    running_month,
    models,
    models_with_counts
from scopes
order by case scope when 'frontier' then 0 when 'labs' then 1 else 2 end, scope
