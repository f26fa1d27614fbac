/*
title: Which days' figures were recorded?
theme: Revisions
description: >-
  The recordings that can be asked for, the newest first. Each is what was published on its day,
  recorded as it was and never altered.
unit: recordings
scope: each day on which the published series were recorded
columns:
  as_of: Day; a further recording of a day has a number.
  files: Observation files retrieved by then; not kept, so empty.
  observations: Rows of those files; not kept, so empty.
  last_observation: Their last day; not kept, so empty.
  through: Last day of the default scope as it was then.
  changed_later: Points of the recording that are known differently now.
  kind: recorded, as published.
  method: How the recorded series was made.
*/
select
    day as as_of,
    null as files,
    null as observations,
    null as last_observation,
    through,
    changed_since as changed_later,
    'recorded' as kind,
    method
from recorded_vintages
-- The tenth recording of a day comes after the ninth.
order by recorded_on desc, length(day) desc, day desc
