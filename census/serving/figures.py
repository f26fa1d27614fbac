"""The figures of questions, from the rows of the served database."""

from __future__ import annotations

from typing import Any

from census.charts.figures import Figure
from census.charts.question_figure import make_figure
from census.questions.question_files import Question
from census.site.queries import statement_rows
from census.site.site import complete_query, site_of


async def figure_of(datasette: Any, question: Question, values: dict[str, str]) -> Figure:
    """Return the figure of a question for checked values."""
    rows = await statement_rows(datasette, question.sql, **values)
    return make_figure(question, values, rows, site_of(datasette).context)


async def figure_of_query(datasette: Any, question: Question, query: str) -> Figure:
    """Return the figure of a question for a query string; raises ParameterError."""
    values, _ = complete_query(question, query)
    return await figure_of(datasette, question, values)
