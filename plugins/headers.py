"""Headers: open data for every origin, and pages that load nothing from elsewhere."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from census.serving.framing import PAGE_POLICY
from census.site.addresses import site_path
from census.site.site import DATABASE, is_own_page, site_of

SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
# The census's pages need no script; Datasette's own have inline ones and get no policy.
POLICY = (b"content-security-policy", PAGE_POLICY.encode())
FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")


@hookimpl
def startup(datasette: Any) -> None:
    """Let every origin read JSON and CSV, however the server was started."""
    datasette.cors = True


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Add the headers that an answer does not have yet."""

    def wrap(app: Any) -> Any:
        async def headed(scope: dict[str, Any], receive: Any, send: Any) -> None:
            path = site_path(datasette, scope)
            questions = site_of(datasette).questions if DATABASE in datasette.databases else ()
            is_own = is_own_page(path, questions)
            named_by_content = path.startswith("/static/") and scope.get("query_string")

            async def add(event: dict[str, Any]) -> None:
                if event["type"] == "http.response.start":
                    headers_to_add = [*SAFE, *([POLICY] if is_own else [])]
                    if named_by_content and event["status"] == 200:
                        headers_to_add.append(FOR_EVER)
                    present = {name.lower() for name, _ in event.get("headers", [])}
                    new = [pair for pair in headers_to_add if pair[0] not in present]
                    event = {**event, "headers": [*event.get("headers", []), *new]}
                await send(event)

            await app(scope, receive, add)

        return headed

    return wrap
