"""/search: models, labs, families, countries and questions from any page."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from census.pages.search import search_all
from census.serving.framing import page_response
from census.serving.site import DATABASE, site_of

# Longer texts are no names of anything here.
LONGEST = 200


async def search(datasette: Any, request: Any) -> Any:
    """Answer what a text finds, grouped by kind."""
    text = (request.args.get("q") or "").strip()[:LONGEST]
    site = site_of(datasette)
    groups = await datasette.get_database(DATABASE).execute_fn(
        lambda connection: search_all(connection, site.questions, text)
    )
    context = {"asked": text, "groups": groups, "found": sum(group.found for group in groups)}
    return await page_response(datasette, request, "search.html", context)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address, the same from every page."""
    return [(r"^/search\Z", search)]
