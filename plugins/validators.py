"""ETags for answers without one, and 304 for clients that have the bytes already."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from census.site.validators import is_known, mark_of_bytes

Headers = list[tuple[bytes, bytes]]
# What 304 keeps of the headers of the answer that a client has (RFC 9110).
OF_BODY = (b"content-length", b"content-type", b"content-encoding")


def value_of(headers: Headers, name: bytes) -> str:
    """Return a header, empty where there is none."""
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")


def is_fixed(start: dict[str, Any]) -> bool:
    """Return whether a client may keep an answer."""
    private = ("no-store", "private")
    may_be_kept = not any(word in value_of(start["headers"], b"cache-control") for word in private)
    return start["status"] == 200 and may_be_kept and not value_of(start["headers"], b"set-cookie")


class Validated:
    """The sender of one answer, which holds the beginning back until the whole body is known.

    A body in several pieces is streamed as it is.
    """

    def __init__(self, send: Any, known_marks: str) -> None:
        self._send = send
        self._known_marks = known_marks
        self._start: dict[str, Any] | None = None
        self._done = False

    async def __call__(self, event: dict[str, Any]) -> None:
        if self._done:
            return
        if event["type"] == "http.response.start" and is_fixed(event):
            if value_of(event["headers"], b"etag"):
                await self._begin(event)
            else:
                self._start = event
            return
        if self._start is not None and event["type"] == "http.response.body":
            start, self._start = self._start, None
            if not event.get("more_body"):
                mark = mark_of_bytes(event.get("body", b""))
                start = {**start, "headers": [*start["headers"], (b"etag", mark.encode())]}
            await self._begin(start)
            if self._done:
                return
        await self._send(event)

    async def _begin(self, start: dict[str, Any]) -> None:
        mark = value_of(start["headers"], b"etag")
        if not mark or not is_known(self._known_marks, mark):
            await self._send(start)
            return
        self._done = True
        headers = [pair for pair in start["headers"] if pair[0].lower() not in OF_BODY]
        await self._send({"type": "http.response.start", "status": 304, "headers": headers})
        await self._send({"type": "http.response.body", "body": b""})


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Give whole answers an ETag; the content coding comes after it."""

    def wrap(app: Any) -> Any:
        async def validated(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["method"] == "GET":
                known_marks = value_of(scope["headers"], b"if-none-match")
                send = Validated(send, known_marks)
            await app(scope, receive, send)

        return validated

    return wrap
