/*
title: Which large publishers are missing from the census?
theme: Coverage
description: >-
  Accounts on the Hub with at least 100,000 downloads in a bundled source that belong to no lab of
  the census: their models are in no figure. The source is itself a selection, so the list is not
  complete. A document that says who they are is welcome.
unit: downloads
scope: namespaces that no lab of the registry owns
parameters:
  limit:
chart:
  kind: bars
  title: Publishers that are not in the census
  x: downloads_all_time
  y: namespace
  date: counted_on
  unit: downloads
  drawn: 20
columns:
  place: Rank by downloads.
  namespace: Name on the Hub.
  models: Models of the namespace in the source.
  downloads_all_time: All-time counts of the account's models, added up.
  downloads_30d: Counts of the last 30 days of the account's models, added up.
  counted_on: Day of the counts.
  source: Name of the source.
  source_url: Address of the source.
*/
select
    row_number() over (order by u.downloads_all_time desc, u.namespace asc) as place,
    u.namespace,
    u.models,
    u.downloads_all_time,
    u.downloads_30d,
    u.counted_on,
    s.name as source,
    s.url as source_url
from unregistered_publishers as u
inner join sources as s on u.source = s.slug
order by place
limit cast(:limit as integer)
