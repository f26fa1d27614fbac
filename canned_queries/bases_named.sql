/*
title: How many downloads go to models with a named base?
theme: Derivatives
description: >-
  Counted by base, a model counts for the lab of the model that it was made from, if its card or a
  document names one. A model without a named base counts as its own, whether or not it was made
  from another. The two cases cannot be told apart, so models made from others are undercounted.
  Downloads are the newest observed counts of all time.
unit: downloads
scope: "{scope}"
parameters:
  scope:
columns:
  named_by: >-
    Who names the base: card (the model's card), document (a document, where the card names none),
    or nobody.
  models: Models with a count of all downloads.
  downloads: Newest observed counts of these models, added up.
  share_pct: Share of the downloads of the scope, percent.
*/
with named as (
    select
        child,
        max(iif(source_url is null, 0, 1)) as by_document
    from lineage
    group by child
),

counted as (
    select
        m.latest_all_time as downloads,
        case
            when n.by_document = 0 then 'card'
            when n.by_document = 1 or m.base_lab <> m.lab then 'document'
            else 'nobody'
        end as named_by
    from models as m
    left join named as n on m.id = n.child
    where
        m.latest_all_time is not null
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and m.in_frontier = 1)
            or (:scope = 'labs' and m.in_labs = 1)
        )
)

select
    named_by,
    count(*) as models,
    sum(downloads) as downloads,
    round(100.0 * sum(downloads) / sum(sum(downloads)) over (), 2) as share_pct
from counted
group by named_by
order by named_by asc
