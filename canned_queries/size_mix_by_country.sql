/*
title: Do countries make small or large models?
theme: Countries
description: >-
  How each country's models and their downloads are spread over sizes, up to the last day. Models
  of unknown size count as themselves, so a country's shares sum to 100.
unit: percent of the country's downloads
scope: "{scope}, {country}"
answer: >-
  The largest part of the downloads, {highest_value}, is of models with {highest} parameters.
parameters:
  scope:
  country:
    default: CN
columns:
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  size_bucket: Size class by parameters; empty is unknown.
  label: Name of the size class.
  models: Models of that size.
  downloads: Best estimate of their downloads.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  share_pct: Share of the country's downloads, best estimate, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
  through: The day up to which downloads are counted.
  likely_low: Lower end of the 90 % interval of the downloads; empty where there is none.
  likely_high: Upper end of the 90 % interval of the downloads.
  likely_low_pct: Lower end of the 90 % interval of the share; empty where there is none.
  likely_high_pct: Upper end of the 90 % interval of the share.
  rests_on: >-
    counted where 95 % or more of the downloads are in models counted on the day. Else estimated where
    there is a likely interval, bounds where there is none.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
chart:
  kind: bars
  title: "{country}: sizes of the models downloaded"
  x: share_pct
  y: label
  low: low_pct
  high: high_pct
  key: country
  label: country_name
  dimension: country
  unit: "%"
  percent: true
  drawn: 16
  likely_low: likely_low_pct
  likely_high: likely_high_pct
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
*/
with cells as (
    select
        *,
        sum(downloads) over (partition by country) as total
    from mix_sums
    where
        scope = :scope
        and split = 'size_bucket'
        and iif(:country = '', country <> 'all', country = :country)
)

select
    nullif(s.country, '') as country,
    coalesce(c.name, 'Country not established') as country_name,
    nullif(s.key, '') as size_bucket,
    s.label,
    s.models,
    s.downloads,
    s.low,
    s.high,
    s.share_pct,
    s.low_pct,
    s.high_pct,
    (
        select x.through
        from scopes as x
        where x.scope = :scope
    ) as through,
    s.likely_low,
    s.likely_high,
    s.likely_low_pct,
    s.likely_high_pct,
    case
        when s.downloads > 0 and s.counted >= 0.95 * s.downloads then 'counted'
        when s.likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * s.counted / nullif(s.downloads, 0), 2) as counted_pct,
    round(100.0 * s.covered / nullif(s.coverable, 0), 2) as covered_pct
from cells as s
left join countries as c on s.country = c.code
order by
    s.total desc,
    s.country asc,
    s.key = '' asc,
    s.key like '<%' desc,
    cast(s.key as integer) asc
