/*
title: Which models belong to a family?
theme: Profiles
description: >-
  The models of one family with their newest counts, and why each is counted by default or not. A
  model belongs to a family by its name, among a lab's own models. What others made from them is in
  the questions on derivatives.
unit: downloads
scope: "{family}"
parameters:
  family:
    label: Family
    help: The model family, by the names of its models. The list begins with the largest.
    choices: >-
      select f.id, f.name from families as f
      where exists (select 1 from models as m where m.family = f.id)
      order by (
        select sum(m.latest_all_time) from models as m where m.family = f.id and m.in_frontier = 1
      ) desc, f.id
  limit:
columns:
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  released_on: Day of a dated announcement, or else of creation on the Hub.
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
    l.name as lab,
    m.released_on,
    m.parameters,
    m.licence,
    m.latest_all_time as downloads_all_time,
    m.latest_all_time_on as all_time_on,
    m.latest_30d as downloads_30d,
    m.latest_30d_on as counted_30d_on,
    m.in_frontier,
    m.scope_reason as why
from models as m
inner join labs as l on m.lab = l.id
where m.family = :family
order by m.latest_all_time desc nulls last, m.latest_30d desc nulls last, m.name asc
limit cast(:limit as integer)
