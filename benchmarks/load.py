"""Asks a site for minutes as readers do: pages, files, pictures, and SQL of their own.

    benchmarks/load.py [URL] [--seconds 600] [--readers 12]

Without a URL the built site is served for the time of the test, and its memory is measured. Prints
requests, errors, percentiles and memory by minute; exits with status 1 where there was an error or
where memory grew.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx2

from census.publish.live import built_site

ROOT = Path(__file__).parent.parent
# What readers ask for, by weight: what everybody reads, what few ask for, and SQL of their own.
POPULAR = (
    "/", "/census/share_by_country", "/census/share_by_country.svg", "/census/ranking_by_lab",
    "/census/ranking_by_country.svg", "/methodology", "/census/share_by_country.csv",
    "/census/share_by_country.json?_shape=array", "/labs/qwen", "/countries/CN",
    "/-/card/share_by_country.png", "/-/embed/ranking_by_country", "/feeds/milestones.atom",
)  # fmt: skip
RARE = (
    "/census/ranking_by_lab?limit={n}", "/census/ranking_by_lab.svg?limit={m}",
    "/census/top_models?limit={m}", "/search?q=model+{n}", "/census/models?_size={m}",
    "/census/models/{n}", "/census/labs.json?_size={m}", "/labs/no-such-lab-{n}", "/?ref={n}",
)  # fmt: skip
SQL = (
    "select count(*) from models where likes > {n}",
    "select lab, count(*) from models group by lab order by 2 desc limit {m}",
    "select name, latest_30d from models order by latest_30d desc limit {m} offset {n}",
)
WEIGHTS = (80, 15, 5)
# Of these some are not there.
MISSING = ("/labs/no-such-lab", "/census/models/")
# A refusal of SQL while others' runs is not an error, but is counted.
REFUSED = 503
# How much more memory the second half of the test may take, beyond what is kept of answers.
GROWTH = 1.15
STALLED_S = 60.0


class Seen:
    """What came back."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self.refused = 0


def address(chance: random.Random) -> tuple[str, str]:
    """Return a kind of request and an address."""
    kind = chance.choices(("popular", "rare", "SQL"), WEIGHTS)[0]
    numbers = {"n": chance.randrange(1, 5000), "m": chance.randrange(1, 100)}
    if kind == "popular":
        return kind, chance.choice(POPULAR)
    if kind == "rare":
        return kind, chance.choice(RARE).format(**numbers)
    return kind, f"/census.json?_shape=array&sql={quote(chance.choice(SQL).format(**numbers))}"


async def read(url: str, number: int, end: float, results: Seen) -> None:
    """Be one reader until the end: ask, read, ask again."""
    chance = random.Random(number)
    async with httpx2.AsyncClient(base_url=url, timeout=STALLED_S) as client:
        while time.monotonic() < end:
            kind, path = address(chance)
            start = time.monotonic()
            try:
                answer = await client.get(path)
            except httpx2.HTTPError as error:
                results.errors[f"{path}: {type(error).__name__}"] += 1
                continue
            results.times[kind].append(time.monotonic() - start)
            if kind == "SQL" and answer.status_code == REFUSED:
                results.refused += 1
            elif answer.status_code != 200 and not (
                answer.status_code == 404 and path.startswith(MISSING)
            ):
                results.errors[f"{path}: {answer.status_code}"] += 1


def processes(port: int) -> list[int]:
    """Return the process that listens on a port and all that it has started."""
    parents: dict[int, int] = {}
    listening = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            command = (path.parent / "cmdline").read_bytes()
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if b"--port\0" + str(port).encode() in command:
            listening.add(int(path.parent.name))
    process_ids = set(listening)
    while (
        children := {pid for pid, parent in parents.items() if parent in process_ids} - process_ids
    ):
        process_ids |= children
    return sorted(process_ids)


def memory(port: int) -> float:
    """Return how many MB of memory are a site's own, shared pages once."""
    total = 0
    for pid in processes(port):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(re.search(r"Pss:\s+(\d+)", text)[1])  # type: ignore[index]
    return total / 1024


async def load(url: str, seconds: float, readers: int, results: Seen) -> list[float]:
    """Have readers ask for a time; return the memory of the site, many times."""
    end = time.monotonic() + seconds
    port = urlsplit(url).port or 0
    reading = [asyncio.ensure_future(read(url, n, end, results)) for n in range(readers)]
    used = []
    while time.monotonic() < end:
        await asyncio.sleep(min(5.0, seconds / 20))
        used.append(memory(port))
    await asyncio.gather(*reading)
    return used


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--readers", type=int, default=12)
    options = parser.parse_args()
    results = Seen()
    site = nullcontext(options.url) if options.url else built_site(ROOT)
    with site as url:
        used = asyncio.run(load(url, options.seconds, options.readers, results))
    all_times = [seconds for times in results.times.values() for seconds in times]
    print(f"{len(all_times):,} requests in {options.seconds:.0f} s, {options.readers} readers,"
          f" {os.cpu_count()} cores; SQL refused while others' ran: {results.refused}")  # fmt: skip
    for kind, times in [*sorted(results.times.items()), ("all", all_times)]:
        half, most = (statistics.quantiles(times, n=100)[place] for place in (49, 94))
        print(
            f"{kind:<8} {len(times):>8,}  median {1000 * half:7.1f} ms,"
            f" 95th percentile {1000 * most:7.1f} ms, slowest {1000 * max(times):7.0f} ms"
        )
    grew = False
    if any(used):
        middle = len(used) // 2
        before, after = max(used[middle // 2 : middle]), max(used[middle:])
        grew = after > GROWTH * before
        tenth = max(1, len(used) // 10)
        print("memory, MB:", ", ".join(f"{seconds:.0f}" for seconds in used[::tenth]))
        print(f"most in the second quarter {before:.0f} MB, in the second half {after:.0f} MB")
    for error, times_seen in results.errors.most_common(20):
        print(f"error, {times_seen} times: {error}")
    if results.errors or grew:
        sys.exit("there were errors" if results.errors else "memory grew")


if __name__ == "__main__":
    main()
