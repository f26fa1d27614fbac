"""/search and /-/suggest: models, labs, countries, questions and pages from any page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from datasette import Response, hookimpl

from census.pages.search import Group, search_all, suggestions
from census.pages.search_meanings import corrected
from census.serving.framing import CACHE, page_response
from census.site.queries import vocabulary_of
from census.site.site import DATABASE, site_of

# Longer texts are not names of anything here.
LONGEST = 200
# Fewer results than this, and a slip of the pen is looked for.
LITTLE = 5


def asked_text(request: Any) -> str:
    """Return the text of a search."""
    texts: list[str] = parse_qs(request.query_string).get("q", [""])
    return texts[-1].strip()[:LONGEST]


class SearchResults(NamedTuple):
    """What a text finds; where that is little, what was `meant` and what that finds."""

    groups: list[Group]
    meant: str | None = None
    groups_meant: Sequence[Group] = ()


async def find(datasette: Any, text: str) -> SearchResults:
    """Return the results for a text and, where they are few, the text that was probably meant."""
    site = site_of(datasette)
    database = datasette.get_database(DATABASE)

    async def search(query: str) -> list[Group]:
        results: list[Group] = await database.execute_fn(
            lambda connection: search_all(connection, site.questions, query)
        )
        return results

    groups = await search(text)
    if not text or sum(group.found for group in groups) >= LITTLE:
        return SearchResults(groups)
    corrected_text = corrected(text, await vocabulary_of(datasette))
    others = await search(corrected_text) if corrected_text else []
    return SearchResults(groups, corrected_text, others) if others else SearchResults(groups)


async def search(datasette: Any, request: Any) -> Any:
    """Answer what a text finds, grouped by kind."""
    text = asked_text(request)
    results = await find(datasette, text)
    context = {
        "asked": text,
        "meant": results.meant,
        "instead": not results.groups and results.meant is not None,
        "groups": results.groups or results.groups_meant,
        "found": sum(group.found for group in results.groups),
    }
    return await page_response(datasette, request, "search.html", context)


async def suggest(datasette: Any, request: Any) -> Any:
    """Answer the first results of each kind as JSON."""
    text = asked_text(request)
    results = await find(datasette, text)
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
