/*
title: How do we know where a lab is from?
theme: Origins
description: >-
  Every statement about where one lab is from, what the document says in the census's own words, and
  which statement decides by the rule.
unit: statements
scope: "{lab}"
parameters:
  lab:
columns:
  lab_name: Name of the lab.
  basis: What the statement is about.
  country: ISO 3166-1 alpha-2 code; empty where the source states none.
  country_name: Name of the country.
  city: City, where stated.
  says: What the document says, in our own words.
  evidence: primary (the lab's own words, licence or filing) or secondary.
  confidence: How far the statement is trusted.
  stands_on: What it stands on, where the document does not simply name a base.
  valid_from: From when it holds.
  valid_to: Until when it held.
  decides: 1 if this statement gives the lab its country.
  source_title: Title of the document.
  source_url: Address of the document.
  source_date: Date of the document.
*/
select
    l.name as lab_name,
    o.basis,
    o.country,
    c.name as country_name,
    o.city,
    o.says,
    o.evidence,
    o.confidence,
    o.stands_on,
    o.valid_from,
    o.valid_to,
    o.decides,
    o.source_title,
    o.source_url,
    o.source_date
from origin_claims as o
inner join labs as l on o.lab = l.id
left join countries as c on o.country = c.code
where o.lab = :lab
order by o.decides desc, o.basis asc, o.source_date desc, o.id asc
