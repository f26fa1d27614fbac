/*
title: How many models on other trackers' lists does the census have?
theme: Coverage
description: >-
  How many models of another tracker's list the census knows, how many have the all-time count that
  the totals need, and how many are counted by default. A model listed under two names counts once.
  The share counted by default is given twice: of all known models, and without accounts that only
  convert others' models, which are never counted by default. Listed models that are not counted
  are reward models, classifiers, encoders, conversions, models for other tasks, and models whose
  task no source states. The question on how our list differs gives the reason for each.
scope: every listed model, counted by default where the column says so
unit: models
columns:
  tracker: Whose list.
  listed_on: The day of the list.
  listed: Different models on the list.
  known: Models on the list that the census knows.
  with_counts: Models on the list with an observed all-time count.
  in_frontier: Known models that are counted by default.
  in_frontier_pct: Share of the known models that is counted by default, percent.
  of_labs: Known models of labs, without those of accounts that only convert others' models.
  in_frontier_of_labs_pct: Share of the known models of labs that is counted by default, percent.
  source_url: Address of the list.
  listed_twice: Names on the list that repeat a model under a former name.
  covered_pct: >-
    Part of the newest 30-day counts of the known models in those with an all-time count, percent.
*/
with known as (
    select distinct
        p.tracker,
        m.id,
        iif(m.latest_all_time is not null, 1, 0) as counted,
        m.in_frontier,
        m.in_labs as of_lab,
        m.latest_30d
    from peer_models as p
    inner join models as m on p.model = m.id
),

summed as (
    select
        tracker,
        count(*) as known,
        sum(counted) as with_counts,
        sum(in_frontier) as in_frontier,
        sum(of_lab) as of_labs,
        sum(iif(in_frontier = 1 and of_lab = 1, 1, 0)) as in_frontier_of_labs,
        100.0 * sum(latest_30d) filter (where counted = 1) / nullif(sum(latest_30d), 0) as covered_pct
    from known
    group by tracker
),

-- A model that is listed under a former name of its namespace, too, is one.
present as (
    select
        p.tracker,
        p.listed_on,
        p.source_url,
        coalesce(
            m.name,
            coalesce(n.renamed_to, substr(p.name, 1, instr(p.name, '/') - 1))
            || substr(p.name, instr(p.name, '/'))
        ) as model
    from peer_models as p
    left join models as m on p.model = m.id
    left join namespaces as n
        on p.model is null and substr(p.name, 1, instr(p.name, '/') - 1) = n.namespace
),

lists as (
    select
        tracker,
        max(listed_on) as listed_on,
        count(distinct model) as listed,
        count(*) - count(distinct model) as listed_twice,
        min(source_url) as source_url
    from present
    group by tracker
)

select
    p.tracker,
    p.listed_on,
    p.listed,
    coalesce(s.known, 0) as known,
    coalesce(s.with_counts, 0) as with_counts,
    coalesce(s.in_frontier, 0) as in_frontier,
    round(100.0 * s.in_frontier / s.known, 2) as in_frontier_pct,
    coalesce(s.of_labs, 0) as of_labs,
    round(100.0 * s.in_frontier_of_labs / nullif(s.of_labs, 0), 2) as in_frontier_of_labs_pct,
    p.source_url,
    p.listed_twice,
    round(s.covered_pct, 2) as covered_pct
from lists as p
left join summed as s on p.tracker = s.tracker
order by p.tracker
