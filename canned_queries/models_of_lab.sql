/*
title: Which models did a lab publish?
theme: Labs
description: >-
  The models of one lab with their newest counts, and why each is counted by default or not.
unit: downloads
scope: "{lab}"
parameters:
  lab:
  limit:
    default: "1000"
columns:
  model: Full name of the model on the Hub.
  released_on: Day of a dated announcement, or else of creation on the Hub.
  family: Model family.
  parameters: Parameters in total.
  licence: Licence as the Hub tags it.
  downloads_all_time: Newest observed count of all time.
  all_time_on: Day of the newest all-time count.
  downloads_30d: Newest observed count of the last 30 days.
  counted_30d_on: Day of the newest 30-day count.
  in_frontier: 1 if the model is counted by default.
  why: Why it is or is not.
*/
select
    m.name as model,
    m.released_on,
    f.name as family,
    m.parameters,
    m.licence,
    m.latest_all_time as downloads_all_time,
    m.latest_all_time_on as all_time_on,
    m.latest_30d as downloads_30d,
    m.latest_30d_on as counted_30d_on,
    m.in_frontier,
    m.scope_reason as why
from models as m
left join families as f on m.family = f.id
where m.lab = :lab
order by m.latest_all_time desc nulls last, m.latest_30d desc nulls last, m.name asc
limit cast(:limit as integer)
