/*
title: How far each scope goes
theme: Coverage
description: >-
  For each scope the last day on which counted models hold at least nine tenths of its downloads, how
  many of its models have an all-time count at all, and what that means by weight. A model without
  one is in no cumulative series. For labs and hub the last day can rest on a cut of the most
  downloaded models - carried says what the others weigh.
unit: models
scope: each scope in turn
columns:
  scope: Name of the scope, as in the parameter of other questions.
  through: Last day of the scope's series.
  running_month: The month that is not yet complete, counted to that day; empty if none is.
  models: Models in the scope.
  models_with_counts: Of those, models with an all-time count, which are in the series.
  counted_pct: Part of the downloads in models counted within a day of the last day, percent.
  covered_pct: Part of the downloads of the last 30 days in models with an all-time count, percent.
  carried_pct: Part of the downloads in models carried at an earlier count, percent.
*/
select
    scope,
    through,
    running_month,
    models,
    models_with_counts,
    counted_pct,
    covered_pct,
    carried_pct
from scopes
order by case scope when 'frontier' then 0 when 'labs' then 1 else 2 end, scope
