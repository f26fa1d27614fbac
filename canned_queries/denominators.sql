/*
title: How does a country's share depend on what is counted?
theme: Comparisons
description: >-
  The share of one country by every way of counting in the census, beside the shares that others
  published. Each row says what it is a share of, and why it differs. Shares differ by which
  models, counts and months they include, and by whose model a copy is.
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
  kind: dots
  title: "Share of {country} by what is counted"
  x: share_pct
  y: what
  low: low_pct
  high: high_pct
  key: publisher
  label: publisher
  unit: "%"
  percent: true
  drawn: 20
  likely_low: likely_low_pct
  likely_high: likely_high_pct
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
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
  likely_low_pct: Lower end of the 90 % interval of the share; empty where there is none.
  likely_high_pct: Upper end of the 90 % interval of the share.
  rests_on: >-
    counted if at least 95 % of the downloads are of models counted on the day; otherwise estimated
    if there is a likely interval, bounds if there is none.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
  through: Last day counted in our row.
*/
with ours as (
    select
        k.scope,
        k.attribution,
        k.key,
        p.cumulative as downloads,
        p.cumulative_share_pct as share_pct,
        p.cumulative_low_pct as low_pct,
        p.cumulative_high_pct as high_pct,
        p.cumulative_likely_low_pct as likely_low_pct,
        p.cumulative_likely_high_pct as likely_high_pct,
        p.cumulative_counted as counted,
        p.covered,
        p.coverable,
        s.label,
        s.description,
        p.through,
        sum(p.models) over (partition by k.scope, k.attribution) as all_models
    from scopes as s
    inner join series_keys as k on s.scope = k.scope
    inner join series_points as p on k.id = p.series and substr(s.through, 1, 7) = p.month
    where k.basis = 'operating' and k.dimension = 'country' and k.attribution in ('publisher', 'base')
),

both as (
    select
        0 as theirs,
        case scope when 'frontier' then 0 when 'labs' then 1 else 2 end as place,
        'Open Model Census' as publisher,
        iif(attribution = 'base', 'By base: ', 'By publisher: ') || label as what,
        share_pct,
        low_pct,
        high_pct,
        all_models as models,
        through as as_of,
        description
        || iif(attribution = 'base', ' A copy counts for the lab of its base model.', '') as why,
        null as differs,
        null as source_url,
        likely_low_pct,
        likely_high_pct,
        case
            when downloads > 0 and counted >= 0.95 * downloads then 'counted'
            when likely_low_pct is not null then 'estimated'
            else 'bounds'
        end as rests_on,
        round(100.0 * counted / nullif(downloads, 0), 2) as counted_pct,
        round(100.0 * covered / nullif(coverable, 0), 2) as covered_pct,
        through
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
        f.source_url,
        null as likely_low_pct,
        null as likely_high_pct,
        null as rests_on,
        null as counted_pct,
        null as covered_pct,
        null as through
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
    source_url,
    likely_low_pct,
    likely_high_pct,
    rests_on,
    counted_pct,
    covered_pct,
    through
from both
order by theirs asc, place asc, publisher asc, what desc
