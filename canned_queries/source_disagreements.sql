/*
title: Where do sources disagree?
theme: Coverage
description: >-
  Models for which two sources gave different counts for the same day, largest difference first.
  Sources take their snapshots at different hours, so small differences are expected. Days on which
  sources agree, or have no model in common, have no rows.
unit: downloads
scope: "{day}"
parameters:
  day:
    label: Day
    help: A day on which more than one source has observations.
    optional: The newest day on which they differ
    choices: >-
      select date, date from observation_files
      group by date having count(distinct source) > 1 order by date desc
  limit:
columns:
  date: The day.
  model: Full name of the model on the Hub.
  first_source: First source.
  second_source: Second source.
  first_all_time: All-time count by the first source.
  second_all_time: All-time count by the second source.
  first_30d: 30-day count by the first source.
  second_30d: 30-day count by the second source.
  difference: The larger of the two differences.
*/
with chosen as (
    select
        s.day,
        s.date
    from snapshots as s
    where
        s.date = coalesce(
            nullif(:day, ''),
            (
                select n.date
                from snapshots as n
                where
                    exists (
                        select 1
                        from observation_files as f
                        inner join observation_files as g
                            on f.date = g.date and f.source < g.source
                        where f.date = n.date
                    )
                    and exists (
                        select 1
                        from history as g
                        inner join history as h
                            on g.day = h.day and g.model = h.model and g.source < h.source
                        where
                            g.day = n.day
                            and (
                                g.downloads_all_time <> h.downloads_all_time
                                or g.downloads_30d <> h.downloads_30d
                            )
                    )
                order by n.day desc
                limit 1
            )
        )
),

pairs as (
    select
        c.date,
        a.model,
        a.source as first_source,
        b.source as second_source,
        a.downloads_all_time as first_all_time,
        b.downloads_all_time as second_all_time,
        a.downloads_30d as first_30d,
        b.downloads_30d as second_30d,
        max(
            coalesce(abs(a.downloads_all_time - b.downloads_all_time), 0),
            coalesce(abs(a.downloads_30d - b.downloads_30d), 0)
        ) as difference
    from chosen as c
    cross join history as a on c.day = a.day
    inner join history as b on a.day = b.day and a.model = b.model and a.source < b.source
)

select
    p.date,
    m.name as model,
    x.slug as first_source,
    y.slug as second_source,
    p.first_all_time,
    p.second_all_time,
    p.first_30d,
    p.second_30d,
    p.difference
from pairs as p
inner join models as m on p.model = m.id
inner join sources as x on p.first_source = x.id
inner join sources as y on p.second_source = y.id
where p.difference > 0
order by p.difference desc, m.name asc, x.slug asc, y.slug asc
limit cast(:limit as integer)
