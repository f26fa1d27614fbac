"""/compare: two to six labs, families, countries or models side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette import Response, hookimpl

from census.pages.profiles import BASES, ProfileSource, scope_words
from census.pages.side_by_side import (
    COLUMNS,
    HISTORIES,
    KINDS,
    compared_keys,
    history_keys,
    labels_of,
    read_compare,
    read_side,
)
from census.questions.parameters import ParameterError
from census.questions.question_files import Question
from census.requests.corrections import corrected_query
from census.requests.forms import is_form, short_address
from census.requests.refusals import refusal_response, refused_parameter
from census.serving.framing import page_response
from census.site.site import DATABASE, complete_query, read_once, short_query, site_of

ROOT = Path(__file__).resolve().parent.parent


async def compare_question(datasette: Any) -> Question:
    """Return the question of the page, read from the database once."""

    async def read() -> Question:
        database = datasette.get_database(DATABASE)
        question: Question = await database.execute_fn(read_compare)
        return question

    compared: Question = await read_once(datasette, "/compare", read)
    return compared


async def compare(datasette: Any, request: Any) -> Any:
    """Answer the page, 400 for an unknown key or for too many."""
    question = await compare_question(datasette)
    try:
        return await compare_page(datasette, request, question)
    except ParameterError as error:
        return await refusal_response(datasette, request.path, refused_parameter(error))


async def compare_page(datasette: Any, request: Any, question: Question) -> Any:
    """Return the page or the short address of it; raises ParameterError."""
    site = site_of(datasette)
    path, query = datasette.urls.path("/compare"), request.query_string
    corrected = corrected_query(question, query)
    if is_form(query):
        return Response.redirect(f"{path}{short_address(question, corrected or query)}")
    if corrected is not None:
        return Response.redirect(f"{path}?{corrected}")
    values, _ = complete_query(question, query)
    kind, keys = values["kind"], compared_keys(question, values)

    def read(connection: Any) -> Any:
        """Read the page in a thread of Datasette's."""
        census = ProfileSource(connection, site.questions, site.context)
        return [read_side(census, kind, key) for key in keys], scope_words(census)

    sides, counted = await datasette.get_database(DATABASE).execute_fn(read)
    drawn = history_keys(site.questions, kind, keys)
    history = {"show": "~".join(drawn)}
    if kind != "models":
        history["dimension"] = COLUMNS[kind]
    context = {
        "question": question,
        "values": {**values, "show": "~".join(keys)},
        "changed": short_query(question, values),
        "form_dimension": kind,
        "kind": kind,
        "kinds": KINDS,
        "sides": sides,
        "names": [profile.name for profile, _ in sides],
        "sizes": labels_of(sides, "sizes"),
        "licences": labels_of(sides, "licences"),
        "scope_words": counted,
        "bases": BASES,
        "history_name": HISTORIES[kind] if drawn else None,
        "history": history,
    }
    return await page_response(datasette, request, "compare.html", context)


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Let profiles lead to the page."""
    env.globals.update(compare_path=lambda kind, key: f"/compare?kind={kind}&show={key}")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address; what is compared is in its query string."""
    return [(r"^/compare\Z", compare)]
