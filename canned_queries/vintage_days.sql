/*
title: Days on which the census learned something
theme: Revisions
description: >-
  The vintages that can be asked for, the newest first. A recomputed one applies today's rules to
  what had been retrieved by its day, and says how many points of all series the next one changed. A
  recorded one is what was published on its day, and takes the place of a recomputed one.
unit: vintages
scope: each day on which observations were retrieved or the published series recorded
columns:
  as_of: Day; a further recording of a day has a number.
  files: Observation files retrieved by then; not kept of a recorded vintage.
  observations: Rows of those files.
  last_observation: Their last day.
  through: Last day of the scope frontier as it was then; empty if it had none.
  changed_later: Points of series that the next vintage changed.
  kind: recomputed from the observations of its day, or recorded as published.
  method: How the recorded series was made.
*/
with days as (
    select
        as_of,
        files,
        observations,
        last_observation,
        through,
        changed_later,
        'recomputed' as kind,
        null as method
    from vintages
    where as_of not in (select r.recorded_on from recorded_vintages as r)
    union all
    select
        day as as_of,
        null as files,
        null as observations,
        null as last_observation,
        through,
        null as changed_later,
        'recorded' as kind,
        method
    from recorded_vintages
)

select
    as_of,
    files,
    observations,
    last_observation,
    through,
    changed_later,
    kind,
    method
from days
-- The tenth recording of a day comes after the ninth.
order by substr(as_of, 1, 10) desc, length(as_of) desc, as_of desc
