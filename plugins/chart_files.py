"""Beside each question's CSV, JSON and chart: .metadata.json, .zip of all, and citations."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from datasette import NotFound, Response, hookimpl

from census.export.whole_files import file_name
from census.pages.chart_files import (
    CITATIONS,
    METADATA,
    archive,
    day_of_question,
    describe,
    file_address,
    formats_of,
    question_formats,
    readme,
)
from census.pages.citations import Citation, cite_census, cite_question, format_citation
from census.questions.question_files import Question
from census.serving.figures import figure_of
from census.site.base_path import absolute_address
from census.site.queries import statement_rows
from census.site.site import DATABASE, checked_values, short_query, site_of

HEADERS = {"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"}
SOURCES = (
    "select name, licence, attribution, url from sources"
    " where id in (select source from observation_files) order by preference, id"
)


class ChosenQuestion(NamedTuple):
    """A requested question with its values, and how it is cited."""

    question: Question
    values: dict[str, str]
    query: str
    cited: Citation


def chosen_question(datasette: Any, request: Any) -> ChosenQuestion:
    """Return the question of a request; raises NotFound and ParameterError."""
    site = site_of(datasette) if DATABASE in datasette.databases else None
    question = site.questions.get(request.url_vars["name"]) if site else None
    if site is None or question is None:
        raise NotFound("There is no such question")
    values = checked_values(request.scope, question)
    query = short_query(question, values)
    day = day_of_question(question, values, site.context)
    url = absolute_address(datasette, request, f"/{DATABASE}/{question.name}{query}")
    return ChosenQuestion(
        question, values, query, cite_question(question, values, day, url, site.hash)
    )


async def question_description(
    datasette: Any, request: Any, chosen: ChosenQuestion
) -> dict[str, Any]:
    """Return the description of a question with its choices."""
    question, values = chosen.question, chosen.values
    notes: tuple[str, ...] = ()
    if question.chart is not None:
        figure = await figure_of(datasette, question, values)
        notes = (figure.alt, *figure.notes)
    links = {
        form: absolute_address(datasette, request, file_address(question.name, form, chosen.query))
        for form in question_formats(question)
    }
    sources = await statement_rows(datasette, SOURCES)
    return describe(question, values, chosen.cited, sources, notes, links)


async def metadata(datasette: Any, request: Any) -> Any:
    """Answer the description of a question as JSON."""
    description = await question_description(
        datasette, request, chosen_question(datasette, request)
    )
    body = json.dumps(description, indent=1, ensure_ascii=False)
    return Response(body, headers=HEADERS, content_type="application/json; charset=utf-8")


async def everything(datasette: Any, request: Any) -> Any:
    """Answer every file of a question in one archive; an error of any is the answer's."""
    chosen = chosen_question(datasette, request)
    description = await question_description(datasette, request, chosen)
    members = formats_of(chosen.question)
    files: dict[str, bytes] = {}
    for form in members:
        if form == METADATA:
            files[f"{chosen.question.name}.{form}"] = json.dumps(
                description, indent=1, ensure_ascii=False
            ).encode()
            continue
        part = await datasette.client.get(file_address(chosen.question.name, form, chosen.query))
        if part.status_code != 200:
            raise RuntimeError(f"{chosen.question.name}.{form}: {part.text[:200]}")
        files[f"{chosen.question.name}.{form}"] = part.content
    site = absolute_address(datasette, request, "/downloads")
    files = {"README.txt": readme(description, members, site).encode(), **files}
    day = chosen.cited.day
    defaults = chosen.question.defaults()
    changed = {key: value for key, value in chosen.values.items() if value != defaults[key]}
    name = file_name(chosen.question.name, changed, day, "zip")
    headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
    body = archive(chosen.question.name, day, files)
    return Response(body, headers=headers, content_type="application/zip")


async def citation(datasette: Any, request: Any) -> Any:
    """Answer how a question with its choices is cited."""
    body, content_type = format_citation(
        chosen_question(datasette, request).cited, request.url_vars["form"]
    )
    return Response(body, headers=HEADERS, content_type=content_type)


async def whole_citation(datasette: Any, request: Any) -> Any:
    """Answer how the whole census is cited."""
    if DATABASE not in datasette.databases:
        raise NotFound("There is no database")
    site = site_of(datasette)
    url = absolute_address(datasette, request, "/")
    cited = cite_census(site.context.data_through, url, site.hash)
    body, content_type = format_citation(cited, request.url_vars["form"])
    return Response(body, headers=HEADERS, content_type=content_type)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Routes of their own: Datasette would take only the last suffix for a format."""
    name = r"^/census/(?P<name>[a-z][a-z0-9_]*)"
    forms = rf"(?P<form>{'|'.join(re.escape(form) for form in CITATIONS)})\Z"
    return [
        (rf"{name}\.metadata\.json\Z", metadata),
        (rf"{name}\.zip\Z", everything),
        (rf"{name}\.{forms}", citation),
        (rf"^/open-model-census\.{forms}", whole_citation),
    ]
