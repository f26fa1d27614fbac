/*
title: Which channels are missing from the census?
theme: Channels
channel: all
description: >-
  Other places where models are fetched or used, for which no figures can be shown, and in which
  direction their absence shifts the figures, where that is known.
unit: channels
columns:
  name: What is missing.
  counts: What it would count.
  why: Why it is missing.
  bias: In which direction its absence shifts the figures.
*/
select
    name,
    counts,
    why,
    bias
from channels_missing
order by name
