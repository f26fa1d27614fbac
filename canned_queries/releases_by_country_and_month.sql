/*
title: Models released by country
theme: Models
description: >-
  How many models were released each month, by the country of their labs. It counts models, not
  their worth: a lab that publishes many sizes and precisions counts each. Models without a known day
  of release are left out.
unit: models released
scope: "{scope}"
parameters:
  scope:
  since:
    default: "2022-12"
  until:
chart:
  kind: columns
  x: month
  y: models
  key: country
  label: country_name
  dimension: country
  unit: models
  drawn: 6
columns:
  month: Month of release, YYYY-MM.
  country: ISO 3166-1 alpha-2 code; empty is unverified, XX is distributed.
  country_name: Name of the country.
  models: Models released in the month.
*/
select
    substr(m.released_on, 1, 7) as month,
    m.country,
    coalesce(c.name, 'Unverified') as country_name,
    count(*) as models
from models as m
left join countries as c on m.country = c.code
where
    m.released_on is not null
    and (
        :scope = 'hub'
        or (:scope = 'frontier' and m.in_frontier = 1)
        or (:scope = 'labs' and m.in_labs = 1)
    )
    and (:since = '' or substr(m.released_on, 1, 7) >= :since)
    and (:until = '' or substr(m.released_on, 1, 7) <= :until)
group by substr(m.released_on, 1, 7), m.country, c.name
order by month asc, models desc, m.country asc
