"""The state of a running site, and the built site served for a short test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TextIO

import httpx2

from census.site.site import DATABASE

# A request to a site that is up takes milliseconds; one to a host that wakes it, some seconds.
TIMEOUT = 30.0
# Starting Datasette takes two seconds on a free machine.
START = 60.0


def served_databases(listing: Any) -> dict[str, str | None]:
    """Return name to hash of the databases that /-/databases.json lists.

    Datasette 0.65 answers a list, 1.0 an object that has it: `[{"name": "census", "hash": "a1"}]`
    and `{"databases": [{"name": "census", "hash": "a1"}]}` → `{"census": "a1"}`.
    """
    databases = listing["databases"] if isinstance(listing, dict) else listing
    return {database["name"]: database.get("hash") for database in databases}


def live_hash(url: str) -> str | None:
    """Return the SHA-256 of the database that a site serves, None when it does not tell."""
    try:
        response = httpx2.get(
            f"{url.rstrip('/')}/-/databases.json", timeout=TIMEOUT, follow_redirects=True
        )
        served = served_databases(response.raise_for_status().json())
    except (httpx2.HTTPError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return served.get(DATABASE) or None


def wait_for_hash(
    url: str,
    expected: str,
    seconds: float,
    interval: float,
    *,
    announce: Callable[[str], None] = lambda _text: None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> float:
    """Ask a site until it serves the database with this hash; return the seconds that it took.

    Raises TimeoutError after `seconds`, with what the site served last.
    """
    started = clock()
    last_served: str | None = ""
    while True:
        served = live_hash(url)
        waited = clock() - started
        if served == expected:
            return waited
        if served != last_served:
            announce(
                f"{waited:.0f} s: {url} serves {short_hash(served)}, not yet {short_hash(expected)}"
            )
            last_served = served
        if waited + interval > seconds:
            raise TimeoutError(
                f"{url} serves {short_hash(served)} after {waited:.0f} s;"
                f" expected {short_hash(expected)}"
            )
        sleep(interval)


def short_hash(sha256: str | None) -> str:
    """Return the first digits of a hash for messages."""
    return sha256[:12] if sha256 else "no database"


@contextmanager
def built_site(root: Path) -> Iterator[str]:
    """Serve the built site as `make serve` does, on a free port; give its address.

    Raises TimeoutError when it does not come up.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    with TemporaryFile("w+") as log:
        # In its own process group, so that the processes that draw charts end with the server.
        server = subprocess.Popen(  # noqa: S603
            [root / "tools" / "serve"],
            cwd=root,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _await_start(server, url, log)
            yield url
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def _await_start(server: subprocess.Popen[bytes], url: str, log: TextIO) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            log.seek(0)
            raise TimeoutError(
                f"the site ended with status {server.returncode}: {log.read()[-2000:]}"
            )
        try:
            httpx2.get(f"{url}/-/healthz?live=1", timeout=TIMEOUT)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"the site did not start within {START:.0f} s")
