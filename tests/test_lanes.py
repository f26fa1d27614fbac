"""The lane of readers' own SQL: nothing else waits for it, and it ends with its reader."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import weakref
from typing import Any
from urllib.parse import quote

import pytest
from site_client import Client

from census.requests.lanes import (
    READING,
    THREADS,
    WAITING,
    GoneError,
    Lane,
    LaneExecutor,
    Reading,
    SeldomAsked,
    is_free,
)

ENDLESS = (
    "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) as i from n"
)


def connect() -> sqlite3.Connection:
    """Return a connection that another thread may interrupt."""
    return sqlite3.connect(":memory:", check_same_thread=False)


@pytest.mark.parametrize(
    ("path", "query", "free"),
    [
        ("/census", "sql=select+1", True),
        ("/census.csv", "sql=select+1&_size=max", True),
        ("/census/labs", "_where=1", True),
        ("/census/labs.csv", "country=FR&_where=1", True),
        ("/census", "", False),
        ("/census", "sql=", False),
        ("/census/labs", "country=FR", False),
        ("/census/share_by_country", "scope=hub", False),
        ("/", "sql=select+1", False),
    ],
)
def test_free_is_what_runs_sql_of_its_reader(path: str, query: str, free: bool) -> None:
    assert is_free(path, query) is free


def test_free_sql_runs_in_the_lane_and_pages_do_not(site: Client) -> None:
    lane = site.datasette.executor
    assert isinstance(lane, LaneExecutor)
    database = site.datasette.get_database("census")

    async def thread() -> str:
        """Return the name of the thread in which Datasette runs a statement."""
        name: str = await database.execute_fn(lambda _: threading.current_thread().name)
        return name

    async def free_thread() -> str:
        token = READING.set(Reading())
        try:
            return await thread()
        finally:
            READING.reset(token)

    assert site.loop.run_until_complete(free_thread()).startswith("free-sql")
    assert not site.loop.run_until_complete(thread()).startswith("free-sql")


def test_pages_answer_while_the_lane_is_full(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [f"/census{kind}?sql={quote(ENDLESS)}" for kind in ("", ".json", ".csv")]
    own = ("/", "/census/share_by_country", "/-/healthz?live=1", "/census/labs?country=FR",
           "/census/share_by_country.csv", "/census/labs.csv")  # fmt: skip

    async def ask() -> tuple[list[Any], list[Any]]:
        """Fill the lane, then ask for pages and for one more; return what they answer."""
        count = THREADS + WAITING
        get = site.datasette.client.get
        filling = [asyncio.ensure_future(get(paths[n % len(paths)])) for n in range(count)]
        while site.datasette.executor.lane.inside < count:
            await asyncio.sleep(0)
        refused = await asyncio.gather(*(get(path) for path in paths))
        answered = [await get(path) for path in own]
        still = [task for task in filling if not task.done()]
        assert still, "the pages must have answered before the statements ended"
        for task in filling:
            task.cancel()
        await asyncio.gather(*filling, return_exceptions=True)
        return refused, answered

    monkeypatch.setattr(site.datasette.executor.lane, "patience", 0.01)
    refused, answered = site.loop.run_until_complete(ask())
    assert [answer.status_code for answer in answered] == [200] * len(own)
    assert [answer.status_code for answer in refused] == [503] * 3
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert refused[0].headers["content-type"].startswith("text/html")
    assert refused[1].json()["status"] == 503
    assert refused[2].headers["content-type"].startswith("text/plain")
    assert site.datasette.executor.lane.inside == 0
    assert site.get("/census.csv?sql=select+1+as+one").text == "one\r\n1\r\n"


@pytest.mark.parametrize("path", ["/census", "/census.csv", "/census.json"])
def test_who_hangs_up_stops_his_statement(
    site: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of time would be reached in ten minutes only."""
    monkeypatch.setattr(site.datasette, "sql_time_limit_ms", 600_000)
    monkeypatch.setitem(site.datasette._settings, "sql_time_limit_ms", 600_000)
    lane = site.datasette.executor.lane
    sent: list[dict[str, Any]] = []
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": b""}]

    async def receive() -> dict[str, Any]:
        """Be there until the statement runs, then hang up."""
        if messages:
            return messages.pop()
        while not lane.running:
            await asyncio.sleep(0.001)
        return {"type": "http.disconnect"}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": f"sql={quote(ENDLESS)}&_shape=array".encode(), "http_version": "1.1",
        "headers": [(b"host", b"localhost")], "scheme": "http",
    }  # fmt: skip
    site.loop.run_until_complete(site.datasette.app()(scope, receive, send))
    assert not any(event.get("status") == 200 for event in sent)
    assert lane.inside == 0
    assert site.get("/census.csv?sql=select+1+as+one").text == "one\r\n1\r\n"


