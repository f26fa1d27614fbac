/*
title: Who leads now, since release, and ever?
theme: Countries
description: >-
  Countries, labs, families or models by three measures side by side. They are downloads of the
  last 30 days on the last day counted, downloads per day since the first release, and all
  downloads. The column climbed says how many ranks higher one stands now than by all downloads.
  Sums of 30 days are of the models counted that day; the days since release start with the release
  of the first model that has an all-time count.
unit: "{measure}"
scope: "{scope}, {measure}, by {by}, counted for the lab that published the model"
parameters:
  measure:
    label: Measure
    help: The measure that decides the order.
    default: now
    choices:
      now: downloads of the last 30 days
      since: downloads per day since release
      ever: downloads of all time
  by:
    label: Rank
    help: What is ranked.
    default: country
    choices:
      country: country
      lab: lab
      family: model family
      model: model
  scope:
  limit:
chart:
  kind: bars
  title: Now, since release, ever
  x: downloads
  y: label
  low: low
  high: high
  key: key
  label: label
  dimension: "{by}"
  unit: downloads
  drawn: 15
  date: day
  likely_low: likely_low
  likely_high: likely_high
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
columns:
  place: Place by the chosen measure among those that have it.
  key: Country code, or the lab, family or model.
  label: Name of the key.
  downloads: Downloads by the chosen measure; empty where it is not known.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  now_30d: Downloads of the last 30 days, of the models counted on counted_on.
  a_day: All downloads divided by the days since the first release.
  ever: Best estimate of all downloads.
  place_now: Place by the downloads of the last 30 days.
  place_since: Place by the downloads per day since release.
  place_ever: Place by all downloads.
  climbed: >-
    Places by which it stands higher now than ever, negative where lower; empty where too little was
    counted that day, or of all downloads, to say so.
  now_covered_pct: Part of the 30-day downloads in models counted on counted_on, percent.
  released_on: Release of the first model with an all-time count; empty where it is not known.
  counted_on: Day of the 30-day counts.
  through: The day up to which all downloads are counted.
  day: Day of the chosen measure.
  likely_low: Lower end of the 90 % interval of the chosen measure; empty where there is none.
  likely_high: Upper end of the 90 % interval of the chosen measure.
  rests_on: >-
    What the chosen measure rests on - counted where 95 % or more is counted, estimated where there is
    a likely interval, bounds where there is none.
  ever_rests_on: What all downloads rest on, whatever the chosen measure.
  counted_pct: >-
    Part of all downloads in models counted on the day, percent. Those of the last 30 days are counts,
    all of them.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day. With now the part in models counted on the day.
  ever_low: Lowest count of all downloads that the observations allow.
  ever_high: Highest count of all downloads that the observations allow.
  ever_likely_low: Lower end of the 90 % interval of all downloads; empty where there is none.
  ever_likely_high: Upper end of the 90 % interval of all downloads.
  ever_counted_pct: Part of all downloads in models counted on the day, whatever the measure, percent.
  ever_covered_pct: >-
    Part of the downloads of the last 30 days in models with an all-time count, whatever the measure,
    percent.
*/
with ends as (
    select
        s.scope,
        s.through,
        d.counted_on
    from scopes as s
    left join recent_ends as d on s.scope = d.scope
    where s.scope = :scope
),

members as (
    select
        m.id,
        m.name,
        case :by
            when 'country' then m.country
            when 'lab' then m.lab
            when 'family' then m.family
            else m.name
        end as key,
        iif(m.created_at_floor = 1, null, coalesce(m.released_on, m.created_at)) as released_on,
        c.cumulative,
        c.cumulative_low,
        c.cumulative_high,
        c.likely_low,
        c.likely_high,
        c.counted
    from ends as e
    cross join models as m
    inner join curves as c on e.through = c.date and m.id = c.model
    where case :scope when 'frontier' then m.in_frontier when 'labs' then m.in_labs else 1 end = 1
),

releases as (
    select
        key,
        -- One model of an unknown release leaves the first unknown.
        iif(count(released_on) = count(*), min(released_on), null) as released_on
    from members
    where key is not null
    group by key
),

