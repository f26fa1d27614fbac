/*
title: Our scope against another tracker's list
theme: Comparisons
description: >-
  Where the scope frontier and another tracker's list part - models of ours with at least 100,000
  downloads in a namespace of the list that the list does not have, each with the reason why it is
  in the scope or is not, and listed models that are not in the scope. Listed models that the census
  has never observed are shown as such.
unit: models
scope: "{tracker}, {side}"
parameters:
  tracker:
    label: Tracker
    help: Whose list is compared.
    choices: select distinct tracker, tracker from peer_models order by tracker
  side:
    label: Which
    help: Which of the two sides is shown.
    default: ""
    optional: Ours that are not listed, and listed ones out of our scope
    choices:
      ours not listed: ours that are not listed
      listed, out of scope: listed ones out of our scope
      listed, not observed: listed ones that the census has not observed
  limit:
    default: "5000"
columns:
  side: ours not listed; listed, out of scope; or listed, not observed.
  model: Full name of the model, as the census or else the list has it.
  lab: Name of the lab.
  in_frontier: 1 if the model is in the scope frontier.
  reason: Why it is in the scope frontier or is not.
  pipeline_tag: What the Hub, or a correction, says that it does.
  downloads_all_time: Newest observed all-time count.
  released_on: The day of release.
  listed_as: Its name in the list.
*/
with listed as (
    select
        name,
        model,
        substr(name, 1, instr(name, '/') - 1) as namespace
    from peer_models
    where tracker = :tracker
),

listed_namespaces as (
    select namespace
    from listed
    union
    select m.namespace
    from listed as p
    inner join models as m on p.model = m.id
),

found as (
    select
        'ours not listed' as side,
        m.id as model,
        null as listed_as
    from models as m
    where
        m.latest_all_time >= 100000
        and m.namespace in (select n.namespace from listed_namespaces as n)
        and m.id not in (
            select p.model
            from listed as p
            where p.model is not null
        )
    union all
    select
        iif(p.model is null, 'listed, not observed', 'listed, out of scope') as side,
        p.model,
        p.name as listed_as
    from listed as p
    left join models as m on p.model = m.id
    where p.model is null or m.in_frontier = 0
)

select
    f.side,
    coalesce(m.name, f.listed_as) as model,
    l.name as lab,
    m.in_frontier,
    m.scope_reason as reason,
    m.pipeline_tag,
    m.latest_all_time as downloads_all_time,
    m.released_on,
    f.listed_as
from found as f
left join models as m on f.model = m.id
left join labs as l on m.lab = l.id
where f.side = :side or (:side = '' and f.side <> 'listed, not observed')
order by f.side desc, m.latest_all_time desc nulls last, coalesce(m.name, f.listed_as) asc
limit cast(:limit as integer)
