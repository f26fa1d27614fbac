"""Charts: /census/NAME.svg, .png and .vl.json, and the figure above the rows of a question."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from datasette import NotFound, Response, hookimpl

from census.charts.render import (
    CONTENT_TYPES,
    SIZES,
    THEMES,
    Variant,
)
from census.charts.words import outside_words
from census.pages.answers import answer
from census.questions.parameters import ParameterError
from census.serving.chart_workers import draw_chart
from census.serving.figures import figure_of
from census.serving.picture_sizes import sizes_of
from census.site.site import (
    DATABASE,
    checked_values,
    question_path,
    short_query,
    site_of,
)


def drawing_choice(query: str, name: str, allowed: tuple[str, ...]) -> str:
    """Return a choice of how to draw, the first by default; raises ParameterError."""
    value = parse_qs(query).get(name, [allowed[0]])[-1]
    if value not in allowed:
        raise ParameterError(name, value, allowed)
    return value


async def chart(datasette: Any, request: Any) -> Any:
    """Answer one chart; raises NotFound for a question without one, ParameterError for a choice."""
    question = site_of(datasette).questions.get(request.url_vars["name"])
    if question is None or question.chart is None:
        raise NotFound("There is no question of this name with a chart")
    theme = drawing_choice(request.query_string, "_theme", THEMES)
    size = drawing_choice(request.query_string, "_size", SIZES)
    values = checked_values(request.scope, question)
    variant = Variant(theme, size, request.url_vars["format"])
    figure = await figure_of(datasette, question, values)
    body = await draw_chart(datasette, site_of(datasette).charts, figure, variant)
    headers = {"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"}
    return Response(body, headers=headers, content_type=CONTENT_TYPES[variant.format])


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Routes of their own: Datasette would take only the last suffix for a format."""
    return [(r"^/census/(?P<name>[a-z][a-z0-9_]*)\.(?P<format>svg|png|vl\.json)\Z", chart)]


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> Any:
    """Give a question's page its figure, and any page a way to show one."""

    async def show(name: str, **choices: str) -> Any:
        """Return the values that a page needs to show a chart: its words, query string and name."""
        question = site_of(datasette).questions[name]
        values = {**question.defaults(), **choices}
        figure = await figure_of(datasette, question, values)
        return {
            "name": name,
            "alt": figure.alt,
            "answer": answer(question, values, figure),
            "title": figure.title,
            "notes": figure.notes,
            "outside": outside_words(figure.points) if figure.estimated else "",
            "query": short_query(question, values),
            "sizes": await sizes_of(datasette, question, values, figure),
        }

    async def add() -> dict[str, Any]:
        address = question_path(request.path) if request is not None else None
        if address is None or address.format or DATABASE not in datasette.databases:
            return {"chart_of": show}
        question = site_of(datasette).questions.get(address.name)
        if question is None or question.chart is None:
            return {"chart_of": show}
        values = checked_values(request.scope, question)
        return {"chart_of": show, "chart": await show(question.name, **values)}

    return add
