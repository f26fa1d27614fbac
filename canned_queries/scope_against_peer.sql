/*
title: How does our list differ from another tracker's?
theme: Comparisons
description: >-
  Where the list of models counted by default and another tracker's list differ, with the reason
  for each model. It names models of ours with at least 100,000 downloads that the list lacks,
  among accounts on that list, and listed models that are not counted by default. Why a list lacks
  a model is not known. Listed models that the census has never observed are shown as such.
unit: models
scope: "{tracker}, {side}"
parameters:
  tracker:
    label: Tracker
    help: Whose list is compared.
    choices: select distinct tracker, tracker from peer_models order by tracker
  side:
    label: Side
    help: Which of the two lists is shown.
    default: ""
    optional: Ours that are not listed, and listed ones that we do not count
    choices:
      ours not listed: ours that are not listed
      listed, out of scope: listed ones that we do not count
      listed, not observed: listed ones that the census has not observed
  limit:
    default: "500"
columns:
  side: ours not listed; listed, out of scope; or listed, not observed.
  model: Full name of the model, as the census or else the list has it.
  lab: Name of the lab.
  in_frontier: 1 if the model is counted by default.
  reason: Why it is counted by default or is not.
  pipeline_tag: What the Hub, or a correction, says that it does.
  downloads_all_time: Newest observed all-time count; empty where none was observed.
  downloads_30d_most: Highest observed 30-day count; all downloads cannot be fewer.
  released_on: Day of a dated announcement, or else of creation on the Hub.
  listed_as: Name of the model in the list.
*/
select
    d.side,
    coalesce(m.name, d.listed_as) as model,
    l.name as lab,
    m.in_frontier,
    m.scope_reason as reason,
    m.pipeline_tag,
    d.downloads_all_time,
    d.downloads_30d_most,
    m.released_on,
    d.listed_as
from peer_differences as d
left join models as m on d.model = m.id
left join labs as l on m.lab = l.id
where
    d.tracker = :tracker
    and (d.side = :side or (:side = '' and d.side <> 'listed, not observed'))
order by d.id
limit cast(:limit as integer)
