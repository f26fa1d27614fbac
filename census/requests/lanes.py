"""A lane for SQL that readers write: few threads, a short queue and a time limit.

Pages, files and health read in Datasette's threads. If statements of readers ran there too, a few
that never end would keep everybody else waiting. Here two run at a time, some wait, and who comes
then is asked to come again; a reader who hangs up stops his statement.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import traceback
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl

from datasette.database import QueryInterrupted

from census.requests.refusals import Refusal, kind_of, refusal_response
from census.site.site import DATABASE

# With two, a short question of a page still takes some milliseconds; with six it takes many.
THREADS = 2
WAITING = 8
PATIENCE_S = 1.0
RETRY_AFTER_S = 5
# SQLite's steps between two looks at the clock, about 8 ms; Datasette looks every 0.08 ms.
STEPS = 100_000
FREE_OPTIONS = ("sql", "_where")
BUSY = (
    "Other readers' SQL is running and waiting. Try again in a few seconds, or download the whole"
    " database and run it there; the pages and files of the census work as always."
)


class GoneError(Exception):
    """The reader disconnected before the statement began or ended."""


class SeldomAsked(sqlite3.Connection):
    """A connection whose statements check their time limit seldom.

    Each look takes the lock that all of Python's threads share. Where the processors are busy,
    statements that take it every moment keep the thread of the pages from it for many seconds.
    """

    def set_progress_handler(
        self, progress_handler: Callable[[], int | None] | None, /, n: int
    ) -> None:
        """Have a function called every so many steps, but not more often than `STEPS`."""
        super().set_progress_handler(progress_handler, max(n, STEPS))


class Reading:
    """The statements of one request of a reader, one after the other; `leave` stops them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gone = False
        self._running: sqlite3.Connection | None = None

    def run(self, connection: sqlite3.Connection, work: Callable[..., Any], *arguments: Any) -> Any:
        """Do some work with a connection unless the reader has disconnected; raises GoneError."""
        with self._lock:
            if self._gone:
                raise GoneError
            self._running = connection
        try:
            return work(*arguments)
        except (QueryInterrupted, sqlite3.OperationalError) as error:
            # Datasette has statements of its own in the lane, and catches no interruption of them.
            if self._gone:
                raise GoneError from error
            raise
        finally:
            with self._lock:
                self._running = None

    @property
    def is_running(self) -> bool:
        """Whether a statement runs."""
        return self._running is not None

    def leave(self) -> None:
        """Interrupt the running statement, and let no other begin."""
        with self._lock:
            self._gone = True
            if self._running is not None:
                self._running.interrupt()


READING: ContextVar[Reading | None] = ContextVar("reading", default=None)


class Lane:
    """The threads for readers' statements; `connect` opens the connection that each one keeps."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        threads: int = THREADS,
        waiting: int = WAITING,
        patience: float = PATIENCE_S,
    ) -> None:
        self.patience = patience
        # What those are told who find it full, by format.
        self.busy: dict[str, Any] = {}
        self._turns: deque[asyncio.Future[None]] = deque()
        self._connect = connect
        self._most = threads + waiting
        self._inside: set[Reading] = set()
        self._kept = threading.local()
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="free-sql")

    @property
    def inside(self) -> int:
        """How many requests have a place."""
        return len(self._inside)

    @property
    def running(self) -> int:
        """How many requests have a statement that runs."""
        return sum(reading.is_running for reading in self._inside)

    async def enter(self) -> Reading:
        """Take a place, or wait a moment for one; raises Refusal (503) where none becomes free.

        A program that asks again at once would otherwise keep the site busy with refusals.
        """
        if len(self._inside) >= self._most:
            loop = asyncio.get_running_loop()
            turn: asyncio.Future[None] = loop.create_future()
            self._turns.append(turn)
            try:
                await asyncio.wait_for(turn, self.patience)
            except TimeoutError:
                headers = {"retry-after": str(RETRY_AFTER_S)}
                raise Refusal(503, "Busy", BUSY, headers=headers) from None
        reading = Reading()
        self._inside.add(reading)
        return reading

    def give_back(self, reading: Reading) -> None:
        """Give a place back: the longest waiting request takes it."""
        self._inside.discard(reading)
        while self._turns:
            turn = self._turns.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def submit(self, reading: Reading, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have a thread of the lane do some work for a request."""
        return self.pool.submit(self._run, reading, work, *arguments)

    def _run(self, reading: Reading, work: Callable[..., Any], *arguments: Any) -> Any:
        if not hasattr(self._kept, "connection"):
            self._kept.connection = self._connect()
        try:
            return reading.run(self._kept.connection, work, *arguments)
        except Exception as error:
            forget_values(error)
            raise


