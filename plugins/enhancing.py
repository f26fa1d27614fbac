"""Charts that answer the pointer: scripts of this origin, on the pages of charts only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette import NotFound, Response, hookimpl

from census.serving.chart_script import bundle_mark, make_bundle
from census.serving.chart_workers import made
from census.serving.framing import CHART_POLICY
from census.serving.site import DATABASE, file_mark, question_name, site_of

ROOT = Path(__file__).resolve().parent.parent
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


def has_chart(datasette: Any, path: str) -> bool:
    """Return whether a path is the page of a question with a chart."""
    named = question_name(path)
    if named is None or named[1] or DATABASE not in datasette.databases:
        return False
    question = site_of(datasette, ROOT).questions.get(named[0])
    return question is not None and question.chart is not None


def asset(name: str, more: str = "") -> str:
    """Return the address of a file of static/ that changes when its content does."""
    return f"/static/{name}?v={file_mark(ROOT / 'static' / name)}{more}"


async def bundle(datasette: Any, request: Any) -> Any:
    """Answer the bundle under its present address; 404 for another."""
    mark = bundle_mark()
    if request.url_vars["mark"] != mark:
        raise NotFound("There is no such script")
    body = await made(datasette, make_bundle)
    return Response(body, headers=FOR_EVER, content_type="text/javascript; charset=utf-8")


@hookimpl
def extra_js_urls(datasette: Any, request: Any) -> list[dict[str, Any]]:
    """Load the script that enhances charts; a module runs after the page has been read."""
    if request is None or not has_chart(datasette, request.path):
        return []
    return [{"url": asset("enhance.js", f"&vega={bundle_mark()}"), "module": True}]


@hookimpl
def extra_css_urls(datasette: Any, request: Any) -> list[str]:
    """Load how the enhanced chart and its tooltips look."""
    return [asset("enhance.css")] if request and has_chart(datasette, request.path) else []


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address, with the hash of what it is made from."""
    return [(r"^/-/vega-embed-(?P<mark>[0-9a-f]+)\.js\Z", bundle)]


# First, so that plugins/headers.py finds the policy there and adds no narrower one.
@hookimpl(tryfirst=True)
def asgi_wrapper(datasette: Any) -> Any:
    """Allow the pages of charts the scripts and the specifications of this origin."""

    def wrap(app: Any) -> Any:
        async def headed(scope: dict[str, Any], receive: Any, send: Any) -> None:
            path = str(scope.get("path", "")).removeprefix(datasette.setting("base_url"))
            if scope["type"] != "http" or not has_chart(datasette, f"/{path.lstrip('/')}"):
                await app(scope, receive, send)
                return

            async def add(event: dict[str, Any]) -> None:
                if event["type"] == "http.response.start":
                    policy = (b"content-security-policy", CHART_POLICY.encode())
                    event = {**event, "headers": [*event.get("headers", []), policy]}
                await send(event)

            await app(scope, receive, add)

        return headed

    return wrap
