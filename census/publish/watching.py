"""Watches the public site from outside: does it answer, and is its data fresh?"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx2

from census.pages.freshness import stale_lines
from census.publish.live import live_hash
from census.store.freshness import BLOCK, WARN

TIMEOUT = 60.0


class WatchError(Exception):
    """The site does not answer, or its answer is not the census's."""


class WatchFindings(NamedTuple):
    """The findings: a line for each source, faults that a person must fix, and warnings."""

    lines: list[str]
    faults: list[str]
    warnings: list[str]


def _json(url: str, *statuses: int) -> dict[str, Any]:
    try:
        response = httpx2.get(url, timeout=TIMEOUT, follow_redirects=True)
        content = response.json() if response.status_code in statuses else None
    except httpx2.HTTPError as error:
        raise WatchError(f"{url}: no answer ({type(error).__name__}: {error})") from None
    except ValueError:
        raise WatchError(f"{url}: no JSON") from None
    if not isinstance(content, dict):
        raise WatchError(f"{url}: status {response.status_code}")
    return content


def ages_of(url: str) -> dict[str, Any]:
    """Return the ages of its sources as a site reports them; raises WatchError."""
    address = f"{url.rstrip('/')}/-/freshness.json"
    content = _json(address, 200)
    rows = content.get("sources")
    needed = {"source", "said", "stale", "when_stale", "reason"}
    if not isinstance(rows, list) or not all(needed <= set(row) for row in rows):
        raise WatchError(f"{address}: an answer of another shape")
    return content


def served_status(url: str) -> tuple[dict[str, Any], str | None]:
    """Return the status of its build as a site reports it, and the hash of the served database.

    Raises WatchError where it does not say.
    """
    status = _json(f"{url.rstrip('/')}/-/status.json", 200)
    if not isinstance(status.get("sha256"), str):
        raise WatchError(f"{url}: no status of a build")
    return status, live_hash(url)


def watch(
    url: str, tries: int, pause: float, sleep: Callable[[float], None] = time.sleep
) -> WatchFindings:
    """Ask a site for its health and its ages; a site that does not answer is a fault.

    A site that wakes up may need more than one try.
    """
    for tries_left in reversed(range(tries)):
        try:
            health = _json(f"{url.rstrip('/')}/-/healthz", 200, 503)
            rows = ages_of(url)["sources"]
            break
        except WatchError as error:
            if not tries_left:
                return WatchFindings([], [str(error)], [])
            sleep(pause)
    faults = [] if health.get("ok") else [str(health.get("error", "the site says it is not well"))]
    lines = [
        f"{'STALE' if row['stale'] else 'ok':<6} {row['source']:<26} {row['said']}" for row in rows
    ]
    return WatchFindings(lines, faults + stale_lines(rows, BLOCK), stale_lines(rows, WARN))
