/*
title: How many labs lack a statement of each kind?
theme: Origins
description: >-
  A lab without a statement of the chosen kind keeps the country of its operating headquarters.
  For each kind of statement, this says how many models that concerns, and their share of
  downloads.
unit: percent of downloads
scope: "{scope}, counted for {attribution}"
parameters:
  scope:
  attribution:
columns:
  basis: Basis of the country.
  models: Models of the scope that are in its series.
  filled_models: Of those, models whose country on this basis is the operating one.
  filled_pct: Share of all downloads so filled, percent.
  through: The day up to which downloads are counted.
*/
select
    basis,
    sum(models) as models,
    sum(iif(filled = 1, models, 0)) as filled_models,
    round(
        100.0 * sum(iif(filled = 1, downloads, 0)) / nullif(sum(downloads), 0), 4
    ) as filled_pct,
    (
        select s.through
        from scopes as s
        where s.scope = :scope
    ) as through
from lab_countries
where
    scope = :scope
    and attribution = :attribution
group by basis
order by basis
