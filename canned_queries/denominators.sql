/*
title: One country's share of what?
theme: Comparisons
description: >-
  The share of one country in every scope and attribution of the census, beside the shares that
  others published, each with what it is a share of and why it differs. They differ because their
  denominators do: which models, which counts, which months, and whose model a copy is.
unit: percent
scope: "{country}"
answer: >-
  The share of {country} is {no1_value} as the census counts by default, and lies between
  {lowest_value} and {highest_value} by other denominators.
parameters:
  country:
    default: CN
    optional: null
chart:
  kind: bars
  x: share_pct
  y: what
  low: low_pct
  high: high_pct
  key: publisher
  label: publisher
  unit: "%"
  percent: true
  drawn: 20
columns:
  publisher: Who says so.
  what: What it is a share of, in short.
  share_pct: The share, percent.
  low_pct: Lowest share that the observations allow, percent; empty for others' figures.
  high_pct: Highest share that the observations allow, percent; empty for others' figures.
  models: Models counted, where known.
  as_of: Day or month of the figure.
  why: Why it is as it is - the models and counts behind it.
  differs: Why others' figure differs from ours, as in the question on published figures.
  source_url: Where it was published.
*/
with ours as (
    select
        p.scope,
        p.attribution,
        p.key,
        p.cumulative as downloads,
        p.cumulative_low as low,
        p.cumulative_high as high,
        p.models,
        s.label,
        s.description,
        s.through,
        sum(p.cumulative) over same as total,
        sum(p.cumulative_low) over same as total_low,
        sum(p.cumulative_high) over same as total_high,
        sum(p.models) over same as all_models
    from scopes as s
    inner join series as p on s.scope = p.scope and substr(s.through, 1, 7) = p.month
    where p.basis = 'operating' and p.dimension = 'country'
    window same as (partition by p.scope, p.attribution)
),

both as (
    select
        0 as theirs,
        case scope when 'frontier' then 0 when 'labs' then 1 else 2 end as place,
        'Open Model Census' as publisher,
        iif(attribution = 'base', 'By base: ', 'By publisher: ') || label as what,
        round(100.0 * downloads / nullif(total, 0), 4) as share_pct,
        coalesce(round(100.0 * low / nullif(low + total_high - high, 0), 4), 0.0) as low_pct,
        coalesce(round(100.0 * high / nullif(high + total_low - low, 0), 4), 0.0) as high_pct,
        all_models as models,
        through as as_of,
        description
        || iif(attribution = 'base', ' A copy counts for the lab of its base model.', '') as why,
        null as differs,
        null as source_url
    from ours
    where key = :country
    union all
    select
        1 as theirs,
        0 as place,
        f.publisher,
        coalesce(substr(f.as_of, 1, 7) || ': ', '') || f.what as what,
        round(f.value, 4) as share_pct,
        null as low_pct,
        null as high_pct,
        null as models,
        coalesce(f.as_of, f.as_of_note) as as_of,
        coalesce(f.note, f.scope_of_publisher) as why,
        s.reason as differs,
        f.source_url
    from published_figures as f
    inner join countries as c on c.code = :country
    left join scoreboard as s on f.figure = s.figure
    where
        f.unit = 'percent'
        and (
            (f.dimension = 'country' and f.key = c.code)
            or (f.dimension = 'region' and f.key = c.name)
        )
)

select
    publisher,
    what,
    share_pct,
    low_pct,
    high_pct,
    models,
    as_of,
    why,
    differs,
    source_url
from both
order by theirs asc, place asc, publisher asc, what desc