sums as (
    select
        k.key,
        k.label,
        p.cumulative as ever,
        p.cumulative_low as low,
        p.cumulative_high as high,
        p.cumulative_likely_low as likely_low,
        p.cumulative_likely_high as likely_high,
        p.cumulative_counted as counted,
        100.0 * p.covered / nullif(p.coverable, 0) as covered_pct
    from ends as e
    inner join series_keys as k
        on
            e.scope = k.scope
            and k.attribution = 'publisher'
            and k.basis = 'operating'
            and k.dimension = :by
            and k.key is not null
    inner join series_points as p on k.id = p.series and substr(e.through, 1, 7) = p.month
    where :by <> 'model'
    union all
    select
        name as key,
        name as label,
        cumulative as ever,
        cumulative_low as low,
        cumulative_high as high,
        iif(counted = 1, cumulative_low, likely_low) as likely_low,
        iif(counted = 1, cumulative_high, likely_high) as likely_high,
        iif(counted = 1, cumulative, 0) as counted,
        100.0 as covered_pct
    from members
    where :by = 'model'
),

recent as (
    select
        r.key,
        r.downloads as now_30d,
        100.0 * r.covered / nullif(r.coverable, 0) as now_covered_pct
    from ends as e
    inner join recent_series as r
        on
            e.scope = r.scope
            and e.counted_on = r.counted_on
            and r.attribution = 'publisher'
            and r.basis = 'operating'
            and r.dimension = :by
    where :by <> 'model'
    union all
    select
        m.name as key,
        n.downloads_30d as now_30d,
        100.0 as now_covered_pct
    from ends as e
    inner join recent_counts as n on e.counted_on = n.counted_on
    inner join members as m on n.model = m.id
    where :by = 'model'
),

rates as (
    select
        s.key,
        s.label,
        s.ever,
        s.low,
        s.high,
        s.likely_low,
        s.likely_high,
        s.counted,
        s.covered_pct,
        n.now_30d,
        n.now_covered_pct,
        r.released_on,
        e.counted_on,
        e.through,
        nullif(julianday(e.through) - julianday(r.released_on), 0) as days
    from ends as e
    cross join sums as s
    left join releases as r on s.key = r.key
    left join recent as n on s.key = n.key
    where s.ever > 0
),

placed as (
    select
        *,
        round(ever / days, 1) as a_day,
        iif(now_30d is null, null, rank() over (order by now_30d desc nulls last)) as place_now,
        iif(days is null, null, rank() over (order by ever / days desc nulls last)) as place_since,
        rank() over (order by ever desc) as place_ever,
        case
            when counted >= 0.95 * ever then 'counted'
            when likely_low is not null then 'estimated'
            else 'bounds'
        end as ever_rests_on
    from rates
),

chosen as (
    select
        *,
        case :measure when 'now' then now_30d when 'since' then a_day else ever end as downloads,
        case :measure when 'now' then place_now when 'since' then place_since else place_ever end
            as place,
        iif(:measure = 'since', days, 1.0) as divisor
    from placed
)

select
    place,
    key,
    label,
    downloads,
    iif(:measure = 'now', downloads, round(low / divisor, 1)) as low,
    iif(:measure = 'now', downloads, round(high / divisor, 1)) as high,
    now_30d,
    a_day,
    ever,
    place_now,
    place_since,
    place_ever,
    iif(now_covered_pct >= 95 and ever_rests_on <> 'bounds', place_ever - place_now, null) as climbed,
    round(now_covered_pct, 2) as now_covered_pct,
    released_on,
    counted_on,
    through,
    iif(:measure = 'now', counted_on, through) as day,
    iif(:measure = 'now', null, round(likely_low / divisor, 1)) as likely_low,
    iif(:measure = 'now', null, round(likely_high / divisor, 1)) as likely_high,
    case
        when :measure <> 'now' then ever_rests_on
        when now_covered_pct >= 95 then 'counted'
        else 'bounds'
    end as rests_on,
    ever_rests_on,
    iif(:measure = 'now', 100.0, round(100.0 * counted / ever, 2)) as counted_pct,
    round(iif(:measure = 'now', now_covered_pct, covered_pct), 2) as covered_pct,
    low as ever_low,
    high as ever_high,
    likely_low as ever_likely_low,
    likely_high as ever_likely_high,
    round(100.0 * counted / ever, 2) as ever_counted_pct,
    round(covered_pct, 2) as ever_covered_pct
from chosen
where downloads is not null
order by place asc, key asc
limit cast(:limit as integer)
