"""/feeds/NAME.atom and /feeds/NAME.json: what is new, for readers of feeds."""

from __future__ import annotations

from typing import Any

from datasette import NotFound, Response, hookimpl

from census.pages.feeds import FEEDS, as_atom, as_json, newest
from census.site.base_path import absolute_address
from census.site.site import DATABASE, site_of

TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
HEADERS = {"cache-control": "public, max-age=900", "access-control-allow-origin": "*"}


async def feed(datasette: Any, request: Any) -> Any:
    """Answer one feed in one of its two forms."""
    declared = FEEDS.get(request.url_vars["name"])
    if declared is None or DATABASE not in datasette.databases:
        raise NotFound(f"There is no such feed; there are {', '.join(FEEDS)}")
    base = absolute_address(datasette, request, "/").rstrip("/")
    database = datasette.get_database(DATABASE)
    entries = await database.execute_fn(lambda connection: newest(connection, declared))
    form = request.url_vars["form"]
    day = site_of(datasette).context.data_through
    body = (
        as_atom(declared, entries, base, day)
        if form == "atom"
        else as_json(declared, entries, base)
    )
    return Response(body, headers=HEADERS, content_type=TYPES[form])


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Two addresses a feed."""
    return [(r"^/feeds/(?P<name>[a-z]+)\.(?P<form>atom|json)\Z", feed)]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Let templates link to the feeds."""
    env.globals["census_feeds"] = list(FEEDS.values())
