/*
title: How many models does each country release?
theme: Models
description: >-
  How many models were released each month, by the country of their labs, as far as our sources saw
  them. It counts models, not their importance: a lab that publishes many sizes and precisions is
  counted once for each. The day is that of a dated announcement, or else of the model's creation
  on the Hub. Models with neither are left out.
unit: models released
scope: "{scope}"
parameters:
  show:
    of:
    group: country
    choices: >-
      select 'country', m.country, coalesce(c.name, 'Country not established')
      from model_mix as m
      left join countries as c on m.country = c.code
      where m.split = 'country' and m.month <> ''
      group by m.country order by sum(m.models) desc, m.country
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
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  models: Models released in the month.
*/
with cells as (
    select
        m.month,
        m.models,
        c.code,
        coalesce(c.name, 'Country not established') as name,
        case
            when :show = '' then 1
            when instr('~' || :show || '~', '~' || coalesce(c.code, 'unverified') || '~') > 0 then 1
            else 0
        end as chosen
    from model_mix as m
    left join countries as c on m.country = c.code
    where
        m.scope = :scope
        and m.split = 'country'
        and m.month <> ''
        and (:since = '' or m.month >= :since)
        and (:until = '' or m.month <= :until)
)

select
    month,
    iif(chosen = 1, code, 'other') as country,
    iif(chosen = 1, name, 'Other') as country_name,
    sum(models) as models
from cells
group by month, iif(chosen = 1, code, 'other'), iif(chosen = 1, name, 'Other')
order by month asc, models desc, country asc
