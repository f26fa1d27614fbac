/*
title: How many downloads have a named base model?
theme: Derivatives
description: >-
  By base a model counts for the lab of the model that it was made from, as far as its card or a
  document names one. A model without a named base counts as its own, whether it was made from
  another or not. Nobody can tell the two apart, so what is made from others is understated.
  Newest observed counts of all downloads.
unit: downloads
scope: "{scope}"
parameters:
  scope:
columns:
  named_by: >-
    Who names the base - card (the model's card), document (a document, where the card names none), or
    nobody.
  models: Models with a count of all downloads.
  downloads: Their newest observed counts, added.
  share_pct: Their share of the scope's, percent.
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
