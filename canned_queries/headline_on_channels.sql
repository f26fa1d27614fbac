/*
title: Does the headline hold on every channel?
theme: Channels
channel: all
description: >-
  Whether one country's models are ahead of another's on each channel. On the Hub that is by
  downloads of all time, in the Ollama library by pulls. On OpenRouter it is by tokens of the last
  week, for all models and for those with open weights. A country is said to be ahead only if its
  lowest possible share is above the other's highest, even if every unmapped name were the other's.
  Nearly all makers on the ModelScope list are of one country, so it decides nothing.
unit: percent of the channel
scope: "{first} and {second}"
answer: >-
  {first_name} has {first_range} of a channel and {second_name} {second_range}, depending on the
  channel and on whether closed models count.
parameters:
  first:
    label: First country
    help: The country that is asked about.
    default: CN
    choices: &countries >-
      select c.code, c.name from countries as c
      where exists (select 1 from models as m where m.country = c.code) order by c.name
  second:
    label: Second country
    help: The country that it is compared with.
    default: US
    choices: *countries
chart:
  kind: dots
  title: "Shares of {first} and {second} on each channel"
  rows: of_what
  x: share_pct
  y: what
  low: low_pct
  high: high_pct
  key: country
  label: country_name
  dimension: country
  unit: "%"
  percent: true
  drawn: 10
  note: Each channel counts something different. ModelScope, a list of makers, has no shares.
columns:
  channel: Short name of the channel.
  what: The channel, all of it or its open weights, and the country.
  country: ISO 3166-1 alpha-2 code.
  country_name: Name of the country.
  share_pct: Share of the channel, percent.
  low_pct: Lowest share that is possible, percent.
  high_pct: Highest share that is possible, percent.
  is_ahead: yes where the first country is ahead for certain, no where the second is, else not decided.
  through: The last day that is counted.
  of_what: The channel, all of it or its open weights.
  likely_low_pct: >-
    Lower end of the 90 % interval of the Hub's share; empty where there is none, and of other channels,
    whose figures are counts.
  likely_high_pct: Upper end of the 90 % interval of the Hub's share.
  rests_on: >-
    Of the Hub counted where 95 % or more of the downloads are in models counted on the day. Else estimated
    where there is a likely interval, bounds where there is none.
  counted_pct: Part of the Hub's downloads in models counted on the day, percent.
  covered_pct: >-
    Part of the Hub's downloads of the last 30 days in models with an all-time count, percent; empty
    where no 30-day count is near.
*/
with points as (
    select
        'hub' as channel,
        'all' as weights,
        k.key,
        k.cumulative_share_pct as share_pct,
        k.cumulative_low_pct as low_pct,
        k.cumulative_high_pct as high_pct,
        k.through,
        k.cumulative_likely_low_pct as likely_low_pct,
        k.cumulative_likely_high_pct as likely_high_pct,
        k.cumulative_rests_on as rests_on,
        round(100.0 * k.cumulative_counted / nullif(k.cumulative, 0), 2) as counted_pct,
        round(100.0 * k.covered / nullif(k.coverable, 0), 2) as covered_pct
    from series as k
    where
        k.scope = 'frontier'
        and k.attribution = 'publisher'
        and k.basis = 'operating'
        and k.dimension = 'country'
        and k.through = (
            select t.through
            from scopes as t
            where t.scope = 'frontier'
        )
    union all
    select
        s.channel,
        s.weights,
        s.key,
        s.share_pct,
        s.low_pct,
        s.high_pct,
        s.through,
        null as likely_low_pct,
        null as likely_high_pct,
        null as rests_on,
        null as counted_pct,
        null as covered_pct
    from channel_series as s
    inner join channels as c on s.channel = c.channel
    where
        s.dimension = 'country'
        and s.step = iif(c.kind = 'daily', 'week', 'month')
        and s.share_pct is not null
        and s.through = (
            select max(x.through)
            from channel_series as x
            where x.channel = s.channel
        )
),

places as (
    select distinct
        p.channel,
        p.weights,
        p.through
    from points as p
)

select
    a.channel,
    iif(a.weights = 'open', 'Open weights on ', '')
    || iif(a.channel = 'hub', 'Hub', h.name) || ', ' || c.name as what,
    c.code as country,
    c.name as country_name,
    round(coalesce(p.share_pct, 0.0), 2) as share_pct,
    round(coalesce(p.low_pct, 0.0), 2) as low_pct,
    round(coalesce(p.high_pct, 0.0), 2) as high_pct,
    case
        when f.low_pct > coalesce(s.high_pct, 0.0) + coalesce(u.high_pct, 0.0) then 'yes'
        when s.low_pct > coalesce(f.high_pct, 0.0) + coalesce(u.high_pct, 0.0) then 'no'
        else 'not decided'
    end as is_ahead,
    a.through,
    iif(a.weights = 'open', 'Open weights on ', '')
    || iif(a.channel = 'hub', 'Hub', h.name) as of_what,
    p.likely_low_pct,
    p.likely_high_pct,
    p.rests_on,
    p.counted_pct,
    p.covered_pct
from places as a
inner join channels as h on a.channel = h.channel
cross join countries as c
left join points as p on a.channel = p.channel and a.weights = p.weights and c.code = p.key
left join points as f on a.channel = f.channel and a.weights = f.weights and f.key = :first
left join points as s on a.channel = s.channel and a.weights = s.weights and s.key = :second
left join points as u on a.channel = u.channel and a.weights = u.weights and u.key is null
where c.code in (:first, :second)
order by h.place asc, a.weights asc, c.code <> :first asc
