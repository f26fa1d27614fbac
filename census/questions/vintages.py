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
# Columns that a recording does not hold are null. It does not hold which models were counted on a
# day, so every value with an interval rests on the estimate, even where the interval is a point.
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

series_ends as (
    select
        r.series,
        s.scope,
        'publisher' as attribution,
        'operating' as basis,
        r.dimension,
        r.key,
        r.label,
        null as models,
        r.downloads,
        r.low,
        r.high,
        r.likely_low,
        r.likely_high,
        null as half_low,
        null as half_high,
        r.share_pct,
        r.low_pct,
        r.high_pct,
        r.likely_low_pct,
        r.likely_high_pct,
        null as half_low_pct,
        null as half_high_pct,
        null as p_place,
        iif(r.likely_low is null, 'bounds', 'estimated') as rests_on,
        null as counted_pct,
        null as covered_pct,
        r.through
    from scopes as s
    inner join recorded as r on r.measure = 'cumulative' and substr(s.through, 1, 7) = r.month
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
        title=f"{question.title} (as published on a day)",
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
