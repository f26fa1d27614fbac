/*
title: How robust is the headline share?
theme: Countries
description: >-
  The shares of two countries in all downloads when some models are left out: small models, the
  most downloaded model or lab, or labs whose country is disputed. One row adds models without an
  all-time count. Each is counted by publisher and by base model, side by side. Models of unknown
  size stay in “without models under 1B” and are left out of “only known 1B and more”. For models
  without an all-time count only 30-day counts are known. Their lowest possible downloads are
  certain, but nothing limits the highest.
unit: percent of downloads
scope: "{scope}, {first} and {second}"
answer: >-
  {first_name} has {first_range} of downloads and {second_name} {second_range}, depending on what is
  left out and on whether models count for their publisher or for the lab of their base.
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
  kind: dots
  rows: of_what
  title: "Shares of {first} and {second} when models are left out"
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
  likely_low: likely_low_pct
  likely_high: likely_high_pct
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
columns:
  attribution: publisher (the lab that published a model) or base (the lab of its base model).
  variant: Short name of what is left out or added.
  what: What is left out or added, and the country, in words.
  country: ISO 3166-1 alpha-2 code.
  country_name: Name of the country.
  downloads: Best estimate of the country's downloads up to the day.
  share_pct: Share of all downloads counted, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
  models: Models counted, of all countries.
  left_out_models: Models left out, of all countries.
  left_out: The model or lab left out, if it is a single one.
  through: The day up to which downloads are counted.
  likely_low_pct: Lower end of the 90 % interval of the share; empty where there is none.
  likely_high_pct: Upper end of the 90 % interval of the share.
  rests_on: >-
    counted if at least 95 % of the downloads are of models counted on the day; otherwise estimated
    if there is a likely interval, bounds if there is none.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
  of_what: What is counted in the row, and for whom, in words.
*/
with chosen as (
    select
        c.code,
        c.name
    from countries as c
    where c.code in (:first, :second)
),

variants as (
    select
        attribution,
        variant,
        label,
        min(id) as place,
        sum(models) as models,
        max(left_out_models) as left_out_models,
        max(left_out) as left_out
    from robustness
    where scope = :scope
    group by attribution, variant, label
    having sum(downloads) > 0
)

select
    t.attribution,
    t.variant,
    c.name || iif(t.attribution = 'base', ' by base, ', ' by publisher, ') || t.label as what,
    c.code as country,
    c.name as country_name,
    coalesce(k.downloads, 0) as downloads,
    coalesce(k.share_pct, 0.0) as share_pct,
    coalesce(k.low_pct, 0.0) as low_pct,
    coalesce(k.high_pct, 0.0) as high_pct,
    t.models,
    t.left_out_models,
    coalesce(l.name, t.left_out) as left_out,
    s.through,
    k.likely_low_pct,
    k.likely_high_pct,
    case
        when k.downloads > 0 and k.counted >= 0.95 * k.downloads then 'counted'
        when k.likely_low_pct is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * k.counted / nullif(k.downloads, 0), 2) as counted_pct,
    round(100.0 * k.covered / nullif(k.coverable, 0), 2) as covered_pct,
    upper(substr(t.label, 1, 1)) || substr(t.label, 2)
    || iif(t.attribution = 'base', ', by base model', ', by publisher') as of_what
from variants as t
cross join chosen as c
inner join scopes as s on s.scope = :scope
left join labs as l on t.left_out = l.id
left join robustness as k
    on
        k.scope = :scope
        and t.attribution = k.attribution
        and t.variant = k.variant
        and c.code = k.country
order by t.attribution desc, t.place asc, c.code <> :first
