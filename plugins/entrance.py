"""What every request passes first: its address as it is meant, whether it can be answered, gzip."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from datasette import Response, hookimpl

from census.serving.addresses import clean_query, question_of, site_path
from census.serving.checks import check_request
from census.serving.corrections import corrected_query
from census.serving.framing import moved
from census.serving.lanes import through_lane
from census.serving.methods import check_method, options_response
from census.serving.refusals import Refusal, refuse
from census.serving.site import DATABASE, site_of
from census.serving.validators import COMPRESSED, takes_gzip, with_coding, without_coding

ROOT = Path(__file__).resolve().parent.parent


class MovedError(Exception):
    """A request for an address that has another form; the message is that address."""


def admitted(datasette: Any, scope: dict[str, Any]) -> dict[str, Any]:
    """Return a request as it is meant; raises Refusal where nothing can answer it.

    Raises MovedError where names or values differ from a question's in case only.
    """
    site = site_of(datasette, ROOT) if DATABASE in datasette.databases else None
    path = site_path(datasette, scope)
    check_method(scope["method"], path)
    query = clean_query(site, path, scope["query_string"].decode("latin-1"))
    check_request(site, path, query)
    question = question_of(site, path) if site else None
    meant = corrected_query(question, query) if question else None
    if meant is not None:
        raise MovedError(f"{datasette.urls.path(path)}?{meant}")
    headers = coded_headers(path, scope["headers"])
    return {**scope, "query_string": query.encode("latin-1"), "headers": headers}


def coded_headers(path: str, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers of a request with gzip where it is taken and of use, and nowhere else."""
    kept = dict(headers)
    accepted = kept.pop(b"accept-encoding", b"").decode("latin-1")
    if takes_gzip(accepted) and not path.endswith(COMPRESSED):
        kept[b"accept-encoding"] = b"gzip"
    if b"if-none-match" in kept:
        known = kept[b"if-none-match"].decode("latin-1")
        kept[b"if-none-match"] = without_coding(known).encode("latin-1")
    return [*kept.items()]


def coding_sender(send: Any, scope: dict[str, Any]) -> Any:
    """Return a `send` that tells the ETag of compressed bytes from that of the bytes as they are.

    A client that has compressed bytes is told so by the ETag that it knows.
    """
    known = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")

    async def coded(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            headers = [(name.lower(), value) for name, value in event.get("headers", [])]
            mark = dict(headers).get(b"etag", b"").decode("latin-1")
            gzipped = dict(headers).get(b"content-encoding") == b"gzip"
            had = event["status"] == 304 and with_coding(mark) in known
            if mark and (gzipped or had):
                others = [pair for pair in headers if pair[0] != b"etag"]
                event = {**event, "headers": [*others, (b"etag", with_coding(mark).encode())]}
        await send(event)

    return coded


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
    return moved(f"{path}?{query}" if query else path)


# Last of the wrappers, which makes it the outermost: all others see the address as it is meant.
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
                asked = scope
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
                path = site_path(datasette, scope)
                coded = coding_sender(send, asked)
                await through_lane(datasette, path, app, scope, receive, coded)

        return entered

    return wrap
