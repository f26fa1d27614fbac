/*
title: Which labs' countries are disputed?
theme: Origins
description: >-
  Labs about whose country sources or readers disagree: the country that the rule gives, the other
  countries that were stated, and why it is disputed.
unit: labs
scope: every lab of the registry
columns:
  lab: Identifier of the lab.
  lab_name: Name of the lab.
  country: Country by the rule; empty is not established, XX is distributed.
  country_name: Name of the country.
  stated: All countries stated by any document, by code.
  disputed_because: Why it is disputed.
  downloads: Newest observed all-time counts of the lab's models, added up.
  counted_to: Newest day of these counts.
*/
select
    l.id as lab,
    l.name as lab_name,
    l.country,
    coalesce(c.name, 'Country not established') as country_name,
    (
        select group_concat(s.country, ' ')
        from (
            select distinct o.country
            from origin_claims as o
            where o.lab = l.id and o.country is not null
            order by o.country
        ) as s
    ) as stated,
    coalesce(
        l.disputed_because,
        'Documents on its headquarters name different countries, or one of them names none.'
    ) as disputed_because,
    (
        select sum(m.latest_all_time)
        from models as m
        where m.lab = l.id
    ) as downloads,
    (
        select max(m.latest_all_time_on)
        from models as m
        where m.lab = l.id
    ) as counted_to
from labs as l
left join countries as c on l.country = c.code
where l.disputed = 1
order by downloads desc nulls last, l.id asc
