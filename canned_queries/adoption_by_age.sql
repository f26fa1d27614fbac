/*
title: Which models were downloaded most in their first days?
theme: Adoption
description: >-
  Downloads of models at the same age, in the first 7 to 365 days after release, so that older
  models have no advantage. The first day is the day of release, or of the repository's creation if
  that came later. Models are ranked by the lowest count that the observations allow, which is
  certain. The best estimate can be far higher where few days were observed. A model is left out if
  its counts do not reach the age, or if the start of its downloads is unknown. How often the
  likely intervals hold was tested on whole histories, not on the first days alone.
unit: downloads
scope: "{scope}, first {days}, {country}, {size}"
parameters:
  days:
    label: Age
    help: How many days from release are counted.
    default: "90"
    choices:
      "7": 7 days
      "14": 14 days
      "30": 30 days
      "60": 60 days
      "90": 90 days
      "180": 180 days
      "365": 365 days
  certainty:
    label: Certainty
    help: All models, or those whose lowest and highest count are within 10 % of each other.
    default: any
    choices:
      any: every model of that age
      known: only where the count is known
  size:
  scope:
  country:
  limit:
    help: How many rows at most, from 1 to 1000.
    default: "50"
    max: 1000
chart:
  kind: bars
  title: "Downloads in the first {days}"
  x: downloads
  y: model
  low: low
  high: high
  likely_low: likely_low
  likely_high: likely_high
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
  key: country
  label: country_name
  dimension: country
  unit: downloads
  drawn: 15
columns:
  place: Rank by the lowest count, among the rows shown.
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  country_name: Name of the country.
  size_bucket: Size class by parameters.
  released_on: Day of a dated announcement, or else of creation on the Hub.
  until: The last of the first days.
  downloads: Best estimate of the downloads in these days.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  known: 1 if lowest and highest are within 10 % of each other.
  likely_low: Lower end of the 90 % interval of the downloads.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: counted where all-time counts are within a day of both ends of these days, else estimated.
  counted_pct: 100 where the downloads are counted, otherwise 0.
  covered_pct: Always 100, since the model has an all-time count.
*/
with chosen as (
    select
        m.name,
        m.lab,
        m.country,
        m.size_bucket,
        m.released_on,
        a.until,
        a.downloads,
        a.low,
        a.high,
        a.known,
        a.likely_low,
        a.likely_high,
        a.counted
    from adoption as a
    inner join models as m on a.model = m.id
    where
        a.days = cast(:days as integer)
        and (:certainty = 'any' or a.known = 1)
        and (:size = '' or m.size_bucket = :size)
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and m.in_frontier = 1)
            or (:scope = 'labs' and m.in_labs = 1)
        )
        and (:country = '' or m.country = :country)
    order by a.low desc
    limit cast(:limit as integer)
)

select
    row_number() over (order by a.low desc, a.downloads desc, a.name asc) as place,
    a.name as model,
    l.name as lab,
    a.country,
    coalesce(c.name, 'Country not established') as country_name,
    a.size_bucket,
    a.released_on,
    a.until,
    a.downloads,
    a.low,
    a.high,
    a.known,
    a.likely_low,
    a.likely_high,
    iif(a.counted = 1, 'counted', 'estimated') as rests_on,
    iif(a.counted = 1, 100.0, 0.0) as counted_pct,
    100.0 as covered_pct
from chosen as a
inner join labs as l on a.lab = l.id
left join countries as c on a.country = c.code
order by place
