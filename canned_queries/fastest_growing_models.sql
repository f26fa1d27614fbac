/*
title: Which models grow fastest?
theme: Models
description: >-
  What models gained in the last days, in percent of all their earlier downloads. Only models with
  enough earlier downloads are listed, since a new model's growth in percent has no limit. They are
  ranked by the lowest growth that the observations allow, which is certain. Only models that were
  counted on the last day are included.
unit: percent gained
scope: "{scope}, {country}, last {days}"
answer: >-
  {no1} gained {no1_value} in the last {days}, {no2} {no2_value} and {no3} {no3_value}.
parameters:
  days:
    label: Days
    help: The last days over which growth is counted.
    default: "30"
    choices:
      "7": 7 days
      "30": 30 days
      "90": 90 days
      "365": 365 days
  at_least:
    label: Minimum of earlier downloads
    help: >-
      How many downloads a model must have had before these days, by the best estimate, from 1 to
      100000000.
    default: "100000"
    pattern: integer
    min: 1
    max: 100000000
  scope:
  country:
  limit:
    help: How many rows at most, from 1 to 1000.
    default: "50"
    max: 1000
chart:
  kind: bars
  title: "Growth in the last {days}"
  x: growth_pct
  y: model
  low: low_pct
  high: high_pct
  likely_low: likely_low_pct
  likely_high: likely_high_pct
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
  key: country
  label: country_name
  dimension: country
  date: through
  unit: "%"
  drawn: 20
columns:
  place: Rank by the lowest growth, among the rows shown.
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  released_on: Day of a dated announcement, or else of creation on the Hub.
  had: Best estimate of all downloads before the days.
  downloads: Best estimate of the downloads in the days.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  growth_pct: Downloads in the days in percent of all downloads before them, best estimate.
  low_pct: Lowest growth that the observations allow, percent.
  high_pct: >-
    Highest growth that the observations allow, percent; empty where there may have been no
    downloads before.
  through: The last of the days.
  likely_low_pct: Lower end of the 90 % interval of the growth in percent.
  likely_high_pct: >-
    Upper end of the 90 % interval of the growth in percent; empty where nothing limits it.
  rests_on: counted where all-time counts are within a day of both ends of the days, else estimated.
  counted_pct: 100 where the downloads are counted, otherwise 0.
  covered_pct: Always 100, since the model has an all-time count.
  likely_low: Lower end of the 90 % interval of the downloads in the days.
  likely_high: Upper end of the 90 % interval of the downloads in the days.
  had_low: Lowest count before the days that the observations allow.
  had_high: Highest count before the days that the observations allow.
  had_likely_low: Lower end of the 90 % interval of the downloads before the days.
  had_likely_high: Upper end of the 90 % interval of the downloads before the days.
*/
with chosen as (
    select
        m.name,
        m.lab,
        m.country,
        m.released_on,
        g.had,
        g.had_low,
        g.had_high,
        g.downloads,
        g.low,
        g.high,
        g.growth_pct,
        g.growth_low_pct,
        g.through,
        g.likely_low,
        g.likely_high,
        g.had_likely_low,
        g.had_likely_high,
        g.growth_likely_low_pct,
        g.growth_likely_high_pct,
        g.counted
    from recent_growth as g
    inner join models as m on g.model = m.id
    where
        g.days = cast(:days as integer)
        and g.had >= cast(:at_least as integer)
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and m.in_frontier = 1)
            or (:scope = 'labs' and m.in_labs = 1)
        )
        and (:country = '' or m.country = :country)
    order by g.growth_low_pct desc, g.growth_pct desc
    limit cast(:limit as integer)
)

select
    row_number() over (
        order by g.growth_low_pct desc, g.growth_pct desc, g.name asc
    ) as place,
    g.name as model,
    l.name as lab,
    g.country,
    coalesce(c.name, 'Country not established') as country_name,
    g.released_on,
    g.had,
    g.downloads,
    g.low,
    g.high,
    round(g.growth_pct, 2) as growth_pct,
    round(g.growth_low_pct, 2) as low_pct,
    round(100.0 * g.high / nullif(g.had_low, 0), 2) as high_pct,
    g.through,
    g.growth_likely_low_pct as likely_low_pct,
    g.growth_likely_high_pct as likely_high_pct,
    iif(g.counted = 1, 'counted', 'estimated') as rests_on,
    iif(g.counted = 1, 100.0, 0.0) as counted_pct,
    100.0 as covered_pct,
    g.likely_low,
    g.likely_high,
    g.had_low,
    g.had_high,
    g.had_likely_low,
    g.had_likely_high
from chosen as g
inner join labs as l on g.lab = l.id
left join countries as c on g.country = c.code
order by place
