"""Charts in Chromium: without JavaScript, framed by other sites, and the place kept for them."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browser import DESKTOP, ROOT, Served, serving, violations
from playwright.sync_api import Browser, Page

from census.charts.render import prebuild


@pytest.fixture
def scriptless(browser: Browser, served: Served) -> Iterator[Page]:
    """A page of a reader without JavaScript."""
    context = browser.new_context(
        viewport=DESKTOP, base_url=served.origin, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/", "/census/share_by_country", "/labs/qwen"])
def test_without_javascript_the_figure_is_there(scriptless: Page, path: str) -> None:
    asked: list[Any] = []
    scriptless.on("response", lambda answer: asked.append(answer))
    scriptless.goto(path)
    image = scriptless.locator("figure.chart img").first
    box = image.bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert box["height"] > 150
    drawn = [answer for answer in asked if ".svg" in answer.url and "/census/" in answer.url]
    assert drawn
    assert all(answer.status == 200 for answer in drawn)
    assert not any(answer.url.endswith(".js") for answer in asked)


@pytest.fixture
def newsroom() -> Iterator[tuple[str, dict[str, str]]]:
    """Another site on loopback, and the page that it shows."""
    shown: dict[str, str] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        """Answers the page."""

        def do_GET(self) -> None:
            """Answer any path with the page."""
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(shown["page"].encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", shown
    server.shutdown()
    server.server_close()


def test_the_copied_code_works_on_another_site(
    browser: Browser, served: Served, newsroom: tuple[str, dict[str, str]]
) -> None:
    origin, shown = newsroom
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text))
    page.goto(served.url("/census/ranking_by_country"))
    iframe = page.get_by_label("To embed the chart").input_value()
    image = page.get_by_label("To show it as a picture").input_value()
    head = '<!doctype html><html lang="en"><title>News</title>'
    shown["page"] = f"{head}<main><h1>News</h1>{iframe}{image}</main>"
    page.goto(f"{origin}/story")
    frame = page.frame_locator("iframe")
    inner = frame.locator("figure img")
    inner.wait_for()
    assert (
        inner.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 300
    )
    source = frame.get_by_role("link", name="Open Model Census")
    assert source.get_attribute("target") == "_blank"
    fits = "() => document.documentElement.scrollHeight <= window.innerHeight"
    assert page.frames[1].evaluate(fits)
    picture = page.locator("main > a > img")
    picture.scroll_into_view_if_needed()
    assert (
        picture.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 300
    )
    assert [text for text in faults if "favicon" not in text] == []
    assert violations(page) == []
    context.close()


# One of every way to draw.
EMBEDDED = (
    "share_by_country",
    "cumulative_downloads?view=areas",
    "cumulative_downloads?view=panels",
    "cumulative_downloads?dimension=lab&view=ranks",
    "model_curve",
    "adoption_curves",
    "releases_by_month",
    "ranking_by_lab",
    "ranking_by_country?view=map",
    "headline_robustness",
    "coverage_by_lab",
)
# How much of its frame's width a picture has, what is left under it, and what would scroll.
FIT = """async frame => {
    const page = frame.contentDocument ?? frame;
    const image = page.querySelector("img");
    await image.decode();
    const box = image.getBoundingClientRect();
    const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight);
    return {
        width: scale * image.naturalWidth / innerWidth,
        blank: 1 - scale * image.naturalHeight / box.height,
        scrolls: page.documentElement.scrollHeight > innerHeight,
    };
}"""


@pytest.mark.parametrize("width", [320, 360, 480, 800])
def test_an_embed_fills_a_frame_of_its_width_and_height(
    browser: Browser, served: Served, newsroom: tuple[str, dict[str, str]], width: int
) -> None:
    origin, shown = newsroom
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    codes = []
    for name in EMBEDDED:
        address = quote(served.url(f"/census/{name}"))
        answer = page.request.get(served.url(f"/-/oembed?url={address}&maxwidth={width}"))
        codes.append(answer.json()["html"].replace('loading="lazy"', ""))
    shown["page"] = f'<!doctype html><html lang="en"><title>News</title>{"".join(codes)}'
    page.goto(f"{origin}/story")
    for name, frame in zip(EMBEDDED, page.frames[1:], strict=True):
        fit = frame.evaluate_handle("document").evaluate(FIT)
        assert not fit["scrolls"], name
        assert fit["width"] > 0.85, (name, fit)
        assert fit["blank"] < 0.12, (name, fit)
    page.close()


@pytest.mark.parametrize(("width", "fills"), [(360, 0.9), (1000, 0.6)])
def test_the_copied_code_is_as_high_as_its_chart_on_a_phone_and_on_a_desk(
    browser: Browser,
    served: Served,
    newsroom: tuple[str, dict[str, str]],
    width: int,
    fills: float,
) -> None:
    origin, shown = newsroom
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(served.url("/census/headline_robustness"))
    code = page.get_by_label("To embed the chart").input_value()
    head = '<meta name="viewport" content="width=device-width"><style>body { margin: 0 }</style>'
    shown["page"] = f'<!doctype html><html lang="en"><title>News</title>{head}{code}'
    page.goto(f"{origin}/story")
    fit = page.frames[1].evaluate_handle("document").evaluate(FIT)
    assert not fit["scrolls"]
    assert fit["width"] > fills
    assert fit["blank"] < 0.12
    page.close()


def test_our_other_pages_refuse_to_be_framed(
    browser: Browser, served: Served, newsroom: tuple[str, dict[str, str]]
) -> None:
    origin, shown = newsroom
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    shown["page"] = f'<!doctype html><title>News</title><iframe src="{served.url("/")}"></iframe>'
    page.goto(f"{origin}/story")
    assert page.frames[1].url.startswith("chrome-error:")
    context.close()


@pytest.fixture(scope="module")
def drawn(census_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site with charts that the build has drawn, of the questions that a test asks."""
    folder = tmp_path_factory.mktemp("drawn")
    asked = folder / "questions"
    asked.mkdir()
    for name in ("headline_robustness", "ranking_by_country", "share_by_country"):
        shutil.copy(ROOT / "canned_queries" / f"{name}.sql", asked)
    shutil.copy(ROOT / "canned_queries" / "parameters.yml", asked)
    database = folder / "census.db"
    shutil.copy(census_db, database)
    prebuild(database, folder / "charts", asked)
    with serving(database) as site:
        yield site


@pytest.mark.parametrize(
    "path",
    [
        "/census/ranking_by_country",
        "/census/ranking_by_country?scope=labs",
        "/census/headline_robustness?second=FR",
        "/census/ranking_by_country?view=map&scope=labs",
        "/census/share_by_country?since=2026-01",
    ],
)
@pytest.mark.parametrize("width", [1280, 320])
def test_the_place_of_a_picture_is_kept_free(
    browser: Browser, drawn: Served, path: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, base_url=drawn.origin, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(path, wait_until="load")
    # What the page says of the picture that the browser has chosen, and what came.
    said, came = page.locator("figure.chart picture").evaluate(
        """picture => {
          const image = picture.querySelector("img");
          const chosen = [...picture.querySelectorAll("source")]
            .find(source => matchMedia(source.media).matches) ?? image;
          const said = ["width", "height"].map(name => Number(chosen.getAttribute(name)));
          return [said, [image.naturalWidth, image.naturalHeight]];
        }"""
    )
    assert came[0] > 300
    assert said[0] > 300
    assert said[1] / said[0] == pytest.approx(came[1] / came[0], rel=0.2)
    context.close()
