/*
title: Days on which the census learned something
theme: Revisions
description: >-
  The vintages that can be asked for, the newest first, with what had been retrieved by then and
  how many points of all series were known differently just before the next one.
unit: vintages
scope: each day on which observations were retrieved
columns:
  as_of: Day; what was retrieved by then is known.
  files: Observation files retrieved by then.
  observations: Rows of those files.
  last_observation: Their last day.
  through: Last day of the scope frontier as it was then; empty if it had none.
  changed_later: Points of series that the next vintage changed.
*/
select
    v.as_of,
    v.files,
    v.observations,
    v.last_observation,
    v.through,
    v.changed_later
from vintages as v
order by v.as_of desc
