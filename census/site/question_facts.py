"""Facts of the database on the page of a question, beside its figure and rows."""

from __future__ import annotations

from typing import Any

from census.base import numbers
from census.pages.method import SCOPES
from census.questions.question_files import Question
from census.site.queries import notices, question_rows, statement_rows
from census.site.site import site_of

RECENT = "recent"
BY_BASE = "base"
LAST_RECENT = """
select max(r.counted_on) as day
from recent_days as r
inner join scopes as s on r.scope = s.scope
where r.scope = :scope and r.counted_on <= s.through
"""
LARGEST_ONLY = "only the largest models were counted on this day"
# How many models of a kind are known, and how many of them have which count.
KIND_COUNTS = """
select
    count(*) as known,
    coalesce(sum(latest_all_time is not null), 0) as all_time,
    coalesce(sum(latest_30d is not null), 0) as recent
from models
where
    case :task when 'language' then 'text' else :task end = coalesce(modality, 'unknown')
    and (:country = '' or country = :country)
    and (
        :scope = 'hub'
        or (:scope = 'frontier' and in_frontier = 1)
        or (:scope = 'labs' and in_labs = 1)
    )
"""


async def filled_share(datasette: Any, values: dict[str, str]) -> dict[str, Any] | None:
    """Return the share that keeps its operating country on another basis, None on that basis."""
    basis = values.get("basis", "operating")
    if basis == "operating":
        return None
    rows = await question_rows(
        datasette, "filled_by_basis", scope=values["scope"], attribution=values["attribution"]
    )
    return next((row for row in rows if row["basis"] == basis), None)


async def bases_named(datasette: Any, values: dict[str, str]) -> dict[str, float] | None:
    """Return the share of downloads by source of the base, None where nothing counts by base."""
    if values.get("attribution") != BY_BASE:
        return None
    rows = await question_rows(datasette, "bases_named", scope=values["scope"])
    return {row["named_by"]: row["share_pct"] for row in rows}


async def through_words(
    datasette: Any, question: Question, values: dict[str, str], end: dict[str, Any] | None
) -> str:
    """Say up to which day a question's figures go, and what a reader should know of that day.

    `end` is that of the question's scope.
    """
    context = site_of(datasette).context
    of_one_day = "on" in values and "measure" not in values
    if values.get("measure") == RECENT or of_one_day:
        if values.get("on"):
            return f"Counted on {numbers.day_words(values['on'])}"
        scope = values.get("scope", "labs" if of_one_day else "frontier")
        last = (await statement_rows(datasette, LAST_RECENT, scope=scope))[0]["day"]
        single = "Counted on" if "on" in values else "Counted on single days, the last"
        return f"{single} {numbers.day_words(last)}" if last else "Not counted on any day"
    if not question.reads_series:
        last = context.of_channel(question.channel, values).last_observation
        return f"Observations to {numbers.day_words(last)}"
    day = context.last_day(values)
    if end is None or end["through"] != day:
        return f"Totals to {numbers.day_words(day)}"
    words = f"Totals to {numbers.about_day(day, end['about'])}"
    return f"{words} ({LARGEST_ONLY})" if end["largest_only"] else words


async def kind_counts(datasette: Any, values: dict[str, str]) -> dict[str, Any] | None:
    """Return how many models of a chosen kind are known and have counts, None without a kind."""
    if not values.get("task"):
        return None
    parameters = {
        "task": values["task"],
        "scope": values.get("scope", "labs"),
        "country": values.get("country", ""),
    }
    return (await statement_rows(datasette, KIND_COUNTS, **parameters))[0]


async def end_of(datasette: Any, question: Question, values: dict[str, str]) -> Any:
    """Return how well the scope of a question about series is known, None for any other."""
    if not question.reads_series:
        return None
    rows = await statement_rows(datasette, SCOPES)
    return next((row for row in rows if row["scope"] == values.get("scope")), None)


async def question_vars(
    datasette: Any, question: Question, values: dict[str, str]
) -> dict[str, Any]:
    """Return the facts of the database on the page of a question, beside its figure and rows."""
    end = await end_of(datasette, question, values)
    return {
        "end": end,
        "through": await through_words(datasette, question, values, end),
        "notices": await notices(datasette, "charts"),
        "kind_counts": await kind_counts(datasette, values),
        "filled": await filled_share(datasette, values),
        "bases": await bases_named(datasette, values),
    }
