/*
title: Whose models do others build on?
theme: Derivatives
description: >-
  New models made from others, by the month in which they appeared and the family, lab or country
  that they were made from, in percent of the month's total. The parent is the model that the card
  names; the original model is where the chain of parents ends. A model of several parents counts
  once, for what they share; if their labs differ it counts under “several”. This is a selection,
  not the whole Hub: models that two sources happened to list, most of them from 2024-09 to 2025-02
  and from 2026-08 up to the 22nd. Only the shares within a month are meaningful, not the numbers.
  Months with few are left out. The ATOM Project counts models with more than 5 downloads in the
  same way, on the whole Hub.
unit: percent of the month's new derivatives
scope: "{relation}, by {split}, {depth}, made by {by}"
answer: >-
  {when}, {last_value} of the new derivatives that our sources list were made from {last}: a
  selection, not the whole Hub.
parameters:
  show:
    of: split
    choices: >-
      select split, key, label from derivative_months
      group by split, key order by split, sum(models) desc, label
  split:
    label: Split by
    help: What the base models are grouped by.
    default: family
    choices:
      family: family of the base
      lab: lab of the base
      country: country of the base
  depth:
    label: Base
    help: The parent that a card names, or the original model that the chain of parents leads to.
    default: root
    choices:
      direct: the direct parent
      root: the original model
  relation:
    label: Kind
    help: >-
      How a model was made, as its card says. Where the card does not say, a name can show a
      quantisation.
    default: all
    choices:
      all: every kind
      finetune: fine-tunes
      quantized: quantisations
      quantised_by_name: quantisations by their name
      merge: merges
      adapter: adapters
      unspecified: kind not stated
  by:
    label: Made by
    help: Everyone, or only others than the lab of the base.
    default: everyone
    choices:
      everyone: everyone
      others: others than the base's lab
  downloaded:
    label: Downloads
    help: Which derivatives count, by their 30-day downloads.
    default: "yes"
    choices:
      "yes": more than 5 downloads
      all: any number, or unknown
  top:
    label: How many are named
    help: >-
      How many of the largest are named, from 1 to 50. The rest is one row, other, for each month.
    default: "8"
    pattern: integer
    min: 1
    max: 50
  at_least:
    label: Minimum per month
    help: Months with fewer new derivatives are left out, from 1 to 1000.
    default: "30"
    pattern: integer
    min: 1
    max: 1000
  since:
    default: "2024-01"
  until:
chart:
  kind: panels
  title: "New models made from others, by {split}"
  x: month
  y: share_pct
  key: key
  label: label
  dimension: "{split}"
  unit: "%"
  percent: true
  drawn: 6
  note: A selection of the Hub, not the whole. Months with few new derivatives are left out.
columns:
  month: Month in which the derivatives appeared, YYYY-MM.
  key: Family, lab or country of the base; several, other, none, or empty for no registered lab.
  label: Name of the key.
  models: New derivatives.
  share_pct: Share of the month's new derivatives, percent.
  of_month: New derivatives of the month in all.
*/
with cells as (
    select
        month,
        key,
        label,
        sum(models) as models
    from derivative_months
    where
        depth = :depth
        and split = :split
        and (:relation = 'all' or relation = :relation)
        and (:by = 'everyone' or own = 0)
        and downloaded = :downloaded
        and (:since = '' or month >= :since)
        and (:until = '' or month <= :until)
    group by month, key, label
),

ranked as (
    select
        key,
        row_number() over (order by sum(models) desc, key asc) as place
    from cells
    group by key
),

placed as (
    select
        c.month,
        c.models,
        c.key,
        c.label,
        case
            when :show = '' then iif(r.place <= cast(:top as integer), r.place, null)
            when instr('~' || :show || '~', '~' || iif(c.key = '', 'unverified', c.key) || '~') > 0
                then r.place
        end as place
    from cells as c
    inner join ranked as r on c.key = r.key
),

named as (
    select
        month,
        models,
        iif(place is null, 'other', key) as key,
        iif(place is null, 'Other', label) as label,
        place
    from placed
),

summed as (
    select
        month,
        key,
        label,
        place,
        sum(models) as models
    from named
    group by month, key, label, place
),

whole as (
    select
        month,
        sum(models) as models
    from cells
    group by month
    having sum(models) >= cast(:at_least as integer)
)

select
    s.month,
    s.key,
    s.label,
    s.models,
    round(100.0 * s.models / w.models, 2) as share_pct,
    w.models as of_month
from summed as s
inner join whole as w on s.month = w.month
order by s.month asc, s.place is null asc, s.place asc
