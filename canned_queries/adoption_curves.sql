/*
title: How fast were models taken up after their release?
theme: Adoption
description: >-
  Models side by side from the day of release to a year later, so that older models have no
  advantage. The chart shows the models with the most downloads up to the chosen age, ranked by the
  lowest count that the observations allow. That count is certain; the best estimate can be far
  higher where few days were observed. Age 0 is the start, before the first download. Ages that a
  model's counts do not reach have no row. A model whose start is unknown is left out. How often
  the likely intervals hold was tested on whole histories, not on the first days alone.
unit: downloads since release
scope: "{scope}, most downloaded in {days}, {size}, {country}, {lab}, {family}"
chosen: the models chosen, by their downloads in {days}
parameters:
  show:
    help: >-
      Full names of models with ~ between them. They replace all other choices. A picture shows at
      most 12; tables and files show any number.
    of:
    group: model
    choices: >-
      select 'model', m.name, m.name
      from models as m
      where m.id in (select a.model from adoption as a)
      order by m.in_frontier desc, m.latest_all_time desc nulls last, m.name
  days:
    label: Chosen by
    help: The age at which the most downloaded models are chosen.
    default: "90"
    choices:
      "7": the first 7 days
      "14": the first 14 days
      "30": the first 30 days
      "60": the first 60 days
      "90": the first 90 days
      "180": the first 180 days
      "365": the first 365 days
  size:
  scope:
  country:
  lab:
    help: The lab whose models are shown.
    default: ""
    optional: All labs
    choices: >-
      select l.id, l.name from labs as l
      where exists (select 1 from models as m where m.lab = l.id)
      order by (
        select sum(m.latest_all_time) from models as m where m.lab = l.id and m.in_frontier = 1
      ) desc, l.id
  family:
    label: Model family
    help: The family whose models are shown.
    default: ""
    optional: All families
    choices: >-
      select f.id, f.name from families as f
      where exists (select 1 from models as m where m.family = f.id) order by f.name
  top:
    label: Models
    help: How many models are shown, from 1 to 20.
    default: "6"
    pattern: integer
    min: 1
    max: 20
chart:
  kind: ages
  title: "Downloads since release, {days}"
  x: days
  y: downloads
  low: low
  high: high
  likely_low: likely_low
  likely_high: likely_high
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
  key: model
  label: model
  dimension: model
  unit: downloads
  drawn: 20
columns:
  place: Rank by the lowest count at the chosen age, among the models shown.
  model: Full name of the model on the Hub.
  lab: Name of the lab.
  country: ISO 3166-1 alpha-2 code; empty means not established, XX distributed.
  size_bucket: Size class by parameters.
  released_on: Day of a dated announcement, or else of creation on the Hub.
  days: Days from release; 0 is the beginning.
  until: The last of these days.
  downloads: Best estimate of the downloads in these days.
  low: Lowest count that the observations allow.
  high: Highest count that the observations allow.
  likely_low: Lower end of the 90 % interval of the downloads.
  likely_high: Upper end of the 90 % interval of the downloads.
  rests_on: counted where all-time counts are within a day of both ends of these days, else estimated.
  counted_pct: 100 where the downloads are counted, otherwise 0.
  covered_pct: Always 100, since the model has an all-time count.
*/
with reached as (
    select
        a.model,
        max(a.days) as days
    from adoption as a
    where :show <> '' and a.days <= cast(:days as integer)
    group by a.model
),

chosen as materialized (
    select
        m.id,
        m.name,
        m.lab,
        m.country,
        m.size_bucket,
        m.released_on,
        a.days,
        a.low,
        a.downloads
    from adoption as a
    inner join models as m on a.model = m.id
    left join reached as r on a.model = r.model
    where
        a.days = coalesce(r.days, cast(:days as integer))
        and (:show = '' or instr('~' || :show || '~', '~' || m.name || '~') > 0)
        and (
            :show <> ''
            or :scope = 'hub'
            or (:scope = 'frontier' and m.in_frontier = 1)
            or (:scope = 'labs' and m.in_labs = 1)
        )
        and (:show <> '' or :size = '' or m.size_bucket = :size)
        and (:show <> '' or :country = '' or m.country = :country)
        and (:show <> '' or :lab = '' or m.lab = :lab)
        and (:show <> '' or :family = '' or m.family = :family)
    order by a.low desc, a.downloads desc, m.name asc
    limit iif(:show = '', cast(:top as integer), 100000)
),

placed as (
    select
        c.id,
        c.name,
        c.lab,
        c.country,
        c.size_bucket,
        c.released_on,
        row_number() over (order by c.low desc, c.downloads desc, c.name asc) as place
    from chosen as c
),

points as (
    select
        a.model,
        a.days,
        a.until,
        a.downloads,
        a.low,
        a.high,
        a.likely_low,
        a.likely_high,
        a.counted
    from adoption as a
    where a.model in (select c.id from chosen as c)
    union all
    -- Counting begins here: before the first of these days there is nothing.
    select
        a.model,
        0 as days,
        date(a.until, '-' || a.days || ' days') as until,
        0 as downloads,
        0 as low,
        0 as high,
        0 as likely_low,
        0 as likely_high,
        1 as counted
    from adoption as a
    inner join chosen as c on a.model = c.id and a.days = c.days
)

select
    c.place,
    c.name as model,
    l.name as lab,
    c.country,
    c.size_bucket,
    c.released_on,
    p.days,
    p.until,
    p.downloads,
    p.low,
    p.high,
    p.likely_low,
    p.likely_high,
    iif(p.counted = 1, 'counted', 'estimated') as rests_on,
    iif(p.counted = 1, 100.0, 0.0) as counted_pct,
    100.0 as covered_pct
from placed as c
inner join points as p on c.id = p.model
inner join labs as l on c.lab = l.id
order by c.place asc, p.days asc
