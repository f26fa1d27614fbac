/*
title: How far behind are the best open models?
theme: Capability
channel: scores
description: >-
  The best model of one group and of another, on each day on which either changes, within one
  publisher's scale and recording. The table also gives the first day on which the second group was
  no longer below what the first had reached. Where the publisher gives intervals, “not below” is
  certain only where the second's interval begins above the end of the first's. “Below” is certain
  only the other way round. Without intervals the scores are compared as they stand. In the arena,
  whose scale moves, only scores of the same day are compared, and no day of catching up is given.
unit: points of the scale
scope: "{scores}, {first} and {second}"
parameters:
  scores:
    label: Scores by
    help: Who measured, and which recording. Scores of two different recordings are never compared.
    default: epoch-eci-2025-12
    choices: >-
      select s.source, s.name from capability_sources as s
      where s.source in (select x.source from capability_scores as x)
      order by s.days desc, s.source desc
  first:
    label: Leader
    help: The group that is ahead.
    default: closed
    choices: &groups
      open: the best open model
      closed: the best closed model
      "open:CN": the best open model of China
      "open:US": the best open model of the United States
      "open:FR": the best open model of France
      "any:CN": the best model of China
      "any:US": the best model of the United States
      "any:FR": the best model of France
  second:
    label: Follower
    help: The group that follows.
    default: open
    choices: *groups
columns:
  day: Day on which one of the two changed, or of the arena's list.
  first_name: The best model of the first group, as the publisher names it.
  first_value: Score of the best model of the first group.
  second_name: The best model of the second group.
  second_value: Score of the best model of the second group.
  difference: Points that the second is below the first; negative where it is above.
  is_below: yes, no, or cannot be told where the publisher's intervals overlap.
  intervals: Whether the publisher gives intervals for both.
  reached_on: >-
    The first day of release on which the second group was not below the first's best of this day, by
    the scores themselves. Empty where it has not been, and in the arena.
  days_until: Days from this day until then; 0 where it was not below on the day itself.
*/
with days as (
    select distinct b.day
    from capability_best as b
    where b.source = :scores and b.key in (:first, :second)
),

best as (
    select
        d.day,
        b.key,
        b.name,
        b.value,
        b.low,
        b.high,
        row_number() over (partition by d.day, b.key order by b.day desc) as newest
    from days as d
    inner join capability_sources as s on s.source = :scores
    inner join capability_best as b
        on
            s.source = b.source
            and b.key in (:first, :second)
            and (d.day = b.day or (s.days = 'of releases' and d.day > b.day))
)

select
    f.day,
    f.name as first_name,
    f.value as first_value,
    x.name as second_name,
    x.value as second_value,
    round(f.value - x.value, 2) as difference,
    case
        when f.low is null or x.low is null then iif(x.value < f.value, 'yes', 'no')
        when x.high < f.low then 'yes'
        when x.low >= f.high then 'no'
        else 'cannot be told'
    end as is_below,
    iif(f.low is null or x.low is null, 'no', 'yes') as intervals,
    iif(s.days = 'of releases', (
        select min(y.day)
        from capability_best as y
        where y.source = :scores and y.key = :second and y.value >= f.value
    ), null) as reached_on,
    iif(s.days = 'of releases', (
        select max(0, cast(julianday(min(y.day)) - julianday(f.day) as integer))
        from capability_best as y
        where y.source = :scores and y.key = :second and y.value >= f.value
    ), null) as days_until
from best as f
inner join capability_sources as s on s.source = :scores
inner join best as x on f.day = x.day and x.key = :second and x.newest = 1
where f.key = :first and f.newest = 1
order by f.day
