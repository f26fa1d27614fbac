/*
title: Labs of a country
theme: Labs
description: >-
  The labs whose country this is by the census's rule, with their models and their downloads in the
  scope, and the document that decides. Repackagers, who only convert others' weights, are named as
  such; no other question counts them as labs.
unit: downloads
scope: "{scope}, {country}"
parameters:
  country:
    default: CN
    optional: Unverified
  scope:
columns:
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  kind: Company, university, nonprofit, government, community or individual.
  role: lab, or repackager for who only converts others' weights.
  models: Models of the lab in the series that count for this country; a lab can have moved.
  downloads: Best estimate of their downloads up to the last day of the scope.
  disputed: 1 if sources disagree about the country.
  evidence: Title of the document that decides.
  source_url: Its address.
  through: The day up to which downloads are counted.
*/
with downloads as (
    select
        lab,
        models,
        downloads
    from lab_countries
    where
        scope = :scope
        and attribution = 'publisher'
        and basis = 'operating'
        and coalesce(country, '') = :country
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
    ) as through
from labs as l
left join downloads as d on l.id = d.lab
left join deciding as e on l.id = e.lab and e.place = 1
where coalesce(l.country, '') = :country
order by d.downloads desc nulls last, l.id asc
