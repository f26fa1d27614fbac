"""The first stop of every request: a kept answer, else a corrected address, or a refusal."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from datasette import Response, hookimpl
from datasette.utils import StartupError

from census.cache.cacheable import meant_query
from census.cache.front import AnswerStore, Front
from census.database.status import STATUS
from census.export.export import INDEX
from census.requests.checks import check_request
from census.requests.corrections import corrected_query
from census.requests.lanes import through_lane
from census.requests.methods import check_method, check_open, options_response
from census.requests.refusals import Refusal, refuse
from census.requests.vintages import with_vintage
from census.serving.framing import permanent_redirect
from census.site.addresses import clean_query, question_of, site_path
from census.site.base_path import check_prefix, prefix_of, with_prefix, without_prefix
from census.site.site import DATABASE, Site, site_of

# Files beside the database that pages speak of, which a build or an export writes.
BESIDE = (f"exports/{INDEX}", STATUS)
DAY_S = 86_400
# How often is looked whether they have changed.
LOOK_AFTER_S = 1.0


class MovedError(Exception):
    """The address has a canonical form, which is the message."""


def admitted(datasette: Any, scope: dict[str, Any]) -> dict[str, Any]:
    """Return a request with its address cleaned; raises Refusal where nothing can answer it.

    Raises MovedError where names or values differ from a question's in case only.
    """
    site = served(datasette)
    path = site_path(datasette, scope)
    check_method(scope["method"], path)
    check_open(path)
    query = clean_query(site, path, scope["query_string"].decode("latin-1"))
    check_request(site, path, query)
    question = question_of(site, path) if site else None
    corrected = corrected_query(question, query) if question else None
    if corrected is not None:
        raise MovedError(f"{datasette.urls.path(path)}?{corrected}")
    return {**scope, "query_string": query.encode("latin-1")}


def served(datasette: Any) -> Site | None:
    """Return the site that is served, None without a database."""
    return site_of(datasette) if DATABASE in datasette.databases else None


class Stamp:
    """The state that answers depend on beside the database: the day (UTC), and files beside it."""

    def __init__(self, datasette: Any) -> None:
        self._datasette = datasette
        self._looked = float("-inf")
        self._stamp: tuple[int, ...] = ()

    def __call__(self) -> tuple[int, ...]:
        """Return numbers that change when answers do."""
        now = time.monotonic()
        if now >= self._looked + LOOK_AFTER_S and DATABASE in self._datasette.databases:
            self._looked = now
            folder = Path(self._datasette.get_database(DATABASE).path).parent
            files = (folder / name for name in BESIDE)
            times = (file.stat().st_mtime_ns if file.exists() else 0 for file in files)
            self._stamp = (int(time.time() // DAY_S), *times)
        return self._stamp


def store_of(datasette: Any) -> AnswerStore:
    """Return the answers that are kept for a Datasette, made at the first call and kept with it."""
    if not hasattr(datasette, "_census_answers"):
        datasette._census_answers = AnswerStore(Stamp(datasette))
    store: AnswerStore = datasette._census_answers
    return store


def raw_path(scope: dict[str, Any]) -> bytes:
    """Return the path of a request as it was sent."""
    return bytes(scope.get("raw_path") or b"").partition(b"?")[0]


def has_encoded_commas(path: str, scope: dict[str, Any]) -> bool:
    """Return whether a path is that of a row with commas that a program encoded."""
    is_row = path.startswith(f"/{DATABASE}/") and path.count("/") == 3
    return is_row and b"%2C" in raw_path(scope).upper()


def with_commas(scope: dict[str, Any]) -> Response:
    """Lead to the address with commas as they are, which divide the key of a row.

    Some programs encode them. A comma in a key itself is written `~2C`.
    """
    path = raw_path(scope).decode("latin-1").replace("%2C", ",").replace("%2c", ",")
    query = scope["query_string"].decode("latin-1")
    return permanent_redirect(f"{path}?{query}" if query else path)


@hookimpl
def startup(datasette: Any) -> None:
    """Refuse to serve under a path that could not be told from the site's own addresses."""
    try:
        check_prefix(prefix_of(datasette))
    except ValueError as error:
        raise StartupError(str(error)) from error


# The last wrapper is the outermost, so all others see the corrected address.
@hookimpl(trylast=True)
def asgi_wrapper(datasette: Any) -> Any:
    """Hand on requests as they are meant, and refuse those that nothing can answer."""

    def wrap(app: Any) -> Any:
        async def entered(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
            elif scope["method"] == "OPTIONS":
                await options_response(site_path(datasette, scope)).asgi_send(send)
            else:
                try:
                    scope = admitted(datasette, scope)
                except MovedError as moved_to:
                    await Response.redirect(str(moved_to)).asgi_send(send)
                    return
                except Refusal as refusal:
                    await refuse(datasette, site_path(datasette, scope), refusal, send)
                    return
                if has_encoded_commas(site_path(datasette, scope), scope):
                    await with_commas(scope).asgi_send(send)
                    return
                await through_lane(
                    datasette, site_path(datasette, scope), app, scope, receive, send
                )

        def meant(scope: dict[str, Any]) -> bytes | None:
            return meant_query(datasette, served(datasette), scope)

        prefix = prefix_of(datasette)
        front = Front(with_prefix(entered, prefix), store_of(datasette), meant)

        async def dated(scope: dict[str, Any], receive: Any, send: Any) -> None:
            """Ask for what was published on a day where the address names one.

            Before the front, which keeps answers by their address.
            """
            if scope["type"] == "http":
                path = site_path(datasette, scope)
                try:
                    scope = with_vintage(served(datasette), path, scope)
                except Refusal as refusal:
                    await refuse(datasette, path, refusal, send)
                    return
            await front(scope, receive, send)

        return without_prefix(dated, prefix)

    return wrap
