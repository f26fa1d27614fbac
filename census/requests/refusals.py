"""Refusals of requests: a status and a reason, in the format asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from datasette import Response

from census.export.whole_files import RefusedResultError
from census.questions.parameters import SHOWN, ParameterError
from census.requests.corrections import nearest
from census.site.site import DATABASE

# Suffixes of files that are answered with plain text where they cannot be had.
TEXT_SUFFIXES = (
    ".csv", ".tsv", ".xlsx", ".svg", ".png", ".zip", ".bib", ".txt", ".atom", ".xml", ".db",
    ".parquet", ".gz", ".js", ".css",
)  # fmt: skip
# What was refused for one reader may be fine for the next build.
HEADERS = {"access-control-allow-origin": "*", "cache-control": "no-store"}


class Refusal(Exception):
    """A request that cannot be answered as it is; the message says why and what to do."""

    def __init__(
        self,
        status: int,
        title: str,
        message: str,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.title = title
        self.details = dict(details or {})
        self.headers = dict(headers or {})
        super().__init__(message)


def refused_parameter(error: ParameterError) -> Refusal:
    """Return the refusal of a value that a parameter does not allow.

    Out of a long list it names the nearest values, not all of them.
    """
    details: dict[str, Any] = {"parameter": error.name, "allowed": error.allowed}
    has_several_keys = error.others is not None
    if error.unknown or (len(error.allowed) <= SHOWN and not has_several_keys):
        return Refusal(400, "Wrong parameter", str(error), details)
    nearest_values = nearest(error.value, error.labels)
    reason = (
        f"{error.name}={error.value!r} is not {'a key here' if has_several_keys else 'allowed'}"
    )
    near_words = f"the nearest of {len(error.allowed):,} values: {', '.join(nearest_values)}"
    none_words = f"none of {len(error.allowed):,} values is near it"
    details |= {"allowed": nearest_values, "allowed_count": len(error.allowed)}
    message = f"{reason}; {near_words if nearest_values else none_words}"
    return Refusal(400, "Wrong parameter", message, details)


def refusal_of(error: Exception) -> Refusal | None:
    """Return the refusal that an error of this code means, None for other errors."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ParameterError):
        return refused_parameter(error)
    if isinstance(error, RefusedResultError):
        return Refusal(400, "Refused", str(error))
    return None


def kind_of(path: str) -> str:
    """Return the format of a refusal for a path: `json`, `text` or `html`.

    Names of models have dots too: only the database's addresses have any suffix for a format.
    """
    if path.endswith((".json", ".jsono")) or path == "/-/oembed":
        return "json"
    in_database = path.startswith((f"/{DATABASE}/", f"/{DATABASE}."))
    if path.startswith("/-/embed/"):
        return "text"
    dotted = in_database and "." in path.rpartition("/")[2]
    return "text" if dotted or path.endswith(TEXT_SUFFIXES) else "html"


async def refusal_response(datasette: Any, path: str, refusal: Refusal) -> Any:
    """Return the answer to a refused request."""
    headers = {**HEADERS, **refusal.headers}
    kind = kind_of(path)
    if kind == "json":
        content = {
            "ok": False,
            "error": str(refusal),
            "status": refusal.status,
            "title": refusal.title,
            **refusal.details,
        }
        body, content_type = json.dumps(content), "application/json; charset=utf-8"
    elif kind == "text":
        body, content_type = f"{refusal}\n", "text/plain; charset=utf-8"
    else:
        context = {"title": refusal.title, "error": str(refusal), "status": refusal.status}
        body = await datasette.render_template("error.html", context)
        content_type = "text/html; charset=utf-8"
    return Response(body, status=refusal.status, headers=headers, content_type=content_type)


async def refuse(datasette: Any, path: str, refusal: Refusal, send: Any) -> None:
    """Send the answer to a refused request."""
    response = await refusal_response(datasette, path, refusal)
    await response.asgi_send(send)
