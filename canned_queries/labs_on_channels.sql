/*
title: On which channels are a lab's models used?
theme: Channels
channel: all
description: >-
  One lab, or the five labs whose models are downloaded most from the Hub, on every channel. The
  rows give what was counted up to the channel's last day, and its share where the whole channel is
  listed. They also give the best and the worst rank among labs that the bounds allow. Channels
  count different things; their figures stand side by side and are never added up.
unit: by channel
scope: "{lab}"
parameters:
  lab:
    label: Lab
    help: >-
      The lab that is shown. Left empty, it is the five labs with the most downloads from the Hub.
    default: ""
    optional: The five labs with the most downloads from the Hub
    choices: select l.id, l.name from labs as l order by l.name
columns:
  channel: Short name of the channel.
  channel_name: The channel.
  lab: Short name of the lab.
  lab_name: The lab.
  counted: What was counted up to the day, in the unit of the channel; of OpenRouter in the last week.
  low: Lowest count that is possible.
  high: Highest count that is possible; empty where nothing limits it.
  unit: What is counted.
  share_pct: Share of the channel, percent; empty where it lists some makers only.
  low_pct: Lowest share that is possible, percent.
  high_pct: Highest share that is possible, percent.
  place_from: The best place among the channel's labs that the bounds allow.
  place_to: The worst place that they allow.
  through: The last day that is counted.
  likely_low: >-
    Lower end of the 90 % interval of the Hub's estimate; empty where there is none, and of other
    channels, whose figures are counts.
  likely_high: Upper end of the 90 % interval of the Hub's estimate.
  likely_low_pct: Lower end of the 90 % interval of the Hub's share.
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
    select *
    from newest_on_channels
    where dimension = 'lab'
),

five as (
    select p.key
    from points as p
    where p.channel = 'hub'
    order by p.value desc
    limit 5
)

select
    p.channel,
    c.name as channel_name,
    p.key as lab,
    p.label as lab_name,
    p.value as counted,
    p.low,
    p.high,
    c.unit,
    round(p.share_pct, 2) as share_pct,
    round(p.low_pct, 2) as low_pct,
    round(p.high_pct, 2) as high_pct,
    (
        select 1 + count(*)
        from points as x
        where x.channel = p.channel and x.low > p.high
    ) as place_from,
    (
        select count(*)
        from points as x
        where x.channel = p.channel and (x.high is null or x.high >= p.low)
    ) as place_to,
    p.through,
    p.likely_low,
    p.likely_high,
    p.likely_low_pct,
    p.likely_high_pct,
    p.rests_on,
    p.counted_pct,
    p.covered_pct
from points as p
inner join channels as c on p.channel = c.channel
where p.key = :lab or (:lab = '' and p.key in (select f.key from five as f))
order by c.place asc, p.value desc
