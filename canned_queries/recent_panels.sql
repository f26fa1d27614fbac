/*
title: Who gained between two days among the same models?
theme: Countries
description: >-
  Downloads of the last 30 days on two days, by country, lab or family. Only models that sources of
  the same kind counted on both days are included. Sources count different models on different
  days, so growth can be told from a change of the models counted only among the same models. The
  counts are exact. Models that came or went between the days are left out; the covered columns say
  what percentage of all known downloads is included.
unit: downloads of the last 30 days
scope: "{scope}, counted for {attribution}, by {dimension}, {first} and {second}"
parameters:
  first:
    label: First day
    help: A day on which a source counted at least 100 models of the scope.
    choices: >-
      select counted_on, counted_on from recent_days
      group by counted_on
      order by
        max(scope = 'frontier') = 0,
        counted_on = (select max(x.counted_on) from recent_days as x where x.scope = 'frontier'),
        counted_on desc
  second:
    label: Second day
    help: Another such day.
    choices: >-
      select counted_on, counted_on from recent_days
      group by counted_on
      order by max(scope = 'frontier') = 0, counted_on desc
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: country
    choices:
      country: country
      lab: lab
      family: model family
  scope:
  attribution:
  limit:
limits:
  - parameter: first
    values: >-
      select x.counted_on from recent_days as x
      where not exists (
        select 1 from recent_days as d where d.counted_on = x.counted_on and d.scope = 'frontier'
      )
    because: is a day on which no source counted 100 models counted by default
    allowed:
      scope: [labs, hub]
  - parameter: first
    values: >-
      select x.counted_on from recent_days as x
      where not exists (
        select 1 from recent_days as d where d.counted_on = x.counted_on and d.scope <> 'hub'
      )
    because: is a day on which no source counted 100 models of labs
    allowed:
      scope: [hub]
  - parameter: second
    values: >-
      select x.counted_on from recent_days as x
      where not exists (
        select 1 from recent_days as d where d.counted_on = x.counted_on and d.scope = 'frontier'
      )
    because: is a day on which no source counted 100 models counted by default
    allowed:
      scope: [labs, hub]
  - parameter: second
    values: >-
      select x.counted_on from recent_days as x
      where not exists (
        select 1 from recent_days as d where d.counted_on = x.counted_on and d.scope <> 'hub'
      )
    because: is a day on which no source counted 100 models of labs
    allowed:
      scope: [hub]
columns:
  key: Code of the country, or the lab or family; empty is unknown.
  label: Name of the key.
  models: Models in the panel.
  first_downloads: Downloads of the last 30 days on the first day, of the models in the panel.
  second_downloads: Downloads of the last 30 days on the second day, of the same models.
  first_share_pct: Share of the panel's downloads on the first day, percent.
  second_share_pct: Share of the panel's downloads on the second day, percent.
  points: By how many points the share grew.
  first_covered_pct: >-
    Percentage of all known downloads of the key in the 30 days to the first day that is in the
    panel.
  second_covered_pct: >-
    Percentage of all known downloads of the key in the 30 days to the second day that is in the
    panel.
  first_through: The first day.
  second_through: The second day.
  flagged: Models of the key with a count that has a quality event.
  largest_model: The key's most downloaded model on either day.
  first_without_largest_pct: >-
    Share on the first day without the largest model, where leaving it out moves the share of
    either day by more than two points.
  second_without_largest_pct: >-
    Share on the second day without the largest model, where leaving it out moves the share of
    either day by more than two points.
*/
with panel as (
    select
        case :dimension
            when 'country' then c.country
            when 'lab' then iif(:attribution = 'base', m.base_lab, m.lab)
            else iif(:attribution = 'base', m.base_family, m.family)
        end as key,
        m.name,
        a.downloads_30d as first_downloads,
        b.downloads_30d as second_downloads,
        iif(a.flagged = 1 or b.flagged = 1, 1, 0) as flagged
    from recent_counts as a
    inner join recent_counts as b on a.model = b.model and b.counted_on = :second
    inner join sources as s on a.source = s.id
    inner join sources as t on b.source = t.id and s.kind = t.kind
    inner join models as m on a.model = m.id
    inner join model_countries as c
        on m.id = c.model and c.attribution = :attribution and c.basis = 'operating'
    where
        a.counted_on = :first
        and (
            :scope = 'hub'
            or (:scope = 'frontier' and m.in_frontier = 1)
            or (:scope = 'labs' and m.in_labs = 1)
        )
),

ranked as (
    select
        *,
        row_number() over (
            partition by key
            order by iif(first_downloads > second_downloads, first_downloads, second_downloads) desc, name asc
        ) as place
    from panel
),

sums as (
    select
        key,
        count(*) as models,
        sum(first_downloads) as first_downloads,
        sum(second_downloads) as second_downloads,
        sum(flagged) as flagged,
        max(iif(place = 1, name, null)) as largest_model,
        max(iif(place = 1, first_downloads, null)) as first_largest,
        max(iif(place = 1, second_downloads, null)) as second_largest
    from ranked
    group by key
),

shares as (
    select
        *,
        100.0 * first_downloads / nullif(sum(first_downloads) over (), 0) as first_share,
        100.0 * second_downloads / nullif(sum(second_downloads) over (), 0) as second_share,
        100.0 * (first_downloads - first_largest)
        / nullif(sum(first_downloads) over () - first_largest, 0) as first_without,
        100.0 * (second_downloads - second_largest)
        / nullif(sum(second_downloads) over () - second_largest, 0) as second_without
    from sums
),

moved as (
    select
        *,
        abs(first_without - first_share) > 2 or abs(second_without - second_share) > 2 as tells
    from shares
)

select
    p.key,
    coalesce(y.label, 'Unknown') as label,
    p.models,
    p.first_downloads,
    p.second_downloads,
    round(p.first_share, 4) as first_share_pct,
    round(p.second_share, 4) as second_share_pct,
    round(p.second_share - p.first_share, 4) as points,
    iif(
        p.first_downloads > x.coverable,
        100.0,
        round(100.0 * p.first_downloads / nullif(x.coverable, 0), 2)
    ) as first_covered_pct,
    iif(
        p.second_downloads > y.coverable,
        100.0,
        round(100.0 * p.second_downloads / nullif(y.coverable, 0), 2)
    ) as second_covered_pct,
    :first as first_through,
    :second as second_through,
    p.flagged,
    p.largest_model,
    iif(p.tells, round(p.first_without, 4), null) as first_without_largest_pct,
    iif(p.tells, round(p.second_without, 4), null) as second_without_largest_pct
from moved as p
left join recent_series as x
    on
        x.scope = :scope
        and x.attribution = :attribution
        and x.basis = 'operating'
        and x.dimension = :dimension
        and x.counted_on = :first
        and p.key is x.key
left join recent_series as y
    on
        y.scope = :scope
        and y.attribution = :attribution
        and y.basis = 'operating'
        and y.dimension = :dimension
        and y.counted_on = :second
        and p.key is y.key
order by p.second_downloads desc, p.key asc
limit cast(:limit as integer)
