/*
title: How open are each country's models?
theme: Countries
description: >-
  Models and downloads of each country by what their licences allow, and how many models anyone can
  fetch without asking. Open means any use by anyone; restricted allows commercial use with limits
  on uses, users or revenue. The classes are the census's reading of licence texts, in the table
  licences with their sources. A publisher's own terms that we have not read are not classed.
  Shares are of the models whose licence is classed, with the lowest and highest share that would
  result if the others were read. Where few of many models are classed, a share says little. For
  access, the share is of the models for which it is known.
unit: percent of models with an open licence
scope: "{scope}"
answer: >-
  The share of models with an open licence, of those whose licence is classed, runs from
  {lowest_value} ({lowest}) to {highest_value} ({highest}).
parameters:
  scope:
  since:
  until:
  at_least:
    label: Minimum of classed models
    help: Countries with fewer models whose licence is classed are left out, from 1 to 1000.
    default: "5"
    pattern: integer
    min: 1
    max: 1000
chart:
  kind: bars
  title: Share of models with an open licence
  x: open_pct
  y: country_name
  low: open_low_pct
  high: open_high_pct
  key: country
  label: country_name
  of: classed_models
  dimension: country
  unit: "%"
  percent: true
  note: >-
    Shares are of the models whose licence was read; their number stands beside the bar. Countries with fewer
    than {at_least} are left out.
    The lines run from the case that none of the others is open to the case that all are.
  drawn: 15
columns:
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  models: Models of the country.
  open_models: Models whose licence allows any use.
  restricted_models: Models whose licence sets limits on uses, users or revenue.
  non_commercial_models: Models for non-commercial use only.
  unclassed_models: Models with their own terms that were not read, or without a known licence.
  open_pct: Share of open among the classed models, percent.
  open_low_pct: Share of open among all models if none of the unclassed were open, percent.
  open_high_pct: Share of open among all models if all of the unclassed were open, percent.
  open_downloads_pct: >-
    Share of the downloads of the classed models that is of open ones, percent, best estimate.
  open_downloads_low_pct: Lowest share that the observations allow, percent.
  open_downloads_high_pct: Highest share that the observations allow, percent.
  gating_known: Models whose gating is known.
  ungated_pct: Share of these that anyone can fetch without asking, percent.
  through: The day up to which downloads are counted.
  classed_models: Models whose licence was read; open_pct is a share of these.
  open_downloads_likely_low_pct: >-
    Lower end of the 90 % interval of that share of downloads; empty where there is none, as for
    some months of release only.
  open_downloads_likely_high_pct: Upper end of the 90 % interval of that share of downloads.
  rests_on: >-
    What that share rests on - counted where 95 % or more of the downloads of the classed models are
    in models counted on the day. Else estimated where there is a likely interval, bounds where there is
    none.
  counted_pct: Part of the downloads of the classed models in models counted on the day, percent.
  covered_pct: >-
    Part of the downloads of the last 30 days of the classed models in those with an all-time count,
    percent; empty where no 30-day count is near.
*/
with licences_of as (
    select
        country,
        sum(models) as models,
        sum(models) filter (where key = 'open') as open_models,
        sum(models) filter (where key = 'restricted') as restricted_models,
        sum(models) filter (where key = 'non_commercial') as non_commercial_models,
        sum(models) filter (where key in ('', 'unread')) as unclassed_models,
        sum(downloads) filter (where key = 'open') as open_downloads,
        sum(low) filter (where key = 'open') as open_low,
        sum(high) filter (where key = 'open') as open_high,
        sum(downloads) filter (where key in ('restricted', 'non_commercial')) as other_downloads,
        sum(low) filter (where key in ('restricted', 'non_commercial')) as other_low,
        sum(high) filter (where key in ('restricted', 'non_commercial')) as other_high,
        sum(downloads) filter (where key not in ('', 'unread')) as downloads,
        sum(counted) filter (where key not in ('', 'unread')) as counted,
        sum(covered) filter (where key not in ('', 'unread')) as covered,
        sum(coverable) filter (where key not in ('', 'unread')) as coverable
    from model_mix
    where
        scope = :scope
        and split = 'licence_class'
        and (:since = '' or month >= :since)
        and (:until = '' or month <= :until)
    group by country
),

gating_of as (
    select
        country,
        sum(models) filter (where key <> '') as gating_known,
        sum(models) filter (where key = 'false') as ungated
    from model_mix
    where
        scope = :scope
        and split = 'gating'
        and (:since = '' or month >= :since)
        and (:until = '' or month <= :until)
    group by country
)

select
    nullif(l.country, '') as country,
    coalesce(c.name, 'Country not established') as country_name,
    l.models,
    coalesce(l.open_models, 0) as open_models,
    coalesce(l.restricted_models, 0) as restricted_models,
    coalesce(l.non_commercial_models, 0) as non_commercial_models,
    coalesce(l.unclassed_models, 0) as unclassed_models,
    round(
        100.0 * coalesce(l.open_models, 0)
        / nullif(l.models - coalesce(l.unclassed_models, 0), 0),
        2
    ) as open_pct,
    round(100.0 * coalesce(l.open_models, 0) / l.models, 2) as open_low_pct,
    round(
        100.0 * (coalesce(l.open_models, 0) + coalesce(l.unclassed_models, 0)) / l.models, 2
    ) as open_high_pct,
    coalesce(
        round(o.share_pct, 2),
        round(
            100.0 * coalesce(l.open_downloads, 0)
            / nullif(coalesce(l.open_downloads, 0) + coalesce(l.other_downloads, 0), 0),
            2
        )
    ) as open_downloads_pct,
    coalesce(
        round(o.low_pct, 2),
        round(
            100.0 * coalesce(l.open_low, 0)
            / nullif(coalesce(l.open_low, 0) + coalesce(l.other_high, 0), 0),
            2
        )
    ) as open_downloads_low_pct,
    coalesce(
        round(o.high_pct, 2),
        round(
            100.0 * coalesce(l.open_high, 0)
            / nullif(coalesce(l.open_high, 0) + coalesce(l.other_low, 0), 0),
            2
        )
    ) as open_downloads_high_pct,
    coalesce(g.gating_known, 0) as gating_known,
    round(100.0 * coalesce(g.ungated, 0) / nullif(g.gating_known, 0), 2) as ungated_pct,
    (
        select s.through
        from scopes as s
        where s.scope = :scope
    ) as through,
    l.models - coalesce(l.unclassed_models, 0) as classed_models,
    o.likely_low_pct as open_downloads_likely_low_pct,
    o.likely_high_pct as open_downloads_likely_high_pct,
    case
        when l.downloads > 0 and l.counted >= 0.95 * l.downloads then 'counted'
        when o.likely_low_pct is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * l.counted / nullif(l.downloads, 0), 2) as counted_pct,
    round(100.0 * l.covered / nullif(l.coverable, 0), 2) as covered_pct
from licences_of as l
inner join gating_of as g on l.country = g.country
left join countries as c on l.country = c.code
-- Of all months of release alone a likely interval is known: ends of intervals cannot be added.
left join mix_sums as o
    on
        l.country = o.country
        and o.scope = :scope
        and o.split = 'licence_class'
        and o.key = 'open'
        and :since = ''
        and :until = ''
where l.models - coalesce(l.unclassed_models, 0) >= cast(:at_least as integer)
order by open_pct desc nulls last, l.models desc, l.country asc
