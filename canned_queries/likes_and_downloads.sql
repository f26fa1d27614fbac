/*
title: Which of the most downloaded models are liked most?
theme: Models
description: >-
  Likes per million downloads among the most downloaded models. Likes are given by people with an
  account; downloads are requests, most of them by machines. Both are of the same day, that of the
  model's newest all-time count, which can differ from model to model.
unit: likes per million downloads
scope: "{scope}, {country}"
parameters:
  scope:
  country:
  among:
    label: Among
    help: How many of the most downloaded models are compared, from 10 to 1000.
    default: "100"
    pattern: integer
    min: 10
    max: 1000
  limit:
    default: "50"
chart:
  kind: bars
  title: Likes per million downloads
  x: likes_per_million
  y: model
  key: country
  label: country_name
  dimension: country
  unit: likes
  drawn: 20
columns:
  place: Rank by likes per million downloads, among the rows shown.
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  likes: Likes on the same day.
  downloads: Newest observed count of all time.
  counted_on: The day of both.
  likes_per_million: Likes per million downloads.
  place_by_downloads: Rank by downloads among the models compared.
  place_by_likes: Rank by likes among the models compared.
*/
with chosen as (
    select
        id,
        name,
        lab,
        country,
        latest_all_time,
        latest_all_time_on
    from models
    where
        latest_all_time > 0
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and in_frontier = 1)
            or (:scope = 'labs' and in_labs = 1)
        )
        and (:country = '' or country = :country)
    order by latest_all_time desc
    limit cast(:among as integer)
),

compared as (
    select
        c.id,
        c.name,
        c.lab,
        c.country,
        c.latest_all_time,
        c.latest_all_time_on,
        max(h.likes) as likes
    from chosen as c
    inner join snapshots as s on c.latest_all_time_on = s.date
    inner join history as h on s.day = h.day and c.id = h.model
    where h.likes is not null
    group by c.id, c.name, c.lab, c.country, c.latest_all_time, c.latest_all_time_on
)

select
    row_number() over (order by 1000000.0 * m.likes / m.latest_all_time desc, m.name asc) as place,
    m.name as model,
    l.name as lab,
    m.country,
    coalesce(c.name, 'Country not established') as country_name,
    m.likes,
    m.latest_all_time as downloads,
    m.latest_all_time_on as counted_on,
    round(1000000.0 * m.likes / m.latest_all_time, 2) as likes_per_million,
    rank() over (order by m.latest_all_time desc) as place_by_downloads,
    rank() over (order by m.likes desc) as place_by_likes
from compared as m
inner join labs as l on m.lab = l.id
left join countries as c on m.country = c.code
order by place
limit cast(:limit as integer)
