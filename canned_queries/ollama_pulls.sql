/*
title: Whose models are pulled from the Ollama library?
theme: Channels
channel: ollama
description: >-
  Whose models the Ollama library has handed out, as shares of all pulls of the names that it
  lists, month by month. Ollama shows rounded pulls, so shares have bounds. One name covers all
  sizes of a model; embedding models are large, and deepseek-r1 includes distillations made from
  Qwen and Llama. Names that are not mapped to a lab stay as a key of their own. Pulls are not
  downloads from the Hub and are never added to them.
unit: percent of pulls
scope: "Ollama, by {dimension}, {labs}"
parameters:
  show:
    choices: >-
      select dimension, key, label from channel_series
      where channel = 'ollama' and key is not 'other'
      group by dimension, key order by dimension, max(value) desc, label
  dimension:
    label: Split by
    help: What the pulls are split by.
    default: country
    choices:
      country: country
      region: region
      lab: lab
      family: model family
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
  view:
chart:
  kind: "{view}"
  title: Pulls from the Ollama library
  x: month
  y: share_pct
  low: low_pct
  high: high_pct
  key: key
  label: label
  dimension: "{dimension}"
  unit: "%"
  percent: true
  through: through
  drawn: 6
  note: One channel. Ollama shows pulls rounded; one name is all sizes of a model.
columns:
  month: Month of the last day, YYYY-MM.
  key: Country code, region, lab or family; empty for names that are not mapped, other for the rest.
  label: Name of the key.
  pulls: Pulls of all time by the day, as Ollama showed them.
  low: Lowest sum that the rounding allows.
  high: Highest sum that is possible; empty for the rest.
  share_pct: Share of the channel, percent.
  low_pct: Lowest share that is possible, percent.
  high_pct: Highest share that is possible, percent.
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
        s.high,
        s.share_pct,
        s.low_pct,
        s.high_pct
    from channel_series as s
    where
        s.channel = 'ollama'
        and s.weights = 'all'
        and s.step = 'month'
        and s.dimension = :dimension
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
        p.through = (select max(x.through) from points as x)
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
        p.high,
        p.share_pct,
        p.low_pct,
        p.high_pct
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
    sum(n.value) as pulls,
    sum(n.low) as low,
    iif(n.is_named, max(n.high), null) as high,
    round(sum(n.share_pct), 4) as share_pct,
    iif(n.is_named, round(max(n.low_pct), 4), null) as low_pct,
    iif(n.is_named, round(max(n.high_pct), 4), null) as high_pct,
    sum(n.names) as names,
    max(n.days) as days,
    n.through
from named as n
group by n.month, n.through, n.key, n.label, n.is_named
order by n.through asc, n.is_named desc, pulls desc, n.label asc
