/*
title: Whose models of one kind are downloaded most?
theme: Models
description: >-
  Downloads of the last 30 days on one day, of all models of labs of one kind (embedding, image,
  speech, video and so on), by country, lab or family. The counts are exact, of the models that a
  source counted on that day; the number of known models stands beside them. Models whose kind no
  source states are a kind of their own.
unit: percent of downloads of models of the kind “{task}”
scope: "{task} models of labs, downloads of the last 30 days, by {dimension}, {on}"
parameters:
  task:
    default: embedding
    optional:
    choices:
      language: language
      vision-language: vision-language
      any-to-any: any-to-any
      embedding: embedding
      image: image-making
      speech: speech and audio
      video: video-making
      vision: image-recognising
      other: other
      unknown: kind not stated
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: country
    choices:
      country: country
      lab: lab
      family: model family
  "on":
    help: >-
      The day of the 30-day counts. Left empty, it is the last day on which models of labs were
      counted.
    optional: the last day counted
    choices: >-
      select counted_on, counted_on from recent_days
      where scope = 'labs' group by counted_on order by counted_on desc
  limit:
chart:
  kind: bars
  title: "Downloads of models of the kind “{task}”"
  x: share_pct
  y: label
  key: key
  label: label
  dimension: "{dimension}"
  date: counted_on
  unit: "%"
  percent: true
  drawn: 20
columns:
  place: Rank by downloads; empty for what is unknown.
  key: Code of the country, or the lab or family; empty is unknown.
  label: Name of the key.
  downloads: Exact sum of the 30-day counts on the day.
  share_pct: Share of all downloads of the kind that were counted on the day, percent.
  models: Models of the kind that were counted on the day.
  known_models: Models of the kind that the census knows.
  counted_on: The day of the counts.
  largest_model: The most downloaded model of the key.
*/
with chosen_day as (
    select
        case
            when :on <> '' then :on
            else (
                select max(d.counted_on)
                from recent_days as d
                inner join scopes as s on d.scope = s.scope
                where d.scope = 'labs' and d.counted_on <= s.through
            )
        end as counted_on
),

known as (
    select
        m.id,
        m.name,
        case :dimension
            when 'country' then m.country
            when 'lab' then m.lab
            else m.family
        end as key
    from models as m
    where
        m.in_labs = 1
        and case :task when 'language' then 'text' else :task end = coalesce(m.modality, 'unknown')
),

counts as (
    select
        k.key,
        k.name,
        r.downloads_30d,
        d.counted_on,
        row_number() over (partition by k.key order by r.downloads_30d desc, k.name asc) as place
    from chosen_day as d
    inner join recent_counts as r on d.counted_on = r.counted_on
    inner join known as k on r.model = k.id
),

sums as (
    select
        key,
        counted_on,
        count(*) as models,
        sum(downloads_30d) as downloads,
        max(case when place = 1 then name end) as largest_model
    from counts
    group by key, counted_on
),

knowns as (
    select
        key,
        count(*) as known_models
    from known
    group by key
)

select
    case
        when s.key is not null
            then
                row_number()
                    over (partition by s.key is null order by s.downloads desc, s.key asc)
    end as place,
    s.key,
    coalesce(
        c.name,
        l.name,
        f.name,
        case :dimension when 'country' then 'Country not established' else 'No named family' end
    ) as label,
    s.downloads,
    round(100.0 * s.downloads / nullif(sum(s.downloads) over (), 0), 4) as share_pct,
    s.models,
    n.known_models,
    s.counted_on,
    s.largest_model
from sums as s
inner join knowns as n on s.key is n.key
left join countries as c on s.key = c.code and :dimension = 'country'
left join labs as l on s.key = l.id and :dimension = 'lab'
left join families as f on s.key = f.id and :dimension = 'family'
order by s.downloads desc, s.key asc
limit cast(:limit as integer)
