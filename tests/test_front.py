"""The front of the site: one answer for everybody, made once; and what is never kept."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from site_client import Client

from census.cache.front import AnswerStore, Front
from census.cache.in_the_making import LONGEST
from census.cache.memory import AnswerMemory

Raw = list[tuple[bytes, bytes]]


class Site:
    """A small application behind a front, which counts how often it is asked."""

    def __init__(self, most: int = 10**6) -> None:
        self.asked: list[str] = []
        self.ended = 0
        self.headers: Raw = [(b"content-type", b"text/html; charset=utf-8")]
        self.status = 200
        self.pieces = [b"<p>" + b"word " * 400]
        self.go_on: asyncio.Event | None = None
        self.stamp: object = 1
        self.store = AnswerStore(lambda: self.stamp, AnswerMemory(most))
        self.front = Front(self.answer, self.store, lambda scope: scope["query_string"])

    async def answer(self, scope: dict[str, Any], _receive: Any, send: Any) -> None:
        """Answer as set."""
        self.asked.append(scope["path"])
        try:
            if self.go_on is not None:
                await self.go_on.wait()
            if self.status == 0:
                raise ValueError("nothing")
            headers = list(self.headers)
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            for piece in self.pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self.ended += 1

    async def get(
        self, path: str = "/", method: str = "GET", gone: asyncio.Event | None = None, **said: str
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        """Return status, headers and body; `said` are headers; `gone` tells when to hang up."""
        events: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            await (gone or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(event: dict[str, Any]) -> None:
            events.append(event)

        given = {"host": "a.example", **said}
        path, _, query = path.partition("?")
        scope = {
            "type": "http", "method": method, "scheme": "http", "path": path,
            "raw_path": path.encode(), "query_string": query.encode(),
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()],
        }  # fmt: skip
        await self.front(scope, receive, send)
        if not events:
            return 0, {}, b""
        body = b"".join(event.get("body", b"") for event in events[1:])
        return events[0]["status"], dict(events[0]["headers"]), body


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a test's coroutine."""
    asyncio.run(work())


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_an_answer_is_made_once_for_each_host_scheme_and_address() -> None:
    async def work() -> None:
        site = Site()
        first = await site.get("/x")
        assert [await site.get("/x") for _ in range(3)] == [first] * 3
        assert first[1][b"content-length"] == str(len(first[2])).encode()
        assert site.asked == ["/x"]
        await site.get("/x", host="b.example")
        await site.get("/x?y=1")
        await site.get("/y")
        assert len(site.asked) == 4

    run(work)


def test_codings_are_made_from_what_is_kept() -> None:
    async def work() -> None:
        site = Site()
        status, headers, body = await site.get(accept_encoding="gzip")
        assert (status, headers[b"content-encoding"]) == (200, b"gzip")
        plain = await site.get()
        assert plain[2] == gzip.decompress(body) == site.pieces[0]
        assert b"content-encoding" not in plain[1]
        packed = await site.get(accept_encoding="br, gzip")
        assert packed[1][b"content-encoding"] == b"br"
        assert len({headers[b"etag"], plain[1][b"etag"], packed[1][b"etag"]}) == 3
        assert len(site.asked) == 1

    run(work)


def test_who_has_the_bytes_and_who_wants_none_get_none() -> None:
    async def work() -> None:
        site = Site()
        _, headers, body = await site.get()
        status, again, nothing = await site.get(if_none_match=headers[b"etag"].decode())
        assert (status, nothing) == (304, b"")
        assert b"content-length" not in again
        head = await site.get(method="HEAD")
        assert head == (200, headers, b"")
        assert len(site.asked) == 1
        assert (await site.get())[2] == body

    run(work)


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ({"cookie": "a=b"}, []),
        ({"authorization": "Bearer x"}, []),
        ({}, [(b"set-cookie", b"a=b")]),
        ({}, [(b"cache-control", b"private, no-store")]),
        ({}, [(b"cache-control", b"no-cache")]),
    ],
)
def test_what_is_of_one_reader_is_made_for_each(said: dict[str, str], answered: Raw) -> None:
    async def work() -> None:
        site = Site()
        site.headers += answered
        await site.get(**said)
        await site.get(**said)
        assert len(site.asked) == 2
        site.go_on = asyncio.Event()
        together = [asyncio.ensure_future(site.get(**said)) for _ in range(3)]
        await settle()
        site.go_on.set()
        found = await asyncio.gather(*together)
        assert [one[0] for one in found] == [200] * 3
        assert len(site.asked) == 5
        assert len(site.store.memory) == 0

    run(work)


@pytest.mark.parametrize(
    ("status", "kept"), [(301, True), (404, True), (302, False), (400, False), (503, False)]
)
def test_only_answers_that_stay_the_same_are_kept(status: int, kept: bool) -> None:
    async def work() -> None:
        site = Site()
        site.status = status
        site.headers.append((b"location", b"/elsewhere"))
        first, second = await site.get(), await site.get()
        assert first == second
        assert first[0] == status
        assert len(site.asked) == (1 if kept else 2)

    run(work)


def test_who_asks_meanwhile_waits_for_the_one_who_makes() -> None:
    async def work() -> None:
        site = Site()
        site.go_on = asyncio.Event()
        codings = ["", "gzip", "br", "gzip"]
        asked = [asyncio.ensure_future(site.get(accept_encoding=one)) for one in codings]
        await settle()
        assert site.asked == ["/"]
        site.go_on.set()
        found = [dict(one[1]).get(b"content-encoding", b"") for one in await asyncio.gather(*asked)]
        assert found == [one.encode() for one in codings]
        assert site.asked == ["/"]
        assert not site.store.making

    run(work)


