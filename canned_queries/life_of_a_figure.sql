/*
title: How did a figure change after it was published?
theme: Revisions
description: >-
  One figure from its first publication to now: each recording of what was published, and what is
  known today, with how much it changed and why. Where the rules are the same, only counts are new;
  otherwise the row names the kinds of changes that the changelog lists for that time. How large a
  revision usually is can be said only once six recordings hold the figure; before that the column
  is empty. Recordings hold the default list of models and way of counting, by country, region and
  the 30 largest labs.
unit: percent of downloads, or downloads
scope: "{key}, {measure}, {month}, language and vision-language models, for the lab that published the model"
parameters:
  key:
    label: Of which
    help: A country, a region or one of the largest labs.
    default: CN
    choices: >-
      select key, label || ' (' || dimension || ')' from recorded_points
      where key is not null group by dimension, key order by dimension, label, key
  measure:
    label: Measure
    help: What the figure is.
    default: share
    choices:
      share: share of all downloads
      share_monthly: share of the downloads in the month
      cumulative: all downloads
      monthly: downloads in the month
  month:
    label: Month
    help: A month that was counted whole. Months in most recordings come first.
    choices: >-
      select month, month from recorded_points
      where through = date(month || '-01', '+1 month', '-1 day')
      group by month order by count(distinct day) desc, month desc
columns:
  published: >-
    Day of the recording, with a number from the second of the same day on; now is what is known
    today.
  published_on: >-
    Day on which it was published; for now, the day on which the newest observations were
    retrieved.
  value: The figure as it was published, percent or downloads.
  low: Lowest value that the observations allowed.
  high: Highest value that the observations allowed.
  likely_low: Lower end of the 90 % interval; empty where there was none.
  likely_high: Upper end of the 90 % interval.
  changed_by: This value less the one before, in points or downloads; empty for the first.
  cause: >-
    first print; unchanged; new counts where the rules are the same; else new rules. With new rules stand
    the kinds of changes noted from the day before it to its own. They are data (a new source or a
    corrected count), tag, rule and method.
  method: How the series was made, in the words of the recording.
  usual_revision: Mean size of a change among six recordings or more; empty where there are fewer.
  rests_on: >-
    What the figure of now rests on - counted where 95 % or more of the downloads are in models counted
    at the ends of the month. Else estimated where there is a likely interval, bounds where there is none.
    Recordings do not say it.
  counted_pct: Part of the downloads in such models, percent.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
*/
with known as (
    select
        v.day as published,
        v.recorded_on as published_on,
        v.rules_digest,
        v.method,
        row_number() over (order by v.recorded_on asc, length(v.day) asc, v.day asc) as place,
        case :measure
            when 'share' then r.share_pct when 'share_monthly' then r.share_pct else r.downloads
        end as value,
        iif(:measure in ('share', 'share_monthly'), r.low_pct, r.low) as low,
        iif(:measure in ('share', 'share_monthly'), r.high_pct, r.high) as high,
        iif(:measure in ('share', 'share_monthly'), r.likely_low_pct, r.likely_low) as likely_low,
        iif(:measure in ('share', 'share_monthly'), r.likely_high_pct, r.likely_high) as likely_high,
        null as rests_on,
        null as counted_pct,
        null as covered_pct
    from recorded_vintages as v
    inner join recorded_points as r on v.day = r.day
    where
        r.key = :key
        and r.month = :month
        -- A month that was counted in part is another figure.
        and r.through = date(:month || '-01', '+1 month', '-1 day')
        and r.measure = iif(:measure in ('share', 'cumulative'), 'cumulative', 'monthly')
    union all
    select
        'now' as published,
        (select substr(max(f.retrieved_at), 1, 10) from observation_files as f) as published_on,
        (
            select b.value
            from build_info as b
            where b.key = 'rules_digest'
        ) as rules_digest,
        null as method,
        1000000 as place,
        iif(:measure in ('share', 'share_monthly'), s.share_pct, s.downloads) as value,
        iif(:measure in ('share', 'share_monthly'), s.low_pct, s.low) as low,
        iif(:measure in ('share', 'share_monthly'), s.high_pct, s.high) as high,
        iif(:measure in ('share', 'share_monthly'), s.likely_low_pct, s.likely_low) as likely_low,
        iif(:measure in ('share', 'share_monthly'), s.likely_high_pct, s.likely_high) as likely_high,
        s.rests_on,
        s.counted_pct,
        s.covered_pct
    from series_steps as s
    where
        s.scope = 'frontier'
        and s.attribution = 'publisher'
        and s.basis = 'operating'
        and s.dimension in ('country', 'region', 'lab')
        and s.key = :key
        and s.step = 'month'
        and s.month = :month
        and s.through = date(:month || '-01', '+1 month', '-1 day')
        and s.measure = iif(:measure in ('share', 'cumulative'), 'cumulative', 'monthly')
),

beside as (
    select
        *,
        lag(value) over (order by place) as value_before,
        lag(rules_digest) over (order by place) as digest_before,
        lag(published_on) over (order by place) as day_before,
        count(*) over () - 1 as recordings
    from known
    where value is not null
),

changed as (
    select
        *,
        round(value - value_before, 4) as changed_by
    from beside
)

select
    c.published,
    c.published_on,
    c.value,
    c.low,
    c.high,
    c.likely_low,
    c.likely_high,
    c.changed_by,
    case
        when c.value_before is null then 'first print'
        when c.changed_by = 0 then 'unchanged'
        when c.rules_digest = c.digest_before then 'new counts'
        else 'new rules' || coalesce(
            '; noted: ' || (
                select group_concat(n.kind, ', ')
                from (
                    select l.kind
                    from changelog as l
                    where l.date >= c.day_before and l.date <= c.published_on
                    group by l.kind
                ) as n
            ),
            ''
        )
    end as cause,
    c.method,
    iif(
        c.recordings >= 6,
        (
            select round(avg(abs(x.changed_by)), 4)
            from changed as x
            where x.changed_by is not null and x.published <> 'now'
        ),
        null
    ) as usual_revision,
    c.rests_on,
    c.counted_pct,
    c.covered_pct
from changed as c
order by c.place asc
