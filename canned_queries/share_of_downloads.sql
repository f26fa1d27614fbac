/*
title: How do downloads divide by lab, family, size or licence?
theme: Countries
description: >-
  Each month's downloads divided by country, region, lab, model family, size, licence or modality,
  in percent. Each share has a likely interval, and the lowest and highest share that the
  observations allow. The largest of the last month are named. The others are added up in one row,
  other, which has no likely interval. What is unknown (no licence stated, no named family) counts
  as itself, so a month's shares sum to 100.
unit: percent of downloads
scope: "{scope}, {measure}, counted for {attribution}, by {dimension}"
parameters:
  show:
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: family
    choices:
      country: country
      region: region
      lab: lab
      family: model family
      size_bucket: size in parameters
      licence: licence
      modality: modality
  measure:
    label: Measure
    help: All downloads up to the end of a month, or those of the month alone.
    default: cumulative
    choices:
      cumulative: cumulative downloads
      monthly: downloads in the month
  scope:
  attribution:
  top:
    label: How many are named
    help: >-
      How many of the largest are named, from 1 to 50. The rest is one row, other, for each month.
    default: "8"
    pattern: integer
    min: 1
    max: 50
  since:
    default: "2025-07"
  until:
  view:
  scale:
limits:
  - parameter: scale
    values: select 'log'
    because: is a scale of lines and panels
    allowed:
      view: [lines, panels]
limits:
  - parameter: scale
    values: select 'log'
    because: is a scale of lines and panels
    allowed:
      view: [lines, panels]
chart:
  kind: "{view}"
  title: "Share of {measure} by {dimension}"
  scale: "{scale}"
  scale: "{scale}"
  x: month
  y: share_pct
  low: low_pct
  high: high_pct
  key: key
  label: label
  dimension: "{dimension}"
  unit: "%"
  percent: true
  drawn: 6
  likely_low: likely_low_pct
  likely_high: likely_high_pct
  half_low: half_low_pct
  half_high: half_high_pct
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
  through: through
  place: place
  p_place: p_place
columns:
  month: >-
    Month, YYYY-MM. The last month may not be over; it is counted to the last day of the scope.
  key: Code of the country, or the region, lab, family, size, licence or modality; empty is unknown.
  label: Name of the key.
  downloads: Best estimate of the downloads.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  share_pct: Share of the month's downloads, best estimate, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
  likely_low: Lower end of the 90 % interval of the downloads; empty where there is none.
  likely_high: Upper end of the 90 % interval of the downloads.
  likely_low_pct: Lower end of the 90 % interval of the share; empty where there is none.
  likely_high_pct: Upper end of the 90 % interval of the share.
  rests_on: >-
    counted if at least 95 % of the downloads are of models counted on the day; otherwise estimated
    if there is a likely interval, bounds if there is none.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
  through: Last day counted in the row.
  half_low_pct: Lower end of the 50 % interval of the share.
  half_high_pct: Upper end of the 50 % interval of the share.
  p_place: >-
    Part of the possible histories in which it has this rank, from 0 to 1; 0.95 or more is very
    likely.
  place: Rank by the estimate; empty for what is unknown and for the rest.
*/
with ranked as (
    select
        k.id,
        -- A licence and a modality are called other, which is not the row of the rest.
        iif(k.key = 'other', 'other ' || :dimension, k.key) as key,
        iif(k.key = 'other', 'Other ' || :dimension, k.label) as label,
        row_number() over (
            order by
                iif(:measure = 'monthly', p.monthly, p.cumulative) desc,
                coalesce(k.key, '') asc
        ) as place
    from scopes as s
    inner join series_keys as k on s.scope = k.scope
    inner join series_points as p
        on
            k.id = p.series
            and p.month = case
                when :until <> '' and :until < substr(s.through, 1, 7) then :until
                else substr(s.through, 1, 7)
            end
    where
        s.scope = :scope
        and k.attribution = :attribution
        and k.basis = 'operating'
        and k.dimension = :dimension
),

chosen as (
    select * from ranked
    where
        case
            when :show = '' then place <= cast(:top as integer)
            else instr('~' || :show || '~', '~' || coalesce(key, 'unverified') || '~') > 0
        end
),

