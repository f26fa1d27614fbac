/*
title: What is each country's best open model?
theme: Capability
channel: scores
description: >-
  The best score of each country's open models over time, by one publisher on one scale. “Open” is
  what the publisher calls open. For the Epoch Capabilities Index, one recording is shown, with the
  best of all releases so far. For the arena, it is the scores of each day. The arena's scale
  moves, so only countries on the same day can be compared. Scores measure what their makers test,
  and say nothing about use.
unit: points of the scale
scope: "{scores}, {weights}"
answer: >-
  {when}, the best of the {weights} was of a lab of {last}, with {last_value}, by the
  {scores}.
parameters:
  show:
    of:
    group: country
    choices: >-
      select 'country', c.code, c.name from countries as c
      where c.code in (select substr(b.key, instr(b.key, ':') + 1) from capability_best as b)
      order by c.name
  scores:
    label: Scores by
    help: Who measured, and which recording. Scores of two different recordings are never compared.
    default: epoch-eci-2026-04
    choices: >-
      select s.source, s.name from capability_sources as s
      where s.source in (select x.source from capability_scores as x)
      order by s.days desc, s.source desc
  weights:
    label: Models
    help: Open models only, or models of any kind. The arena's flagships are of any kind.
    default: open
    choices:
      open: models with open weights
      any: models of any kind
  top:
    label: Countries
    help: How many countries are shown, by the best score of the last day, from 1 to 20.
    default: "4"
    pattern: integer
    min: 1
    max: 20
chart:
  kind: lines
  title: The best open model of each country
  x: day
  y: value
  key: country
  label: country_name
  dimension: country
  unit: points
  scale: near
  note: One publisher, one scale. Intervals of the publisher are in the table.
columns:
  day: Day of the release, or of the arena's list.
  country: ISO 3166-1 alpha-2 code of the lab's country.
  country_name: Name of the country.
  name: The best model as the publisher names it.
  lab: Name of the lab.
  value: Score of that model.
  low: Lower end of the publisher's interval; empty without one.
  high: Upper end of the publisher's interval; empty without one.
  as_of: The day of the list that the score stands in.
*/
with days as (
    select distinct b.day
    from capability_best as b
    where b.source = :scores
),

shown as (
    select
        d.day,
        substr(b.key, instr(b.key, ':') + 1) as country,
        b.name,
        b.lab,
        b.value,
        b.low,
        b.high,
        b.as_of,
        row_number() over (partition by d.day, b.key order by b.day desc) as newest
    from days as d
    inner join capability_sources as s on s.source = :scores
    inner join capability_best as b
        on
            s.source = b.source
            and b.key like :weights || ':%'
            and (d.day = b.day or (s.days = 'of releases' and d.day > b.day))
),

ranked as (
    select
        x.country,
        row_number() over (order by max(x.value) desc, x.country asc) as place
    from shown as x
    where x.newest = 1 and x.day = (select max(d.day) from days as d)
    group by x.country
)

select
    x.day,
    x.country,
    c.name as country_name,
    x.name,
    l.name as lab,
    x.value,
    x.low,
    x.high,
    x.as_of
from shown as x
inner join ranked as r
    on
        x.country = r.country
        and case
            when :show = '' then r.place <= cast(:top as integer)
            else instr('~' || :show || '~', '~' || x.country || '~') > 0
        end
inner join countries as c on x.country = c.code
left join labs as l on x.lab = l.id
where x.newest = 1
order by x.day asc, r.place asc
