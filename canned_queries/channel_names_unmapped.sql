/*
title: Which names on other channels belong to no lab?
theme: Channels
channel: all
description: >-
  Names on other channels that are not mapped to a lab of the census, largest first, with who makes
  them where that is known. A name is mapped by the same repository on the Hub, by a written rule
  or by a document, and otherwise not at all.
unit: by channel
scope: "{channel}"
parameters:
  channel:
    label: Channel
    help: The channel whose names are shown.
    default: ollama
    choices: select c.channel, c.name from channels as c where c.channel <> 'hub' order by c.place
  limit:
columns:
  name: The name on the channel.
  maker: Who makes it, where that is known and is no lab of the census.
  says: What is known about it.
  counted: Largest figure that was stated, in the channel's unit.
  share_pct: Percentage of the sum of the largest figures of all names.
  last_on: Last day on which the name was listed.
*/
with largest as (
    select
        c.name,
        max(c.value) as counted,
        max(c.counted_on) as last_on
    from channel_counts as c
    where c.channel = :channel
    group by c.name
)

select
    n.name,
    n.maker,
    n.says,
    g.counted,
    round(100.0 * g.counted / (select nullif(sum(x.counted), 0) from largest as x), 2) as share_pct,
    g.last_on
from channel_names as n
inner join largest as g on n.id = g.name
where n.lab is null
order by g.counted desc, n.name asc
limit cast(:limit as integer)
