/*
title: What part of a model's downloads goes to its derivatives?
theme: Derivatives
description: >-
  A model's 30-day downloads, those of the models made from it, and what percentage of both goes to
  the latter. The day is the one on which most of them were counted together with the model itself.
  The derivatives are a selection that others made, not the whole Hub, so each percentage is a
  minimum. A model made from several bases counts for the nearest if all are of one lab, and for
  none otherwise.
unit: percent of the 30-day downloads
scope: "{depth}, models with at least {at_least} counted derivatives"
answer: >-
  Of the models shown, {no1} has the largest share: at least {no1_value} of the downloads go to models
  made from it.
parameters:
  depth:
    label: Base
    help: The parent that a card names, or the original model that the chain of parents leads to.
    default: root
    choices:
      direct: the direct parent
      root: the original model
  at_least:
    label: Minimum of derivatives
    help: Models with fewer derivatives counted on the day are left out, from 1 to 1000.
    default: "5"
    pattern: integer
    min: 1
    max: 1000
  limit:
chart:
  kind: bars
  title: "Share of downloads that goes to derivatives, by base model"
  x: part_pct
  y: base
  unit: "%"
  percent: true
  drawn: 15
  date: counted_on
columns:
  base: Full name of the model.
  lab: Identifier of its lab.
  counted_on: Day on which the model and the derivatives were counted.
  downloads_30d: Downloads of the model itself in the 30 days to the day.
  derivatives: Derivatives counted on the day.
  derivatives_30d: Downloads of these derivatives in the 30 days to the day.
  by_others_30d: Downloads of those among them that are not of the model's own lab.
  part_pct: >-
    Percentage of the downloads of both that is of the derivatives; at least that much, since more
    are made than are listed.
  by_others_pct: The same percentage for derivatives that are not of the model's own lab.
*/
with children as (
    select
        child,
        counted_on,
        max(downloads_30d) as downloads_30d
    from derivatives
    where downloads_30d is not null
    group by child, counted_on
),

made as (
    select
        d.base,
        c.counted_on,
        count(*) as derivatives,
        sum(c.downloads_30d) as derivatives_30d,
        sum(iif(d.own = 1, 0, c.downloads_30d)) as by_others_30d
    from derived_models as d
    inner join children as c on d.child = c.child
    where d.depth = :depth and d.base is not null
    group by d.base, c.counted_on
),

own as (
    select
        m.name,
        m.lab,
        s.date,
        h.downloads_30d,
        row_number() over (partition by m.id, s.date order by o.preference) as source_place
    from (select distinct counted_on from made) as t
    inner join snapshots as s on t.counted_on = s.date
    inner join history as h on s.day = h.day
    inner join models as m on h.model = m.id
    inner join sources as o on h.source = o.id
    where h.downloads_30d is not null
),

both as (
    select
        k.base,
        w.lab,
        k.counted_on,
        w.downloads_30d,
        k.derivatives,
        k.derivatives_30d,
        k.by_others_30d,
        row_number() over (
            partition by k.base order by k.derivatives desc, k.counted_on desc
        ) as day_place
    from made as k
    inner join own as w on k.base = w.name and k.counted_on = w.date and w.source_place = 1
    where k.derivatives >= cast(:at_least as integer)
)

select
    base,
    lab,
    counted_on,
    downloads_30d,
    derivatives,
    derivatives_30d,
    by_others_30d,
    round(100.0 * derivatives_30d / nullif(derivatives_30d + downloads_30d, 0), 2) as part_pct,
    round(100.0 * by_others_30d / nullif(derivatives_30d + downloads_30d, 0), 2) as by_others_pct
from both
where day_place = 1 and derivatives_30d + downloads_30d > 0
order by part_pct desc, derivatives desc, base asc
limit cast(:limit as integer)
