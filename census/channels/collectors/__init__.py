"""Collectors of other channels, one module for each source.

Each module has `collectors(environ, data)`, which gives those that can be asked as the environment
is. A new source is one module here and its rows in data/: nothing else names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from census.channels.collecting import Collector


def collectors(environ: Mapping[str, str], data: Path) -> dict[str, Collector]:
    """Return every collector by the name of its source, in order of their modules' names."""
    by_source: dict[str, Collector] = {}
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        collector_list = import_module(f"{__name__}.{module.name}").collectors(environ, data)
        by_source.update((collector.source, collector) for collector in collector_list)
    return by_source


def endpoint(environ: Mapping[str, str], source: str, default: str) -> str:
    """Return where a source is asked: `CENSUS_SOURCE_ENDPOINT`, or its own address."""
    name = f"CENSUS_{source.upper().replace('-', '_')}_ENDPOINT"
    return environ.get(name, default).rstrip("/")
