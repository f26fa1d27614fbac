/*
title: Labs that keep their operating country
theme: Origins
description: >-
  A lab without a statement on the chosen basis keeps its operating country. For each basis: how many
  models, and which share of their newest all-time counts, have a country that was filled so.
unit: percent of downloads
scope: "{scope}, counted for {attribution}"
parameters:
  scope:
  attribution:
columns:
  basis: Basis of the country.
  models: Models in the scope.
  filled_models: Of those, models whose country on this basis is the operating one.
  filled_pct: Share of the newest all-time counts so filled, percent.
*/
select
    c.basis,
    count(*) as models,
    sum(c.filled) as filled_models,
    round(
        100.0 * sum(iif(c.filled = 1, m.latest_all_time, 0)) / nullif(sum(m.latest_all_time), 0), 4
    ) as filled_pct
from models as m
inner join model_countries as c on m.id = c.model and c.attribution = :attribution
where
    :scope = 'hub'
    or (:scope = 'frontier' and m.in_frontier = 1)
    or (:scope = 'labs' and m.in_labs = 1)
group by c.basis
order by c.basis
