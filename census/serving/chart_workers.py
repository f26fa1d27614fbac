"""Where a server has its charts drawn: processes of its own, and what they drew last."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from census.charts.figures import Figure
from census.charts.making import make_figure
from census.charts.render import Variant, make_pool, prebuilt, render, spec_mark, spec_text
from census.questions.question_files import Question
from census.serving.site import DATABASE, Site, complete_query
from census.serving.workers import Workers

# Drawn charts kept in memory, some 30 to 100 KB each.
KEPT = 256


class Studio(NamedTuple):
    """The processes that draw, and what they drew last."""

    workers: Workers
    kept: OrderedDict[str, asyncio.Future[bytes]]


def studio_of(datasette: Any) -> Studio:
    """Return the studio of a Datasette, opened at the first drawing; all plugins share it."""
    if not hasattr(datasette, "_census_studio"):
        datasette._census_studio = Studio(Workers(make_pool), OrderedDict())
    studio: Studio = datasette._census_studio
    return studio


async def made(datasette: Any, mark: str, make: Callable[..., bytes], *arguments: Any) -> bytes:
    """Return what `make` makes of arguments in another process, kept under a mark.

    Requests for the same mark while it is being made wait for the one that is made. Raises Refusal
    (503) where too much waits to be made.
    """
    studio = studio_of(datasette)
    if mark not in studio.kept:
        studio.kept[mark] = asyncio.ensure_future(studio.workers.run(make, *arguments))
        while len(studio.kept) > KEPT:
            studio.kept.popitem(last=False)
    studio.kept.move_to_end(mark)
    try:
        return await asyncio.shield(studio.kept[mark])
    except Exception:
        studio.kept.pop(mark, None)
        raise


async def drawn(datasette: Any, charts: Path, figure: Figure, variant: Variant) -> bytes:
    """Return a chart: its specification, or as the build drew it, kept, or drawn now."""
    spec = spec_text(figure, variant)
    if variant.format == "vl.json":
        return spec.encode()
    before = prebuilt(charts, figure.name, variant, spec)
    if before is not None:
        return before
    mark = f"{spec_mark(spec)}.{variant.format}"
    return await made(datasette, mark, render, spec, variant.format, figure.title, figure.alt)


async def figure_for(datasette: Any, site: Site, question: Question, query: str) -> Figure:
    """Return the figure of a question for a query string; raises ParameterError."""
    values, _ = complete_query(question, query)
    found = await datasette.execute(DATABASE, question.sql, values, truncate=False)
    return make_figure(question, values, [dict(row) for row in found.rows], site.context)
