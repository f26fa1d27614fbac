/*
title: What did the latest revision of the figures change?
theme: Revisions
description: >-
  What is known differently now than in the latest recording of the published figures, largest
  change first. The method may have changed as well as the observations. Recordings hold the
  default list of models and way of counting, by country, region and the 30 largest labs. A month
  that was not over then and has gone on since is left out. If no recording differs, there is
  nothing to compare and no row.
unit: downloads
scope: "{scope}, counted for {attribution}, by {dimension}"
parameters:
  dimension:
    label: Split by
    help: What the downloads are split by.
    default: country
    choices:
      country: country
      region: region
      lab: lab
  scope:
    choices: select scope, label from scopes where scope = 'frontier'
  attribution:
    choices:
      publisher: the lab that published the model
  limit:
columns:
  month: Month, YYYY-MM.
  key: Code of the country, or the region or lab; empty is unknown.
  label: Name of the key.
  known_then: Best estimate as it was recorded; empty if the month was not known.
  known_now: Best estimate now; empty if the month is no longer known.
  revised_by: The present value minus the recorded one.
  revised_pct: The difference in percent of the recorded value.
  band_before: Highest minus lowest count that was allowed before.
  band_now: Highest minus lowest count that is allowed now.
  vintage_before: The recording.
  vintage_now: >-
    Day on which the newest observations were retrieved, or the day of the recording if that is
    later.
  because: >-
    observations where the rules are still those of the recording; method where the rules have
    changed since, whatever else changed.
  low_then: Lowest count that was allowed then.
  high_then: Highest count that was allowed then.
  likely_low_then: Lower end of the 90 % interval then; empty where there was none.
  likely_high_then: Upper end of the 90 % interval then.
  low_now: Lowest count that is allowed now.
  high_now: Highest count that is allowed now.
  likely_low_now: Lower end of the 90 % interval now; empty where there is none.
  likely_high_now: Upper end of the 90 % interval now.
  rests_on_now: >-
    What the figure rests on now - counted where 95 % or more of the downloads are in models counted on
    the day. Else estimated where there is a likely interval, bounds where there is none.
  counted_pct_now: Part of the downloads in such models now, percent. Recordings do not say it of then.
  covered_pct_now: >-
    Part of the downloads of the last 30 days in models with an all-time count now, percent; empty
    where no 30-day count is near.
*/
-- The latest recording that is not what is known now.
with recording as (
    select
        v.day,
        v.recorded_on,
        iif(v.rules_digest = b.value, 'observations', 'method') as because
    from recorded_vintages as v
    inner join build_info as b on b.key = 'rules_digest'
    inner join scopes as s on s.scope = :scope
    where v.changed_since > 0 or s.through <> v.through
    order by v.recorded_on desc, length(v.day) desc, v.day desc
    limit 1
),

newest as (
    select coalesce(substr(max(f.retrieved_at), 1, 10), '') as retrieved_on
    from observation_files as f
),

now as (
    select
        k.key,
        k.label,
        p.month,
        p.through,
        p.cumulative,
        p.cumulative_low as low,
        p.cumulative_high as high,
        p.cumulative_likely_low as likely_low,
        p.cumulative_likely_high as likely_high,
        p.cumulative_counted as counted,
        p.covered,
        p.coverable
    from series_keys as k
    inner join series_points as p on k.id = p.series
    where
        k.scope = :scope
        and k.attribution = :attribution
        and k.basis = 'operating'
        and k.dimension = :dimension
),

published as (
    select
        r.key,
        r.label,
        r.month,
        r.through,
        r.downloads,
        r.low,
        r.high,
        r.likely_low,
        r.likely_high
    from recording as g
    inner join recorded_points as r
        on g.day = r.day and r.dimension = :dimension and r.measure = 'cumulative'
),

changed as (
    select
        r.month,
        r.key,
        r.label,
        r.downloads as known_then,
        w.cumulative as known_now,
        r.high - r.low as band_before,
        w.high - w.low as band_now,
        r.low as low_then,
        r.high as high_then,
        r.likely_low as likely_low_then,
        r.likely_high as likely_high_then
    from published as r
    left join now as w on r.key is w.key and r.month = w.month
    where
        -- A month that was counted in part then is not what the whole month is now.
        (w.through is null or r.through = w.through)
        and (r.downloads is not w.cumulative or r.low is not w.low or r.high is not w.high)
    union all
    -- Months and keys that are known only now; of labs only the largest were recorded.
    select
        w.month,
        w.key,
        w.label,
        null as known_then,
        w.cumulative as known_now,
        null as band_before,
        w.high - w.low as band_now,
        null as low_then,
        null as high_then,
        null as likely_low_then,
        null as likely_high_then
    from now as w
    where
        exists (select 1 from recording)
        and (:dimension <> 'lab' or w.key in (select x.key from published as x))
        and not exists (
            select 1
            from published as r
            where r.key is w.key and r.month = w.month
        )
)

select
    c.month,
    c.key,
    c.label,
    c.known_then,
    c.known_now,
    c.known_now - c.known_then as revised_by,
    round(100.0 * (c.known_now - c.known_then) / nullif(c.known_then, 0), 4) as revised_pct,
    c.band_before,
    c.band_now,
    g.day as vintage_before,
    iif(g.recorded_on > n.retrieved_on, g.recorded_on, n.retrieved_on) as vintage_now,
    g.because,
    c.low_then,
    c.high_then,
    c.likely_low_then,
    c.likely_high_then,
    w.low as low_now,
    w.high as high_now,
    w.likely_low as likely_low_now,
    w.likely_high as likely_high_now,
    case
        when w.cumulative > 0 and w.counted >= 0.95 * w.cumulative then 'counted'
        when w.likely_low is not null then 'estimated'
        when w.cumulative is not null then 'bounds'
    end as rests_on_now,
    round(100.0 * w.counted / nullif(w.cumulative, 0), 2) as counted_pct_now,
    round(100.0 * w.covered / nullif(w.coverable, 0), 2) as covered_pct_now
from recording as g
cross join changed as c
cross join newest as n
left join now as w on c.key is w.key and c.month = w.month
order by abs(coalesce(c.known_now, 0) - coalesce(c.known_then, 0)) desc, c.month desc, c.key asc
limit cast(:limit as integer)
