"""/api: the HTTP interface, with examples that the tests run one by one."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from census.pages.http_interface import SECTIONS, limits
from census.serving.framing import page_response
from census.site.base_path import absolute_address


async def page(datasette: Any, request: Any) -> Any:
    """Answer the page."""
    base = absolute_address(datasette, request, "/").rstrip("/")
    seconds = datasette.setting("sql_time_limit_ms") / 1000
    context = {
        "sections": SECTIONS,
        "base": base,
        "limits": limits(datasette.setting("max_returned_rows"), seconds),
    }
    return await page_response(datasette, request, "api.html", context)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One page."""
    return [(r"^/api/?\Z", page)]
