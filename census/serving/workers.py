"""Worker processes that draw: replaced when one dies, and with a limit to the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from census.requests.refusals import Refusal

# Jobs that may wait or run; each takes some tenths of a second, so the last waits a few seconds.
MOST_JOBS = 16
RETRY_AFTER_S = 5
BUSY = "Too many charts are being drawn. Try again in a few seconds."


class Workers:
    """A pool of processes that outlives them.

    A process that dies (the kernel ends the largest when memory is short) breaks a pool for good:
    all its jobs fail, and so does every later one. Then a new pool is made and the job is done
    there, once. `failing` is whether the last job failed there too.
    """

    def __init__(self, make_pool: Callable[[], Executor], most: int = MOST_JOBS) -> None:
        self._make_pool = make_pool
        self._pool = make_pool()
        self._most_jobs = most
        self._jobs = 0
        self.replaced = 0
        self.failing = False

    async def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Run `work` in another process and return its result.

        Raises Refusal (503) where too many jobs wait, and BrokenProcessPool where this very job
        ends its process.
        """
        if self._jobs >= self._most_jobs:
            headers = {"retry-after": str(RETRY_AFTER_S)}
            raise Refusal(503, "Busy", BUSY, headers=headers)
        self._jobs += 1
        try:
            return await self._run(work, *arguments)
        finally:
            self._jobs -= 1

    async def _run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        pool = self._pool
        try:
            result = await asyncio.wrap_future(_submit(pool, work, *arguments))
        except BrokenProcessPool:
            self._replace(pool)
            try:
                result = await asyncio.wrap_future(_submit(self._pool, work, *arguments))
            except BrokenProcessPool:
                self.failing = True
                raise
        self.failing = False
        return result

    def _replace(self, broken: Executor) -> None:
        """Make a new pool, unless another job that failed with it has done so."""
        if self._pool is broken:
            broken.shutdown(wait=False)
            self._pool = self._make_pool()
            self.replaced += 1


def _submit(pool: Executor, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Give a pool a job; raises BrokenProcessPool where it cannot start a process for it.

    A pool closes its pipes before it says that it is broken.
    """
    try:
        return pool.submit(work, *arguments)
    except OSError as error:
        raise BrokenProcessPool(f"no process can be started: {error}") from error
