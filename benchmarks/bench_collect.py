"""Measures a run of `collect` on a Hub of 120 namespaces and 2,520 models that is 80 ms away."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from census.collect.collecting import collect
from census.collect.hub_transport import HubSettings

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hub_data import fill, make_data
from hub_server import HubServer

NAMESPACES = {f"org-{number}": "lab" for number in range(120)}
MODELS = 21
LATENCY_S = 0.08
BUDGET_S = 10.0
BUDGET_REQUESTS = 150


def main() -> None:
    """Print time and requests of the first day and of the next beside their budgets."""
    with tempfile.TemporaryDirectory() as folder, HubServer(latency=LATENCY_S) as hub:
        data = make_data(Path(folder), NAMESPACES)
        fill(hub, MODELS, NAMESPACES)
        for day in (1, 2):
            requests_before = len(hub.requests)
            start = time.perf_counter()
            now = datetime(2026, 5, day, 12, tzinfo=UTC)
            collected = collect(data, HubSettings(endpoint=hub.url), now=now)
            seconds = time.perf_counter() - start
            print(
                f"day {day}: {collected.models} models in {seconds:.1f} s (budget {BUDGET_S:g}),"
                f" {len(hub.requests) - requests_before} requests (budget {BUDGET_REQUESTS})"
            )


if __name__ == "__main__":
    main()
