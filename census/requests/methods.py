"""The allowed methods of an address: the site is read-only.

Assistants ask by POST at one address, which changes nothing either.
"""

from __future__ import annotations

from datasette import Response

from census.requests.refusals import Refusal

READING = ("GET", "HEAD")
# Pages of Datasette's for those who develop it: nothing of the census is on them.
CLOSED = ("/-/threads", "/-/messages", "/-/patterns", "/-/allow-debug")
# What scripts of other origins may send. Not every browser reads `*` as "all of them".
REQUEST_HEADERS = (
    "If-None-Match, If-Modified-Since, If-Range, Range, Cache-Control, Content-Type, Accept, *"
)
ALLOW = "GET, HEAD, OPTIONS"
MCP_PATH = "/mcp"
MCP_ALLOW = "POST, OPTIONS"


def check_mcp_method(method: str) -> None:
    """Raise a refusal for all but POST at the address of assistants.

    GET would keep a stream open for messages that a server without sessions never sends.
    """
    if method != "POST":
        reason = f"{method} is not allowed here: programs that speak MCP ask by POST."
        raise Refusal(405, "Method not allowed", reason, headers={"allow": MCP_ALLOW})


def check_method(method: str, path: str = "") -> None:
    """Raise a refusal for a method that would change something."""
    if method not in (*READING, "OPTIONS") and path != MCP_PATH:
        reason = f"{method} is not allowed: this site is read-only. Allowed: {ALLOW}."
        raise Refusal(405, "Method not allowed", reason, headers={"allow": ALLOW})


def check_open(path: str) -> None:
    """Raise a refusal for a page that is for developers of Datasette."""
    if path.removesuffix(".json") in CLOSED:
        raise Refusal(404, "Error 404", "There is no such page")


def options_response(path: str = "") -> Response:
    """Return the answer to OPTIONS: the allowed methods, also for scripts of other origins."""
    allow = MCP_ALLOW if path == MCP_PATH else ALLOW
    headers = {
        "allow": allow,
        "access-control-allow-origin": "*",
        "access-control-allow-methods": allow,
        "access-control-allow-headers": REQUEST_HEADERS,
        "access-control-max-age": "86400",
    }
    return Response("", status=204, headers=headers)
