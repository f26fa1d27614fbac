/*
title: What is known about a model?
theme: Profiles
description: >-
  What the census knows about one model, one fact per line. It gives the lab and country, release,
  size, licence, what it was made from, its newest counts, and what others made from it. Observed
  counts are facts and have no bounds.
unit: by line
scope: "{model}"
parameters:
  model:
columns:
  line: Order of the line.
  fact: What the line says; a fact that is not known has no line.
  value: The figure or the name.
  unit: Unit of the figure.
  as_of: The day of a count; empty where it is of the whole build.
*/
with chosen as (
    select
        id,
        name,
        lab,
        country,
        family,
        released_on,
        released_from,
        parameters,
        parameters_from,
        pipeline_tag,
        licence,
        root,
        latest_all_time,
        latest_all_time_on,
        latest_30d,
        latest_30d_on,
        likes,
        (
            select max(d.date)
            from snapshots as d
            cross join history as h on d.day = h.day and m.id = h.model
            where h.likes is not null
        ) as likes_on,
        in_frontier,
        scope_reason
    from models as m
    where name = :model
),

facts as (
    select
        1 as line,
        'Name' as fact,
        name as value,
        null as unit,
        null as as_of
    from chosen
    union all
    select
        2 as line,
        'Lab' as fact,
        l.name as value,
        null as unit,
        null as as_of
    from chosen as c
    inner join labs as l on c.lab = l.id
    union all
    select
        3 as line,
        'Country of the lab at release' as fact,
        coalesce(n.name, 'Country not established') as value,
        null as unit,
        null as as_of
    from chosen as c
    left join countries as n on c.country = n.code
    union all
    select
        4 as line,
        'Family' as fact,
        f.name as value,
        null as unit,
        null as as_of
    from chosen as c
    inner join families as f on c.family = f.id
    union all
    select
        5 as line,
        iif(released_from = 'announcement', 'Released on', 'Created on the Hub on') as fact,
        released_on as value,
        null as unit,
        null as as_of
    from chosen
    union all
    select
        6 as line,
        'Parameters, by ' || parameters_from as fact,
        parameters as value,
        'parameters' as unit,
        null as as_of
    from chosen
    union all
    select
        7 as line,
        'Task' as fact,
        pipeline_tag as value,
        null as unit,
        null as as_of
    from chosen
    union all
    select
        8 as line,
        'Licence' as fact,
        licence as value,
        null as unit,
        null as as_of
    from chosen
    union all
    select
        9 as line,
        'What the licence allows' as fact,
        l.class_label as value,
        null as unit,
        null as as_of
    from chosen as c
    inner join licences as l on c.licence = l.licence
    union all
    select
        10 as line,
        'Made from' as fact,
        g.parent_name as value,
        null as unit,
        null as as_of
    from chosen as c
    inner join lineage as g on c.id = g.child
    union all
    select
        11 as line,
        'Root of its lineage' as fact,
        root as value,
        null as unit,
        null as as_of
    from chosen
    where root <> name
    union all
    select
        12 as line,
        'Downloads of all time' as fact,
        latest_all_time as value,
        'downloads' as unit,
        latest_all_time_on as as_of
    from chosen
    union all
    select
        13 as line,
        'Downloads of the last 30 days' as fact,
        latest_30d as value,
        'downloads' as unit,
        latest_30d_on as as_of
    from chosen
    union all
    select
        14 as line,
        'Likes' as fact,
        likes as value,
        'likes' as unit,
        likes_on as as_of
    from chosen
    union all
    select
        15 as line,
        'Counted by default' as fact,
        iif(in_frontier = 1, 'yes: ', 'no: ') || scope_reason as value,
        null as unit,
        null as as_of
    from chosen
    union all
    select
        16 as line,
        'Models that name it as a parent, in a selection of the Hub' as fact,
        count(*) as value,
        'models' as unit,
        null as as_of
    from derived_models
    where base = :model and depth = 'direct'
)

select
    line,
    fact,
    value,
    unit,
    as_of
from facts
where value is not null
order by line, value
