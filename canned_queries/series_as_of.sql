/*
title: A series as it was known on a day
theme: Revisions
description: >-
  Cumulative or monthly downloads as they were known on a day, beside what is known now. Most days
  are recomputed from the observations retrieved by then, with today's rules, tags and origins, so
  that any difference comes from observations alone. Days "as published" are recordings of what
  readers were told, with the rules of their day. They hold the default scope, attribution and
  basis, by country, region and the 30 largest labs.
unit: downloads
scope: "{scope}, {measure}, counted for {attribution}, by {dimension}, as known on {as_of}"
parameters:
  as_of:
    label: As known on
    help: What was retrieved by this day, or was published on it.
    choices: >-
      select as_of, label from (
        select as_of, as_of as label, 0 as recorded, as_of as day from vintages
        where as_of not in (select recorded_on from recorded_vintages)
        union all
        select day, day || ' (as published)', 1, recorded_on from recorded_vintages
      ) order by recorded, day desc, length(as_of) desc, as_of desc
  measure:
    label: Measure
    help: All downloads up to the end of a month, or those of the month alone.
    default: cumulative
    choices:
      cumulative: cumulative downloads
      monthly: downloads in the month
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: country
    choices:
      country: country
      region: region
      lab: lab
      family: model family
      size_bucket: size in parameters
  scope:
  attribution:
  basis:
  top:
    label: Keys
    help: How many of the largest are shown, from 1 to 50.
    default: "8"
    pattern: integer
    min: 1
    max: 50
  since:
  until:
limits:
  - parameter: as_of
    values: select day from recorded_vintages
    because: >-
      is a recording of what was published, which holds scope frontier, attribution publisher, basis
      operating, by country, region and the 30 largest labs
    allowed:
      scope: [frontier]
      attribution: [publisher]
      basis: [operating]
      dimension: [country, region, lab]
chart:
  kind: lines
  x: month
  y: downloads
  low: low
  high: high
  key: key
  label: label
  dimension: "{dimension}"
  unit: downloads
  drawn: 6
columns:
  month: Month, YYYY-MM.
  key: Code of the country, or the region, lab, family or size; empty is unknown.
  label: Name of the key.
  downloads: Best estimate as it was known on the day.
  low: Lowest count that was known to be possible on the day.
  high: Highest count that was known to be possible on the day.
  downloads_now: Best estimate as it is known now.
  revised_by: What is known now less what was known then.
*/
with chosen as (
    select
        k.id,
        k.key,
        k.label,
        row_number() over (
            order by
                (
                    select p.cumulative
                    from series_points as p
                    where p.series = k.id
                    order by p.month desc
                    limit 1
                ) desc,
                k.key asc
        ) as place
    from series_keys as k
    where
        k.scope = :scope
        and k.attribution = :attribution
        and k.basis = iif(:dimension in ('country', 'region'), :basis, 'operating')
        and k.dimension = :dimension
        and :as_of not in (select v.day from recorded_vintages as v)
),

shown as (
    select
        id,
        key,
        label,
        place
    from chosen
    where place <= cast(:top as integer)
),

months as (
    select
        p.series,
        p.month,
        iif(:measure = 'monthly', p.monthly, p.cumulative) as downloads_now,
        iif(:measure = 'monthly', p.monthly_low, p.cumulative_low) as low_now,
        iif(:measure = 'monthly', p.monthly_high, p.cumulative_high) as high_now
    from shown as s
    inner join series_points as p on s.id = p.series
    union all
    -- Months that were known once and are not any more.
    select distinct
        v.series,
        v.month,
        null as downloads_now,
        null as low_now,
        null as high_now
    from shown as s
    inner join vintage_points as v on s.id = v.series
    where
        v.as_of >= :as_of
        and not exists (
            select 1
            from series_points as p
            where p.series = v.series and p.month = v.month
        )
),

-- What a day knew is in the first difference kept on or after it; without one it is as now.
points as (
    select
        m.month,
        s.key,
        s.label,
        s.place,
        case
            when v.series is null then m.downloads_now
            when :measure = 'monthly' then v.monthly
            else v.cumulative
        end as downloads,
        case
            when v.series is null then m.low_now
            when :measure = 'monthly' then v.monthly_low
            else v.cumulative_low
        end as low,
        case
            when v.series is null then m.high_now
            when :measure = 'monthly' then v.monthly_high
            else v.cumulative_high
        end as high,
        m.downloads_now
    from months as m
    inner join shown as s on m.series = s.id
    left join vintage_points as v
        on
            m.series = v.series
            and m.month = v.month
            and v.as_of = (
                select min(x.as_of)
                from vintage_points as x
                where x.series = m.series and x.month = m.month and x.as_of >= :as_of
            )
),

recorded_keys as (
    select
        r.key,
        row_number() over (order by r.downloads desc, r.key asc) as place
    from recorded_points as r
    where
        r.day = :as_of
        and r.dimension = :dimension
        and r.measure = 'cumulative'
        and r.month = (
            select max(x.month)
            from recorded_points as x
            where x.day = :as_of
        )
),

recorded as (
    select
        r.month,
        r.key,
        r.label,
        n.place,
        r.downloads,
        r.low,
        r.high,
        iif(:measure = 'monthly', p.monthly, p.cumulative) as downloads_now
    from recorded_points as r
    inner join recorded_keys as n on r.key is n.key
    left join series_keys as k
        on
            k.scope = :scope
            and k.attribution = :attribution
            and k.basis = :basis
            and r.dimension = k.dimension
            and r.key is k.key
    left join series_points as p on k.id = p.series and r.month = p.month
    where
        r.day = :as_of
        and r.dimension = :dimension
        and r.measure = :measure
        and n.place <= cast(:top as integer)
),

vintage as (
    select
        month,
        key,
        label,
        place,
        downloads,
        low,
        high,
        downloads_now
    from points
    union all
    select
        month,
        key,
        label,
        place,
        downloads,
        low,
        high,
        downloads_now
    from recorded
)

select
    month,
    key,
    label,
    downloads,
    low,
    high,
    downloads_now,
    downloads_now - downloads as revised_by
from vintage
where
    downloads is not null
    and (:since = '' or month >= :since)
    and (:until = '' or month <= :until)
order by month asc, place asc
