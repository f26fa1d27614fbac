/*
title: Do others' figures agree with ours?
theme: Comparisons
description: >-
  Figures that others published, each beside ours where the census can compute it, and with the
  reason where it cannot. The verdict follows a rule: “agrees” if ours is within the tolerance in
  at least 95 % of the possible histories, “differs” if in at most 5 %. A sum of ours that is a
  part of what others count is “consistent” if it is not above theirs. A list that is counted again
  agrees only with itself. Shares of the whole Hub are not comparable with those of the publishers
  that the census observes. What the bounds leave open cannot be decided. A middle value is shown
  only with an interval of at most 20 points, or 20 percent of a count.
unit: as stated in each row
scope: "{verdict}"
parameters:
  publisher:
    label: Publisher
    help: Whose figures are shown.
    default: ""
    optional: All publishers
    choices: >-
      select distinct f.publisher, f.publisher from scoreboard as s
      inner join published_figures as f on s.figure = f.figure order by f.publisher
  verdict:
    label: Verdict
    help: Which verdicts are shown.
    default: ""
    optional: All verdicts
    choices:
      - agrees
      - consistent
      - differs
      - the same list
      - not comparable
      - cannot be decided
      - no data
      - not computed
columns:
  publisher: Who published the figure.
  what: What it counts.
  as_of: Day or month that it is of.
  published: The published figure.
  unit: Unit of both.
  ours: Best estimate of the census; empty where the observations leave too much open.
  ours_low: Lowest value that the observations allow.
  ours_high: Highest value that the observations allow; empty where nothing limits it.
  ours_in_words: What the census finds where it is not a number, or what the lowest value is of.
  difference: Ours less the published figure.
  tolerance: Difference up to which the two agree.
  verdict: What the rule says; not computed where the census has nothing of its own.
  reason: Why they differ, what to know of the comparison, or why there is none.
  scope: Scope of ours that is nearest to the publisher's.
  since: First month of ours where it is of several.
  month: Month that ours is of, the last of several.
  evidence: primary (the publisher's own words), secondary or derived.
  source_url: Where the figure was published.
  ours_likely_low: Low end of the 90 % interval of ours.
  ours_likely_high: High end of it.
  p: The part of the draws in which the two agree, or in which ours is not above theirs.
  rests_on: >-
    What ours rests on - counted where 95 % or more of the downloads are in models counted at the ends
    of the month. Else estimated where there is a likely interval, bounds where there is none. Empty where
    ours is not of one key of the series.
  counted_pct: Part of the key's downloads in such models, percent.
  covered_pct: >-
    Part of the key's downloads of the last 30 days in models with an all-time count, percent.
*/
select
    f.publisher,
    f.what,
    f.as_of,
    s.published,
    s.unit,
    round(s.ours, 4) as ours,
    round(s.ours_low, 4) as ours_low,
    round(s.ours_high, 4) as ours_high,
    s.ours_in_words,
    round(s.difference, 4) as difference,
    s.tolerance,
    s.verdict,
    s.reason,
    s.scope,
    s.since,
    s.month,
    f.evidence,
    f.source_url,
    round(s.ours_likely_low, 4) as ours_likely_low,
    round(s.ours_likely_high, 4) as ours_likely_high,
    s.p,
    case
        when p.series is null then null
        when s.measure = 'monthly' and p.monthly_counted >= 0.95 * p.monthly then 'counted'
        when s.measure <> 'monthly' and p.cumulative_counted >= 0.95 * p.cumulative then 'counted'
        when s.ours_likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    round(
        100.0 * iif(s.measure = 'monthly', p.monthly_counted, p.cumulative_counted)
        / nullif(iif(s.measure = 'monthly', p.monthly, p.cumulative), 0),
        2
    ) as counted_pct,
    round(100.0 * p.covered / nullif(p.coverable, 0), 2) as covered_pct
from scoreboard as s
inner join published_figures as f on s.figure = f.figure
left join series_keys as k
    on
        s.scope = k.scope
        and s.dimension = k.dimension
        and s.key = k.key
        and k.attribution = 'publisher'
        and k.basis = 'operating'
        and s.measure in ('cumulative', 'share', 'monthly')
left join series_points as p on k.id = p.series and s.month = p.month
where
    (:publisher = '' or f.publisher = :publisher)
    and (:verdict = '' or s.verdict = :verdict)
order by
    s.verdict = 'not computed' asc,
    f.publisher asc,
    s.month desc,
    s.measure asc,
    s.figure asc
