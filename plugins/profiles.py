"""/countries/CODE, /labs/SLUG, /models/ORG/NAME and /families/SLUG."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from datasette import hookimpl

from census.pages.profiles import (
    BASES,
    HISTORIES,
    KINDS,
    RELATIONS,
    ProfileSource,
    find_profile,
    profile_path,
    scope_words,
)
from census.serving.framing import page_response, permanent_redirect
from census.site.queries import question_rows
from census.site.searching import search_site
from census.site.site import DATABASE, read_once, site_of

# The lists of all, which are questions.
LISTS = {
    "countries": "/census/ranking_by_country",
    "labs": "/census/ranking_by_lab?limit=5000",
    "models": "/census/top_models",
    "families": "/census/cumulative_downloads?dimension=family",
}

# Where each stands by three measures, and how that question calls a kind.
STANDINGS = "now_and_ever"
KINDS_BY = {"countries": "country", "labs": "lab", "families": "family", "models": "model"}


async def standings(datasette: Any, kind: str) -> dict[str, dict[str, Any]]:
    """Return now, since release and ever of each of a kind that has counted downloads.

    A served database never changes, so that they are computed at the first profile of a kind.
    """

    async def read() -> dict[str, dict[str, Any]]:
        by = KINDS_BY[kind]
        rows = await question_rows(datasette, STANDINGS, measure="ever", by=by, limit="5000")
        return {row["key"]: row for row in rows}

    by_key: dict[str, dict[str, Any]] = await read_once(datasette, f"standings of {kind}", read)
    return by_key


async def profile(datasette: Any, request: Any) -> Any:
    """Answer one profile; 301 for a former name, 404 with what was perhaps meant."""
    kind = request.url_vars["kind"]
    key = unquote(request.url_vars["key"])
    site = site_of(datasette)
    database = datasette.get_database(DATABASE)

    def read(connection: Any) -> Any:
        """Read the page in a thread of Datasette's."""
        census = ProfileSource(connection, site.questions, site.context)
        page = find_profile(census, kind, key)
        return page, scope_words(census) if page is not None else None

    page, words_of_scope = await database.execute_fn(read)
    if isinstance(page, str):
        return permanent_redirect(datasette.urls.path(page))
    if page is None:
        results = await search_site(datasette, key.replace("/", " ").replace("-", " "))
        context = {"kind": kind, "key": key, "groups": results.best, "list": LISTS[kind]}
        return await page_response(datasette, request, "profiles/missing.html", context, 404)
    question, parameter = HISTORIES[kind]
    by_key = await standings(datasette, kind)
    context = {
        "standing": by_key.get(page.key),
        "by": KINDS_BY[kind],
        "profile": page,
        "scope_words": words_of_scope,
        "history_name": question,
        "history_values": {parameter: page.key},
        "relations": RELATIONS,
        "bases": BASES,
        **page.shown,
    }
    return await page_response(datasette, request, f"profiles/{kind}.html", context)


async def all_of_kind(datasette: Any, request: Any) -> Any:
    """Lead from the address of a kind to the question that lists all of it."""
    return permanent_redirect(datasette.urls.path(LISTS[request.url_vars["kind"]]))


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Let every template link to a profile."""
    env.globals.update(profile_path=profile_path)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Addresses that readers can guess."""
    one_part_kinds = "|".join(kind for kind in KINDS if kind != "models")
    return [
        (rf"^/(?P<kind>{one_part_kinds})/(?P<key>[^/]+)/?\Z", profile),
        (r"^/(?P<kind>models)/(?P<key>[^/]+(?:/[^/]+)?)/?\Z", profile),
        (rf"^/(?P<kind>{'|'.join(KINDS)})/?\Z", all_of_kind),
    ]
