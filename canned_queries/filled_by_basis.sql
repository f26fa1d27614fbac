/*
title: How many models have a lab without each kind of origin statement?
theme: Origins
description: >-
  A lab without a statement of the chosen kind keeps the country of its operating headquarters. For
  each kind of statement, this says how many models that applies to, and their share of downloads.
unit: percent of downloads
scope: "{scope}, counted for {attribution}"
parameters:
  scope:
  attribution:
columns:
  basis: Basis of the country.
  models: Models of the scope that are in its series.
  filled_models: Models whose lab has no such statement, so that the operating country stands in.
  filled_pct: Share of all downloads that is of such models, percent.
  through: The day up to which downloads are counted.
  low_pct: Lowest such share that the observations allow, percent.
  high_pct: Highest such share that the observations allow, percent.
  likely_low_pct: >-
    Lower end of the 90 % interval of that share; as a sum it has one only where everything is
    counted.
  likely_high_pct: Upper end of the 90 % interval of that share.
  rests_on: >-
    counted where 95 % or more of all downloads are in models counted on the day, bounds where fewer
    are.
  counted_pct: Part of all downloads in models counted on the day, percent.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
*/
with sums as (
    select
        basis,
        sum(models) as models,
        sum(models) filter (where filled = 1) as filled_models,
        sum(downloads) as downloads,
        coalesce(sum(downloads) filter (where filled = 1), 0) as filled,
        coalesce(sum(downloads_low) filter (where filled = 1), 0) as filled_low,
        coalesce(sum(downloads_high) filter (where filled = 1), 0) as filled_high,
        coalesce(sum(downloads_low) filter (where filled = 0), 0) as other_low,
        coalesce(sum(downloads_high) filter (where filled = 0), 0) as other_high,
        sum(counted) as counted,
        sum(covered) as covered,
        sum(coverable) as coverable
    from lab_countries
    where
        scope = :scope
        and attribution = :attribution
    group by basis
),

shares as (
    select
        *,
        round(100.0 * filled / nullif(downloads, 0), 4) as filled_pct,
        round(100.0 * filled_low / nullif(filled_low + other_high, 0), 4) as low_pct,
        round(100.0 * filled_high / nullif(filled_high + other_low, 0), 4) as high_pct
    from sums
)

select
    basis,
    models,
    coalesce(filled_models, 0) as filled_models,
    filled_pct,
    (
        select s.through
        from scopes as s
        where s.scope = :scope
    ) as through,
    low_pct,
    high_pct,
    iif(low_pct = high_pct, filled_pct, null) as likely_low_pct,
    iif(low_pct = high_pct, filled_pct, null) as likely_high_pct,
    iif(counted >= 0.95 * downloads, 'counted', 'bounds') as rests_on,
    round(100.0 * counted / nullif(downloads, 0), 2) as counted_pct,
    round(100.0 * covered / nullif(coverable, 0), 2) as covered_pct
from shares
order by basis
