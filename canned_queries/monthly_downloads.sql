/*
title: How many downloads does each month bring?
theme: Countries
description: >-
  Downloads in each month, week or day alone, by country, region, lab, model family, size, licence
  or modality. Each has a likely interval, and the lowest and highest count that the observations
  allow. Where only few days were observed the bounds are wide. The largest are named. The others
  are added up in one row, other, which has no likely interval. Only models with an observed
  all-time count are included. A month that is not over is counted to the last day.
unit: downloads
scope: "{scope}, counted for {attribution}, by {dimension}"
parameters:
  show:
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: region
    choices:
      country: country
      region: region
      lab: lab
      family: model family
      size_bucket: size in parameters
      licence: licence
      modality: modality
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
    default: "2025-01"
  until:
  step:
  view:
  scale:
limits:
  - parameter: scale
    values: select 'log'
    because: is a scale of lines and panels
    allowed:
      view: [lines, panels]
chart:
  kind: "{view}"
  title: "Downloads by {dimension}, {step}"
  scale: "{scale}"
  x: month
  y: downloads
  low: low
  high: high
  key: key
  label: label
  dimension: "{dimension}"
  unit: downloads
  monthly: true
  drawn: 6
  likely_low: likely_low
  likely_high: likely_high
  half_low: half_low
  half_high: half_high
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
  through: through
  place: place
  p_place: p_place
columns:
  month: >-
    Month, YYYY-MM; in rows by week or day it repeats. The last month may not be over; through
    gives the last day counted.
  key: Code of the country, or the region, lab, family, size, licence or modality; empty is unknown.
  label: Name of the key.
  downloads: Best estimate of the downloads in the month, week or day.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  likely_low: Lower end of the 90 % interval of the downloads; empty where there is none.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: >-
    counted where 95 % or more of the downloads are in models counted at both its ends, estimated where
    there is a likely interval, bounds where there is none.
  counted_pct: Part of the downloads in models counted at both its ends, percent.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
  through: Last day counted in the row.
  half_low: Lower end of the 50 % interval.
  half_high: Upper end of the 50 % interval.
  p_place: >-
    Part of the possible histories in which it has this rank, from 0 to 1; 0.95 or more is very
    likely.
  place: Rank by the estimate; empty for what is unknown and for the rest.
*/
with points as (
    select
        month,
        through,
        coalesce(key, '') as handle,
        -- A licence and a modality are called other, which is not the row of the rest.
        iif(key = 'other', 'other ' || :dimension, key) as key,
        iif(key = 'other', 'Other ' || :dimension, label) as label,
        downloads,
        low,
        high,
        likely_low,
        likely_high,
        half_low,
        half_high,
        counted,
        covered,
        coverable,
        p_place,
        place
    from series_steps
    where
        scope = :scope
        and attribution = :attribution
        and basis = 'operating'
        and dimension = :dimension
        and step = :step
        and measure = 'monthly'
        and (:since = '' or month >= :since)
        and (:until = '' or month <= :until)
),

ranked as (
    select
        handle,
        row_number() over (order by sum(downloads) desc, handle asc) as place
    from points
    group by handle
),

placed as (
    select
        p.*,
        case
            when :show = '' then iif(r.place <= cast(:top as integer), r.place, null)
            when instr('~' || :show || '~', '~' || coalesce(p.key, 'unverified') || '~') > 0 then r.place
        end as named_place
    from points as p
    inner join ranked as r on p.handle = r.handle
),

named as (
    select
        *,
        iif(named_place is null, 'other', key) as shown_key,
        iif(named_place is null, 'Other', label) as shown_label
    from placed
),

summed as (
    select
        month,
        through,
        shown_key as key,
        shown_label as label,
        named_place,
        sum(downloads) as downloads,
        sum(low) as low,
        sum(high) as high,
        iif(named_place is null, null, min(likely_low)) as likely_low,
        iif(named_place is null, null, max(likely_high)) as likely_high,
        iif(named_place is null, null, min(half_low)) as half_low,
        iif(named_place is null, null, max(half_high)) as half_high,
        iif(named_place is null, null, max(p_place)) as p_place,
        iif(named_place is null, null, max(place)) as place,
        sum(counted) as counted,
        sum(covered) as covered,
        sum(coverable) as coverable
    from named
    group by month, through, shown_key, shown_label, named_place
)

select
    month,
    key,
    label,
    downloads,
    low,
    high,
    likely_low,
    likely_high,
    case
        when downloads > 0 and counted >= 0.95 * downloads then 'counted'
        when likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(100.0 * counted / nullif(downloads, 0), 2) as counted_pct,
    round(100.0 * covered / nullif(coverable, 0), 2) as covered_pct,
    through,
    half_low,
    half_high,
    p_place,
    place
from summed
order by month asc, through asc, named_place is null asc, downloads desc, key asc
