/*
title: Whose models are used through OpenRouter?
theme: Channels
channel: openrouter
description: >-
  Whose models are used through one router, as shares of its prompt and completion tokens, by week
  or month. OpenRouter lists the fifty largest models of a day and gives the rest as one sum, which
  could be anybody's and so widens the bounds of every share. Closed models are included unless
  only open weights are chosen; then models whose weights are not stated widen the bounds. Users
  choose this router themselves, and every provider counts tokens in its own way. Source:
  OpenRouter (openrouter.ai/rankings), as of the day shown.
unit: percent of tokens
scope: "OpenRouter, {weights}, by {dimension}, {labs}"
parameters:
  show:
    choices: >-
      select dimension, key, label from channel_series
      where channel = 'openrouter' and key is not 'other'
      group by dimension, key order by dimension, max(value) desc, label
  dimension:
    label: Split by
    help: What the tokens are split by.
    default: country
    choices:
      country: country
      region: region
      lab: lab
      weights: open or closed weights
      family: model family
  weights:
    label: Models
    help: All models, or those whose weights are open.
    default: all
    choices:
      all: all models
      open: models with open weights
  step:
    help: Rows by week or by month. Weeks end on the last day and every seven days before it.
    default: week
    choices:
      week: by week
      month: by month
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
limits:
  - parameter: weights
    values: select 'open'
    because: leaves closed models out
    allowed:
      dimension: [country, region, lab, family]
chart:
  kind: "{view}"
  title: Tokens through OpenRouter
  x: month
  y: share_pct
  low: low_pct
  high: high_pct
  key: key
  label: label
  dimension: "{dimension}"
  unit: "%"
  percent: true
  monthly: true
  through: through
  drawn: 6
  note: One router, whose users choose it themselves.
columns:
  month: Month of the last day, YYYY-MM.
  key: >-
    Country code, region, lab, family, open or closed; empty for names that are not mapped, other for
    the rest and for what OpenRouter does not list.
  label: Name of the key.
  tokens: Prompt and completion tokens of the days.
  low: >-
    Equal to tokens: what is not listed could add to it, not take from it.
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
        s.channel = 'openrouter'
        and s.weights = :weights
        and s.step = :step
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
    sum(n.value) as tokens,
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
order by n.through asc, n.is_named desc, tokens desc, n.label asc
