"""The site in a real browser: a server on loopback, Debian's Chromium, and what every page keeps.

`watched` pages fail their test at the end if anything was wrong behind the scenes: an error in the
console, a request that leaves the server's origin, or an answer that is missing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESKTOP = {"width": 1280, "height": 900}
# The narrowest screen of WCAG 2.2, criterion 1.4.10 (reflow).
PHONE = {"width": 320, "height": 700}
# All of axe-core's rules: WCAG 2.2 at levels A and AA, and its best practices.
RULES = {"resultTypes": ["violations"]}
SEEN = {
    "light": {"viewport": DESKTOP, "color_scheme": "light"},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "320 px": {"viewport": PHONE, "color_scheme": "light"},
}


class Served(NamedTuple):
    """A server of the built site."""

    origin: str

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"{self.origin}{path}"


def browser_path() -> str:
    """Return Chromium's executable; the tests fail, and say how to get it, where there is none."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("there is no Chromium on this machine: run tools/install-chromium")


def serve(database: Path) -> subprocess.Popen[str]:
    """Start Datasette with a database on a free port of loopback."""
    settings = json.loads((ROOT / "settings.json").read_text())
    chosen = [word for name, value in settings.items() for word in ("--setting", name, str(value))]
    command = [sys.executable, "-m", "datasette", "serve", "--port", "0", "--immutable"]
    command += [str(database), "--metadata", "metadata.yml", "--template-dir", "templates"]
    command += ["--plugins-dir", "plugins", "--static", "static:static", *chosen]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def wait_for_origin(server: subprocess.Popen[str]) -> str:
    """Return the origin that a starting server says it has, and go on reading what it says."""
    assert server.stderr is not None
    said = []
    for line in server.stderr:
        said.append(line)
        running = re.search(r"running on (http://127\.0\.0\.1:\d+)", line)
        if running:
            threading.Thread(target=server.stderr.read, daemon=True).start()
            return running[1]
    raise RuntimeError(f"the server did not start:\n{''.join(said)}")


@contextmanager
def serving(database: Path) -> Iterator[Served]:
    """Serve a database for as long as the block runs."""
    server = serve(database)
    try:
        yield Served(wait_for_origin(server))
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def served(census_db: Path) -> Iterator[Served]:
    """The built site, served to a browser."""
    with serving(census_db) as site:
        yield site


# Not for the whole session: Playwright's event loop runs as long as the browser does, and the tests
# of other modules have loops of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a module."""
    # A sandbox needs rights that containers and root do not have.
    arguments = ["--no-sandbox"] if os.getuid() == 0 or os.getenv("CI") else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path(), args=arguments)
        yield started
        started.close()


def watch(context: BrowserContext, origin: str, faults: list[str]) -> None:
    """Note what goes wrong behind the pages of a context."""

    def asked(request: Any) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:", "about:")):
            faults.append(f"a request left the origin: {request.url}")

    def answered(response: Any) -> None:
        # Pages that are asked for because they are missing are their tests' own matter.
        if response.status >= 400 and response.request.resource_type != "document":
            faults.append(f"{response.status}: {response.url}")

    def said(message: Any) -> None:
        missing = "Failed to load resource" in message.text
        if message.type in ("error", "warning") and not missing:
            faults.append(f"console: {message.text}")

    context.on("request", asked)
    context.on("response", answered)
    context.on("console", said)
    context.on("weberror", lambda error: faults.append(f"error: {error.error}"))


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe-core finds wrong with a page, each with its rule and its elements.

    `rules` are the only ones to ask, by axe-core's names; all of them if there are none.
    """
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    # The script is long and a page keeps it; what is not wrong is not worth sending back.
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[dict[str, Any]] = page.evaluate(
        "async options => (await axe.run(options)).violations", RULES | only
    )
    return [
        f"{rule['id']}: {rule['help']}: {[node['html'][:160] for node in rule['nodes']]}"
        for rule in found
    ]


def shorten(page: Page) -> None:
    """Leave a few rows of each table: they are alike, and axe-core looks at every one for long."""
    page.evaluate(
        "document.querySelectorAll('tbody tr:nth-child(n + 11)').forEach(row => row.remove())"
    )


@contextmanager
def watched(browser: Browser, served: Served) -> Iterator[tuple[Page, list[str]]]:
    """Give a page at desktop size and the list of what goes wrong behind it."""
    faults: list[str] = []
    context = browser.new_context(viewport=DESKTOP, base_url=served.origin)
    watch(context, served.origin, faults)
    yield context.new_page(), faults
    context.close()


@pytest.fixture(scope="module")
def tab(browser: Browser, served: Served) -> Iterator[tuple[Page, list[str]]]:
    """One page for the tests of a module: what all pages load is loaded and compiled once."""
    with watched(browser, served) as one:
        yield one


@pytest.fixture
def page(tab: tuple[Page, list[str]]) -> Iterator[Page]:
    """An empty page at desktop size, watched, of a reader who was here before."""
    page, faults = tab
    page.set_viewport_size(DESKTOP)
    page.emulate_media(media="null", color_scheme="null")
    yield page
    page.goto("about:blank")
    page.mouse.move(0, 0)
    found = "\n".join(faults)
    faults.clear()
    assert not found, found


@pytest.fixture
def new_page(browser: Browser, served: Served) -> Iterator[Page]:
    """A page at desktop size, watched, of a reader who comes for the first time."""
    with watched(browser, served) as (page, faults):
        yield page
    assert not faults, "\n".join(faults)
