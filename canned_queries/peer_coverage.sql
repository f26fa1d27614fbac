/*
title: Models of other trackers' lists
theme: Coverage
description: >-
  How many models of another tracker's list the census knows, and how many of them have the all-time
  count without which a model is in no cumulative figure.
unit: models
columns:
  tracker: Whose list.
  listed_on: The day of the list.
  listed: Models on the list.
  known: Of those, models that the census knows.
  with_counts: Of those, models with an observed all-time count.
  source_url: Address of the list.
*/
select
    p.tracker,
    max(p.listed_on) as listed_on,
    count(*) as listed,
    count(distinct p.model) as known,
    count(distinct iif(m.latest_all_time is null, null, m.id)) as with_counts,
    min(p.source_url) as source_url
from peer_models as p
left join models as m on p.model = m.id
group by p.tracker
order by p.tracker
