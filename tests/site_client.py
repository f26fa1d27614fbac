"""The site as it is served, for tests: Datasette's own client on the real database."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from datasette.app import Datasette

ROOT = Path(__file__).resolve().parent.parent


def other_scripts(page: str) -> list[str]:
    """Return the scripts of a page that are none of our own modules, which only add to it."""
    found = re.findall(r"<script[^>]*>", page)
    return [tag for tag in found if not tag.startswith('<script type="module" src="/static/')]


class Client(NamedTuple):
    """A Datasette and its event loop, so that tests need no `async`."""

    datasette: Datasette
    loop: asyncio.AbstractEventLoop

    def get(self, path: str, **options: Any) -> Any:
        """Return the response of a path."""
        return self.loop.run_until_complete(self.datasette.client.get(path, **options))

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Return the response to a request of any method."""
        return self.loop.run_until_complete(self.datasette.client.request(method, path, **options))

    def forget(self) -> None:
        """Have every answer made again."""
        if hasattr(self.datasette, "_census_answers"):
            self.datasette._census_answers.clear()

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a question's JSON; the path may have a query string."""
        name, _, query = path.partition("?")
        shape = "&".join(part for part in (query, "_shape=array") if part)
        response = self.get(f"{name}.json?{shape}")
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()
        return found


@pytest.fixture(scope="session")
def site(census_db: Path) -> Iterator[Client]:
    """The site as it is served: metadata, settings, plugins, templates and one database."""
    metadata = ROOT / "metadata.yml"
    datasette = Datasette(
        [],
        immutables=[str(census_db)],
        metadata=yaml.safe_load(metadata.read_text()) if metadata.exists() else None,
        settings=json.loads((ROOT / "settings.json").read_text()),
        template_dir=str(ROOT / "templates"),
        plugins_dir=str(ROOT / "plugins"),
        static_mounts=[("static", str(ROOT / "static"))],
    )
    loop = asyncio.new_event_loop()
    loop.run_until_complete(datasette.invoke_startup())
    yield Client(datasette, loop)
    loop.close()


@pytest.fixture(autouse=True)
def nothing_kept(request: pytest.FixtureRequest) -> None:
    """A test that changes the site is not given what was answered before."""
    served = request.getfixturevalue("site") if "site" in request.fixturenames else None
    # Some tests have a site of their own, of another kind.
    if isinstance(served, Client):
        served.forget()
