/*
title: What is not known about the most popular models?
theme: Coverage
description: >-
  Those of the 200 most downloaded models whose size, licence, family, task or date the census does
  not know. What is unknown stays empty until a document says it.
unit: downloads
scope: "{scope}"
parameters:
  scope:
columns:
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  place: Rank among the most downloaded models of the scope.
  downloads: Newest observed count of all downloads.
  counted_on: Day of the newest observed count.
  missing: What is unknown.
*/
with placed as (
    select
        m.name as model,
        l.name as lab,
        row_number() over (order by m.latest_all_time desc, m.name asc) as place,
        m.latest_all_time as downloads,
        m.latest_all_time_on as counted_on,
        rtrim(
            iif(m.parameters is null, 'size, ', '')
            || iif(m.licence is null, 'licence, ', '')
            || iif(m.family is null, 'family, ', '')
            || iif(m.modality is null, 'task, ', '')
            || iif(m.released_on is null, 'date, ', ''),
            ', '
        ) as missing
    from models as m
    inner join labs as l on m.lab = l.id
    where
        m.latest_all_time is not null
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and m.in_frontier = 1)
            or (:scope = 'labs' and m.in_labs = 1)
        )
)

select
    model,
    lab,
    place,
    downloads,
    counted_on,
    missing
from placed
where place <= 200 and missing <> ''
order by place asc