def test_a_statement_whose_reader_is_gone_does_not_begin() -> None:
    lane = Lane(connect, threads=1)
    reading = Reading()
    reading.leave()
    with pytest.raises(GoneError):
        lane.submit(reading, lambda: pytest.fail("it ran")).result()
    lane.pool.shutdown()


def test_leaving_stops_only_what_is_ones_own() -> None:
    lane = Lane(connect, threads=1)
    mine, other = Reading(), Reading()
    assert lane.submit(mine, lambda: 1).result() == 1
    started, go_on = threading.Event(), threading.Event()

    def work() -> int:
        started.set()
        go_on.wait(30)
        connection: sqlite3.Connection = lane._kept.connection
        found: int = connection.execute("select 2").fetchone()[0]
        return found

    running = lane.submit(other, work)
    started.wait(30)
    mine.leave()
    go_on.set()
    assert running.result() == 2
    lane.pool.shutdown()


def test_who_waits_gets_the_place_of_who_leaves() -> None:
    lane = Lane(connect, threads=1, waiting=0, patience=30)

    async def in_turn() -> list[str]:
        first = await lane.enter()
        order: list[str] = []

        async def come(name: str) -> None:
            reading = await lane.enter()
            order.append(name)
            lane.give_back(reading)

        coming = [asyncio.ensure_future(come(name)) for name in ("second", "third")]
        await asyncio.sleep(0)
        assert order == []
        lane.give_back(first)
        await asyncio.gather(*coming)
        return order

    assert asyncio.run(in_turn()) == ["second", "third"]
    assert lane.inside == 0
    lane.pool.shutdown()


def test_a_stopped_statement_leaves_no_cursor_to_who_answers_its_error() -> None:
    """Dropping one waits for the connection, and everybody would wait with it."""
    left: list[weakref.ref[sqlite3.Cursor]] = []

    def work(connection: sqlite3.Connection) -> None:
        cursor = connection.cursor()
        left.append(weakref.ref(cursor))
        connection.set_progress_handler(lambda: 1, 1)
        try:
            cursor.execute(ENDLESS)
        except sqlite3.OperationalError as error:
            raise RuntimeError("took too long") from error

    lane = Lane(connect, threads=1)
    reading = Reading()
    done = lane.submit(reading, lambda: work(connect()))
    assert isinstance(done.exception(), RuntimeError)
    assert [cursor() for cursor in left] == [None]
    lane.pool.shutdown()


def test_a_statement_looks_at_the_clock_seldom_and_ends_all_the_same(site: Client) -> None:
    looks: list[int] = []
    connection = SeldomAsked(":memory:")
    connection.set_progress_handler(lambda: looks.append(1), 1)
    connection.execute(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000)"
        " select max(i) from n"
    ).fetchall()
    connection.close()
    assert 1 <= len(looks) < 50
    answer = site.get(f"/census.json?sql={quote(ENDLESS)}&_timelimit=100")
    assert (answer.status_code, answer.json()["title"]) == (400, "SQL Interrupted")
