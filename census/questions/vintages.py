"""Questions as they were answered on a day: the same SQL on what was recorded of that day.

A recording stands in for the series by tables of the same names, which SQLite looks up first. So a
question and its past have one statement, one chart and one set of columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from census.questions.parameters import Limit, Parameter
from census.questions.question_files import Question

# The questions that recordings can answer, and what of their parameters a recording holds.
RECORDED = {
    "share_by_country": {"measure": ["cumulative", "monthly"]},
    "cumulative_downloads": {"dimension": ["country", "region"]},
    "monthly_downloads": {"dimension": ["country", "region"]},
    "ranking_by_country": {"measure": ["cumulative"], "without": ["none"]},
    "ranking_by_lab": {"measure": ["cumulative"], "without": ["none"]},
}
ALWAYS = {
    "scope": ["frontier"],
    "attribution": ["publisher"],
    "basis": ["operating"],
    "step": ["month"],
}
ENDING = "_as_of"
AS_OF = "as_of"
CHOICES = (
    "select day, day from recorded_vintages order by recorded_on desc, length(day) desc, day desc"
)
PARAMETER = Parameter(
    name=AS_OF,
    label="As published on",
    default="",
    help="The day of the recording; the newest comes first.",
    choices_sql=CHOICES,
)
LABS = "Of labs a recording holds only the 30 largest of its day."
WITH = re.compile(r"\A\s*with\s+", re.IGNORECASE)
# What a recording does not hold is null: which models were counted on a day is not in it, so that a
# value with an interval rests on the estimate, even where the interval is a point.
STAND_INS = """
with scopes as (
    select
        s.scope,
        s.label,
        s.description,
        v.through,
        null as running_month,
        s.models,
        s.models_with_counts,
        null as counted_pct,
        null as covered_pct,
        null as carried_pct
    from main.scopes as s
    inner join recorded_vintages as v on v.day = :as_of
    where s.scope = 'frontier'
),

recorded as (
    select
        r.*,
        dense_rank() over (order by r.dimension, coalesce(r.key, '')) as series
    from recorded_points as r
    where r.day = :as_of and r.downloads is not null
),

series_steps as (
    select
        series,
        'frontier' as scope,
        'publisher' as attribution,
        'operating' as basis,
        dimension,
        key,
        label,
        'month' as step,
        month,
        through,
        measure,
        downloads,
        low,
        high,
        likely_low,
        likely_high,
        null as half_low,
        null as half_high,
        null as counted,
        share_pct,
        low_pct,
        high_pct,
        likely_low_pct,
        likely_high_pct,
        null as half_low_pct,
        null as half_high_pct,
        null as place,
        null as p_place,
        null as carried,
        null as covered,
        null as coverable,
        null as models,
        iif(likely_low is null, 'bounds', 'estimated') as rests_on,
        null as counted_pct,
        null as covered_pct
    from recorded
),

series_keys as (
    select
        series as id,
        'frontier' as scope,
        'publisher' as attribution,
        'operating' as basis,
        dimension,
        key,
        label
    from recorded
    group by series, dimension, key, label
),

series_points as (
    select
        series,
        month,
        through,
        null as models,
        downloads as cumulative,
        low as cumulative_low,
        high as cumulative_high,
        likely_low as cumulative_likely_low,
        likely_high as cumulative_likely_high,
        null as cumulative_half_low,
        null as cumulative_half_high,
        null as cumulative_counted,
        share_pct as cumulative_share_pct,
        low_pct as cumulative_low_pct,
        high_pct as cumulative_high_pct,
        likely_low_pct as cumulative_likely_low_pct,
        likely_high_pct as cumulative_likely_high_pct,
        null as cumulative_half_low_pct,
        null as cumulative_half_high_pct,
        null as cumulative_p_place,
        null as covered,
        null as coverable
    from recorded
    where measure = 'cumulative'
),

"""


def past_questions(questions: Mapping[str, Question]) -> dict[str, Question]:
    """Return, by name, the questions that ask for what was published on a day."""
    return {
        f"{name}{ENDING}": past_question(questions[name]) for name in RECORDED if name in questions
    }


def past_question(question: Question) -> Question:
    """Return a question as it was answered on a day, which is its first parameter."""
    recorded = {**ALWAYS, **RECORDED[question.name]}
    names = {parameter.name for parameter in question.parameters}
    limit = Limit(
        parameter=AS_OF,
        values_sql="select day from recorded_vintages",
        because="is a recording of what was published, which holds scope frontier by publisher",
        allowed={name: values for name, values in recorded.items() if name in names},
    )
    parameters = tuple(_within(parameter, recorded) for parameter in question.parameters)
    about = f" {LABS}" if question.name == "ranking_by_lab" else ""
    return replace(
        question,
        name=f"{question.name}{ENDING}",
        title=f"{question.title}, as published on a day",
        theme="Revisions",
        description=(
            f"What was published on a day, recorded as it was, by the rules of that day.{about}"
            f" {question.description}"
        ),
        scope=f"{question.scope}, as published on {{{AS_OF}}}",
        parameters=(PARAMETER, *parameters),
        limits=(limit, *question.limits),
        sql=STAND_INS.lstrip() + WITH.sub("", question.sql),
    )


def _within(parameter: Parameter, recorded: Mapping[str, list[str]]) -> Parameter:
    """Return a parameter whose default a recording holds."""
    allowed = recorded.get(parameter.name)
    if allowed is None or parameter.default in allowed:
        return parameter
    return replace(parameter, default=allowed[0])
