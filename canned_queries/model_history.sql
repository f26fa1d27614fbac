/*
title: What was counted of a model on each day?
theme: Models
description: >-
  What each source said about one model on each day: facts, never edited and never filled in. The
  30-day windows overlap from day to day, so their counts are never added up.
unit: downloads of the last 30 days, and of all time
scope: "{model}"
answer: >-
  {last} counted {last_value} downloads in the 30 days {when}.
parameters:
  model:
chart:
  kind: curve
  x: date
  y: downloads_30d
  title: "{model}: downloads of the last 30 days, as observed"
  points: source
  key: source
  label: source
  unit: downloads
columns:
  date: Day of the observation.
  source: Where it came from, as in the table sources.
  downloads_30d: Downloads of the last 30 days, the Hub's rolling window.
  downloads_all_time: Downloads of all time.
  likes: Likes.
*/
select
    s.date,
    o.slug as source,
    h.downloads_30d,
    h.downloads_all_time,
    h.likes
from snapshots as s
cross join history as h
    on
        s.day = h.day
        and h.model = (
            select m.id
            from models as m
            where m.name = :model
        )
inner join sources as o on h.source = o.id
order by s.day, h.source
