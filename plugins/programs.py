"""/openapi.json and /llms.txt: the census described for programs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from datasette import NotFound, Response, hookimpl

from census.export.table_descriptions import read_words
from census.programs.llms import llms_text
from census.programs.openapi import openapi
from census.site.base_path import absolute_address
from census.site.site import DATABASE, ROOT, site_of

HEADERS = {"access-control-allow-origin": "*", "cache-control": "public, max-age=3600"}


@cache
def words() -> Mapping[str, Any]:
    """Return the words of metadata.yml."""
    return read_words(ROOT / "metadata.yml")


def description_inputs(datasette: Any, request: Any) -> tuple[Any, ...]:
    """Return the arguments of both descriptions; raises NotFound without a database."""
    if DATABASE not in datasette.databases:
        raise NotFound("There is no database")
    site = site_of(datasette)
    base = absolute_address(datasette, request, "/").rstrip("/")
    return (
        site.questions,
        words(),
        base,
        site.context.last_observation,
        datasette.setting("max_returned_rows"),
        datasette.setting("sql_time_limit_ms") / 1000,
    )


async def openapi_json(datasette: Any, request: Any) -> Any:
    """Answer the interface as OpenAPI."""
    return Response.json(openapi(*description_inputs(datasette, request)), headers=HEADERS)


async def llms_txt(datasette: Any, request: Any) -> Any:
    """Answer the census in one text."""
    return Response.text(llms_text(*description_inputs(datasette, request)), headers=HEADERS)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Two addresses."""
    return [(r"^/openapi\.json\Z", openapi_json), (r"^/llms\.txt\Z", llms_txt)]
