"""Charts: /census/NAME.svg, .png and .vl.json, and the figure above the rows of a question."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from datasette import NotFound, Response, hookimpl

from census.charts.bars import BAR_HEIGHT
from census.charts.figures import Figure
from census.charts.making import make_figure
from census.charts.render import (
    CONTENT_TYPES,
    SIZES,
    THEMES,
    Variant,
    prebuilt,
    spec_text,
)
from census.charts.words import outside_words
from census.pages.answers import answer
from census.questions.parameters import ParameterError
from census.questions.question_files import Question
from census.serving.chart_workers import drawn
from census.serving.embeds import bars_of
from census.site.site import (
    DATABASE,
    checked_values,
    question_name,
    short_query,
    site_of,
)

# The sizes among which a page chooses by its width.
PAGE_SIZES = ("wide", "narrow")
SVG_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


async def figure_of(datasette: Any, question: Question, values: dict[str, str]) -> Figure:
    """Return the figure of a question for checked values."""
    found = await datasette.execute(DATABASE, question.sql, values, truncate=False)
    rows = [dict(row) for row in found.rows]
    return make_figure(question, values, rows, site_of(datasette).context)


def size_of(charts: Path, figure: Figure, size: str) -> tuple[int, int] | None:
    """Return width and height of a chart that the build drew, None for one that it did not draw."""
    variant = Variant(size=size)
    made = prebuilt(charts, figure.name, variant, spec_text(figure, variant))
    found = SVG_SIZE.search(made[:600].decode(errors="replace")) if made else None
    return (round(float(found[1])), round(float(found[2]))) if found else None


class Drawing(NamedTuple):
    """How large the chart of a question's defaults is, by size, and how much it draws."""

    drawn: int
    sizes: dict[str, tuple[int, int] | None]


def near_size(known: tuple[int, int] | None, more_bars: int) -> tuple[int, int] | None:
    """Return about how large a chart will be, from that of the same question's defaults.

    One that is not drawn yet is not waited for, but its place in the page is kept free.
    """
    return (known[0], known[1] + more_bars * BAR_HEIGHT) if known else None


async def usual_drawing(datasette: Any, question: Question, values: dict[str, str]) -> Drawing:
    """Return the drawing of a question's defaults, measured once for each way to draw it."""
    if not hasattr(datasette, "_census_drawings"):
        datasette._census_drawings = {}
    drawings: dict[str, Drawing] = datasette._census_drawings
    key = f"{question.name}{short_query(question, values)}"
    if key not in drawings:
        figure = await figure_of(datasette, question, values)
        charts = site_of(datasette).charts
        sizes = {size: size_of(charts, figure, size) for size in PAGE_SIZES}
        drawings[key] = Drawing(figure.drawn, sizes)
    return drawings[key]


def chosen(query: str, name: str, allowed: tuple[str, ...]) -> str:
    """Return a choice of how to draw, the first by default; raises ParameterError."""
    value = parse_qs(query).get(name, [allowed[0]])[-1]
    if value not in allowed:
        raise ParameterError(name, value, allowed)
    return value


async def chart(datasette: Any, request: Any) -> Any:
    """Answer one chart; raises NotFound for a question without one, ParameterError for a choice."""
    question = site_of(datasette).questions.get(request.url_vars["name"])
    if question is None or question.chart is None:
        raise NotFound("This question has no chart")
    theme = chosen(request.query_string, "_theme", THEMES)
    size = chosen(request.query_string, "_size", SIZES)
    values = checked_values(request.scope, question)
    variant = Variant(theme, size, request.url_vars["format"])
    figure = await figure_of(datasette, question, values)
    body = await drawn(datasette, site_of(datasette).charts, figure, variant)
    headers = {"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"}
    return Response(body, headers=headers, content_type=CONTENT_TYPES[variant.format])


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Routes of their own: Datasette would take only the last suffix for a format."""
    return [(r"^/census/(?P<name>[a-z][a-z0-9_]*)\.(?P<format>svg|png|vl\.json)\Z", chart)]


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> Any:
    """Give a question's page its figure, and any page a way to show one."""

    async def show(name: str, **given: str) -> Any:
        """Return what a page needs to show a chart: its words, its query string, its name."""
        question = site_of(datasette).questions[name]
        values = {**question.defaults(), **given}
        figure = await figure_of(datasette, question, values)
        charts = site_of(datasette).charts
        sizes = {size: size_of(charts, figure, size) for size in PAGE_SIZES}
        ways = {parameter.name: values[parameter.name] for parameter in question.ways()}
        usual = {**question.defaults(), **ways}
        if None in sizes.values() and values != usual:
            before = await usual_drawing(datasette, question, usual)
            bars = bars_of(figure.kind, figure.drawn) - bars_of(figure.kind, before.drawn)
            sizes = {
                size: known or near_size(before.sizes[size], bars) for size, known in sizes.items()
            }
        return {
            "name": name,
            "kind": figure.kind,
            "drawn": figure.drawn,
            "alt": figure.alt,
            "answer": answer(question, values, figure),
            "title": figure.title,
            "notes": figure.notes,
            "outside": outside_words(figure.points) if figure.estimated else "",
            "query": short_query(question, values),
            "sizes": sizes,
        }

    async def add() -> dict[str, Any]:
        named = question_name(request.path) if request is not None else None
        if named is None or named[1] or DATABASE not in datasette.databases:
            return {"chart_of": show}
        question = site_of(datasette).questions.get(named[0])
        if question is None or question.chart is None:
            return {"chart_of": show}
        values = checked_values(request.scope, question)
        return {"chart_of": show, "chart": await show(question.name, **values)}

    return add
