/*
title: What did we publish on an earlier day?
theme: Revisions
description: >-
  Cumulative or monthly downloads as they were published on a day, beside what is known now. Each
  recording keeps what readers were told, by the rules of its day. Recordings hold the default list
  of models and way of counting, by country, region and the 30 largest labs.
unit: downloads
scope: "{scope}, {measure}, counted for {attribution}, by {dimension}, as published on {as_of}"
parameters:
  as_of:
    label: As published on
    help: The day of the recording; the newest comes first.
    choices: >-
      select day, day from recorded_vintages order by recorded_on desc, length(day) desc, day desc
  measure:
    label: Measure
    help: All downloads up to the end of a month, or those of the month alone.
    default: cumulative
    choices:
      cumulative: cumulative downloads
      monthly: downloads in the month
  show:
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
    label: How many are named
    help: How many of the largest are shown, from 1 to 50.
    default: "8"
    pattern: integer
    min: 1
    max: 50
  since:
  until:
  scale:
limits:
  - parameter: as_of
    values: select day from recorded_vintages
    because: >-
      is a recording of what was published, which holds the default list, attribution publisher, basis
      operating, by country, region and the 30 largest labs
    allowed:
      scope: [frontier]
      attribution: [publisher]
      basis: [operating]
      dimension: [country, region, lab]
chart:
  kind: lines
  title: "As published: {measure} by {dimension}"
  scale: "{scale}"
  x: month
  y: downloads
  low: low
  high: high
  key: key
  label: label
  dimension: "{dimension}"
  unit: downloads
  drawn: 6
  likely_low: likely_low
  likely_high: likely_high
  through: through
columns:
  month: Month, YYYY-MM.
  key: Code of the country, or the region, lab, family or size; empty is unknown.
  label: Name of the key.
  downloads: Best estimate as it was published on the day.
  low: Lowest count that the observations allowed then.
  high: Highest count that the observations allowed then.
  downloads_now: >-
    Best estimate as it is known now, for the same last day; empty where the month goes on since.
  revised_by: What is known now less what was published then.
  likely_low: Lower end of the 90 % interval as it was published; empty where there was none.
  likely_high: Upper end of the 90 % interval as it was published.
  through: Last day counted in the row.
  low_now: Lowest count that the observations allow now.
  high_now: Highest count that the observations allow now.
  likely_low_now: Lower end of the 90 % interval now; empty where there is none.
  likely_high_now: Upper end of the 90 % interval now.
  rests_on_now: >-
    What the figure rests on now - counted where 95 % or more of the downloads are in models counted at
    the ends of the row. Else estimated where there is a likely interval, bounds where there is none.
  counted_pct_now: Part of the downloads in such models now, percent. Recordings do not say it of then.
  covered_pct_now: >-
    Part of the downloads of the last 30 days in models with an all-time count now, percent; empty
    where no 30-day count is near.
*/
with keys as (
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
        iif(
            r.key is null and :dimension in ('country', 'region'), 'Country not established', r.label
        ) as label,
        n.place,
        r.downloads,
        r.low,
        r.high,
        iif(:measure = 'monthly', p.monthly, p.cumulative) as downloads_now,
        r.likely_low,
        r.likely_high,
        r.through,
        iif(:measure = 'monthly', p.monthly_low, p.cumulative_low) as low_now,
        iif(:measure = 'monthly', p.monthly_high, p.cumulative_high) as high_now,
        iif(:measure = 'monthly', p.monthly_likely_low, p.cumulative_likely_low) as likely_low_now,
        iif(:measure = 'monthly', p.monthly_likely_high, p.cumulative_likely_high) as likely_high_now,
        iif(:measure = 'monthly', p.monthly_counted, p.cumulative_counted) as counted,
        p.covered,
        p.coverable
    from keys as n
    inner join recorded_points as r
        on
            n.key is r.key
            and r.day = :as_of
            and r.dimension = :dimension
            and r.measure = :measure
    left join series_keys as k
        on
            k.scope = :scope
            and k.attribution = :attribution
            and k.basis = :basis
            and r.dimension = k.dimension
            and r.key is k.key
    -- A month that was counted in part then is not what the whole month is now.
    left join series_points as p
        on k.id = p.series and r.month = p.month and r.through = p.through
    where
        case
            when :show = '' then n.place <= cast(:top as integer)
            else instr('~' || :show || '~', '~' || coalesce(n.key, 'unverified') || '~') > 0
        end
)

select
    month,
    key,
    label,
    downloads,
    low,
    high,
    downloads_now,
    downloads_now - downloads as revised_by,
    likely_low,
    likely_high,
    through,
    low_now,
    high_now,
    likely_low_now,
    likely_high_now,
    case
        when downloads_now > 0 and counted >= 0.95 * downloads_now then 'counted'
        when likely_low_now is not null then 'estimated'
        when downloads_now is not null then 'bounds'
    end as rests_on_now,
    round(100.0 * counted / nullif(downloads_now, 0), 2) as counted_pct_now,
    round(100.0 * covered / nullif(coverable, 0), 2) as covered_pct_now
from recorded
where
    downloads is not null
    and (:since = '' or month >= :since)
    and (:until = '' or month <= :until)
order by month asc, place asc
