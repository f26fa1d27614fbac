/*
title: What changed since last month?
theme: Comparisons
description: >-
  The share of all downloads at the last day beside the share at the end of an earlier month, at
  least four weeks before, with the difference in points. The change is certain where it goes the
  same way in 95 % of the possible histories. Downloads gained are the difference of two best
  estimates. Only what is in the series on both days is listed.
unit: percent of downloads
scope: "{scope}, by {dimension}, counted for {attribution}"
parameters:
  dimension:
    label: Split by
    help: What the shares are of.
    default: country
    choices:
      country: country
      region: region
      lab: lab
      family: model family
      size_bucket: size in parameters
  scope:
  attribution:
  limit:
    default: "50"
columns:
  key: Code of the country, or the region, lab, family or size; empty is unknown.
  label: Name of the key.
  compared_with: The earlier day, the end of a month.
  through: The last day.
  share_before_pct: Share on the day before, best estimate, percent.
  share_pct: Share on the last day, best estimate, percent.
  points: Change of the share, in points.
  certain: >-
    1 where the 90 % interval of the change lies on one side of 0, 0 where it does not; empty where
    there is none.
  downloads_gained: Difference of the best estimates of all downloads.
  likely_low_before_pct: Lower end of the 90 % interval of the share before.
  likely_high_before_pct: Upper end of the 90 % interval of the share before.
  likely_low_pct: Lower end of the 90 % interval of the share on the last day.
  likely_high_pct: Upper end of the 90 % interval of the share on the last day.
  low_before_pct: Lowest share before that the observations allow, percent.
  high_before_pct: Highest share before that the observations allow, percent.
  low_pct: Lowest share on the last day that the observations allow, percent.
  high_pct: Highest share on the last day that the observations allow, percent.
  low_points: Smallest change of the share that the observations allow, in points.
  high_points: Greatest change of the share that the observations allow, in points.
  likely_low_points: Lower end of the 90 % interval of the change; empty where there is none.
  likely_high_points: Upper end of the 90 % interval of the change.
  gained_low: Fewest downloads gained that the observations allow.
  gained_high: Most downloads gained that the observations allow.
  gained_likely_low: Lower end of the 90 % interval of the downloads gained; empty where there is none.
  gained_likely_high: Upper end of the 90 % interval of the downloads gained.
  rests_on: >-
    counted where 95 % or more of the downloads are in models counted on the day, on either day.
    Else estimated where the change has a likely interval, bounds where it has none.
  counted_before_pct: Percentage of the downloads before that is of models counted on that day.
  counted_pct: Percentage of the downloads on the last day that is of models counted on that day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
*/
with steps as (
    select *
    from series_steps
    where
        scope = :scope
        and attribution = :attribution
        and basis = 'operating'
        and dimension = :dimension
        and step = 'month'
        and measure = 'cumulative'
        and share_pct is not null
),

days as (
    select distinct
        c.compared_with,
        c.through
    from share_changes as c
    where c.scope = :scope
)

select
    a.key,
    a.label,
    d.compared_with,
    d.through,
    b.share_pct as share_before_pct,
    a.share_pct,
    round(a.share_pct - b.share_pct, 4) as points,
    case
        when x.likely_low_points > 0 or x.likely_high_points < 0 then 1
        when x.likely_low_points is not null then 0
    end as certain,
    a.downloads - b.downloads as downloads_gained,
    b.likely_low_pct as likely_low_before_pct,
    b.likely_high_pct as likely_high_before_pct,
    a.likely_low_pct,
    a.likely_high_pct,
    b.low_pct as low_before_pct,
    b.high_pct as high_before_pct,
    a.low_pct,
    a.high_pct,
    x.low_points,
    x.high_points,
    x.likely_low_points,
    x.likely_high_points,
    x.gained_low,
    x.gained_high,
    x.gained_likely_low,
    x.gained_likely_high,
    case
        when a.rests_on = 'counted' and b.rests_on = 'counted' then 'counted'
        when x.likely_low_points is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    b.counted_pct as counted_before_pct,
    a.counted_pct,
    a.covered_pct
from days as d
inner join steps as a on d.through = a.through
inner join steps as b on d.compared_with = b.through and a.key is b.key
left join share_changes as x
    on
        x.scope = :scope
        and x.attribution = :attribution
        and x.dimension = :dimension
        and a.key is x.key
order by abs(a.share_pct - b.share_pct) desc, a.label asc
limit cast(:limit as integer)
