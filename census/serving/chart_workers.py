"""Draws charts for a server, in worker processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from census.charts.figures import Figure
from census.charts.render import Variant, make_pool, prebuilt, render, spec_text
from census.serving.workers import Workers


def workers_of(datasette: Any) -> Workers:
    """Return the processes of a Datasette, started at the first drawing; all plugins share them."""
    if not hasattr(datasette, "_census_workers"):
        datasette._census_workers = Workers(make_pool)
    workers: Workers = datasette._census_workers
    return workers


async def run_in_worker(datasette: Any, make: Callable[..., bytes], *arguments: Any) -> bytes:
    """Return the bytes that `make` makes of its arguments in another process.

    Raises Refusal (503) where too much waits to be made.
    """
    result: bytes = await workers_of(datasette).run(make, *arguments)
    return result


async def draw_chart(datasette: Any, charts: Path, figure: Figure, variant: Variant) -> bytes:
    """Return a chart: its specification, or as the build drew it, or drawn now."""
    spec = spec_text(figure, variant)
    if variant.format == "vl.json":
        return spec.encode()
    drawing = prebuilt(charts, figure.name, variant, spec)
    if drawing is not None:
        return drawing
    return await run_in_worker(datasette, render, spec, variant.format, figure.title, figure.alt)
