/*
title: Which labs could shift the result?
theme: Origins
description: >-
  By how many points the shares of two countries change when one lab is left out, or is counted
  for another country that a document states. Everything else stays as it is, so the rows cannot
  be added up. Labs whose country is disputed are marked.
unit: percentage points
scope: "{scope}, counted for {attribution}, {first} and {second}"
answer: >-
  The largest move of all, {no1_value} points: {no1}.
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
  change:
    label: Change
    help: What is done with the lab.
    default: ""
    optional: Either of the two
    choices:
      left out: the lab is left out
      counted elsewhere: the lab is counted for another country stated of it
  limit:
    default: "200"
chart:
  kind: dots
  title: "How far single labs move the shares of {first} and {second}"
  x: most_points
  y: what
  key: country
  label: country_name
  dimension: country
  date: through
  unit: points
  drawn: 15
columns:
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  what: The lab and the change in words.
  disputed: 1 if sources or readers disagree about the country.
  country: Country by the rule; empty is not established, XX is distributed.
  country_name: Name of the country.
  change: left out, or counted elsewhere.
  other_country: The country that the lab is counted for instead.
  bases: What the documents that state it are about, such as incorporation.
  downloads: Best estimate of the lab's downloads up to the day.
  first_points: Points by which the share of the first country changes.
  second_points: Points by which the share of the second country changes.
  most_points: The larger of the two, without sign.
  through: The day up to which downloads are counted.
*/
with counted as (
    select
        lab,
        sum(downloads) as downloads,
        sum(iif(country = :first, downloads, 0)) as in_first,
        sum(iif(country = :second, downloads, 0)) as in_second
    from lab_countries
    where scope = :scope and attribution = :attribution and basis = 'operating'
    group by lab
),

totals as (
    select
        sum(downloads) as downloads,
        sum(in_first) as in_first,
        sum(in_second) as in_second
    from counted
    having sum(downloads) > 0
),

stated as (
    select
        o.lab,
        o.country,
        group_concat(distinct o.basis) as bases
    from origin_claims as o
    inner join labs as l on o.lab = l.id
    where o.country is not null and o.evidence <> 'none' and o.country is not l.country
    group by o.lab, o.country
),

changed as (
    select
        k.lab,
        'left out' as change,
        null as other_country,
        null as bases,
        k.downloads,
        t.downloads - k.downloads as total,
        t.in_first - k.in_first as in_first,
        t.in_second - k.in_second as in_second
    from counted as k
    cross join totals as t
    where k.lab is not null
    union all
    select
        k.lab,
        'counted elsewhere' as change,
        s.country as other_country,
        s.bases,
        k.downloads,
        t.downloads as total,
        t.in_first - k.in_first + iif(s.country = :first, k.downloads, 0) as in_first,
        t.in_second - k.in_second + iif(s.country = :second, k.downloads, 0) as in_second
    from counted as k
    inner join stated as s on k.lab = s.lab
    cross join totals as t
),

moved as (
    select
        c.lab,
        c.change,
        c.other_country,
        c.bases,
        c.downloads,
        round(100.0 * c.in_first / nullif(c.total, 0) - 100.0 * t.in_first / t.downloads, 4) as first_points,
        round(100.0 * c.in_second / nullif(c.total, 0) - 100.0 * t.in_second / t.downloads, 4)
            as second_points
    from changed as c
    cross join totals as t
    where :change = '' or c.change = :change
)

select
    m.lab,
    l.name as lab_name,
    l.name || iif(m.other_country is null, ' left out', ' counted for ' || x.name) as what,
    l.disputed,
    l.country,
    coalesce(c.name, 'Country not established') as country_name,
    m.change,
    m.other_country,
    m.bases,
    m.downloads,
    m.first_points,
    m.second_points,
    max(abs(coalesce(m.first_points, 0)), abs(coalesce(m.second_points, 0))) as most_points,
    s.through
from moved as m
inner join labs as l on m.lab = l.id
inner join scopes as s on s.scope = :scope
left join countries as c on l.country = c.code
left join countries as x on m.other_country = x.code
order by most_points desc, m.lab asc, m.change asc, m.other_country asc
limit cast(:limit as integer)
