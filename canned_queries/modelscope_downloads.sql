/*
title: How many downloads does China's ModelScope count?
theme: Channels
channel: modelscope
description: >-
  Downloads of all time that ModelScope shows for the repositories of 24 makers, nearly all of them
  in China. Each has the lowest and highest sum that the crawls allow: a repository that a crawl
  missed is taken to lie between its counts before and after. The list covers some makers, not all
  of ModelScope, so there are no shares; a maker's first appearance is not a launch. The account
  iic, Alibaba's speech and text recognition, is not a lab of the census and is not mapped.
unit: downloads of all time
scope: "ModelScope, 24 makers, by {dimension}, {labs}"
parameters:
  show:
    choices: >-
      select dimension, key, label from channel_series
      where channel = 'modelscope' and key is not 'other'
      group by dimension, key order by dimension, max(value) desc, label
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: lab
    choices:
      lab: lab
      family: model family
      country: country
  top:
    label: How many are named
    help: How many of the largest are named, from 1 to 50. The rest is one row, other.
    default: "8"
    pattern: integer
    min: 1
    max: 50
  labs:
    label: Labs
    help: All of them, or the five whose models are downloaded most from the Hub.
    default: ""
    optional: All labs
    choices:
      five: the five labs with the most downloads from the Hub
  since:
  until:
  unmapped:
    label: Unmapped names
    help: Whether names that belong to no lab of the census have a row.
    default: "no"
    choices:
      "no": left out
      "yes": shown
  view:
chart:
  kind: "{view}"
  title: All-time downloads from ModelScope
  x: month
  y: downloads
  low: low
  high: high
  key: key
  label: label
  dimension: "{dimension}"
  unit: downloads
  through: through
  drawn: 6
  note: A list of 24 makers, not all of ModelScope, which is used mostly inside China.
columns:
  month: Month of the last day, YYYY-MM.
  key: Country code, region, lab or family; empty for names that are not mapped, other for the rest.
  label: Name of the key.
  downloads: Downloads by the day, each repository as it was last read.
  low: Lowest sum that the crawls allow.
  high: Highest sum that is possible; empty for the rest.
  names: How many names of the channel are in it.
  days: Days that are summed; 1 for a counter.
  through: Last day counted in the row.
*/
with five as (
    -- The five labs whose models are downloaded most from the Hub, for the same labs on each channel.
    select k.key
    from series_keys as k
    inner join series_points as p on k.id = p.series
    where
        k.scope = 'frontier'
        and k.attribution = 'publisher'
        and k.basis = 'operating'
        and k.dimension = 'lab'
        and k.key is not null
        and p.month = (
            select max(x.month)
            from series_points as x
            where x.series = k.id
        )
    order by p.cumulative desc
    limit 5
),

points as (
    select
        s.month,
        s.through,
        s.key,
        s.label,
        s.names,
        s.days,
        s.value,
        s.low,
        s.high
    from channel_series as s
    where
        s.channel = 'modelscope'
        and s.weights = 'all'
        and s.step = 'month'
        and s.dimension = :dimension
        and (:unmapped = 'yes' or s.key is not null)
        and (:since = '' or s.month >= :since)
        and (:until = '' or s.month <= :until)
        and (:labs = '' or (:dimension = 'lab' and s.key in (select f.key from five as f)))
),

ranked as (
    select
        p.key,
        p.label,
        row_number() over (order by p.value desc, p.label asc) as place
    from points as p
    where
        p.month = (select max(x.month) from points as x)
        and p.key is not 'other'
),

placed as (
    select
        p.month,
        p.through,
        p.key as own_key,
        p.label as own_label,
        case
            when :show = '' then r.place is not null and r.place <= cast(:top as integer)
            else instr('~' || :show || '~', '~' || coalesce(p.key, 'unverified') || '~') > 0
        end as is_named,
        p.names,
        p.days,
        p.value,
        p.low,
        p.high
    from points as p
    left join ranked as r on p.key is r.key and p.label = r.label
),

named as (
    select
        *,
        iif(is_named, own_key, 'other') as key,
        iif(is_named, own_label, 'Other') as label
    from placed
)

select
    n.month,
    n.key,
    n.label,
    sum(n.value) as downloads,
    sum(n.low) as low,
    iif(n.is_named, max(n.high), null) as high,
    sum(n.names) as names,
    max(n.days) as days,
    n.through
from named as n
group by n.month, n.through, n.key, n.label, n.is_named
order by n.through asc, n.is_named desc, downloads desc, n.label asc
