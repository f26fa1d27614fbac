/*
title: What changed since last month?
theme: Comparisons
description: >-
  The share of all downloads at the last day beside that at the end of a month at least four weeks
  before, with the difference in points. The change is certain where the two 90 % intervals do not
  touch. Downloads gained are the difference of two best estimates. Only what is in the series on
  both days is listed.
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
  label: Its name.
  compared_with: The day compared with, the end of a month.
  through: The last day.
  share_before_pct: Share on the day before, best estimate, percent.
  share_pct: Share on the last day, best estimate, percent.
  points: Change of the share, in points.
  certain: 1 where the 90 % intervals of the two shares do not touch; empty where one is missing.
  downloads_gained: Difference of the best estimates of all downloads.
  likely_low_before_pct: Lower end of the 90 % interval of the share before.
  likely_high_before_pct: Upper end of it.
  likely_low_pct: Lower end of the 90 % interval of the share on the last day.
  likely_high_pct: Upper end of it.
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
    select
        s.through,
        (
            select max(b.through)
            from steps as b
            where b.through <= date(s.through, '-28 days')
        ) as compared_with
    from scopes as s
    where s.scope = :scope
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
        when a.likely_low_pct > b.likely_high_pct or a.likely_high_pct < b.likely_low_pct then 1
        when a.likely_low_pct is not null and b.likely_low_pct is not null then 0
    end as certain,
    a.downloads - b.downloads as downloads_gained,
    b.likely_low_pct as likely_low_before_pct,
    b.likely_high_pct as likely_high_before_pct,
    a.likely_low_pct,
    a.likely_high_pct
from days as d
inner join steps as a on d.through = a.through
inner join steps as b on d.compared_with = b.through and a.key is b.key
order by abs(a.share_pct - b.share_pct) desc, a.label asc
limit cast(:limit as integer)
