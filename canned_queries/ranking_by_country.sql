/*
title: Which country's models are downloaded most?
theme: Countries
description: >-
  All downloads up to the last day, or those of the last 30 days, by the country of the labs. Low
  and high are the lowest and the highest share that the observations allow. A rank is very likely
  where p_place is 0.95 or more. The last 30 days are exact sums over the models counted that day.
unit: percent of downloads
scope: "{scope}, {measure}, counted for {attribution}, country by {basis}, {without}"
parameters:
  measure:
    label: Measure
    help: All downloads up to the scope's last day, or those of the last 30 days before a day.
    default: cumulative
    choices:
      cumulative: all downloads
      recent: downloads of the last 30 days
  "on":
  scope:
  attribution:
  basis:
  without:
  view:
    default: bars
    choices:
      bars: bars with their ranges
      map: circles on a map
limits:
  - parameter: without
    values: select 'under_1b' union all select 'flagged' union all select 'largest_model'
    because: is worked out for all downloads of the default list by publisher
    allowed:
      measure: [cumulative]
      scope: [frontier]
      attribution: [publisher]
      basis: [operating]
  - parameter: measure
    values: select 'cumulative'
    because: is counted to the last day of the scope
    allowed:
      "on": [""]
  - parameter: "on"
    values: >-
      select x.counted_on from recent_days as x
      where not exists (
        select 1 from recent_days as d where d.counted_on = x.counted_on and d.scope = 'frontier'
      )
    because: is a day on which no source counted 100 models counted by default
    allowed:
      scope: [labs, hub]
  - parameter: "on"
    values: >-
      select x.counted_on from recent_days as x
      where not exists (
        select 1 from recent_days as d where d.counted_on = x.counted_on and d.scope <> 'hub'
      )
    because: is a day on which no source counted 100 models of labs
    allowed:
      scope: [hub]
chart:
  kind: "{view}"
  title: "Countries ranked by {measure}"
  x: share_pct
  y: country_name
  low: low_pct
  high: high_pct
  key: country
  label: country_name
  dimension: country
  date: through
  unit: "%"
  percent: true
  drawn: 12
  likely_low: likely_low_pct
  likely_high: likely_high_pct
  half_low: half_low_pct
  half_high: half_high_pct
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
columns:
  place: Rank by downloads.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  models: Models of the country in the series.
  downloads: Best estimate of the downloads.
  share_pct: Share of the downloads of all countries, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
  through: The day up to which downloads are counted.
  likely_low_pct: Lower end of the 90 % interval of the share; empty where there is none.
  likely_high_pct: Upper end of the 90 % interval of the share.
  rests_on: >-
    counted if at least 95 % of the downloads are of models counted on the day; otherwise estimated
    if there is a likely interval, bounds if there is none.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day. With recent, the percentage that is of models counted on
    the day.
  half_low_pct: Lower end of the 50 % interval of the share.
  half_high_pct: Upper end of the 50 % interval of the share.
  p_place: >-
    Part of the possible histories in which the country has its rank among all, from 0 to 1; 0.95
    or more is very likely.
  coverage: >-
    The country beside the whole scope. It is likely understated where covered_pct is more than 5 points under
    the scope's, likely overstated where it is more than 5 over. Coverage is unknown where it is empty.
  source: With recent, the source that counted most of the models.
  flagged_pct: With recent, the part of the downloads in counts that have a quality event, percent.
  without_largest_pct: >-
    With recent, the share without the country's largest model, where that moves it by more than two
    points.
*/
with asked as (
    select
        s.scope,
        s.through,
        s.covered_pct,
        case
            when :measure <> 'recent' then null
            when :on <> '' then :on
            else d.counted_on
        end as counted_on
    from scopes as s
    left join recent_ends as d on s.scope = d.scope
    where s.scope = :scope
),

points as (
    select
        p.key,
        p.label,
        p.models,
        p.downloads,
        p.low,
        p.high,
        p.likely_low,
        p.likely_high,
        p.half_low,
        p.half_high,
        p.share_pct,
        p.low_pct,
        p.high_pct,
        p.likely_low_pct,
        p.likely_high_pct,
        p.half_low_pct,
        p.half_high_pct,
        p.p_place,
        p.rests_on,
        p.counted_pct,
        p.covered_pct,
        a.covered_pct as scope_covered_pct,
        p.through,
        null as source,
        null as flagged_pct,
        null as without_largest_pct
    from asked as a
    inner join series_ends as p
        on
            a.scope = p.scope
            and p.attribution = :attribution
            and p.basis = :basis
            and p.dimension = 'country'
    where
        :measure = 'cumulative'
        and :without = 'none'
        and p.share_pct is not null
    union all
    select
        w.key,
        w.label,
        w.models,
        w.downloads,
        w.low,
        w.high,
        w.likely_low,
        w.likely_high,
        w.half_low,
        w.half_high,
        w.share_pct,
        w.low_pct,
        w.high_pct,
        w.likely_low_pct,
        w.likely_high_pct,
        w.half_low_pct,
        w.half_high_pct,
        w.p_place,
        case
            when w.downloads > 0 and w.counted >= 0.95 * w.downloads then 'counted'
            when w.likely_low is not null then 'estimated'
            else 'bounds'
        end as rests_on,
        round(100.0 * w.counted / nullif(w.downloads, 0), 2) as counted_pct,
        round(100.0 * w.covered / nullif(w.coverable, 0), 2) as covered_pct,
        a.covered_pct as scope_covered_pct,
        a.through,
        null as source,
        null as flagged_pct,
        null as without_largest_pct
    from asked as a
    inner join left_out_series as w
        on
            a.scope = w.scope
            and w.attribution = :attribution
            and w.dimension = 'country'
            and w.switch = :without
    where :without <> 'none' and w.share_pct is not null
    union all
    select
        r.key,
        r.label,
        r.models,
        r.downloads,
        r.downloads as low,
        r.downloads as high,
        null as likely_low,
        null as likely_high,
        null as half_low,
        null as half_high,
        r.share_pct,
        r.share_pct as low_pct,
        r.share_pct as high_pct,
        null as likely_low_pct,
        null as likely_high_pct,
        null as half_low_pct,
        null as half_high_pct,
        null as p_place,
        'counted' as rests_on,
        100.0 as counted_pct,
        r.covered_pct,
        100.0 * sum(r.covered) over () / nullif(sum(r.coverable) over (), 0) as scope_covered_pct,
        r.counted_on as through,
        r.source,
        r.flagged_pct,
        r.without_largest_pct
    from asked as a
    -- The day first: its rows are few.
    cross join recent_shares as r
        on
            a.scope = r.scope
            and r.attribution = :attribution
            and r.basis = :basis
            and r.dimension = 'country'
            and a.counted_on = r.counted_on
    where :measure = 'recent' and r.total > r.largest
)

select
    row_number() over (order by p.downloads desc, p.key asc) as place,
    p.key as country,
    p.label as country_name,
    p.models,
    p.downloads,
    p.share_pct,
    p.low_pct,
    p.high_pct,
    p.through,
    p.likely_low_pct,
    p.likely_high_pct,
    p.rests_on,
    p.counted_pct,
    p.covered_pct,
    p.half_low_pct,
    p.half_high_pct,
    p.p_place,
    case
        when p.covered_pct is null then 'coverage unknown'
        when p.covered_pct < p.scope_covered_pct - 5 then 'likely understated'
        when p.covered_pct > p.scope_covered_pct + 5 then 'likely overstated'
        else 'as the scope'
    end as coverage,
    p.source,
    p.flagged_pct,
    p.without_largest_pct
from points as p
order by place
