/*
title: Does it matter how a lab's country is decided?
theme: Origins
description: >-
  The shares of two countries when a lab's country is decided by different kinds of statement:
  operating or stated headquarters, those of its parent, incorporation or founding. A lab without
  such a statement keeps its operating country. The column filled_pct gives the share of all
  downloads to which that applies. Where it is large a row changes little, because few labs have
  such a statement.
unit: percent of downloads
scope: "{scope}, counted for {attribution}, {first} and {second}"
answer: >-
  {first_name} has {first_range} of downloads and {second_name} {second_range}, depending on
  what decides a lab's country.
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
  attribution:
chart:
  kind: dots
  rows: of_what
  title: "Shares of {first} and {second} by what decides a lab's country"
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
  drawn: 10
  likely_low: likely_low_pct
  likely_high: likely_high_pct
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
columns:
  basis: Basis of the country.
  country: ISO 3166-1 alpha-2 code.
  country_name: Name of the country.
  what: Basis and country in words.
  downloads: Best estimate of all downloads up to the day.
  share_pct: Share of all downloads, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
  filled_pct: Share of the downloads of all countries whose labs have no statement on the basis, percent.
  filled_labs: How many labs have no statement on the basis.
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
  of_what: What decides the country, in words.
*/
with filled as (
    select
        basis,
        sum(downloads) as downloads,
        sum(iif(filled = 1, downloads, 0)) as filled,
        count(distinct iif(filled = 1, lab, null)) as filled_labs
    from lab_countries
    where scope = :scope and attribution = :attribution
    group by basis
    having sum(downloads) > 0
),

chosen as (
    select
        c.code,
        c.name,
        iif(c.code = :first, 1, 2) as place
    from countries as c
    where c.code in (:first, :second)
)

select
    t.basis,
    c.code as country,
    c.name as country_name,
    replace(t.basis, '_', ' ') || ': ' || c.name as what,
    coalesce(p.cumulative, 0) as downloads,
    coalesce(p.cumulative_share_pct, 0.0) as share_pct,
    coalesce(p.cumulative_low_pct, 0.0) as low_pct,
    coalesce(p.cumulative_high_pct, 0.0) as high_pct,
    round(100.0 * t.filled / t.downloads, 4) as filled_pct,
    t.filled_labs,
    s.through,
    p.cumulative_likely_low_pct as likely_low_pct,
    p.cumulative_likely_high_pct as likely_high_pct,
    coalesce(p.cumulative_rests_on, 'bounds') as rests_on,
    round(100.0 * p.cumulative_counted / nullif(p.cumulative, 0), 2) as counted_pct,
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct,
    case t.basis
        when 'operating' then 'Where the lab works from (the rule)'
        when 'headquarters' then 'Stated headquarters'
        when 'parent_headquarters' then 'Headquarters of the parent'
        when 'incorporation' then 'Incorporation'
        when 'founding_location' then 'Where it was founded'
        else t.basis
    end as of_what
from filled as t
cross join chosen as c
inner join scopes as s on s.scope = :scope
left join series_keys as k
    on
        s.scope = k.scope
        and k.attribution = :attribution
        and t.basis = k.basis
        and k.dimension = 'country'
        and c.code = k.key
left join series_points as p on k.id = p.series and substr(s.through, 1, 7) = p.month
order by
    case t.basis
        when 'operating' then 0
        when 'headquarters' then 1
        when 'parent_headquarters' then 2
        when 'incorporation' then 3
        else 4
    end,
    c.place
