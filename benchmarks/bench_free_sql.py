"""Measures how long pages and health wait while many clients ask endless SQL of their own."""

from __future__ import annotations

import asyncio
import http.client
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import httpx

ROOT = Path(__file__).parent.parent
CLIENTS = 50
ROUNDS = 40
BUDGET_MS = 100.0
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
PATHS = (
    "/",
    "/census/share_by_country",
    "/census/share_by_country.svg",
    "/census/share_by_country.csv",
    "/-/healthz?live=1",
)


def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def ask_endlessly(port: int, ready: multiprocessing.synchronize.Event) -> None:
    """Be all the clients: each asks, gets its answer or its refusal, and asks again at once."""

    async def client(number: int) -> None:
        kind = ("", ".json", ".csv")[number % 3]
        address = f"http://127.0.0.1:{port}/census{kind}?sql={quote(ENDLESS)}"
        async with httpx.AsyncClient(timeout=120) as session:
            while True:
                with suppress(httpx.HTTPError):
                    await session.get(address)

    async def every() -> None:
        ready.set()
        await asyncio.gather(*(client(number) for number in range(CLIENTS)))

    asyncio.run(every())


def milliseconds(port: int, path: str) -> float:
    """Return how long a path takes to answer 200; raises RuntimeError for another status."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return 1000 * (time.perf_counter() - start)


def measure(port: int, label: str) -> None:
    """Print the median and the 95th percentile of each path."""
    times: dict[str, list[float]] = {path: [] for path in PATHS}
    for _ in range(ROUNDS):
        for path in PATHS:
            times[path].append(milliseconds(port, path))
    for path, seconds in times.items():
        high = statistics.quantiles(seconds, n=20)[-1]
        print(
            f"{label:<12} {path:<34} median {statistics.median(seconds):7.1f} ms,"
            f" 95 % {high:7.1f} ms, {high / BUDGET_MS:5.2f} of the budget"
        )


def wait_until_it_serves(port: int) -> None:
    """Return when the site answers, its pages and charts made once."""
    for _ in range(600):
        with suppress(OSError):
            milliseconds(port, "/-/healthz?live=1")
            break
        time.sleep(0.1)
    for path in PATHS:
        milliseconds(port, path)


def main() -> None:
    """Print the times of a quiet site and of one with many clients of free SQL."""
    if not (ROOT / "inspect-data.json").is_file():
        sys.exit("census.db is missing: run `make build` first")
    port = free_port()
    with subprocess.Popen(
        ["/bin/sh", "tools/serve"], cwd=ROOT, env={**os.environ, "PORT": str(port)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        ready = multiprocessing.get_context("spawn").Event()
        clients = multiprocessing.get_context("spawn").Process(
            target=ask_endlessly, args=(port, ready), daemon=True
        )
        try:
            wait_until_it_serves(port)
            measure(port, "quiet")
            clients.start()
            ready.wait()
            time.sleep(5)
            measure(port, f"{CLIENTS} clients")
        finally:
            clients.kill()
            server.terminate()


if __name__ == "__main__":
    main()
