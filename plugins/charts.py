"""Charts: /census/NAME.svg, .png and .vl.json, and the figure above the rows of a question."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from datasette import NotFound, Response, hookimpl

from census.chart_render import (
    CONTENT_TYPES,
    SIZES,
    THEMES,
    Variant,
    make_pool,
    prebuilt,
    render,
    spec_mark,
    spec_text,
)
from census.figures import Figure, make_figure
from census.questions import Question
from census.site import DATABASE, complete_query, question_name, short_query, site_of

ROOT = Path(__file__).resolve().parent.parent
# Drawn charts kept in memory, some 30 KB each.
KEPT = 256


class Studio(NamedTuple):
    """The processes that draw, and what they drew last."""

    pool: Any
    kept: OrderedDict[str, asyncio.Future[bytes]]


def studio_of(datasette: Any) -> Studio:
    """Return the studio of a Datasette, opened at the first chart that is not prebuilt."""
    if not hasattr(datasette, "_census_studio"):
        datasette._census_studio = Studio(make_pool(), OrderedDict())
    studio: Studio = datasette._census_studio
    return studio


async def figure_of(datasette: Any, question: Question, values: dict[str, str]) -> Figure:
    """Return the figure of a question for checked values."""
    found = await datasette.execute(DATABASE, question.sql, values, truncate=False)
    rows = [dict(row) for row in found.rows]
    return make_figure(question, values, rows, site_of(datasette, ROOT).context)


async def drawn(datasette: Any, figure: Figure, variant: Variant) -> bytes:
    """Return a chart: prebuilt, kept, or drawn now in another process.

    Requests for the same chart while it is being drawn wait for the one drawing.
    """
    spec = spec_text(figure, variant)
    if variant.format == "vl.json":
        return spec.encode()
    made = prebuilt(site_of(datasette, ROOT).charts, figure.name, variant, spec)
    if made is not None:
        return made
    studio = studio_of(datasette)
    mark = f"{spec_mark(spec)}.{variant.format}"
    if mark not in studio.kept:
        loop = asyncio.get_running_loop()
        job = loop.run_in_executor(
            studio.pool, render, spec, variant.format, figure.title, figure.alt
        )
        studio.kept[mark] = job
        while len(studio.kept) > KEPT:
            studio.kept.popitem(last=False)
    studio.kept.move_to_end(mark)
    try:
        return await asyncio.shield(studio.kept[mark])
    except Exception:
        studio.kept.pop(mark, None)
        raise


def chosen(query: str, name: str, allowed: tuple[str, ...]) -> str:
    """Return a choice of how to draw, the first by default; ValueError for a wrong one."""
    value = parse_qs(query).get(name, [allowed[0]])[-1]
    if value not in allowed:
        raise ValueError(f"{name}={value!r} is not allowed; allowed: {', '.join(allowed)}")
    return value


async def chart(datasette: Any, request: Any) -> Any:
    """Answer one chart; 404 for a question without one, 400 for a wrong choice."""
    question = site_of(datasette, ROOT).questions.get(request.url_vars["name"])
    if question is None or question.chart is None:
        raise NotFound("This question has no chart")
    try:
        theme = chosen(request.query_string, "_theme", THEMES)
        size = chosen(request.query_string, "_size", SIZES)
    except ValueError as error:
        return Response.text(f"{error}\n", status=400)
    values, _ = complete_query(question, request.query_string)
    variant = Variant(theme, size, request.url_vars["format"])
    body = await drawn(datasette, await figure_of(datasette, question, values), variant)
    headers = {"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"}
    return Response(body, headers=headers, content_type=CONTENT_TYPES[variant.format])


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Routes of their own: Datasette would take only the last suffix for a format."""
    return [(r"^/census/(?P<name>[a-z][a-z0-9_]*)\.(?P<format>svg|png|vl\.json)$", chart)]


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> Any:
    """Give a question's page its figure, and any page a way to show one."""

    async def show(name: str, **given: str) -> dict[str, Any]:
        """Return what a page needs to show a chart: its words, its query string, its name."""
        question = site_of(datasette, ROOT).questions[name]
        values = {**question.defaults(), **given}
        figure = await figure_of(datasette, question, values)
        return {"name": name, "alt": figure.alt, "title": figure.title, "notes": figure.notes,
                "query": short_query(question, values)}  # fmt: skip

    async def add() -> dict[str, Any]:
        named = question_name(request.path) if request is not None else None
        if named is None or named[1] or DATABASE not in datasette.databases:
            return {"chart_of": show}
        question = site_of(datasette, ROOT).questions.get(named[0])
        if question is None or question.chart is None:
            return {"chart_of": show}
        values, _ = complete_query(question, request.query_string)
        return {"chart_of": show, "chart": await show(question.name, **values)}

    return add
