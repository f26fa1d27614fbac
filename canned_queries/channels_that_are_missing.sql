/*
title: Which channels are missing?
theme: Channels
channel: all
description: >-
  Where models are fetched or used, too, without figures that could be shown, and in which direction
  that shifts what is shown, where it is known.
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
