"""Measures what the site adds to sending bytes: warm answers beside a bare application's.

Both are served by the same server on one core, in turn, to a client on another core. The bare
application sends the very bytes and headers and does nothing else.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import httpx2

ROOT = Path(__file__).parent.parent
GOAL = 0.7
ROUNDS = 5
REQUESTS = 600
CONNECTIONS = 8
STARTS_WITHIN_S = 60
PAGES = {
    "chart page": "/census/share_by_country",
    "home": "/",
    "profile": "/labs/qwen",
    "SVG": "/census/share_by_country.svg",
    "CSV": "/census/share_by_country.csv",
    "JSON": "/census/share_by_country.json?_shape=array",
}
# What browsers send.
ASKED = {"accept": "*/*", "accept-encoding": "gzip, deflate, br", "user-agent": "bench"}
BARE = '''
import json, sys
import uvicorn

answers = {path: (status, [(name.encode(), value.encode()) for name, value in headers],
                  open(body, "rb").read())
           for path, (status, headers, body) in json.load(open(sys.argv[1])).items()}

async def app(scope, receive, send):
    """Send the bytes of a path."""
    if scope["type"] != "http":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    path = scope["path"] + ("?" + scope["query_string"].decode() if scope["query_string"] else "")
    status, headers, body = answers[path]
    await send({"type": "http.response.start", "status": status, "headers": [*headers]})
    await send({"type": "http.response.body", "body": body})

uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="info", lifespan="on")
'''


class Taken(NamedTuple):
    """An answer of the site: status, headers, where its bytes are."""

    status: int
    headers: list[tuple[str, str]]
    body: str


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(command: list[str], port: int, core: int) -> subprocess.Popen[bytes]:
    """Return a server on a core that listens; raises RuntimeError where it does not."""
    process = subprocess.Popen(  # noqa: S603
        ["taskset", "--cpu-list", str(core), *command],  # noqa: S607
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), "HOST": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.2)
    process.terminate()
    raise RuntimeError(f"{command} does not listen")


async def ask(port: int, request: bytes, times: int) -> None:
    """Ask many times on one connection, the next time after each answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    for _ in range(times):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
    writer.close()


async def rate(port: int, host: str, path: str, requests: int = REQUESTS) -> float:
    """Return how many answers a second a server gives."""
    header_lines = "".join(f"{name}: {value}\r\n" for name, value in ASKED.items())
    request = f"GET {path} HTTP/1.1\r\nhost: {host}\r\n{header_lines}\r\n".encode()
    start = time.perf_counter()
    each = requests // CONNECTIONS
    await asyncio.gather(*(ask(port, request, each) for _ in range(CONNECTIONS)))
    return each * CONNECTIONS / (time.perf_counter() - start)


def taken(port: int, host: str, folder: Path) -> dict[str, Taken]:
    """Return the site's answers, their bytes as they are sent."""
    answers = {}
    for number, path in enumerate(PAGES.values()):
        headers = {**ASKED, "host": host}
        url = f"http://127.0.0.1:{port}{path}"
        # The first answer is made, which may take long on a busy machine.
        with httpx2.stream("GET", url, headers=headers, timeout=STARTS_WITHIN_S) as answer:
            body = folder / str(number)
            body.write_bytes(b"".join(answer.iter_raw()))
            own_headers = [(k, v) for k, v in answer.headers.items() if k not in ("date", "server")]
            answers[path] = Taken(answer.status_code, own_headers, str(body))
    return answers


def main() -> None:
    """Print the rate of each answer beside the bare application's; exit 1 below the goal."""
    if not (ROOT / "inspect-data.json").is_file():
        sys.exit("census.db is missing: run `make build` first")
    cores = sorted(os.sched_getaffinity(0))
    core, other = cores[0], cores[-1]
    os.sched_setaffinity(0, {other})
    port, bare_port = free_port(), free_port()
    host = f"127.0.0.1:{port}"
    servers = []
    below = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            servers.append(started(["sh", "tools/serve"], port, core))
            answers = folder / "answers.json"
            answers.write_text(json.dumps(taken(port, host, folder)))
            (folder / "bare.py").write_text(BARE)
            bare = [sys.executable, str(folder / "bare.py"), str(answers), str(bare_port)]
            servers.append(started(bare, bare_port, core))
            print(f"{'warm':<12}  site/s  bare/s  ratio (goal {GOAL})")
            for page_name, path in PAGES.items():
                ratios, rates = [], []
                for _ in range(ROUNDS):
                    site_rate = asyncio.run(rate(port, host, path))
                    bare_rate = asyncio.run(rate(bare_port, host, path))
                    ratios.append(site_rate / bare_rate)
                    rates.append((site_rate, bare_rate))
                ratio = statistics.median(ratios)
                site_rate, bare_rate = (
                    statistics.median(pair) for pair in zip(*rates, strict=True)
                )
                below |= ratio < GOAL
                print(f"{page_name:<12} {site_rate:7.0f} {bare_rate:7.0f}  {ratio:5.2f}")
        finally:
            for server in servers:
                server.terminate()
                server.wait()
    sys.exit("below the goal" if below else 0)


if __name__ == "__main__":
    main()
