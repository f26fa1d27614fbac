/*
title: Are the best models downloaded most?
theme: Capability
channel: scores
description: >-
  Open models that a publisher has scored and the Hub counts, best first, with their downloads of
  all time and their rank by score and by downloads. Included are only models whose repository the
  publisher names, or that have exactly its name, so the list holds only a part of both. Downloads
  and scores are of different days, and downloads include use by machines. A high score says
  nothing about how much a model is used.
unit: downloads of all time
scope: "{scores}"
parameters:
  scores:
    label: Scores by
    help: Who measured, and which recording. Scores of two different recordings are never compared.
    default: arena-fboulnois
    choices: >-
      select s.source, s.name from capability_sources as s
      where s.source in (select x.source from capability_scores as x)
      order by s.days desc, s.source desc
  limit:
    default: "40"
chart:
  kind: bars
  x: downloads
  y: model
  key: country
  label: country_name
  dimension: country
  unit: downloads
  drawn: 20
  title: "Downloads of the best-scored open models"
columns:
  place_by_score: Place by score among the models that are in both.
  place_by_downloads: Place by downloads among them.
  model: Full name of the model on the Hub.
  name: The model as the publisher names it.
  score: The score on the last day of the source.
  country: ISO 3166-1 alpha-2 code of the lab's country.
  country_name: Name of the country.
  downloads: Newest observed count of all time.
  counted_on: The day of that count.
  scored_on: The day of the list that the score stands in.
*/
with scored as (
    select
        c.model,
        c.name,
        c.value,
        c.as_of,
        row_number() over (partition by c.model order by c.value desc, c.name asc) as best
    from capability_scores as c
    where
        c.source = :scores
        and c.model is not null
        and c.as_of = (
            select max(x.as_of)
            from capability_scores as x
            where x.source = :scores
        )
),

both_known as (
    select
        s.name,
        s.value,
        s.as_of,
        m.name as model,
        m.country,
        m.latest_all_time,
        m.latest_all_time_on
    from scored as s
    inner join models as m on s.model = m.id
    where s.best = 1 and m.latest_all_time is not null
)

select
    rank() over (order by b.value desc) as place_by_score,
    rank() over (order by b.latest_all_time desc) as place_by_downloads,
    b.model,
    b.name,
    b.value as score,
    b.country,
    coalesce(c.name, 'Country not established') as country_name,
    b.latest_all_time as downloads,
    b.latest_all_time_on as counted_on,
    b.as_of as scored_on
from both_known as b
left join countries as c on b.country = c.code
order by b.value desc, b.model asc
limit cast(:limit as integer)
