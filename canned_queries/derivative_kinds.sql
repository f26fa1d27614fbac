/*
title: How are new models made from others?
theme: Derivatives
description: >-
  New models made from registered labs' models, by month and by how they were made, as their cards
  say. Each counts once: if several kinds are stated, a merge comes before an adapter, a
  quantisation and a fine-tune. One of the two sources states no kind. There, a name can show a
  quantisation, and the rest is not specified. This is a selection, not the whole Hub, and the two
  sources listed different months.
unit: models
scope: "made by {by}, {downloaded}"
parameters:
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
  since:
    default: "2024-01"
  until:
chart:
  kind: shares
  title: New models made from others, by kind
  x: month
  y: models
  key: kind
  label: label
  unit: models
  drawn: 6
  note: >-
    A selection of the Hub, not the whole. The sources listed different months, so numbers do not
    compare between months; shares do.
columns:
  month: Month in which the derivatives appeared, YYYY-MM.
  kind: finetune, quantized, quantised_by_name, merge, adapter or unspecified.
  label: Name of the kind.
  models: New derivatives.
*/
select
    month,
    key as kind,
    label,
    sum(models) as models
from derivative_months
where
    depth = 'direct'
    and split = 'relation'
    and (:by = 'everyone' or own = 0)
    and downloaded = :downloaded
    and (:since = '' or month >= :since)
    and (:until = '' or month <= :until)
group by month, key, label
order by month asc, models desc, kind asc
