"""/search and /-/suggest: models, labs, countries, questions and pages from any page."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from datasette import Response, hookimpl

from census.pages.search import suggestions
from census.serving.framing import CACHE, page_response
from census.site.searching import search_site

# Longer texts are not names of anything here.
LONGEST = 200


def asked_text(request: Any) -> str:
    """Return the text of a search."""
    texts: list[str] = parse_qs(request.query_string).get("q", [""])
    return texts[-1].strip()[:LONGEST]


async def search(datasette: Any, request: Any) -> Any:
    """Answer what a text finds, grouped by kind."""
    text = asked_text(request)
    results = await search_site(datasette, text)
    context = {
        "asked": text,
        "meant": results.meant,
        "instead": not results.groups and results.meant is not None,
        "groups": results.best,
        "found": sum(group.found for group in results.groups),
    }
    return await page_response(datasette, request, "search.html", context)


async def suggest(datasette: Any, request: Any) -> Any:
    """Answer the first results of each kind as JSON."""
    text = asked_text(request)
    results = await search_site(datasette, text)
    content = {
        "asked": text,
        "meant": results.meant,
        "suggestions": [
            suggestion._asdict()
            for suggestion in suggestions([*results.groups, *results.groups_meant])
        ],
    }
    headers = {"access-control-allow-origin": "*", "cache-control": CACHE}
    return Response.json(content, headers=headers)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address for readers, the same from every page, and one for who is typing."""
    return [(r"^/search\Z", search), (r"^/-/suggest\Z", suggest)]
