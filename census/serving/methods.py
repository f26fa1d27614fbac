"""What may be done with an address: the site is read-only, so it may be read and nothing else."""

from __future__ import annotations

from datasette import Response

from census.serving.refusals import Refusal

READING = ("GET", "HEAD")
ALLOW = "GET, HEAD, OPTIONS"


def check_method(method: str) -> None:
    """Raise a refusal for a method that would change something."""
    if method not in (*READING, "OPTIONS"):
        said = f"{method} is not allowed: this site is read-only. Allowed: {ALLOW}."
        raise Refusal(405, "Method not allowed", said, headers={"allow": ALLOW})


def options_response() -> Response:
    """Return what may be done with any address, also for scripts of other origins."""
    headers = {
        "allow": ALLOW,
        "access-control-allow-origin": "*",
        "access-control-allow-methods": ALLOW,
        "access-control-allow-headers": "*",
        "access-control-max-age": "86400",
    }
    return Response("", status=204, headers=headers)
