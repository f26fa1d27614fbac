"""Measures how long the site takes to make each kind of page, and to give it once it is kept."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import yaml
from datasette.app import Datasette

ROOT = Path(__file__).parent.parent
PAGE_BUDGET_MS = 50.0
RUNS = 15
PAGES = (
    "/",
    "/questions",
    "/methodology",
    "/quality",
    "/fact-check",
    "/countries/CN",
    "/labs/qwen",
    "/families/qwen",
    "/models/Qwen/Qwen3-8B",
    "/search?q=qwen",
    "/census/share_by_country",
    "/census/ranking_by_lab",
    "/census/top_models",
    "/census/share_by_country.json?_shape=array",
    "/census/ranking_by_country.svg",
    "/-/embed/share_by_country",
)


def open_datasette() -> Any:
    """Return the built site, as it is served."""
    database, inspected = ROOT / "census.db", ROOT / "inspect-data.json"
    if not inspected.is_file():
        sys.exit("census.db is missing: run `make build` first")
    return Datasette(
        [],
        immutables=[str(database)],
        inspect_data=json.loads(inspected.read_text()),
        metadata=yaml.safe_load((ROOT / "metadata.yml").read_text()),
        settings=json.loads((ROOT / "settings.json").read_text()),
        template_dir=str(ROOT / "templates"),
        plugins_dir=str(ROOT / "plugins"),
        static_mounts=[("static", str(ROOT / "static"))],
    )


async def page_times(datasette: Any) -> dict[str, tuple[float, float, int]]:
    """Return the time to make each page and the median time to give it, in ms, and its bytes."""
    times = {}
    for path in PAGES:
        start = time.perf_counter()
        answer = await datasette.client.get(path)
        first_time = 1000 * (time.perf_counter() - start)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        runs = []
        for _ in range(RUNS):
            start = time.perf_counter()
            await datasette.client.get(path)
            runs.append(1000 * (time.perf_counter() - start))
        times[path] = (first_time, statistics.median(runs), len(answer.content))
    return times


def main() -> None:
    """Print each page's time beside the budget."""

    async def measure() -> dict[str, tuple[float, float, int]]:
        datasette = open_datasette()
        await datasette.invoke_startup()
        return await page_times(datasette)

    for path, (first_time, median, size) in asyncio.run(measure()).items():
        print(
            f"{path:<44} made in {first_time:6.1f} ms, given in {median:5.1f} ms,"
            f" {median / PAGE_BUDGET_MS:5.2f} of the budget, {size / 1000:6.1f} KB"
        )


if __name__ == "__main__":
    main()
