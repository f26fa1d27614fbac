/*
title: How many new models appear each month?
theme: Models
description: >-
  How many models were released each month, by country, licence, what the licence allows, size,
  modality or access. It counts the models that the census has seen, not all that exist. Nor does
  it weigh their importance: a lab that publishes many sizes and precisions is counted once for
  each. Months of which the sources hold only a selection look smaller than they were. The day is
  that of a dated announcement, or else of the creation on the Hub, often days or weeks before the
  launch. Models with neither are left out.
unit: models released
scope: "{scope}, by {split}"
parameters:
  show:
    of: split
    choices: >-
      select split, key, label from model_mix where month <> '' and key <> 'other'
      group by split, key order by split, sum(models) desc, label
  split:
    label: Split by
    help: What the releases are split by.
    default: licence_class
    choices:
      country: country
      licence: licence
      licence_class: what the licence allows
      gating: gating
      size_bucket: size in parameters
      modality: modality
  scope:
  country:
  since:
    default: "2022-12"
  until:
  view:
    default: columns
    choices:
      columns: columns of counts
      shares: columns filled to 100 %
chart:
  kind: "{view}"
  title: "New models by {split}, as far as our sources saw them"
  x: month
  y: models
  key: key
  label: label
  dimension: "{split}"
  unit: models
  drawn: 6
  note: As far as our sources saw them. In months with few observations models are missing.
columns:
  month: Month of release, YYYY-MM.
  key: Country code, licence, class, gating, size or modality; empty is unknown.
  label: Name of the key.
  models: Models released in the month.
  share_pct: Share of the month's models, percent.
*/
with cells as (
    select
        month,
        key,
        label,
        sum(models) as models
    from model_mix
    where
        scope = :scope
        and split = :split
        and month <> ''
        and (:country = '' or country = :country)
        and (:since = '' or month >= :since)
        and (:until = '' or month <= :until)
    group by month, key, label
),

shown as (
    select
        month,
        models,
        case
            when :show = '' then 1
            when instr('~' || :show || '~', '~' || iif(key = '', 'unverified', key) || '~') > 0 then 1
            else 0
        end as chosen,
        key,
        label
    from cells
),

summed as (
    select
        month,
        iif(chosen = 1, key, 'other') as key,
        iif(chosen = 1, label, 'Other') as label,
        sum(models) as models
    from shown
    group by month, iif(chosen = 1, key, 'other'), iif(chosen = 1, label, 'Other')
)

select
    month,
    nullif(key, '') as key,
    label,
    models,
    round(100.0 * models / sum(models) over (partition by month), 2) as share_pct
from summed
order by month asc, models desc, key asc
