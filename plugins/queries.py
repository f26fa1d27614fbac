"""The canned queries: SQL files with defaults, choices and checks in front of Datasette's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from datasette.utils.asgi import Request

from census.pages.result_tables import check_sort
from census.questions.chosen_keys import join_keys
from census.questions.parameters import ParameterError
from census.questions.question_files import Question
from census.requests.corrections import usable_values
from census.requests.forms import is_form, short_address, without_form
from census.requests.refusals import refuse, refused_parameter
from census.site.addresses import site_path
from census.site.site import CHECKED, DATABASE, complete_query, question_path, site_of


def query_entries(datasette: Any) -> dict[str, dict[str, Any]]:
    """Return the questions as Datasette 0.65 declares canned queries.

    They are made anew for each call, because Datasette writes into what it is given.
    """
    return {
        name: {
            "sql": question.sql,
            "title": question.title,
            "description": question.description,
            "params": [parameter.name for parameter in question.parameters],
        }
        for name, question in site_of(datasette).questions.items()
    }


@hookimpl
def canned_queries(datasette: Any, database: str) -> dict[str, dict[str, Any]]:
    """Declare the questions (Datasette 0.65)."""
    return query_entries(datasette) if database == DATABASE else {}


@hookimpl
def startup(datasette: Any) -> Any:
    """Refuse to start with a wrong question; declare the questions where 1.0 wants them."""

    async def declare() -> None:
        if DATABASE not in datasette.databases:
            return
        entries = query_entries(datasette)
        if hasattr(datasette, "add_query"):
            for name, entry in entries.items():
                await datasette.add_query(
                    DATABASE,
                    name,
                    entry["sql"],
                    title=entry["title"],
                    description=entry["description"],
                )

    return declare


async def wrong_choice(
    datasette: Any, scope: dict[str, Any], question: Question, error: ParameterError
) -> Any:
    """Return the page of a question that cannot be asked like this, its form with what can be."""
    values = usable_values(question, scope["query_string"].decode("latin-1"))
    query = urlencode(values)
    refusal = refused_parameter(error)
    address = f"/{DATABASE}/{question.name}"
    others = error.others or []
    offered = [
        {
            "label": error.labels.get(value) or value,
            "address": f"{address}?"
            + urlencode({**values, error.name: join_keys([*others, value])}),
        }
        for value in refusal.details["allowed"]
        if value in error.labels
    ]
    context = {
        "reason": str(refusal),
        "offered": offered,
        "without": f"{address}?{query}" if query else address,
    }
    # The hooks that fill the page's frame see the question as it can be asked.
    request_scope = {**scope, "query_string": query.encode("latin-1"), "csrftoken": str}
    request = Request(request_scope, None)
    body = await datasette.render_template("wrong_choice.html", context, request=request)
    return Response.html(body, status=refusal.status)


def typed_as_csv(send: Any) -> Any:
    """Return a `send` that calls a CSV file `text/csv`; Datasette calls it plain text."""

    async def typed(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start" and event["status"] == 200:
            others = [pair for pair in event["headers"] if pair[0].lower() != b"content-type"]
            headers = [*others, (b"content-type", b"text/csv; charset=utf-8")]
            event = {**event, "headers": headers}
        await send(event)

    return typed


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Check the parameters of a question and fill in those that are left out."""

    def wrap(app: Any) -> Any:
        async def checked(scope: dict[str, Any], receive: Any, send: Any) -> None:
            path = site_path(datasette, scope)
            address = question_path(path) if scope["type"] == "http" else None
            questions = site_of(datasette).questions if address and DATABASE in databases() else {}
            if address is None or address.name not in questions:
                await app(scope, receive, send)
                return
            question, kind = questions[address.name], address.format
            sent_query = scope["query_string"].decode("latin-1")
            try:
                if not kind and is_form(sent_query):
                    # Files are answered at any address; a page of a form has a short one.
                    short = short_address(question, sent_query)
                    await Response.redirect(f"{datasette.urls.path(path)}{short}").asgi_send(send)
                    return
                if not kind:
                    check_sort(question, sent_query)
                values, query = complete_query(question, sent_query)
            except ParameterError as error:
                if kind:
                    await refuse(datasette, path, refused_parameter(error), send)
                else:
                    plain_query = without_form(question, sent_query).encode("latin-1")
                    scope = {**scope, "query_string": plain_query}
                    page = await wrong_choice(datasette, scope, question, error)
                    await page.asgi_send(send)
                return
            sent = typed_as_csv(send) if kind == "csv" else send
            checked_once = {CHECKED: {(question.name, query): values}}
            completed = {**scope, "query_string": query.encode("latin-1"), **checked_once}
            await app(completed, receive, sent)

        return checked

    def databases() -> Any:
        return datasette.databases

    return wrap
