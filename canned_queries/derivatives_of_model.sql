/*
title: What was made from a model?
theme: Derivatives
description: >-
  The models that were made from one model, by the parent that their cards name, or by the original
  model. Each has its 30-day downloads on the day on which it was observed. A model of several
  parents is listed under the nearest of them if all are of one lab, and under none if their labs
  differ. This is a selection, not the whole Hub.
unit: downloads of the last 30 days
scope: "{base}, {depth}"
parameters:
  base:
    label: Base model
    help: Full name of the model that others were made from.
    choices: >-
      select base, base from derivative_bases
      group by base order by sum(models) desc, base
  depth:
    label: Base
    help: The parent that a card names, or the original model that the chain of parents leads to.
    default: root
    choices:
      direct: the direct parent
      root: the original model
  limit:
columns:
  child: Full name of the derivative.
  month: Month in which the derivative appeared.
  kind: How it was made, as its card says or its name shows.
  steps: Steps from it to the base.
  parents: Parents that its card names.
  downloads_30d: Downloads in 30 days; empty means unknown.
  own: 1 if it is of the same lab.
*/
select
    child,
    month,
    relation as kind,
    steps,
    parents,
    downloads_30d,
    own
from derived_models
where
    base = :base
    and depth = :depth
order by downloads_30d desc nulls last, child asc
limit cast(:limit as integer)
