/*
title: Which labs are from a given country?
theme: Labs
description: >-
  The labs that are from this country by the census's rule, with their models, their downloads, and
  the document that decides. Accounts that only convert others' models are marked as such; no other
  question counts them as labs.
unit: downloads
scope: "{scope}, {country}"
parameters:
  country:
    default: CN
    optional: Country not established
  scope:
columns:
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  kind: Company, university, nonprofit, government, community or individual.
  role: lab, or repackager for who only converts others' models.
  models: Models of the lab in the series that count for this country; a lab can have moved.
  downloads: Best estimate of the downloads of these models up to the last day of the scope.
  disputed: 1 if sources disagree about the country.
  evidence: Title of the document that decides.
  source_url: Address of the document.
  through: The day up to which downloads are counted.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  likely_low: Lower end of the 90 % interval of the downloads; empty where there is none.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: >-
    What the downloads rest on (counted, estimated or bounds); empty, like the interval and the two
    percentages, for the part of a lab that has moved.
  counted_pct: Percentage of the downloads that is of models counted on the day.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
  models_in_scope: Models of the lab in the scope, counted or not.
*/
with downloads as (
    select
        c.lab,
        c.models,
        c.downloads,
        c.downloads_low as low,
        c.downloads_high as high,
        c.likely_low,
        c.likely_high,
        case
            when c.downloads > 0 and c.counted >= 0.95 * c.downloads then 'counted'
            when c.likely_low is not null then 'estimated'
            else 'bounds'
        end as rests_on,
        round(100.0 * c.counted / nullif(c.downloads, 0), 2) as counted_pct,
        round(100.0 * c.covered / nullif(c.coverable, 0), 2) as covered_pct
    from lab_countries as c
    where
        c.scope = :scope
        and c.attribution = 'publisher'
        and c.basis = 'operating'
        and coalesce(c.country, '') = :country
),

deciding as (
    select
        lab,
        source_title,
        source_url,
        row_number() over (partition by lab order by id asc) as place
    from origin_claims
    where decides = 1
)

select
    l.id as lab,
    l.name as lab_name,
    l.kind,
    l.role,
    coalesce(d.models, 0) as models,
    d.downloads,
    l.disputed,
    e.source_title as evidence,
    e.source_url,
    (
        select s.through
        from scopes as s
        where s.scope = :scope
    ) as through,
    d.low,
    d.high,
    d.likely_low,
    d.likely_high,
    d.rests_on,
    d.counted_pct,
    d.covered_pct,
    (
        select count(*)
        from models as m
        where
            m.lab = l.id
            and (
                :scope = 'hub'
                or (:scope = 'frontier' and m.in_frontier = 1)
                or (:scope = 'labs' and m.in_labs = 1)
            )
    ) as models_in_scope
from labs as l
left join downloads as d on l.id = d.lab
left join deciding as e on l.id = e.lab and e.place = 1
where coalesce(l.country, '') = :country
order by d.downloads desc nulls last, l.id asc
