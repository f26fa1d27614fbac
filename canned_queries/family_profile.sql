/*
title: A model family in figures
theme: Profiles
description: >-
  What the census knows of one model family, a fact a line - its lab, models, sizes, downloads with
  the bounds that the observations allow, its place, and what others made from it. Each line says
  what it counts and up to which day.
unit: by line
scope: "{family}, {scope}"
parameters:
  family:
    label: Family
    help: The model family, by the names of its models. The largest comes first.
    choices: >-
      select f.id, f.name from families as f
      where exists (select 1 from models as m where m.family = f.id)
      order by (
        select sum(m.latest_all_time) from models as m where m.family = f.id and m.in_frontier = 1
      ) desc, f.id
  scope:
columns:
  line: Order of the line.
  fact: What the line says.
  value: The figure or the name.
  low: Lowest value that the observations allow, where there are bounds.
  high: Highest value that the observations allow, where there are bounds.
  unit: Unit of the figure.
  as_of: The day up to which it is counted; empty where it is of the whole build.
*/
with newest as (
    select
        p.models,
        p.cumulative,
        p.cumulative_low,
        p.cumulative_high,
        n.place,
        s.through
    from scopes as s
    inner join series_keys as k on s.scope = k.scope
    inner join series_points as p on k.id = p.series and substr(s.through, 1, 7) = p.month
    inner join standings as n on p.series = n.series and p.month = n.month
    where
        s.scope = :scope
        and k.attribution = 'publisher'
        and k.basis = 'operating'
        and k.dimension = 'family'
        and k.key = :family
),

own as (
    select
        name,
        released_on,
        parameters,
        latest_all_time,
        latest_all_time_on
    from models
    where
        family = :family
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and in_frontier = 1)
            or (:scope = 'labs' and in_labs = 1)
        )
),

largest_model as (
    select
        name,
        latest_all_time,
        latest_all_time_on
    from own
    where latest_all_time is not null
    order by latest_all_time desc, name asc
    limit 1
)

select
    1 as line,
    'Name' as fact,
    name as value,
    null as low,
    null as high,
    null as unit,
    null as as_of
from families
where id = :family
union all
select
    2 as line,
    'Lab' as fact,
    l.name as value,
    null as low,
    null as high,
    null as unit,
    null as as_of
from families as f
inner join labs as l on f.lab = l.id
where f.id = :family
union all
select
    3 as line,
    'Models' as fact,
    count(*) as value,
    null as low,
    null as high,
    'models' as unit,
    null as as_of
from own
union all
select
    4 as line,
    'First release' as fact,
    min(released_on) as value,
    null as low,
    null as high,
    null as unit,
    null as as_of
from own
union all
select
    5 as line,
    'Newest release' as fact,
    max(released_on) as value,
    null as low,
    null as high,
    null as unit,
    null as as_of
from own
union all
select
    6 as line,
    'Parameters of the smallest model' as fact,
    min(parameters) as value,
    null as low,
    null as high,
    'parameters' as unit,
    null as as_of
from own
union all
select
    7 as line,
    'Parameters of the largest model' as fact,
    max(parameters) as value,
    null as low,
    null as high,
    'parameters' as unit,
    null as as_of
from own
union all
select
    8 as line,
    'Downloads of all time' as fact,
    cumulative as value,
    cumulative_low as low,
    cumulative_high as high,
    'downloads' as unit,
    through as as_of
from newest
union all
select
    9 as line,
    'Place among families' as fact,
    place as value,
    null as low,
    null as high,
    'rank' as unit,
    through as as_of
from newest
union all
select
    10 as line,
    'Most downloaded model' as fact,
    name as value,
    null as low,
    null as high,
    null as unit,
    latest_all_time_on as as_of
from largest_model
union all
select
    11 as line,
    'Downloads of that model' as fact,
    latest_all_time as value,
    null as low,
    null as high,
    'downloads' as unit,
    latest_all_time_on as as_of
from largest_model
union all
select
    12 as line,
    'Models of others made from it, in a selection of the Hub' as fact,
    coalesce(sum(by_others), 0) as value,
    null as low,
    null as high,
    'models' as unit,
    null as as_of
from derivative_bases
where depth = 'root' and downloaded = 'all' and family = :family
order by line