def forget_values(error: BaseException | None) -> None:
    """Drop the local values that an error holds, in the thread that ran the functions.

    A cursor is among it. Dropped where the error is answered, it waits there for the connection,
    which runs the next statement by then, and everybody waits with it.
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


class LaneExecutor(Executor):
    """Datasette's threads for everything, except for requests that have a lane of their own."""

    def __init__(self, executor: Executor, lane: Lane) -> None:
        self.lane = lane
        self._usual = executor

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Future[Any]:
        """Submit to the lane inside of a reader's request, to the usual threads outside."""
        reading = READING.get()
        if reading is None:
            return self._usual.submit(work, *arguments, **keywords)
        return self.lane.submit(reading, work, *arguments)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all threads."""
        self.lane.pool.shutdown(wait, cancel_futures=cancel_futures)
        self._usual.shutdown(wait, cancel_futures=cancel_futures)


@asynccontextmanager
async def in_free_lane(datasette: Any) -> AsyncIterator[None]:
    """Have the statements inside run in the lane of readers' SQL; raises Refusal where it is full.

    For requests whose address does not say that they hold SQL.
    """
    executor = datasette.executor
    if not isinstance(executor, LaneExecutor):
        yield
        return
    reading = await executor.lane.enter()
    token = READING.set(reading)
    try:
        yield
    finally:
        reading.leave()
        READING.reset(token)
        executor.lane.give_back(reading)


def is_free(path: str, query: str) -> bool:
    """Return whether a request runs SQL that its reader wrote."""
    in_database = path.partition(".")[0] == f"/{DATABASE}" or path.startswith(f"/{DATABASE}/")
    return in_database and any(name in FREE_OPTIONS and value for name, value in parse_qsl(query))


async def through_lane(
    datasette: Any, path: str, app: Any, scope: dict[str, Any], receive: Any, send: Any
) -> None:
    """Answer a request: in the lane if it runs SQL that its reader wrote."""
    executor = datasette.executor
    query = scope["query_string"].decode("latin-1")
    if not isinstance(executor, LaneExecutor) or not is_free(path, query):
        await app(scope, receive, send)
        return
    try:
        await in_lane(executor.lane, app, scope, receive, send)
    except Refusal as refusal:
        full = refusal
    else:
        return
    # Made once for each format: it is given very often.
    kind = kind_of(path)
    if kind not in executor.lane.busy:
        executor.lane.busy[kind] = await refusal_response(datasette, path, full)
    await executor.lane.busy[kind].asgi_send(send)


async def in_lane(lane: Lane, app: Any, scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer a request whose statements run in a lane, until its reader disconnects.

    Raises Refusal where the lane is full.
    """
    reading = await lane.enter()
    token = READING.set(reading)
    messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def watch() -> None:
        """Hand on what the client sends, and stop at its end."""
        while True:
            message = await receive()
            await messages.put(message)
            if message["type"] == "http.disconnect":
                reading.leave()
                return

    watching = asyncio.ensure_future(watch())
    try:
        with suppress(GoneError):
            await app(scope, messages.get, send)
    finally:
        reading.leave()
        READING.reset(token)
        lane.give_back(reading)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
