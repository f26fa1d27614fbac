/*
title: How did each country's share of downloads change?
theme: Countries
description: >-
  Each month's downloads divided by the country of the labs, in percent, with the lowest and the
  highest share that the observations allow. Labs whose country is not established, and labs that
  name no single base (Distributed), count as themselves, so a month's shares sum to 100. Downloads
  are requests to the Hugging Face Hub, not users. They leave out ModelScope, mirrors and private
  copies, which understates use inside China. Downloads of the last 30 days are exact sums over the
  models counted that day, which differ from day to day.
unit: percent of downloads
scope: "{scope}, {measure}, counted for {attribution}, country by {basis}"
parameters:
  show:
    of:
    group: country
  measure:
    label: Measure
    help: >-
      All downloads up to a day, those of the month, week or day alone, or those of the last 30
      days on days when a source counted them.
    default: cumulative
    choices:
      cumulative: cumulative downloads
      monthly: downloads in the month
      recent: downloads of the last 30 days
  scope:
  attribution:
  basis:
  since:
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
  - parameter: measure
    values: select 'recent'
    because: counts single days, each exact, that are not steps of one line
    allowed:
      step: [month]
      view: [lines]
chart:
  kind: "{view}"
  title: "Share of {measure} by country"
  scale: "{scale}"
  x: month
  y: share_pct
  low: low_pct
  high: high_pct
  key: country
  label: country_name
  dimension: country
  unit: "%"
  percent: true
  drawn: 6
  published: share
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
  source: source
columns:
  month: >-
    Month, YYYY-MM; in rows by week or day it repeats. The last month may not be over; through
    gives the last day counted.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  downloads: Best estimate of the downloads.
  share_pct: Share of the month's downloads, best estimate, percent.
  low_pct: Lowest share that the observations allow, percent.
  high_pct: Highest share that the observations allow, percent.
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
  through: Last day counted in the row.
  half_low_pct: Lower end of the 50 % interval of the share.
  half_high_pct: Upper end of the 50 % interval of the share.
  p_place: >-
    Part of the possible histories in which the country has its rank, from 0 to 1; 0.95 or more is
    very likely.
  place: Rank by the estimate; empty where the country is not established.
  source: With recent, the source that counted most of the models.
  flagged_pct: With recent, the part of the downloads in counts that have a quality event, percent.
  without_largest_pct: >-
    With recent, the share without the country's largest model, where that moves it by more than two
    points.
*/
with steps as (
    select
        *,
        case
            when :show = '' then 1
            when instr('~' || :show || '~', '~' || coalesce(key, 'unverified') || '~') > 0 then 1
            else 0
        end as shown
    from series_steps
    where
        scope = :scope
        and attribution = :attribution
        and basis = :basis
        and dimension = 'country'
        and step = :step
        and measure = :measure
        and share_pct is not null
        and (:since = '' or month >= :since)
        and (:until = '' or month <= :until)
),

-- Who is not shown is one row, so that the shares of a month sum to 100.
rest as (
    select
        month,
        through,
        sum(iif(shown = 1, 0, downloads)) as downloads,
        sum(downloads) as total,
        sum(iif(shown = 1, 0, low)) as low,
        sum(iif(shown = 1, 0, high)) as high,
        sum(iif(shown = 1, low, 0)) as low_of_shown,
        sum(iif(shown = 1, high, 0)) as high_of_shown,
        sum(iif(shown = 1, 0, counted)) as counted,
        sum(iif(shown = 1, 0, covered)) as covered,
        sum(iif(shown = 1, 0, coverable)) as coverable
    from steps
    group by month, through
    having min(shown) = 0
),

recent as (
    select
        d.month,
        r.key,
        r.label,
        r.downloads,
        r.largest,
        r.flagged,
        r.covered,
        r.coverable,
        d.counted_on,
        d.source,
        sum(r.downloads) over (partition by r.counted_on) as total,
        case
            when :show = '' then 1
            when instr('~' || :show || '~', '~' || coalesce(r.key, 'unverified') || '~') > 0 then 1
            else 0
        end as shown
    from recent_days as d
    inner join recent_series as r
        on
            d.scope = r.scope
            and d.counted_on = r.counted_on
            and r.attribution = :attribution
            and r.basis = :basis
            and r.dimension = 'country'
    where
        :measure = 'recent'
        and d.scope = :scope
        and d.of_month = 1
        and (:since = '' or d.month >= :since)
        and (:until = '' or d.month <= :until)
),

folded as (
    select
        month,
        iif(shown = 1, key, 'other') as key,
        iif(shown = 1, label, 'Other') as label,
        counted_on,
        source,
        total,
        sum(downloads) as downloads,
        sum(flagged) as flagged,
        sum(covered) as covered,
        sum(coverable) as coverable,
        max(iif(shown = 1, largest, null)) as largest
    from recent
    group by month, iif(shown = 1, key, 'other'), iif(shown = 1, label, 'Other'), counted_on, source, total
),

shares as (
    select
        month,
        key,
        label,
        downloads,
        flagged,
        covered,
        coverable,
        counted_on,
        source,
        round(100.0 * downloads / nullif(total, 0), 4) as share_pct,
        round(100.0 * (downloads - largest) / nullif(total - largest, 0), 4) as without_largest_pct
    from folded
),

found as (
    select
        month,
        key as country,
        label as country_name,
        downloads,
        share_pct,
        low_pct,
        high_pct,
        likely_low_pct,
        likely_high_pct,
        rests_on,
        counted_pct,
        covered_pct,
        through,
        half_low_pct,
        half_high_pct,
        p_place,
        place,
        null as source,
        null as flagged_pct,
        null as without_largest_pct
    from steps
    where shown = 1
    union all
    select
        month,
        'other' as country,
        'Other' as country_name,
        downloads,
        round(100.0 * downloads / nullif(total, 0), 4) as share_pct,
        round(100.0 * low / nullif(low + high_of_shown, 0), 4) as low_pct,
        round(100.0 * high / nullif(high + low_of_shown, 0), 4) as high_pct,
        null as likely_low_pct,
        null as likely_high_pct,
        iif(downloads > 0 and counted >= 0.95 * downloads, 'counted', 'bounds') as rests_on,
        round(100.0 * counted / nullif(downloads, 0), 2) as counted_pct,
        round(100.0 * covered / nullif(coverable, 0), 2) as covered_pct,
        through,
        null as half_low_pct,
        null as half_high_pct,
        null as p_place,
        null as place,
        null as source,
        null as flagged_pct,
        null as without_largest_pct
    from rest
    union all
    select
        month,
        key as country,
        label as country_name,
        downloads,
        share_pct,
        share_pct as low_pct,
        share_pct as high_pct,
        null as likely_low_pct,
        null as likely_high_pct,
        'counted' as rests_on,
        100.0 as counted_pct,
        round(100.0 * covered / nullif(coverable, 0), 2) as covered_pct,
        counted_on as through,
        null as half_low_pct,
        null as half_high_pct,
        null as p_place,
        null as place,
        source,
        round(100.0 * flagged / nullif(downloads, 0), 2) as flagged_pct,
        iif(abs(without_largest_pct - share_pct) > 2, without_largest_pct, null) as without_largest_pct
    from shares
    where share_pct is not null
)

select * from found
order by month asc, through asc, coalesce(country, '') = 'other' asc, downloads desc, country asc
