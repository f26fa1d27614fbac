/*
title: What does each side say about a disputed lab?
theme: Origins
description: >-
  For every lab whose country is disputed, each statement with the country that it speaks for and
  the document that makes it. The deciding statement comes first. Statements about incorporation
  and founding are shown because people argue with them; by the rule they do not decide.
unit: statements
scope: every lab of the registry
columns:
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  country_by_rule: Country by the rule; empty is not established, XX is distributed.
  side: Country that the statement speaks for; empty where the document names none.
  side_name: Name of the country that the statement speaks for.
  basis: What the statement is about.
  decides: 1 if this statement gives the lab its country.
  says: What the document says, in our own words.
  evidence: primary (the lab's own words, licence or filing), secondary or none.
  confidence: How far the statement is trusted.
  source_title: Title of the document.
  source_url: Address of the document.
  source_date: Date of the document.
  disputed_because: Why the lab was marked as disputed by hand.
  downloads: Newest observed all-time counts of the lab's models, added up.
*/
with disputed as (
    select
        l.id,
        l.name,
        l.country,
        l.disputed_because,
        (
            select sum(m.latest_all_time)
            from models as m
            where m.lab = l.id
        ) as downloads
    from labs as l
    where l.disputed = 1
)

select
    d.id as lab,
    d.name as lab_name,
    d.country as country_by_rule,
    o.country as side,
    c.name as side_name,
    o.basis,
    coalesce(o.decides, 0) as decides,
    o.says,
    o.evidence,
    o.confidence,
    o.source_title,
    o.source_url,
    o.source_date,
    d.disputed_because,
    d.downloads
from disputed as d
left join origin_claims as o on d.id = o.lab
left join countries as c on o.country = c.code
order by d.downloads desc nulls last, d.id asc, o.decides desc, o.country asc, o.basis asc, o.id asc
