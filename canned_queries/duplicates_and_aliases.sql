/*
title: Which models have more than one name?
theme: Coverage
description: >-
  Former names of models, which count as one model here, and models that other trackers' lists have
  twice because a name changed. A model's identity is the Hub's own identifier; names change.
unit: names
scope: "every model, {kind}"
parameters:
  kind:
    label: Kind
    help: Which names are shown.
    default: ""
    optional: All kinds
    choices:
      former name: former names of models
      listed twice: former names that a tracker lists beside the present one
      same number: two names with the same identifier of the Hub
  limit:
    default: "1000"
columns:
  kind: former name, listed twice or same number.
  name: The other name.
  model: The name that the model has today.
  why: How the two are known to be one.
  tracker: The tracker that lists both.
  downloads_all_time: Newest observed all-time count of the model.
  source_url: Where the renaming is stated.
*/
with repeated as (
    select
        hub_id,
        min(id) as one
    from models
    where hub_id is not null
    group by hub_id
    having count(*) > 1
),

renamed as (
    select
        n.namespace,
        n.renamed_to,
        p.tracker,
        p.name,
        p.source_url
    from namespaces as n
    inner join peer_models as p
        on lower(n.namespace) = lower(substr(p.name, 1, instr(p.name, '/') - 1))
    where n.renamed_to is not null
),

found as (
    select
        'former name' as kind,
        a.alias as name,
        m.name as model,
        a.reason as why,
        null as tracker,
        a.source_url
    from model_aliases as a
    inner join models as m on a.model = m.id
    union all
    select
        'listed twice' as kind,
        r.name,
        p.name as model,
        r.namespace || ' is ' || r.renamed_to || ', and the list has both' as why,
        r.tracker,
        r.source_url
    from renamed as r
    inner join peer_models as p
        on
            r.tracker = p.tracker
            and lower(p.name) = lower(r.renamed_to || substr(r.name, instr(r.name, '/')))
    union all
    select
        'same number' as kind,
        m.name,
        o.name as model,
        'the Hub gives both the number ' || m.hub_id as why,
        null as tracker,
        null as source_url
    from repeated as r
    inner join models as o on r.one = o.id
    inner join models as m on r.hub_id = m.hub_id and r.one < m.id
)

select
    f.kind,
    f.name,
    f.model,
    f.why,
    f.tracker,
    m.latest_all_time as downloads_all_time,
    f.source_url
from found as f
left join models as m on f.model = m.name
where :kind = '' or f.kind = :kind
order by f.kind asc, m.latest_all_time desc nulls last, f.name asc, f.tracker asc
limit cast(:limit as integer)
