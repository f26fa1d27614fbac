/*
title: Which labs' models do others build on?
theme: Derivatives
description: >-
  How many models were made from each lab's models, with fine-tunes, quantisations, merges and
  adapters apart. By direct parent, a lab has the models that name one of its models; by original
  model, it also has what was made from those in turn. The chain of parents ends where no card
  among the sources says more. So an account that re-uploads others' models also has what was made
  from its copies, where their own cards are missing. A model of several parents counts once, for
  the lab that they share, and for none if their labs differ. This is a selection, not the whole
  Hub: models that two sources happened to list. The numbers compare labs; they do not count the
  Hub.
unit: models made from the lab's models
scope: "{depth}, {downloaded}"
answer: >-
  Among the derivatives that our sources list, {no1_value} were made from models of {no1},
  {no2_value} from those of {no2} and {no3_value} from those of {no3}.
parameters:
  depth:
    label: Base
    help: The parent that a card names, or the original model that the chain of parents leads to.
    default: root
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
  limit:
    default: "50"
chart:
  kind: bars
  title: Models made from each lab's models
  x: models
  y: lab_name
  key: country
  label: country_name
  dimension: country
  unit: models
  drawn: 15
  note: A selection of the Hub, not the whole.
columns:
  place: Rank by derivatives.
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  country: ISO 3166-1 alpha-2 code of the lab; empty is not established, XX is distributed.
  country_name: Name of the country.
  models: Derivatives of the lab's models.
  by_others: Derivatives made by others than the lab.
  finetunes: Fine-tunes, as their cards say.
  quantisations: Quantisations, as their cards say.
  quantised_by_name: Kind not stated, but a name that says quantisation (GGUF, AWQ, 4-bit and others).
  merges: Merges, as their cards say.
  adapters: Adapters, as their cards say.
  unspecified: Kind not stated.
  counted_to: Newest day on which a source counted derivatives.
*/
with summed as (
    select
        lab,
        sum(models) as models,
        sum(by_others) as by_others,
        sum(finetunes) as finetunes,
        sum(quantisations) as quantisations,
        sum(quantised_by_name) as quantised_by_name,
        sum(merges) as merges,
        sum(adapters) as adapters,
        sum(unspecified) as unspecified
    from derivative_bases
    where
        depth = :depth
        and downloaded = :downloaded
    group by lab
)

select
    row_number() over (order by s.models desc, s.lab asc) as place,
    s.lab,
    l.name as lab_name,
    l.country,
    coalesce(c.name, 'Country not established') as country_name,
    s.models,
    s.by_others,
    s.finetunes,
    s.quantisations,
    s.quantised_by_name,
    s.merges,
    s.adapters,
    s.unspecified,
    (
        select max(d.counted_on)
        from derivatives as d
    ) as counted_to
from summed as s
inner join labs as l on s.lab = l.id
left join countries as c on l.country = c.code
order by place
limit cast(:limit as integer)
