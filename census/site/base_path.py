"""The site under a path of another one (`base_url`), as in `https://example.org/models-census/`.

Pages and plugins name addresses from the root, `/labs/qwen`. Where the site has a path, requests
lose it before anything reads them, and links get it when a page is sent.
"""

from __future__ import annotations

import re
from typing import Any

# What addresses of the site begin with; a path that begins so could not be told from them.
OWN_STARTS = (
    "-", "census", "static", "labs", "models", "families", "countries", "feeds", "exports",
    "search", "mcp",
)  # fmt: skip
LINK = re.compile(rb'\b(?P<name>href|src|srcset|action|formaction)="(?P<path>/(?!/)[^"]*)"')


def prefix_of(datasette: Any) -> str:
    """Return the path that the site is under without a slash at its end, empty for none."""
    return str(datasette.setting("base_url")).rstrip("/")


def check_prefix(prefix: str) -> None:
    """Raise ValueError for a path that the site's own addresses begin with."""
    first = prefix.removeprefix("/").partition("/")[0]
    if first in OWN_STARTS:
        raise ValueError(
            f"base_url {prefix}/ begins like the site's own addresses; serve it under a path that"
            f" begins with none of {', '.join(OWN_STARTS)}"
        )


def absolute_address(datasette: Any, request: Any, path: str) -> str:
    """Return the whole address of a path of the site, as its reader would write it."""
    return str(datasette.absolute_url(request, datasette.urls.path(path)))


def site_address(datasette: Any, request: Any) -> str:
    """Return the whole address of the site, without a slash at its end."""
    return absolute_address(datasette, request, "/").rstrip("/")


def prefixed(path: str, prefix: str) -> str:
    """Return a path of the site below its prefix; one that has it already stays as it is."""
    is_own = path.startswith("/") and not path.startswith("//")
    if not is_own or path == prefix or path.startswith((f"{prefix}/", f"{prefix}?")):
        return path
    return f"{prefix}{path}"


def prefixed_links(page: bytes, prefix: str) -> bytes:
    """Return a page in HTML with its links below a prefix: `href="/labs"` → `href="/p/labs"`."""

    def with_prefix(link: re.Match[bytes]) -> bytes:
        path = prefixed(link["path"].decode(), prefix)
        return b'%s="%s"' % (link["name"], path.encode())

    return LINK.sub(with_prefix, page)


def request_below(scope: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Return a request without the prefix in its path, whether or not a proxy has left it in."""
    path = str(scope.get("path", ""))
    if path != prefix and not path.startswith(f"{prefix}/"):
        return scope
    raw_path = bytes(scope.get("raw_path") or b"")
    paths = {"path": path.removeprefix(prefix) or "/"}
    if raw_path:
        paths["raw_path"] = raw_path.removeprefix(prefix.encode()) or b"/"  # type: ignore[assignment]
    return {**scope, **paths}


def without_prefix(app: Any, prefix: str) -> Any:
    """Return an application that is given requests without the prefix."""

    async def shortened(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await app(request_below(scope, prefix) if scope["type"] == "http" else scope, receive, send)

    return shortened if prefix else app


def with_prefix(app: Any, prefix: str) -> Any:
    """Return an application whose pages and redirects lead below the prefix."""

    async def lengthened(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await app(scope, receive, Prefixing(send, prefix))

    return lengthened if prefix else app


class Prefixing:
    """A sender that puts the prefix into pages, which it collects first, and passes on all else."""

    def __init__(self, send: Any, prefix: str) -> None:
        self._send = send
        self._prefix = prefix
        self._start: dict[str, Any] = {}
        self._pieces: list[bytes] = []

    async def __call__(self, event: dict[str, Any]) -> None:
        """Take one event of an answer."""
        if event["type"] == "http.response.start":
            headers = [self._header(bytes(n).lower(), v) for n, v in event.get("headers", [])]
            event = {**event, "headers": headers}
            if dict(headers).get(b"content-type", b"").startswith(b"text/html"):
                self._start = event
                return
        elif self._start:
            self._pieces.append(event.get("body", b""))
            if event.get("more_body"):
                return
            body = prefixed_links(b"".join(self._pieces), self._prefix)
            headers = [pair for pair in self._start["headers"] if pair[0] != b"content-length"]
            await self._send({**self._start, "headers": headers})
            event = {"type": "http.response.body", "body": body}
        await self._send(event)

    def _header(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        if name == b"location":
            value = prefixed(value.decode("latin-1"), self._prefix).encode("latin-1")
        return name, value
