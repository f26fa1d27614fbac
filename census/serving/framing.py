"""Pages that plugins answer themselves: in the site's frame, with a content policy."""

from __future__ import annotations

from typing import Any

from datasette import Response

# The name of the view that hooks are given, by which they tell these pages from Datasette's own.
VIEW = "census_page"
# Scripts of this origin make pages quicker; they fetch what it serves, and nothing else.
PAGE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# An embed is made to be framed by anyone; its links open outside of the frame.
EMBED_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self';"
    " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *"
)
# A served database never changes; a new one comes with a new server.
CACHE = "public, max-age=300"


async def page_response(
    datasette: Any,
    request: Any,
    template: str,
    context: dict[str, Any],
    status: int = 200,
    policy: str = PAGE_POLICY,
) -> Any:
    """Return a page of the census made from a template."""
    body = await datasette.render_template(template, context, request=request, view_name=VIEW)
    headers = {"content-security-policy": policy}
    if status == 200:
        headers["cache-control"] = CACHE
    return Response.html(body, status=status, headers=headers)


def permanent_redirect(address: str) -> Any:
    """Return a permanent redirect."""
    return Response.redirect(address, status=301)
