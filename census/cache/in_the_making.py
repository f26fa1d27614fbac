"""One answer in the making, for all who ask for it meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

# A longer answer is sent as it comes and not kept.
LONGEST = 2 * 2**20

AsgiEvent = dict[str, Any]
Send = Callable[[AsgiEvent], Awaitable[None]]


class TooLongError(Exception):
    """An answer is too long to be shared: each waiting request must ask for its own."""


class WholeAnswer(NamedTuple):
    """A whole answer: status, headers in small letters, bytes as they are."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


async def until_disconnected(receive: Callable[[], Awaitable[AsgiEvent]]) -> None:
    """Return when a client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass


class AnswerInTheMaking:
    """An application's answer to one request; it is stopped when nobody waits any more.

    An answer that is longer than what is kept goes piece by piece to whoever asked first; the
    others, who have nothing yet, must ask for themselves.
    """

    def __init__(self, app: Any, scope: dict[str, Any], longest: int = LONGEST) -> None:
        self._longest = longest
        self._waiting: list[Send] = []
        self._start: AsgiEvent = {}
        self._pieces: list[bytes] = []
        self._size = 0
        self._through: Send | None = None
        self._asked = False
        self._claimed = False
        loop = asyncio.get_running_loop()
        self._decided: asyncio.Future[WholeAnswer | None] = loop.create_future()
        self._task = asyncio.ensure_future(self._make(app, scope))

    @property
    def is_over(self) -> bool:
        """Whether the answer is complete, handed over or given up."""
        return not self._waiting or self._decided.done()

    @property
    def is_long(self) -> bool:
        """Whether the answer is longer than what is kept."""
        return self._through is not None

    def claim(self) -> bool:
        """Return whether the caller is the first to take an answer for one reader only."""
        is_first, self._claimed = not self._claimed, True
        return is_first

    async def wait(
        self, receive: Callable[[], Awaitable[AsgiEvent]], send: Send
    ) -> WholeAnswer | None:
        """Return the answer, None where it has been sent already or its reader is gone.

        Raises what the application raises, and TooLongError where the caller must ask again alone.
        """
        self._waiting.append(send)
        disconnected = asyncio.ensure_future(until_disconnected(receive))
        try:
            await asyncio.wait((disconnected, self._decided), return_when=asyncio.FIRST_COMPLETED)
            if not self._decided.done():
                return None
            answer = self._decided.result()
            if answer is None:
                if self._through is not send:
                    raise TooLongError
                await asyncio.wait((disconnected, self._task), return_when=asyncio.FIRST_COMPLETED)
                if self._task.done():
                    self._task.result()
            return answer
        finally:
            disconnected.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await disconnected
            self._waiting.remove(send)
            if not self._waiting or self._through is send:
                self._task.cancel()

    async def _make(self, app: Any, scope: dict[str, Any]) -> None:
        try:
            await app(scope, self._receive, self._take)
        except asyncio.CancelledError:
            self._decided.cancel()
            raise
        except Exception as error:
            if self._decided.done():
                raise
            self._decided.set_exception(error)
            return
        if not self._decided.done():
            headers = [(bytes(name).lower(), value) for name, value in self._start["headers"]]
            body = b"".join(self._pieces)
            self._decided.set_result(WholeAnswer(self._start["status"], headers, body))

    async def _receive(self) -> AsgiEvent:
        """Give the application an empty request; it is cancelled if everybody hangs up."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.get_running_loop().create_future()
        return {"type": "http.disconnect"}

    async def _take(self, event: AsgiEvent) -> None:
        if self._through is not None:
            await self._through(event)
        elif event["type"] == "http.response.start":
            self._start = event
        elif event["type"] == "http.response.body":
            self._pieces.append(event.get("body", b""))
            self._size += len(self._pieces[-1])
            if self._size > self._longest and self._waiting:
                await self._send_through(bool(event.get("more_body")))

    async def _send_through(self, has_more: bool) -> None:
        """Send the bytes so far to the first request, which gets the rest as it comes."""
        self._through = send = self._waiting[0]
        self._decided.set_result(None)
        await send(self._start)
        body = b"".join(self._pieces)
        self._pieces.clear()
        await send({"type": "http.response.body", "body": body, "more_body": has_more})
