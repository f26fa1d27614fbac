/*
title: How well are each lab's downloads known?
theme: Coverage
description: >-
  For each lab and month, how many models have an all-time count, and how many are known exactly at
  the month's end. The row also says how wide the bounds of the lab's downloads are, and what
  percentage of its recent downloads is of models with an all-time count. A lab that is covered
  less than the rest is likely understated; one that is covered more is likely overstated.
unit: percent of downloads known
scope: "{scope}, {lab}"
answer: >-
  In {final}, the downloads of {full} of the {keys} labs shown are known exactly.
parameters:
  scope:
  lab:
    default: ""
    optional: The largest labs
  since:
    default: "2025-01"
  until:
  top:
    label: Labs
    help: How many of the largest labs are shown when none is chosen, from 1 to 200.
    default: "20"
    pattern: integer
    min: 1
    max: 200
chart:
  kind: grid
  title: Downloads known exactly, by lab
  x: month
  y: certain_pct
  key: lab
  label: lab_name
  unit: "%"
  drawn: 20
columns:
  month: Month, YYYY-MM.
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  models: Models with an all-time count by the month's end.
  models_known: Models whose count at the month's end is known exactly.
  downloads: Best estimate of all downloads up to the end of the month.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  certain_pct: Lowest possible count in percent of the highest; 100 means known exactly.
  likely_low: Lower end of the 90 % interval of the downloads; empty where there is none.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: >-
    counted if at least 95 % of the downloads are of models counted on the day; otherwise estimated
    if there is a likely interval, bounds if there is none.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
  through: Last day counted in the row.
  scope_covered_pct: The same percentage as covered_pct, for the whole scope.
  coverage: >-
    The lab beside the whole scope. It is likely understated where covered_pct is more than 5 points under
    the scope's, likely overstated where it is more than 5 over. Coverage is unknown where it is empty.
*/
with largest as (
    select
        c.lab,
        row_number() over (order by c.downloads desc, c.lab asc) as place
    from scopes as s
    inner join lab_coverage as c on s.scope = c.scope and substr(s.through, 1, 7) = c.month
    where s.scope = :scope
),

chosen as (
    select
        g.place,
        g.lab,
        k.id as series
    from largest as g
    inner join series_keys as k
        on
            k.scope = :scope
            and k.attribution = 'publisher'
            and k.basis = 'operating'
            and k.dimension = 'lab'
            and g.lab = k.key
    where g.lab = :lab or (:lab = '' and g.place <= cast(:top as integer))
),

-- Every dimension holds the whole scope; regions are the fewest keys.
whole as (
    select
        p.month,
        100.0 * sum(p.covered) / nullif(sum(p.coverable), 0) as covered_pct
    from series_keys as k
    inner join series_points as p on k.id = p.series
    where
        k.scope = :scope
        and k.attribution = 'publisher'
        and k.basis = 'operating'
        and k.dimension = 'region'
    group by p.month
)

select
    c.month,
    c.lab,
    l.name as lab_name,
    c.models,
    c.models_known,
    p.cumulative as downloads,
    p.cumulative_low as low,
    p.cumulative_high as high,
    round(100.0 * p.cumulative_low / nullif(p.cumulative_high, 0), 4) as certain_pct,
    p.cumulative_likely_low as likely_low,
    p.cumulative_likely_high as likely_high,
    p.cumulative_rests_on as rests_on,
    round(100.0 * p.cumulative_counted / nullif(p.cumulative, 0), 2) as counted_pct,
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct,
    p.through,
    round(w.covered_pct, 2) as scope_covered_pct,
    case
        when nullif(p.coverable, 0) is null then 'coverage unknown'
        when 100.0 * p.covered / p.coverable < w.covered_pct - 5 then 'likely understated'
        when 100.0 * p.covered / p.coverable > w.covered_pct + 5 then 'likely overstated'
        else 'as the scope'
    end as coverage
from chosen as g
inner join lab_coverage as c on c.scope = :scope and g.lab = c.lab
inner join series_points as p on g.series = p.series and c.month = p.month
inner join whole as w on c.month = w.month
inner join labs as l on c.lab = l.id
where
    (:since = '' or c.month >= :since)
    and (:until = '' or c.month <= :until)
order by g.place asc, c.month asc
