/*
title: A country in figures
theme: Profiles
description: >-
  What the census knows of one country, a fact a line - labs, models, downloads with the bounds that
  the observations allow, its largest lab and model, what its licences allow, and what others made
  from its models. Each line says what it counts and up to which day.
unit: by line
scope: "{country}, {scope}"
parameters:
  country:
    default: CN
    optional: null
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
        p.cumulative,
        p.cumulative_low,
        p.cumulative_high,
        n.place,
        n.share_pct,
        n.low_pct,
        n.high_pct,
        s.through
    from scopes as s
    inner join series_keys as k on s.scope = k.scope
    inner join series_points as p on k.id = p.series and substr(s.through, 1, 7) = p.month
    inner join standings as n on p.series = n.series and p.month = n.month
    where
        s.scope = :scope
        and k.attribution = 'publisher'
        and k.basis = 'operating'
        and k.dimension = 'country'
        and k.key = :country
),

mixed as (
    select
        key,
        models,
        downloads
    from model_mix
    where
        scope = :scope
        and split = 'licence_class'
        and country = :country
),

largest_lab as (
    select
        k.label,
        p.cumulative,
        p.cumulative_low,
        p.cumulative_high,
        s.through
    from labs as l
    inner join series_keys as k
        on
            l.id = k.key
            and k.scope = :scope
            and k.attribution = 'publisher'
            and k.basis = 'operating'
            and k.dimension = 'lab'
    inner join scopes as s on k.scope = s.scope
    inner join series_points as p on k.id = p.series and substr(s.through, 1, 7) = p.month
    where l.country = :country
    order by p.cumulative desc, k.label asc
    limit 1
),

largest_model as (
    select
        name,
        latest_all_time,
        latest_all_time_on
    from models
    where
        country = :country
        and latest_all_time > 0
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and in_frontier = 1)
            or (:scope = 'labs' and in_labs = 1)
        )
    order by latest_all_time desc
    limit 1
)

select
    1 as line,
    'Labs' as fact,
    count(*) as value,
    null as low,
    null as high,
    'labs' as unit,
    null as as_of
from labs
where country = :country and role = 'lab'
union all
select
    2 as line,
    'Labs whose country is disputed' as fact,
    count(*) as value,
    null as low,
    null as high,
    'labs' as unit,
    null as as_of
from labs
where country = :country and disputed = 1
union all
select
    3 as line,
    'Models' as fact,
    coalesce(sum(models), 0) as value,
    null as low,
    null as high,
    'models' as unit,
    null as as_of
from mixed
union all
select
    4 as line,
    'Downloads of all time' as fact,
    cumulative as value,
    cumulative_low as low,
    cumulative_high as high,
    'downloads' as unit,
    through as as_of
from newest
union all
select
    5 as line,
    'Share of all downloads' as fact,
    share_pct as value,
    low_pct as low,
    high_pct as high,
    'percent' as unit,
    through as as_of
from newest
union all
select
    6 as line,
    'Largest lab' as fact,
    label as value,
    null as low,
    null as high,
    null as unit,
    through as as_of
from largest_lab
union all
select
    7 as line,
    'Downloads of the largest lab' as fact,
    cumulative as value,
    cumulative_low as low,
    cumulative_high as high,
    'downloads' as unit,
    through as as_of
from largest_lab
union all
select
    8 as line,
    'Most downloaded model' as fact,
    name as value,
    null as low,
    null as high,
    null as unit,
    latest_all_time_on as as_of
from largest_model
union all
select
    9 as line,
    'Downloads of that model' as fact,
    latest_all_time as value,
    null as low,
    null as high,
    'downloads' as unit,
    latest_all_time_on as as_of
from largest_model
union all
select
    10 as line,
    'Models with an open licence, of those whose licence is classed' as fact,
    round(
        100.0 * sum(models) filter (where key = 'open')
        / nullif(sum(models) filter (where key not in ('', 'unread')), 0),
        2
    ) as value,
    null as low,
    null as high,
    'percent of models' as unit,
    null as as_of
from mixed
union all
select
    11 as line,
    'Models of others made from its models, in a selection of the Hub' as fact,
    coalesce(sum(by_others), 0) as value,
    null as low,
    null as high,
    'models' as unit,
    null as as_of
from derivative_bases
where depth = 'root' and downloaded = 'all' and country = :country
order by line
