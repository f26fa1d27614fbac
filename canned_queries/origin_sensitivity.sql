/*
title: Two countries under every basis of origin
theme: Origins
description: >-
  The shares of two countries when a lab's country is told by its operating headquarters, its stated
  headquarters, the headquarters of its parent, its place of incorporation or of founding. A lab
  without a statement on a basis keeps its operating country: filled says which share of all
  downloads that is, and where it is large a basis changes little because little is known of it.
unit: percent of downloads
scope: "{scope}, counted for {attribution}, {first} and {second}"
answer: >-
  {first_name} has {first_range} of downloads and {second_name} {second_range}, by what tells a
  lab's country.
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
  drawn: 10
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
*/
with counted as (
    select
        basis,
        country,
        lab,
        filled,
        downloads,
        downloads_low as low,
        downloads_high as high
    from lab_countries
    where scope = :scope and attribution = :attribution
),

totals as (
    select
        basis,
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high,
        sum(iif(filled = 1, downloads, 0)) as filled,
        count(distinct iif(filled = 1, lab, null)) as filled_labs
    from counted
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
),

sums as (
    select
        t.basis,
        c.code as country,
        c.name as country_name,
        c.place,
        coalesce(sum(k.downloads), 0) as downloads,
        coalesce(sum(k.low), 0) as low,
        coalesce(sum(k.high), 0) as high
    from totals as t
    cross join chosen as c
    left join counted as k on t.basis = k.basis and c.code = k.country
    group by t.basis, c.code, c.name, c.place
)

select
    s.basis,
    s.country,
    s.country_name,
    replace(s.basis, '_', ' ') || ': ' || s.country_name as what,
    s.downloads,
    round(100.0 * s.downloads / t.downloads, 4) as share_pct,
    coalesce(round(100.0 * s.low / nullif(s.low + t.high - s.high, 0), 4), 0.0) as low_pct,
    coalesce(round(100.0 * s.high / nullif(s.high + t.low - s.low, 0), 4), 0.0) as high_pct,
    round(100.0 * t.filled / t.downloads, 4) as filled_pct,
    t.filled_labs,
    o.through
from sums as s
inner join totals as t on s.basis = t.basis
inner join scopes as o on o.scope = :scope
order by
    case s.basis
        when 'operating' then 0
        when 'headquarters' then 1
        when 'parent_headquarters' then 2
        when 'incorporation' then 3
        else 4
    end,
    s.place
