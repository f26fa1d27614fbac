/*
title: What does each channel count?
theme: Channels
channel: all
description: >-
  The channels side by side: what each counts, what it cannot say, from which day to which day
  there are figures, and how they were gathered. One column gives the percentage of the last day's
  figures that belongs to names of labs in the census. Nothing is added up across channels.
unit: channels
columns:
  channel: Short name.
  name: The channel.
  counts: What it counts.
  limits: What its figures cannot say.
  first_on: First day with figures.
  last_on: Last day with figures.
  days: Days with figures; empty for the Hub.
  age_days: Days from its last day to the last day of any channel.
  names: Number of names it has listed; for the Hub, of models.
  mapped_names: How many of them are mapped to a lab.
  mapped_pct: Percentage of the figures of the last day that is of mapped names.
  gathering: How the figures are gathered.
  url: Where they can be seen.
*/
with last_counts as (
    select
        n.channel,
        n.lab,
        max(c.value) as value
    from channel_counts as c
    inner join channel_names as n on c.name = n.id
    inner join channels as l on c.channel = l.channel
    where c.counted_on > date(l.last_on, '-14 days')
    group by n.channel, n.id, n.lab
)

select
    c.channel,
    c.name,
    c.counts,
    c.limits,
    c.first_on,
    c.last_on,
    c.days,
    cast(
        julianday((select max(x.last_on) from channels as x)) - julianday(c.last_on) as integer
    ) as age_days,
    iif(
        c.channel = 'hub',
        (select count(*) from models),
        (
            select count(*)
            from channel_names as n
            where n.channel = c.channel
        )
    ) as names,
    iif(
        c.channel = 'hub',
        (select count(*) from models),
        (
            select count(*)
            from channel_names as n
            where n.channel = c.channel and n.lab is not null
        )
    ) as mapped_names,
    iif(
        c.channel = 'hub',
        100.0,
        (
            select round(100.0 * sum(iif(v.lab is not null, v.value, 0)) / nullif(sum(v.value), 0), 2)
            from last_counts as v
            where v.channel = c.channel
        )
    ) as mapped_pct,
    c.gathering,
    c.url
from channels as c
order by c.place
