/*
title: What the headline hangs on
theme: Countries
description: >-
  The shares of two countries in all downloads up to the last day when some models are left out -
  those under a billion parameters, the most downloaded model or lab, labs whose country is disputed
  - counted by publisher and by base model, side by side. Models of unknown size stay in "without
  models under 1B" and are left out of "only known 1B and more".
unit: percent of downloads
scope: "{scope}, {first} and {second}"
answer: >-
  {first_name} has {first_range} of downloads and {second_name} {second_range}, by what is left
  out and for whom models count.
parameters:
  first:
    label: First country
    help: The country whose share is shown first.
    default: CN
    choices: &countries >-
      select c.code, c.name from countries as c
      where exists (select 1 from models as m where m.country = c.code) order by c.name
  second:
    label: Second country
    help: The country that it is compared with.
    default: US
    choices: *countries
  scope:
chart:
  kind: bars
  x: share_pct
  y: what
  low: low_pct
  high: high_pct
  key: country
  label: country_name
  dimension: country
  date: through
  unit: "%"
  percent: true
  drawn: 24
columns:
  attribution: publisher (the lab that published a model) or base (the lab of its base model).
  variant: Short name of what is left out.
  what: The same in words, with the country.
  country: ISO 3166-1 alpha-2 code.
  country_name: Name of the country.
  downloads: Best estimate of the country's downloads up to the day.
  share_pct: Share of all downloads counted, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
  models: Models counted, of all countries.
  left_out_models: Models left out, of all countries.
  left_out: The model or lab left out, when it is one.
  through: The day up to which downloads are counted.
*/
with counted as (
    select
        id,
        attribution,
        variant,
        label,
        country,
        models,
        downloads,
        downloads_low as low,
        downloads_high as high,
        left_out_models,
        left_out
    from robustness
    where scope = :scope
),

totals as (
    select
        attribution,
        variant,
        label,
        min(id) as place,
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high,
        sum(models) as models,
        max(left_out_models) as left_out_models,
        max(left_out) as left_out
    from counted
    group by attribution, variant, label
    having sum(downloads) > 0
),

chosen as (
    select
        c.code,
        c.name
    from countries as c
    where c.code in (:first, :second)
)

select
    t.attribution,
    t.variant,
    c.name || iif(t.attribution = 'base', ' by base, ', ' by publisher, ') || t.label as what,
    c.code as country,
    c.name as country_name,
    coalesce(k.downloads, 0) as downloads,
    round(100.0 * coalesce(k.downloads, 0) / t.downloads, 4) as share_pct,
    coalesce(round(100.0 * k.low / nullif(k.low + t.high - k.high, 0), 4), 0.0) as low_pct,
    coalesce(round(100.0 * k.high / nullif(k.high + t.low - k.low, 0), 4), 0.0) as high_pct,
    t.models,
    t.left_out_models,
    coalesce(l.name, t.left_out) as left_out,
    s.through
from totals as t
cross join chosen as c
inner join scopes as s on s.scope = :scope
left join labs as l on t.left_out = l.id
left join counted as k
    on t.attribution = k.attribution and t.variant = k.variant and c.code = k.country
order by t.attribution desc, t.place asc, c.code <> :first
