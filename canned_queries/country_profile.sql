/*
title: What is known about a country?
theme: Profiles
description: >-
  What the census knows about one country, one fact per line: its labs, models, downloads, its
  largest lab and model, its licences, and what others made from its models. Each line says what it
  counts and up to which day.
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
  likely_low: Lower end of the 90 % interval, where there is one.
  likely_high: Upper end of the 90 % interval, where there is one.
  rests_on: What a figure of downloads rests on - counted, estimated or bounds.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Part of the downloads of the last 30 days in models with an all-time count, percent; of the last
    30 days themselves the part in models counted on the day.
  p_place: Part of the draws in which a place holds.
*/
with newest as (
    select
        p.models,
        p.downloads,
        p.low,
        p.high,
        p.likely_low,
        p.likely_high,
        p.place,
        p.p_place,
        p.share_pct,
        p.low_pct,
        p.high_pct,
        p.likely_low_pct,
        p.likely_high_pct,
        p.rests_on,
        p.counted_pct,
        p.covered_pct,
        p.through
    from series_steps as p
    where
        p.scope = :scope
        and p.attribution = 'publisher'
        and p.basis = 'operating'
        and p.dimension = 'country'
        and p.key = :country
        and p.step = 'month'
        and p.measure = 'cumulative'
    order by p.month desc
    limit 1
),

recent as (
    select
        r.downloads,
        r.counted_on,
        r.covered_pct,
        r.share_pct
    from recent_ends as d
    inner join recent_shares as r on d.scope = r.scope and d.counted_on = r.counted_on
    where
        d.scope = :scope
        and r.attribution = 'publisher'
        and r.basis = 'operating'
        and r.dimension = 'country'
        and r.key = :country
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
        p.label,
        p.downloads,
        p.low,
        p.high,
        p.likely_low,
        p.likely_high,
        p.rests_on,
        p.counted_pct,
        p.covered_pct,
        p.through
    from labs as l
    inner join series_ends as p
        on
            l.id = p.key
            and p.scope = :scope
            and p.attribution = 'publisher'
            and p.basis = 'operating'
            and p.dimension = 'lab'
    where l.country = :country
    order by p.downloads desc, p.label asc
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
),

facts as (
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
        downloads as value,
        low,
        high,
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
        downloads as value,
        low,
        high,
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
    union all
    select
        12 as line,
        'Downloads of the last 30 days, of the models counted on the day' as fact,
        downloads as value,
        downloads as low,
        downloads as high,
        'downloads' as unit,
        counted_on as as_of
    from recent
    union all
    select
        13 as line,
        'Share of the downloads of the last 30 days' as fact,
        share_pct as value,
        share_pct as low,
        share_pct as high,
        'percent' as unit,
        counted_on as as_of
    from recent
),

extras as (
    select
        4 as line,
        likely_low,
        likely_high,
        rests_on,
        counted_pct,
        covered_pct,
        null as p_place
    from newest
    union all
    select
        5 as line,
        likely_low_pct as likely_low,
        likely_high_pct as likely_high,
        rests_on,
        counted_pct,
        covered_pct,
        null as p_place
    from newest
    union all
    select
        7 as line,
        likely_low,
        likely_high,
        rests_on,
        counted_pct,
        covered_pct,
        null as p_place
    from largest_lab
    union all
    select
        12 as line,
        null as likely_low,
        null as likely_high,
        'counted' as rests_on,
        100.0 as counted_pct,
        covered_pct,
        null as p_place
    from recent
    union all
    select
        13 as line,
        null as likely_low,
        null as likely_high,
        'counted' as rests_on,
        100.0 as counted_pct,
        covered_pct,
        null as p_place
    from recent
)

select
    f.line,
    f.fact,
    f.value,
    f.low,
    f.high,
    f.unit,
    f.as_of,
    e.likely_low,
    e.likely_high,
    e.rests_on,
    e.counted_pct,
    e.covered_pct,
    e.p_place
from facts as f
left join extras as e on f.line = e.line
order by f.line
