"""The canned queries: SQL files with defaults, choices and checks in front of Datasette's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from datasette import hookimpl

from census.parameters import ParameterError
from census.site import DATABASE, complete_query, question_name, site_of

ROOT = Path(__file__).resolve().parent.parent


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
        for name, question in site_of(datasette, ROOT).questions.items()
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


async def refuse(datasette: Any, error: ParameterError, kind: str, send: Any) -> None:
    """Answer a wrong value with 400 and what is allowed, in the format that was asked for."""
    if kind in ("json", "vl.json"):
        said = {
            "ok": False,
            "error": str(error),
            "status": 400,
            "title": "Wrong parameter",
            "parameter": error.name,
            "allowed": error.allowed,
        }
        body, content_type = json.dumps(said), "application/json; charset=utf-8"
    elif kind == "":
        context = {"title": "Wrong parameter", "error": str(error), "status": 400}
        body = await datasette.render_template("error.html", context)
        content_type = "text/html; charset=utf-8"
    else:
        body, content_type = f"{error}\n", "text/plain; charset=utf-8"
    headers = [(b"content-type", content_type.encode()), (b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


def typed_as_csv(send: Any) -> Any:
    """Return a `send` that calls a CSV file `text/csv`; Datasette calls it plain text."""

    async def typed(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start" and event["status"] == 200:
            kept = [pair for pair in event["headers"] if pair[0].lower() != b"content-type"]
            headers = [*kept, (b"content-type", b"text/csv; charset=utf-8")]
            event = {**event, "headers": headers}
        await send(event)

    return typed


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Check the parameters of a question and fill in those that are left out."""

    def wrap(app: Any) -> Any:
        async def checked(scope: dict[str, Any], receive: Any, send: Any) -> None:
            path = str(scope.get("path", "")).removeprefix(datasette.setting("base_url"))
            named = question_name(path) if scope["type"] == "http" else None
            known = site_of(datasette, ROOT).questions if named and DATABASE in databases() else {}
            if named is None or named[0] not in known:
                await app(scope, receive, send)
                return
            name, kind = named
            try:
                _, query = complete_query(known[name], scope["query_string"].decode("latin-1"))
            except ParameterError as error:
                await refuse(datasette, error, kind, send)
                return
            sent = typed_as_csv(send) if kind == "csv" else send
            await app({**scope, "query_string": query.encode("latin-1")}, receive, sent)

        return checked

    def databases() -> Any:
        return datasette.databases

    return wrap
