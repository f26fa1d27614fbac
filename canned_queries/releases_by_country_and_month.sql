/*
title: How many models does each country release?
theme: Models
description: >-
  How many models were released each month, by the country of their labs, as far as our sources
  saw them. It counts models, not their worth: a lab that publishes many sizes and precisions
  counts each. The day is that of a dated announcement, or else of the model's creation on the
  Hub. Models with neither are left out.
unit: models released
scope: "{scope}"
parameters:
  scope:
  since:
    default: "2022-12"
  until:
chart:
  kind: columns
  title: New models by country, as far as our sources saw them
  x: month
  y: models
  key: country
  label: country_name
  dimension: country
  unit: models
  drawn: 6
  note: As far as our sources saw them. In months with few observations models are missing.
columns:
  month: Month of release, YYYY-MM.
  country: ISO 3166-1 alpha-2 code; empty is not established, XX is distributed.
  country_name: Name of the country.
  models: Models released in the month.
*/
select
    m.month,
    c.code as country,
    coalesce(c.name, 'Country not established') as country_name,
    m.models
from model_mix as m
left join countries as c on m.country = c.code
where
    m.scope = :scope
    and m.split = 'country'
    and m.month <> ''
    and (:since = '' or m.month >= :since)
    and (:until = '' or m.month <= :until)
order by m.month asc, m.models desc, c.code asc
