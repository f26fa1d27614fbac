/*
title: Models with more than one name
theme: Coverage
description: >-
  Former names of models, which count as one model here, and what other trackers' lists have twice
  because a name changed. A model's identity is the Hub's own number; names change.
unit: names
parameters:
  kind:
    label: Kind
    help: Which names are shown.
    default: ""
    optional: All kinds
    choices:
      former name: former names of models
      listed twice: names that a tracker lists beside the present one
      same number: two names with the same number of the Hub
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
with former as (
    select
        a.alias,
        a.model,
        a.reason,
        a.source_url
    from model_aliases as a
),

found as (
    select
        'former name' as kind,
        f.alias as name,
        f.model,
        f.reason as why,
        null as tracker,
        f.source_url
    from former as f
    union all
    select
        'listed twice' as kind,
        p.name,
        p.model,
        'the list has the present name as well' as why,
        p.tracker,
        p.source_url
    from peer_models as p
    inner join models as m on p.model = m.id
    inner join peer_models as q on p.tracker = q.tracker and m.name = q.name
    where p.name <> m.name
    union all
    select
        'same number' as kind,
        m.name,
        o.id as model,
        'the Hub gives both the number ' || m.hub_id as why,
        null as tracker,
        null as source_url
    from models as m
    inner join models as o on m.hub_id = o.hub_id and m.id > o.id
)

select
    f.kind,
    f.name,
    m.name as model,
    f.why,
    f.tracker,
    m.latest_all_time as downloads_all_time,
    f.source_url
from found as f
inner join models as m on f.model = m.id
where :kind = '' or f.kind = :kind
order by f.kind asc, m.latest_all_time desc nulls last, f.name asc, f.tracker asc
limit cast(:limit as integer)
