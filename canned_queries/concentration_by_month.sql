/*
title: How concentrated are downloads?
theme: Concentration
description: >-
  Whether a few labs, families, countries or models have most of the downloads, month by month. The
  Herfindahl-Hirschman index is the sum of the squared shares in percent: 10,000 means that one has
  everything; near 0 means very many of equal size. The Gini index goes from 0, all equal, to
  nearly 100. Models whose country or family is not known are left out. The likely interval holds
  nine in ten of the possible histories. The lowest and highest values hold for whatever counts the
  observations allow; they are safe rather than tight.
unit: percent, or points of the index
scope: "{scope}, {measure}, {statistic} of {dimension}, counted for {attribution}"
answer: >-
  {when}, the {statistic} among {dimension} was {last_value}.
parameters:
  statistic:
    label: Statistic
    help: How concentration is measured.
    default: top_3
    choices:
      top_1: percentage held by the largest
      top_3: percentage held by the largest 3
      top_5: percentage held by the largest 5
      top_10: percentage held by the largest 10
      top_20: percentage held by the largest 20
      hhi: Herfindahl-Hirschman index
      gini: Gini index
  dimension:
    label: Among
    help: Whose shares are compared. Models are always counted for their publisher.
    default: lab
    choices:
      country: countries
      lab: labs
      family: families
      model: models
  measure:
    label: Measure
    help: All downloads up to the end of a month, or those of the month alone.
    default: cumulative
    choices:
      cumulative: cumulative downloads
      monthly: downloads in the month
  scope:
  attribution:
  since:
    default: "2025-01"
  until:
chart:
  kind: lines
  title: "Concentration of {measure} among {dimension}"
  x: month
  y: value
  low: low
  high: high
  likely_low: likely_low
  likely_high: likely_high
  rests_on: rests_on
  counted: counted_pct
  covered: covered_pct
  key: statistic
  label: label
  dimension: statistic
  unit: ""
  percent: true
columns:
  month: >-
    Month, YYYY-MM. The last month may not be over; it is counted to the last day of the scope.
  value: The statistic, the middle of its values in the possible histories.
  low: Lowest value that the observations allow.
  high: Highest value that the observations allow.
  keys: Countries, labs, families or models compared.
  statistic: Short name of the statistic.
  label: Name of the statistic.
  likely_low: Lower end of the 90 % interval; empty where there is none.
  likely_high: Upper end of the 90 % interval.
  rests_on: >-
    counted where 95 % or more of the downloads compared are in models counted at the ends of the row.
    Else estimated where there is a likely interval, bounds where there is none.
  counted_pct: Part of the downloads compared that is in such models, percent.
  covered_pct: >-
    Percentage of the downloads of the last 30 days that is of models with an all-time count; empty
    where no 30-day count is near the day.
*/
select
    month,
    value,
    low,
    high,
    keys,
    statistic,
    case statistic
        when 'hhi' then 'HHI'
        when 'gini' then 'Gini index'
        else 'Largest ' || substr(statistic, 5)
    end as label,
    likely_low,
    likely_high,
    case
        when counted_pct >= 95 then 'counted'
        when likely_low is not null then 'estimated'
        else 'bounds'
    end as rests_on,
    counted_pct,
    covered_pct
from concentration
where
    scope = :scope
    and attribution = iif(:dimension = 'model', 'publisher', :attribution)
    and dimension = :dimension
    and measure = :measure
    and statistic = :statistic
    and (:since = '' or month >= :since)
    and (:until = '' or month <= :until)
order by month
