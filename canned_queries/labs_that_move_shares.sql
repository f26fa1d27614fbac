/*
title: Which labs move the countries' shares most?
theme: Origins
description: >-
  By how many points the shares of two countries change when one lab is left out, or is counted
  for another country that a document states. Everything else stays as it is, so the rows cannot
  be added up. Labs whose country is disputed are marked.
unit: percentage points
scope: "{scope}, counted for {attribution}, {first} and {second}"
answer: >-
  The largest change is {no1_value} points: {no1}.
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
      counted elsewhere: the lab is counted for another country that a document states
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
  low: most_low_points
  high: most_high_points
  likely_low: most_likely_low_points
  likely_high: most_likely_high_points
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
columns:
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  what: The lab and the change in words.
  disputed: 1 if sources or readers disagree about the country.
  country: Country by the rule; empty is not established, XX is distributed.
  country_name: Name of the country.
  change: left out, or counted elsewhere.
  other_country: The country that the lab is counted for instead.
  bases: What the documents that state the other country are about, such as incorporation.
  downloads: Best estimate of the downloads of the lab up to the day.
  first_points: Points by which the share of the first country changes.
  second_points: Points by which the share of the second country changes.
  most_points: The larger of the two changes, without its sign.
  through: The day up to which downloads are counted.
  low: Fewest downloads of the lab that the observations allow.
  high: Most downloads of the lab that the observations allow.
  likely_low: Lower end of the 90 % interval of the lab's downloads; empty where there is none.
  likely_high: Upper end of the 90 % interval of the lab's downloads.
  rests_on: >-
    What the downloads rest on - counted where 95 % or more are in models counted on the day.
    Else estimated where there is a likely interval, bounds where there is none.
  counted_pct: Part of the lab's downloads in models counted on the day, percent.
  covered_pct: >-
    Part of the lab's downloads of the last 30 days in models with an all-time count, percent; empty
    where no 30-day count is near.
  first_low_points: Smallest change of the first country's share that the observations allow.
  first_high_points: Greatest change of the first country's share that the observations allow.
  first_likely_low_points: >-
    Lower end of the 90 % interval of the change of the first country's share; empty where there is
    none.
  first_likely_high_points: >-
    Upper end of the 90 % interval of the change of the first country's share.
  second_low_points: Smallest change of the second country's share that the observations allow.
  second_high_points: Greatest change of the second country's share that the observations allow.
  second_likely_low_points: >-
    Lower end of the 90 % interval of the change of the second country's share; empty where there
    is none.
  second_likely_high_points: >-
    Upper end of the 90 % interval of the change of the second country's share.
  most_low_points: Smallest possible size of the larger change.
  most_high_points: Greatest possible size of the larger change.
  most_likely_low_points: >-
    Lower end of the 90 % interval of the size of the larger change; empty where there is none.
  most_likely_high_points: Upper end of the 90 % interval of the size of the larger change.
*/
with stated as (
    select
        o.lab,
        o.country,
        group_concat(distinct o.basis) as bases
    from origin_claims as o
    inner join labs as l on o.lab = l.id
    where o.country is not null and o.evidence <> 'none' and o.country is not l.country
    group by o.lab, o.country
),

changes as (
    select
        c.lab,
        c.other_country,
        max(iif(c.country = :first, c.points, null)) as first_points,
        max(iif(c.country = :first, c.low_points, null)) as first_low_points,
        max(iif(c.country = :first, c.high_points, null)) as first_high_points,
        max(iif(c.country = :first, c.likely_low_points, null)) as first_likely_low_points,
        max(iif(c.country = :first, c.likely_high_points, null)) as first_likely_high_points,
        max(iif(c.country = :second, c.points, null)) as second_points,
        max(iif(c.country = :second, c.low_points, null)) as second_low_points,
        max(iif(c.country = :second, c.high_points, null)) as second_high_points,
        max(iif(c.country = :second, c.likely_low_points, null)) as second_likely_low_points,
        max(iif(c.country = :second, c.likely_high_points, null)) as second_likely_high_points
    from lab_moves as c
    where
        c.scope = :scope
        and c.attribution = :attribution
        and c.country in (:first, :second)
        and (:change = '' or iif(c.other_country is null, 'left out', 'counted elsewhere') = :change)
    group by c.lab, c.other_country
),

larger as (
    select
        *,
        iif(abs(coalesce(second_points, 0)) > abs(coalesce(first_points, 0)), 2, 1) as larger
    from changes
),

signed as (
    select
        *,
        iif(larger = 1, first_points, second_points) as most,
        iif(larger = 1, first_low_points, second_low_points) as most_low,
        iif(larger = 1, first_high_points, second_high_points) as most_high,
        iif(larger = 1, first_likely_low_points, second_likely_low_points) as most_likely_low,
        iif(larger = 1, first_likely_high_points, second_likely_high_points) as most_likely_high
    from larger
)

select
    m.lab,
    l.name as lab_name,
    l.name || iif(m.other_country is null, ' left out', ' counted for ' || x.name) as what,
    l.disputed,
    l.country,
    coalesce(c.name, 'Country not established') as country_name,
    iif(m.other_country is null, 'left out', 'counted elsewhere') as change,
    m.other_country,
    o.bases,
    p.cumulative as downloads,
    coalesce(m.first_points, 0.0) as first_points,
    coalesce(m.second_points, 0.0) as second_points,
    abs(m.most) as most_points,
    s.through,
    p.cumulative_low as low,
    p.cumulative_high as high,
    p.cumulative_likely_low as likely_low,
    p.cumulative_likely_high as likely_high,
    case
        when p.cumulative > 0 and p.cumulative_counted >= 0.95 * p.cumulative then 'counted'
        when m.most_likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * p.cumulative_counted / nullif(p.cumulative, 0), 2) as counted_pct,
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct,
    m.first_low_points,
    m.first_high_points,
    m.first_likely_low_points,
    m.first_likely_high_points,
    m.second_low_points,
    m.second_high_points,
    m.second_likely_low_points,
    m.second_likely_high_points,
    -- The size of a change that may go either way is 0 at the least.
    max(m.most_low, -m.most_high, 0.0) as most_low_points,
    max(-m.most_low, m.most_high) as most_high_points,
    iif(
        m.most_likely_low is null, null, max(m.most_likely_low, -m.most_likely_high, 0.0)
    ) as most_likely_low_points,
    iif(
        m.most_likely_low is null, null, max(-m.most_likely_low, m.most_likely_high)
    ) as most_likely_high_points
from signed as m
inner join labs as l on m.lab = l.id
inner join scopes as s on s.scope = :scope
inner join series_keys as k
    on
        m.lab = k.key
        and k.scope = :scope
        and k.attribution = :attribution
        and k.basis = 'operating'
        and k.dimension = 'lab'
inner join series_points as p on k.id = p.series and substr(s.through, 1, 7) = p.month
left join stated as o on m.lab = o.lab and m.other_country = o.country
left join countries as c on l.country = c.code
left join countries as x on m.other_country = x.code
order by most_points desc, m.lab asc, change asc, m.other_country asc
limit cast(:limit as integer)
