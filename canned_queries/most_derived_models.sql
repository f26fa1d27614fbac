/*
title: Which models are built on most?
theme: Derivatives
description: >-
  Which models others were most often made from, by the parent that a card names or by the original
  model. A model of several parents counts once, for the nearest of them if all are of one lab, and
  for none if their labs differ. This is a selection, not the whole Hub.
unit: models made from it
scope: "{depth}, {downloaded}, {country}"
answer: >-
  Among the derivatives that our sources list, {no1_value} name {no1} as their base, {no2_value}
  {no2} and {no3_value} {no3}.
parameters:
  depth:
    label: Base
    help: The parent that a card names, or the original model that the chain of parents leads to.
    default: direct
    choices:
      direct: the direct parent
      root: the original model
  downloaded:
    label: Downloads
    help: Which derivatives count, by their 30-day downloads.
    default: "yes"
    choices:
      "yes": more than 5 downloads
      all: any number, or unknown
  country:
  limit:
    default: "50"
chart:
  kind: bars
  title: Models made from each base model
  x: models
  y: base
  key: country
  label: country_name
  dimension: country
  unit: models
  drawn: 20
  note: A selection of the Hub, not the whole.
columns:
  place: Rank by derivatives.
  base: The model that others were made from.
  lab: Name of its lab.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  models: Models made from it.
  by_others: Models made from it by others than its lab.
  finetunes: Fine-tunes, as their cards say.
  quantisations: Quantisations, as their cards or their names say.
  merges: Merges, as their cards say.
  adapters: Adapters, as their cards say.
  unspecified: Kind not stated.
  counted_to: Newest day on which a source counted derivatives.
*/
with chosen as (
    select
        base,
        lab,
        country,
        models,
        by_others,
        finetunes,
        quantisations + quantised_by_name as quantisations,
        merges,
        adapters,
        unspecified
    from derivative_bases
    where
        depth = :depth
        and downloaded = :downloaded
        and (:country = '' or country = :country)
    order by models desc, base asc
    limit cast(:limit as integer)
)

select
    row_number() over (order by s.models desc, s.base asc) as place,
    s.base,
    l.name as lab,
    s.country,
    coalesce(c.name, 'Country not established') as country_name,
    s.models,
    s.by_others,
    s.finetunes,
    s.quantisations,
    s.merges,
    s.adapters,
    s.unspecified,
    (
        select max(d.counted_on)
        from derivatives as d
    ) as counted_to
from chosen as s
inner join labs as l on s.lab = l.id
left join countries as c on s.country = c.code
order by place
