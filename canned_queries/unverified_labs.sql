/*
title: Which labs' countries are not established?
theme: Origins
description: >-
  Labs for which no document that states a country has been found. Their country is not
  established, and they are never counted for any country. A document that names their base is
  welcome.
unit: labs
scope: every lab of the registry
columns:
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  kind: Company, university, nonprofit, government, community or individual.
  models: Models that the census knows.
  models_in_frontier: Models counted by default.
  downloads: Newest observed all-time counts of the lab's models, added up.
  counted_to: Newest day of these counts.
*/
select
    l.id as lab,
    l.name as lab_name,
    l.kind,
    count(m.id) as models,
    coalesce(sum(m.in_frontier), 0) as models_in_frontier,
    sum(m.latest_all_time) as downloads,
    max(m.latest_all_time_on) as counted_to
from labs as l
left join models as m on l.id = m.lab
where l.country is null and l.role = 'lab'
group by l.id, l.name, l.kind
order by downloads desc nulls last, l.id asc
