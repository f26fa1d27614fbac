/*
title: Do countries make small or large models?
theme: Countries
description: >-
  How each country's models and their downloads are spread over sizes, up to the last day. Models
  of unknown size count as themselves. A country's shares sum to 100.
unit: percent of the country's downloads
scope: "{scope}, {country}"
answer: >-
  The largest part of the downloads, {highest_value}, is of models with {highest} parameters.
parameters:
  scope:
  country:
    default: CN
columns:
  country: ISO 3166-1 alpha-2 code; empty is not established, XX is distributed.
  country_name: Name of the country.
  size_bucket: Size class by parameters; empty is unknown.
  label: Its name.
  models: Models of that size.
  downloads: Best estimate of their downloads.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  share_pct: Share of the country's downloads, best estimate, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
  through: The day up to which downloads are counted.
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
*/
with cells as (
    select
        country,
        key,
        label,
        sum(models) as models,
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high
    from model_mix
    where
        scope = :scope
        and split = 'size_bucket'
        and (:country = '' or country = :country)
    group by country, key, label
),

totals as (
    select
        country,
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high
    from cells
    group by country
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
    round(100.0 * s.downloads / nullif(t.downloads, 0), 4) as share_pct,
    round(100.0 * s.low / nullif(s.low + t.high - s.high, 0), 4) as low_pct,
    round(100.0 * s.high / nullif(s.high + t.low - s.low, 0), 4) as high_pct,
    (
        select x.through
        from scopes as x
        where x.scope = :scope
    ) as through
from cells as s
inner join totals as t on s.country = t.country
left join countries as c on s.country = c.code
order by
    t.downloads desc,
    s.country asc,
    s.key = '' asc,
    s.key like '<%' desc,
    cast(s.key as integer) asc
