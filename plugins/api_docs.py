"""/api: the HTTP interface, with examples that the tests run one by one."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from census.pages.http_interface import SECTIONS
from census.serving.framing import page_response


async def page(datasette: Any, request: Any) -> Any:
    """Answer the page."""
    base = datasette.absolute_url(request, "/").rstrip("/")
    context = {
        "sections": SECTIONS,
        "base": base,
        "limit": datasette.setting("max_returned_rows"),
        "seconds": datasette.setting("sql_time_limit_ms") / 1000,
    }
    return await page_response(datasette, request, "api.html", context)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One page."""
    return [(r"^/api/?\Z", page)]
