/*
title: What is known about a lab?
theme: Profiles
description: >-
  What the census knows about one lab, one fact per line. It says where the lab is from and which
  document says so, its models, downloads and rank, and what others made from its models. Each line
  says what it counts and up to which day.
unit: by line
scope: "{lab}, {scope}"
parameters:
  lab:
    choices: >-
      select l.id, l.name from labs as l
      where exists (select 1 from models as m where m.lab = l.id)
      order by (
        select sum(m.latest_all_time) from models as m where m.lab = l.id and m.in_frontier = 1
      ) desc, l.id
  scope:
columns:
  line: Order of the line.
  fact: What the line says.
  value: The figure or the name; a place only where it is very likely.
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
        and p.dimension = 'lab'
        and p.key = :lab
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
        and r.dimension = 'lab'
        and r.key = :lab
),

own as (
    select
        name,
        released_on,
        latest_all_time,
        latest_all_time_on
    from models
    where
        lab = :lab
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
),

deciding as (
    select
        basis,
        source_title,
        source_url
    from origin_claims
    where lab = :lab and decides = 1
    order by id
    limit 1
),

facts as (
    select
        1 as line,
        'Name' as fact,
        name as value,
        null as low,
        null as high,
        null as unit,
        null as as_of
    from labs
    where id = :lab
    union all
    select
        2 as line,
        'Country' as fact,
        coalesce(c.name, 'Country not established') as value,
        null as low,
        null as high,
        null as unit,
        null as as_of
    from labs as l
    left join countries as c on l.country = c.code
    where l.id = :lab
    union all
    select
        3 as line,
        'Sources disagree about the country' as fact,
        iif(disputed = 1, 'yes', 'no') as value,
        null as low,
        null as high,
        null as unit,
        null as as_of
    from labs
    where id = :lab
    union all
    select
        4 as line,
        'Document that decides' as fact,
        source_title as value,
        null as low,
        null as high,
        null as unit,
        null as as_of
    from deciding
    union all
    select
        5 as line,
        'Address of the document' as fact,
        source_url as value,
        null as low,
        null as high,
        null as unit,
        null as as_of
    from deciding
    union all
    select
        6 as line,
        'Models' as fact,
        count(*) as value,
        null as low,
        null as high,
        'models' as unit,
        null as as_of
    from own
    union all
    select
        7 as line,
        'Models with an all-time count' as fact,
        models as value,
        null as low,
        null as high,
        'models' as unit,
        through as as_of
    from newest
    union all
    select
        8 as line,
        'Downloads of all time' as fact,
        downloads as value,
        low,
        high,
        'downloads' as unit,
        through as as_of
    from newest
    union all
    select
        9 as line,
        'Place among labs' as fact,
        iif(p_place >= 0.95, place, null) as value,
        null as low,
        null as high,
        'rank' as unit,
        through as as_of
    from newest
    union all
    select
        10 as line,
        'Newest release' as fact,
        max(released_on) as value,
        null as low,
        null as high,
        null as unit,
        null as as_of
    from own
    union all
    select
        11 as line,
        'Most downloaded model' as fact,
        name as value,
        null as low,
        null as high,
        null as unit,
        latest_all_time_on as as_of
    from largest_model
    union all
    select
        12 as line,
        'Downloads of that model' as fact,
        latest_all_time as value,
        null as low,
        null as high,
        'downloads' as unit,
        latest_all_time_on as as_of
    from largest_model
    union all
    select
        13 as line,
        'Models of others made from its models, in a selection of the Hub' as fact,
        coalesce(sum(by_others), 0) as value,
        null as low,
        null as high,
        'models' as unit,
        null as as_of
    from derivative_bases
    where depth = 'root' and downloaded = 'all' and lab = :lab
    union all
    select
        14 as line,
        'Downloads of the last 30 days, of the models counted on the day' as fact,
        downloads as value,
        downloads as low,
        downloads as high,
        'downloads' as unit,
        counted_on as as_of
    from recent
    union all
    select
        15 as line,
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
        8 as line,
        likely_low,
        likely_high,
        rests_on,
        counted_pct,
        covered_pct,
        null as p_place
    from newest
    union all
    select
        9 as line,
        null as likely_low,
        null as likely_high,
        rests_on,
        counted_pct,
        covered_pct,
        p_place
    from newest
    union all
    select
        14 as line,
        null as likely_low,
        null as likely_high,
        'counted' as rests_on,
        100.0 as counted_pct,
        covered_pct,
        null as p_place
    from recent
    union all
    select
        15 as line,
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