named as (
    select
        p.month,
        p.through,
        c.key,
        c.label,
        c.place as named_place,
        p.covered,
        p.coverable,
        iif(:measure = 'monthly', p.monthly, p.cumulative) as downloads,
        iif(:measure = 'monthly', p.monthly_low, p.cumulative_low) as low,
        iif(:measure = 'monthly', p.monthly_high, p.cumulative_high) as high,
        iif(:measure = 'monthly', p.monthly_likely_low, p.cumulative_likely_low) as likely_low,
        iif(:measure = 'monthly', p.monthly_likely_high, p.cumulative_likely_high) as likely_high,
        iif(:measure = 'monthly', p.monthly_share_pct, p.cumulative_share_pct) as share_pct,
        iif(:measure = 'monthly', p.monthly_low_pct, p.cumulative_low_pct) as low_pct,
        iif(:measure = 'monthly', p.monthly_high_pct, p.cumulative_high_pct) as high_pct,
        iif(:measure = 'monthly', p.monthly_likely_low_pct, p.cumulative_likely_low_pct) as likely_low_pct,
        iif(:measure = 'monthly', p.monthly_likely_high_pct, p.cumulative_likely_high_pct) as likely_high_pct,
        iif(:measure = 'monthly', p.monthly_half_low_pct, p.cumulative_half_low_pct) as half_low_pct,
        iif(:measure = 'monthly', p.monthly_half_high_pct, p.cumulative_half_high_pct) as half_high_pct,
        iif(:measure = 'monthly', p.monthly_p_place, p.cumulative_p_place) as p_place,
        iif(:measure = 'monthly', p.monthly_place, p.cumulative_place) as place,
        iif(:measure = 'monthly', p.monthly_counted, p.cumulative_counted) as counted
    from chosen as c
    inner join series_points as p on c.id = p.series
    where
        (:since = '' or p.month >= :since)
        and (:until = '' or p.month <= :until)
),

totals as (
    select
        p.month,
        max(p.through) as through,
        count(*) as keys,
        sum(p.covered) as covered,
        sum(p.coverable) as coverable,
        sum(iif(:measure = 'monthly', p.monthly, p.cumulative)) as downloads,
        sum(iif(:measure = 'monthly', p.monthly_low, p.cumulative_low)) as low,
        sum(iif(:measure = 'monthly', p.monthly_high, p.cumulative_high)) as high,
        sum(iif(:measure = 'monthly', p.monthly_counted, p.cumulative_counted)) as counted
    from series_keys as k
    inner join series_points as p on k.id = p.series
    where
        k.scope = :scope
        and k.attribution = :attribution
        and k.basis = 'operating'
        and k.dimension = :dimension
        and (:since = '' or p.month >= :since)
        and (:until = '' or p.month <= :until)
    group by p.month
),

known as (
    select
        month,
        count(*) as keys,
        sum(covered) as covered,
        sum(coverable) as coverable,
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high,
        sum(counted) as counted
    from named
    group by month
),

rest as (
    select
        t.month,
        t.through,
        t.covered - coalesce(n.covered, 0) as covered,
        t.coverable - coalesce(n.coverable, 0) as coverable,
        t.downloads - coalesce(n.downloads, 0) as downloads,
        t.low - coalesce(n.low, 0) as low,
        t.high - coalesce(n.high, 0) as high,
        t.counted - coalesce(n.counted, 0) as counted,
        t.downloads as all_downloads,
        coalesce(n.low, 0) as low_of_named,
        coalesce(n.high, 0) as high_of_named
    from totals as t
    left join known as n on t.month = n.month
    where t.keys > coalesce(n.keys, 0)
),

shown as (
    select * from named
    union all
    select
        month,
        through,
        'other' as key,
        'Other' as label,
        null as named_place,
        covered,
        coverable,
        downloads,
        low,
        high,
        null as likely_low,
        null as likely_high,
        round(100.0 * downloads / nullif(all_downloads, 0), 4) as share_pct,
        coalesce(
            round(100.0 * low / nullif(low + high_of_named, 0), 4),
            round(100.0 * downloads / nullif(all_downloads, 0), 4)
        ) as low_pct,
        coalesce(
            round(100.0 * high / nullif(high + low_of_named, 0), 4),
            round(100.0 * downloads / nullif(all_downloads, 0), 4)
        ) as high_pct,
        null as likely_low_pct,
        null as likely_high_pct,
        null as half_low_pct,
        null as half_high_pct,
        null as p_place,
        null as place,
        counted
    from rest
)

select
    month,
    key,
    label,
    downloads,
    low,
    high,
    share_pct,
    low_pct,
    high_pct,
    likely_low,
    likely_high,
    likely_low_pct,
    likely_high_pct,
    case
        when downloads > 0 and counted >= 0.95 * downloads then 'counted'
        when likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * counted / nullif(downloads, 0), 2) as counted_pct,
    round(100.0 * covered / nullif(coverable, 0), 2) as covered_pct,
    through,
    half_low_pct,
    half_high_pct,
    p_place,
    place
from shown
where share_pct is not null
order by month asc, named_place is null asc, named_place asc