def test_who_hangs_up_stops_nobody_but_the_last_stops_the_making() -> None:
    async def work() -> None:
        site = Site()
        site.go_on = asyncio.Event()
        leaving, last = asyncio.Event(), asyncio.Event()
        first = asyncio.ensure_future(site.get(gone=leaving))
        second = asyncio.ensure_future(site.get(gone=last))
        await settle()
        leaving.set()
        assert (await first)[0] == 0
        assert (len(site.asked), site.ended) == (1, 0)
        third = asyncio.ensure_future(site.get())
        await settle()
        assert len(site.asked) == 1
        third.cancel()
        await settle()
        last.set()
        assert (await second)[0] == 0
        await settle()
        assert site.ended == 1
        assert not site.store.making
        site.go_on.set()
        assert (await site.get())[0] == 200

    run(work)


def test_an_error_is_everybodys_and_is_not_kept() -> None:
    async def work() -> None:
        site = Site()
        site.status = 0
        found = await asyncio.gather(site.get(), site.get(), return_exceptions=True)
        assert [type(one) for one in found] == [ValueError, ValueError]
        assert len(site.asked) == 1
        site.status = 200
        assert (await site.get())[0] == 200

    run(work)


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_long_answer_goes_through_whole_and_is_not_kept(coding: str) -> None:
    async def work() -> None:
        site = Site(most=10 * LONGEST)
        site.pieces = [bytes([65 + n]) * (LONGEST // 3) for n in range(9)]
        both = await asyncio.gather(
            site.get(accept_encoding=coding), site.get(accept_encoding=coding)
        )
        later = await site.get(accept_encoding=coding)
        for status, headers, body in (*both, later):
            assert status == 200
            assert headers.get(b"content-encoding", b"") == coding.encode()
            plain = gzip.decompress(body) if coding else body
            assert plain == b"".join(site.pieces)
        assert len(site.store.memory) == 0
        assert not site.store.making

    run(work)


def test_ever_new_parameters_stay_within_the_bound() -> None:
    async def work() -> None:
        site = Site(most=100_000)
        for number in range(500):
            assert (await site.get(f"/?n={number}"))[0] == 200
            assert site.store.memory.size <= 100_000
        assert len(site.store.memory) > 10

    run(work)


def test_nothing_is_given_after_the_day_or_a_file_has_changed() -> None:
    async def work() -> None:
        site = Site()
        await site.get()
        site.stamp = 2
        site.pieces = [b"tomorrow"]
        assert (await site.get())[2] == b"tomorrow"
        site.go_on = asyncio.Event()
        begun = asyncio.ensure_future(site.get("/late"))
        await settle()
        site.stamp = 3
        other = asyncio.ensure_future(site.get("/other"))
        await settle()
        site.go_on.set()
        await asyncio.gather(begun, other)
        asked = len(site.asked)
        await site.get("/other")
        assert len(site.asked) == asked
        await site.get("/late")
        assert len(site.asked) == asked + 1

    run(work)


def made_by(site: Client, *paths: str, **headers: str) -> list[int]:
    """Return how many statements each path needs when it is asked for one after the other."""
    database = site.datasette.get_database("census")
    execute_fn, counts = database.execute_fn, []

    async def counted(*given: Any, **named: Any) -> Any:
        counts[-1] += 1
        return await execute_fn(*given, **named)

    database.execute_fn = counted
    try:
        for path in paths:
            counts.append(0)
            site.get(path, headers=headers)
    finally:
        database.execute_fn = execute_fn
    return counts


@pytest.mark.parametrize(
    "path",
    [
        "/", "/labs/qwen", "/census/share_by_country", "/census/ranking_by_lab.svg?limit=7",
        "/census/labs", "/census/labs.json", "/feeds/models.atom", "/-/embed/ranking_by_lab",
        "/-/card/labs/qwen.png", "/labs/no-such-lab", "/search?q=qwen", "/sitemap.xml",
    ],
)  # fmt: skip
def test_pages_files_pictures_feeds_and_cards_are_made_once(site: Client, path: str) -> None:
    first, second = made_by(site, path, path)
    assert first > 0
    assert second == 0


@pytest.mark.parametrize(
    "path",
    ["/census?sql=select+1", "/census/labs?_where=1", "/-/healthz", "/-/quote/share_by_country"],
)
def test_what_readers_write_and_health_are_made_each_time(site: Client, path: str) -> None:
    first, second = made_by(site, path, path)
    assert first > 0
    assert second > 0


def test_a_reader_with_a_cookie_is_answered_alone(site: Client) -> None:
    first, second = made_by(site, "/labs/qwen", "/labs/qwen", cookie="a=b")
    assert first == second > 0


def test_one_picture_has_one_answer_however_its_address_is_written(site: Client) -> None:
    counts = made_by(
        site,
        "/census/ranking_by_lab.svg?limit=7&scope=labs",
        "/census/ranking_by_lab.svg?scope=labs&limit=7",
        "/census/ranking_by_lab.svg?scope=labs&limit=7&measure=cumulative&utm_source=x",
        "/census/ranking_by_lab.svg?scope=labs&limit=7&_nobody_knows=1",
        "/census/ranking_by_lab.svg?scope=labs&limit=7&_size=narrow",
    )
    assert [count > 0 for count in counts] == [True, False, False, False, True]
