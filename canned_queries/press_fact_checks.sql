/*
title: Are claims in the press true?
theme: Comparisons
description: >-
  Claims by the press and others, with what the data say about each, decided by a rule at every
  build. They are about where labs are from, what a model was made from, or when one passed
  another. What the bounds leave open is “cannot be decided”, and stays so until there are
  observations for it. “Very likely” is what holds in 95 % of the possible histories. Downloads say
  nothing about a model's quality.
unit: claims
scope: "{verdict}"
parameters:
  verdict:
    label: Verdict
    help: Which verdicts are shown.
    default: ""
    optional: All verdicts
    choices:
      - "true"
      - very likely true
      - partly true
      - very likely false
      - "false"
      - cannot be decided
      - no data
columns:
  claim: The claim.
  claimant: Who made it.
  published: When.
  verdict: true or false (counted), very likely so (from draws), partly true, cannot be decided or no data.
  evidence: The facts behind the verdict, computed from the data of this build.
  decided_by: The question of the census that shows them.
  rule: The rule that the claim was put to.
  arguments: What the rule was applied to.
  source_url: Where the claim can be read.
  p: The part of the draws in which the claim holds, where they were asked.
*/
select
    p.claim,
    p.claimant,
    p.published,
    f.verdict,
    f.evidence,
    f.decided_by,
    f.kind as rule,
    f.arguments,
    p.source_url,
    f.p
from fact_checks as f
inner join press_claims as p on f.claim_id = p.claim_id
where :verdict = '' or f.verdict = :verdict
order by p.published asc, p.claimant asc, f.id asc
