"""The front of the site: an answer that is the same for everybody is made once.

The database never changes while it is served, so pages, files, pictures, feeds and cards are kept
whole, as they are sent, and made once however many ask for them at the same time. Nothing behind
the front keeps answers, compresses them or has to know of this.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from census.cache.cacheable import READING, CacheKey, is_anonymous, may_be_kept
from census.cache.codings import (
    CODINGS,
    SMALLEST,
    Encoder,
    coding_of,
    decoded,
    encoded,
    is_compressible_type,
    with_coding,
    without_codings,
)
from census.cache.in_the_making import AnswerInTheMaking, Send, TooLongError, WholeAnswer
from census.cache.memory import AnswerMemory, Headers, KeptAnswer
from census.cache.ranges import requested_part
from census.site.validators import is_known, mark_of_bytes

# Compressing more would keep other readers waiting: a thread does it.
LONG = 100_000
# So many addresses with answers too long to be kept are remembered: requests for them are answered
# one by one, without waiting for an answer that others share.
MOST_LONG_ADDRESSES = 1000
# What an answer in a coding says in its own words, `vary` last, and what 304 leaves out (RFC 9110).
OF_CODING = (b"content-length", b"content-encoding", b"etag", b"vary")
OF_BODY = (b"content-length", b"content-type", b"content-encoding", b"accept-ranges")
BY_CODING = b"Accept-Encoding"


class AnswerStore:
    """What the applications of one site share: answers kept, and answers in the making.

    `stamp` returns what the answers depend on beside the database and its code: where it has
    changed, nothing that was made before is given any more.
    """

    def __init__(self, stamp: Callable[[], object], memory: AnswerMemory | None = None) -> None:
        self.memory = AnswerMemory() if memory is None else memory
        self.making: dict[CacheKey, AnswerInTheMaking] = {}
        self.long: OrderedDict[CacheKey, None] = OrderedDict()
        self._stamp = stamp
        self.stamped = stamp()

    def get(self, key: CacheKey) -> KeptAnswer | None:
        """Return a kept answer that still holds."""
        stamped = self._stamp()
        if stamped != self.stamped:
            self.stamped = stamped
            self.clear()
        return self.memory.get(key)

    def put(self, key: CacheKey, answer: KeptAnswer, stamped: object) -> None:
        """Keep an answer that was begun under a stamp, unless that has changed meanwhile."""
        if stamped == self.stamped:
            self.memory.put(key, answer)

    def clear(self) -> None:
        """Forget everything."""
        self.memory.clear()
        self.making.clear()
        self.long.clear()

    def remember_long(self, key: CacheKey) -> None:
        """Remember that the answer under a key is too long to be kept."""
        self.long[key] = None
        while len(self.long) > MOST_LONG_ADDRESSES:
            self.long.popitem(last=False)


class Front:
    """The outermost application: it sends kept answers and has all others made.

    `meant_query` returns the query string under which the answer to a request is kept, or None.
    """

    def __init__(
        self, app: Any, store: AnswerStore, meant_query: Callable[[dict[str, Any]], bytes | None]
    ) -> None:
        self._app = app
        self._store = store
        self._meant_query = meant_query

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if scope["method"] not in READING or not is_anonymous(headers):
            await self._ask(scope, headers, receive, send)
            return
        key = CacheKey(
            scope["scheme"],
            headers.get(b"host", b""),
            (scope.get("raw_path") or b"").partition(b"?")[0] or scope["path"].encode(),
            scope["query_string"],
            coding_of(headers.get(b"accept-encoding", b"")),
        )
        answer = self._store.get(key)
        if answer is None:
            query = self._meant_query(scope)
            if query is None:
                await self._ask(scope, headers, receive, send)
                return
            key = key._replace(query=query)
            answer = self._store.get(key) or await self._in_coding(key)
        if answer is None:
            address = key._replace(coding="")
            if scope["method"] == "HEAD" or address in self._store.long:
                await self._ask(scope, headers, receive, send)
            else:
                await self._make(key, scope, headers, receive, send)
            return
        await send_kept(answer, scope["method"], headers, send)

    async def _make(
        self,
        key: CacheKey,
        scope: dict[str, Any],
        headers: dict[bytes, bytes],
        receive: Any,
        send: Any,
    ) -> None:
        """Have an answer made that nobody has asked for, or wait for the one in the making."""
        address = key._replace(coding="")
        making = self._store.making.get(address)
        if making is None:
            making = AnswerInTheMaking(self._app, uncompressed_request(scope, headers))
            self._store.making[address] = making
        answer, for_all, stamped = None, False, self._store.stamped
        try:
            whole = await making.wait(receive, Coding(send, key.coding, headers))
            if whole is not None:
                for_all = may_be_kept(whole.status, whole.headers)
                answer = await self._coded(key, whole, for_all, stamped)
            must_ask_alone = whole is not None and not for_all and not making.claim()
        except TooLongError:
            must_ask_alone = True
        finally:
            if self._store.making.get(address) is making and making.is_over:
                del self._store.making[address]
        if making.is_long:
            self._store.remember_long(address)
        if must_ask_alone:
            await self._ask(scope, headers, receive, send)
        elif answer is not None:
            await send_kept(answer, scope["method"], headers, send)

    async def _coded(
        self, key: CacheKey, whole: WholeAnswer, for_all: bool, stamped: object
    ) -> KeptAnswer:
        """Return an answer in the coding of a key, kept where it is for everybody."""
        answer = self._store.memory.get(key) if for_all else None
        if answer is None:
            answer = await answer_in_coding(whole, key.coding)
            if for_all:
                self._store.put(key, answer, stamped)
        return answer

    async def _in_coding(self, key: CacheKey) -> KeptAnswer | None:
        """Return an answer that is kept in another coding, converted to the one wanted."""
        for coding in ("", *CODINGS):
            other = self._store.memory.get(key._replace(coding=coding))
            if other is None:
                continue
            is_packed = any(name == b"content-encoding" for name, _ in other.headers)
            body = decoded(coding if is_packed else "", other.body)
            own_headers = [pair for pair in other.headers if pair[0] not in OF_CODING[:-1]]
            mark = without_codings(other.mark)
            whole = WholeAnswer(
                other.status, [*own_headers, *([(b"etag", mark.encode())] if mark else [])], body
            )
            return await self._coded(key, whole, True, self._store.stamped)
        return None

    async def _ask(
        self, scope: dict[str, Any], headers: dict[bytes, bytes], receive: Any, send: Any
    ) -> None:
        """Answer one request alone, compressed on the way."""
        if scope["method"] != "HEAD":
            coding = coding_of(headers.get(b"accept-encoding", b""))
            send = Coding(send, coding, headers)
        etags = headers.get(b"if-none-match")
        plain_request = uncompressed_request(scope, headers, b"range", b"if-range")
        if etags is not None:
            plain = without_codings(etags.decode("latin-1")).encode("latin-1")
            plain_request["headers"] = [*plain_request["headers"], (b"if-none-match", plain)]
        await self._app(plain_request, receive, send)


def uncompressed_request(
    scope: dict[str, Any], headers: dict[bytes, bytes], *kept_names: bytes
) -> dict[str, Any]:
    """Return a request for the whole uncompressed answer, without conditions."""
    dropped = {b"accept-encoding", b"if-none-match", b"range", b"if-range"} - {*kept_names}
    others = [(name, value) for name, value in headers.items() if name not in dropped]
    return {**scope, "headers": others}


async def answer_in_coding(whole: WholeAnswer, coding: str) -> KeptAnswer:
    """Return an answer as it is sent to those who take a coding."""
    fields = dict(whole.headers)
    kind = fields.get(b"content-type", b"")
    is_compressible = is_compressible_type(kind) and b"content-encoding" not in fields
    coding = coding if is_compressible and len(whole.body) >= SMALLEST else ""
    if coding and len(whole.body) > LONG:
        body = await asyncio.to_thread(encoded, coding, whole.body)
    else:
        body = encoded(coding, whole.body)
    mark = fields.get(b"etag", b"").decode("latin-1")
    if whole.status == 200 and not mark:
        mark = mark_of_bytes(whole.body)
    mark = with_coding(mark, coding)
    headers = [pair for pair in whole.headers if pair[0] not in OF_CODING]
    headers.append((b"content-length", str(len(body)).encode()))
    if whole.status == 200 and b"accept-ranges" not in fields:
        headers.append((b"accept-ranges", b"bytes"))
    if mark:
        headers.append((b"etag", mark.encode("latin-1")))
    if coding:
        headers.append((b"content-encoding", coding.encode()))
    if is_compressible or b"vary" in fields:
        headers.append(vary_header(fields, is_compressible))
    return KeptAnswer(whole.status, tuple(headers), body, mark)


def vary_header(fields: dict[bytes, bytes], by_coding: bool) -> tuple[bytes, bytes]:
    """Return the header `vary` of an answer: its own, and the coding if it can be compressed."""
    names = [name.strip() for name in fields.get(b"vary", b"").split(b",") if name.strip()]
    if by_coding and BY_CODING.lower() not in [name.lower() for name in names]:
        names.append(BY_CODING)
    return b"vary", b", ".join(names)


async def send_kept(
    answer: KeptAnswer, method: str, request_headers: dict[bytes, bytes], send: Send
) -> None:
    """Send a kept answer or the part asked for, or 304 where the client has it."""
    etags = request_headers.get(b"if-none-match")
    headers: Headers | list[tuple[bytes, bytes]] = answer.headers
    status, body = answer.status, answer.body
    if etags is not None and answer.mark and is_known(etags.decode("latin-1"), answer.mark):
        headers = [pair for pair in answer.headers if pair[0] not in OF_BODY]
        status, body = 304, b""
    elif b"range" in request_headers and method == "GET":
        status, headers, body, _ = requested_part(answer, request_headers)
    # A copy of the list: wrappers outside may add headers to it.
    await send({"type": "http.response.start", "status": status, "headers": [*headers]})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


class Coding:
    """A sender that compresses an answer on its way and changes its ETag accordingly.

    A client that has the compressed bytes gets the ETag of these in a 304.
    """

    def __init__(self, send: Send, coding: str, request_headers: dict[bytes, bytes]) -> None:
        self._send = send
        self._coding = coding
        self._known_etags = request_headers.get(b"if-none-match", b"").decode("latin-1")
        self._encoder: Encoder | None = None
        self._start: dict[str, Any] | None = None

    async def __call__(self, event: dict[str, Any]) -> None:
        """Send one event; the first one waits for the first bytes, which may be few."""
        if event["type"] == "http.response.start":
            self._start = event
            return
        if event["type"] != "http.response.body":
            await self._send(event)
            return
        body, has_more = event.get("body", b""), bool(event.get("more_body"))
        if self._start is not None:
            start, self._start = self._start, None
            await self._send(self._begun(start, body, has_more))
        if self._encoder is not None:
            body = self._encoder.piece(body, not has_more)
        await self._send({"type": "http.response.body", "body": body, "more_body": has_more})

    def _begun(self, start: dict[str, Any], body: bytes, has_more: bool) -> dict[str, Any]:
        headers = [(bytes(name).lower(), value) for name, value in start["headers"]]
        fields = dict(headers)
        mark = fields.get(b"etag", b"").decode("latin-1")
        if start["status"] == 304:
            coded_etags = [with_coding(mark, coding) for coding in CODINGS]
            mark = next((etag for etag in coded_etags if etag in self._known_etags), mark)
            others = [pair for pair in headers if pair[0] != b"etag"]
            return {**start, "headers": [*others, (b"etag", mark.encode())] if mark else headers}
        is_compressible = (
            is_compressible_type(fields.get(b"content-type", b""))
            and b"content-encoding" not in fields
        )
        if not is_compressible or start["status"] in (204, 206):
            return start
        dropped: tuple[bytes, ...] = (b"vary",)
        if self._coding and (has_more or len(body) >= SMALLEST):
            self._encoder = Encoder(self._coding)
            dropped = OF_CODING
        headers = [pair for pair in headers if pair[0] not in dropped]
        headers.append(vary_header(fields, True))
        if self._encoder is not None:
            headers.append((b"content-encoding", self._coding.encode()))
            if mark:
                headers.append((b"etag", with_coding(mark, self._coding).encode()))
        return {**start, "headers": headers}
