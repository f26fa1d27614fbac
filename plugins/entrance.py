"""What every request passes first: its address without what programs appended to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette import hookimpl

from census.serving.addresses import clean_query, site_path
from census.site import DATABASE, site_of

ROOT = Path(__file__).resolve().parent.parent


# Last of the wrappers, which makes it the outermost: all others see the address as it is meant.
@hookimpl(trylast=True)
def asgi_wrapper(datasette: Any) -> Any:
    """Hand on requests as they are meant."""

    def wrap(app: Any) -> Any:
        async def entered(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["query_string"]:
                site = site_of(datasette, ROOT) if DATABASE in datasette.databases else None
                query = scope["query_string"].decode("latin-1")
                meant = clean_query(site, site_path(datasette, scope), query)
                scope = {**scope, "query_string": meant.encode("latin-1")}
            await app(scope, receive, send)

        return entered

    return wrap
