"""/search and /-/suggest: models, labs, countries, questions and pages from any page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from datasette import Response, hookimpl

from census.pages.search import Group, search_all, suggestions
from census.pages.search_meanings import Vocabulary, corrected, read_vocabulary
from census.serving.framing import CACHE, page_response
from census.site.site import DATABASE, read_once, site_of

# Longer texts are not names of anything here.
LONGEST = 200
# Fewer results than this, and a slip of the pen is looked for.
LITTLE = 5


def asked_text(request: Any) -> str:
    """Return the text of a search."""
    asked: list[str] = parse_qs(request.query_string).get("q", [""])
    return asked[-1].strip()[:LONGEST]


async def vocabulary_of(datasette: Any) -> Vocabulary:
    """Return the words of all names, read once."""
    site = site_of(datasette)

    async def read() -> Vocabulary:
        database = datasette.get_database(DATABASE)
        found: Vocabulary = await database.execute_fn(
            lambda connection: read_vocabulary(connection, site.questions)
        )
        return found

    made: Vocabulary = await read_once(datasette, "/-/suggest", read)
    return made


class Found(NamedTuple):
    """What a text finds; where that is little, what was `meant` and what that finds."""

    groups: list[Group]
    meant: str | None = None
    groups_meant: Sequence[Group] = ()


async def find(datasette: Any, text: str) -> Found:
    """Return what a text finds, and where that is little, what was meant."""
    site = site_of(datasette)
    database = datasette.get_database(DATABASE)

    async def search(wanted: str) -> list[Group]:
        found: list[Group] = await database.execute_fn(
            lambda connection: search_all(connection, site.questions, wanted)
        )
        return found

    groups = await search(text)
    if not text or sum(group.found for group in groups) >= LITTLE:
        return Found(groups)
    meant = corrected(text, await vocabulary_of(datasette))
    others = await search(meant) if meant else []
    return Found(groups, meant, others) if others else Found(groups)


async def search(datasette: Any, request: Any) -> Any:
    """Answer what a text finds, grouped by kind."""
    text = asked_text(request)
    found = await find(datasette, text)
    context = {
        "asked": text,
        "meant": found.meant,
        "instead": not found.groups and found.meant is not None,
        "groups": found.groups or found.groups_meant,
        "found": sum(group.found for group in found.groups),
    }
    return await page_response(datasette, request, "search.html", context)


async def suggest(datasette: Any, request: Any) -> Any:
    """Answer the first results of each kind as JSON."""
    text = asked_text(request)
    found = await find(datasette, text)
    said = {
        "asked": text,
        "meant": found.meant,
        "suggestions": [one._asdict() for one in suggestions([*found.groups, *found.groups_meant])],
    }
    headers = {"access-control-allow-origin": "*", "cache-control": CACHE}
    return Response.json(said, headers=headers)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address for readers, the same from every page, and one for who is typing."""
    return [(r"^/search\Z", search), (r"^/-/suggest\Z", suggest)]
