/*
title: On which days were the published figures recorded?
theme: Revisions
description: >-
  The recordings that can be asked for, newest first. Each is what was published on its day, kept
  as it was and never altered.
unit: recordings
scope: each day on which the published series were recorded
columns:
  as_of: Day; a further recording of a day has a number.
  files: Observation files retrieved by then; not kept, so empty.
  observations: Rows of the observation files; not kept, so empty.
  last_observation: Last day of the observation files; not kept, so empty.
  through: Last day of the default scope at the time.
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
