"""What a site makes once, and what it leaves open: one maker of an answer, no connections."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from site_client import Client

from census.charts.render import prebuild
from census.site.site import open_site

ROOT = Path(__file__).resolve().parent.parent


def open_files(path: Path) -> int:
    """Return how often this process has a file open."""
    links = (link.resolve() for link in Path("/proc/self/fd").iterdir())
    return sum(link == path.resolve() for link in links)


def test_opening_a_site_leaves_no_connection_open(census_db: Path) -> None:
    before = open_files(census_db)
    open_site(ROOT, census_db)
    assert open_files(census_db) == before


def test_drawing_charts_leaves_no_connection_open(census_db: Path, tmp_path: Path) -> None:
    (tmp_path / "canned_queries").mkdir()
    before = open_files(census_db)
    prebuild(census_db, tmp_path / "charts", tmp_path / "canned_queries", workers=1)
    assert open_files(census_db) == before


@pytest.mark.parametrize("path", ["/questions", "/census/ranking_by_country.svg?scope=hub"])
def test_requests_for_the_same_wait_for_one_maker(
    site: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = site.datasette.get_database("census")
    execute = database.execute
    count = 0

    async def counted(*given: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        return await execute(*given, **named)

    monkeypatch.setattr(database, "execute", counted)

    def queries(readers: int) -> int:
        """Return how many queries some readers need who ask at the same time, nothing kept."""
        nonlocal count
        site.forget()
        count = 0

        async def ask() -> None:
            answers = [site.datasette.client.get(path) for _ in range(readers)]
            assert {answer.status_code for answer in await asyncio.gather(*answers)} == {200}

        site.loop.run_until_complete(ask())
        return count

    site.get(path)
    alone, together = queries(1), queries(8)
    assert together == alone
