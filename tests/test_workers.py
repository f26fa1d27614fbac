"""Processes that draw: one that dies is replaced, and what waits has an end."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

import pytest
from site_client import Client

from census.charts.render import make_pool
from census.requests.refusals import Refusal
from census.serving.workers import Workers


def test_a_dead_process_is_replaced_and_its_charts_are_drawn(site: Client) -> None:
    address = "/census/ranking_by_country.svg?scope={}"
    assert site.get(address.format("labs")).status_code == 200
    before = site.get("/-/healthz?live=1").json()["drawing"]
    for worker in multiprocessing.active_children():
        os.kill(worker.pid or 0, signal.SIGKILL)

    async def ask() -> list[int]:
        asked = [
            address.format("hub"),
            "/census/ranking_by_lab.svg?scope=hub",
            "/-/card/ranking_by_lab.png?scope=hub",
        ]
        answers = await asyncio.gather(*(site.datasette.client.get(path) for path in asked))
        return [answer.status_code for answer in answers]

    assert site.loop.run_until_complete(ask()) == [200, 200, 200]
    after = site.get("/-/healthz?live=1").json()["drawing"]
    assert after == {"failing": False, "replaced": before["replaced"] + 1}


def test_a_pool_that_is_just_being_closed_is_replaced_too() -> None:
    """Between the death of a process and the end of its pool, no new process can be started."""
    workers = Workers(lambda: make_pool(1))
    pool = workers._pool
    assert isinstance(pool, ProcessPoolExecutor)
    # What the pool does first when one of its processes has died.
    pool._call_queue.close()
    pool._call_queue._reader.close()  # type: ignore[attr-defined]
    assert asyncio.run(workers.run(os.getpid)) != os.getpid()
    assert (workers.replaced, workers.failing) == (1, False)


def test_health_sees_that_nothing_can_be_drawn(site: Client) -> None:
    workers = site.datasette._census_workers
    with pytest.raises(BrokenProcessPool):
        site.loop.run_until_complete(workers.run(os._exit, 1))
    answer = site.get("/-/healthz")
    assert answer.status_code == 503
    assert answer.json()["drawing"]["failing"] is True
    assert site.get("/-/healthz?live=1").status_code == 200
    assert site.loop.run_until_complete(workers.run(os.getpid)) != os.getpid()
    assert site.get("/-/healthz").json()["drawing"]["failing"] is False


def test_what_waits_has_an_end() -> None:
    workers = Workers(lambda: make_pool(1), most=2)

    async def ask() -> tuple[list[object], int]:
        jobs = [workers.run(os.getpid) for _ in range(3)]
        found = await asyncio.gather(*jobs, return_exceptions=True)
        return list(found), await workers.run(os.getpid)

    found, later = asyncio.run(ask())
    assert found[:2] == [later, later]
    assert isinstance(found[2], Refusal)
    assert found[2].status == 503
    assert int(found[2].headers["retry-after"]) > 0
