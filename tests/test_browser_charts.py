"""Charts in Chromium: with and without JavaScript, enhanced, and framed by other sites."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import DESKTOP, ROOT, Served, serving, violations
from playwright.sync_api import Browser, Page

from census.charts.palette import INK
from census.charts.render import prebuild

ENHANCED = "figure.chart[data-enhanced]"
# What Vega has drawn: each point of a series with its name, its day and its value.
DRAWN = """
() => {
  const found = new Map();
  for (const path of document.querySelectorAll(".chart-live svg path")) {
    const item = path.__data__;
    const datum = item && item.mark.marktype === "symbol" && item.datum;
    if (datum && datum.x !== undefined && datum.y !== undefined) {
      const day = new Date(datum.x).toISOString().slice(0, 10);
      found.set(datum.name + " " + day, [datum.name, day, datum.y]);
    }
  }
  return Array.from(found.values());
}
"""
POINTS = """
() => Array.from(document.querySelectorAll(".chart-live svg path"))
  .filter(path => path.__data__ && path.__data__.mark.marktype === "symbol"
    && path.__data__.datum.said && path.__data__.opacity === 0)
  .map(path => path.getBoundingClientRect())
  .map(box => [box.x + box.width / 2, box.y + box.height / 2])
"""
# Where a late value that answers the pointer is, of China where there are countries; not the last,
# which is half outside of the plot.
VALUES = """
() => {
  const found = Array.from(document.querySelectorAll(".chart-live svg path"))
    .filter(path => path.__data__ && path.__data__.tooltip)
    .filter((path, at, all) => {
      const name = one => one.__data__.datum.name || one.__data__.datum.x;
      return !all.some(one => name(one) === "China") || name(path) === "China";
    });
  const box = found[Math.max(0, found.length - 2)].getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}
"""
SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifts.push([entry.startTime, entry.value]);
}).observe({ type: "layout-shift", buffered: true });
"""


def open_enhanced(page: Page, path: str) -> None:
    """Open a chart's page and wait until its figure answers the pointer."""
    page.goto(path)
    page.wait_for_selector(ENHANCED)


def rows_of(page: Page, path: str) -> list[dict[str, Any]]:
    """Return the rows of the question of a page."""
    name, _, query = path.partition("?")
    answer = page.request.get(f"{name}.json?{query}&_shape=array")
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.mark.parametrize(
    ("path", "label", "value"),
    [
        ("/census/country_history?country=CN", "country_name", "downloads"),
        ("/census/lab_history?lab=qwen&since=2026-01", "lab_name", "downloads"),
        ("/census/cumulative_downloads?since=2026-03", "label", "downloads"),
    ],
)
def test_the_enhanced_chart_draws_what_the_table_has(
    page: Page, path: str, label: str, value: str
) -> None:
    open_enhanced(page, path)
    drawn = {(name, day[:7]): number for name, day, number in page.evaluate(DRAWN)}
    rows = {(row[label], row["month"]): row[value] for row in rows_of(page, path)}
    assert drawn
    names = {name for name, _ in drawn}
    assert drawn == {key: number for key, number in rows.items() if key[0] in names}
    biggest = max(rows.items(), key=lambda entry: entry[1])[0]
    assert biggest[0] in names


def test_a_pointer_on_the_chart_shows_the_value(page: Page) -> None:
    open_enhanced(page, "/census/country_history?country=CN")
    page.locator(".chart-live").scroll_into_view_if_needed()
    x, y = page.evaluate(POINTS)[-2]
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    tooltip = page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()
    assert "China" in tooltip.inner_text()
    assert violations(page) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/census/share_by_country?view=areas", "China"),
        ("/census/share_by_country?view=ranks", "China"),
        ("/census/share_by_country?view=panels", "China"),
        ("/census/cumulative_downloads?dimension=lab", "Value"),
        ("/census/ranking_by_country?view=map", "China"),
        ("/census/ranking_by_country", "China"),
        ("/census/adoption_of_model?model=Qwen/Qwen3-8B", "Days from release"),
    ],
)
def test_every_kind_of_chart_answers_the_pointer(page: Page, path: str, said: str) -> None:
    open_enhanced(page, path)
    page.locator(".chart-live").scroll_into_view_if_needed()
    x, y = page.evaluate(VALUES)
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    tooltip = page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()
    assert said in tooltip.inner_text()
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/census/cumulative_downloads?dimension=lab",
                                  "/census/share_by_country?view=areas",
                                  "/census/share_by_country?view=ranks"])  # fmt: skip
def test_the_wheel_zooms_into_months(page: Page, path: str) -> None:
    open_enhanced(page, path)
    plot = page.locator(".chart-live")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    labels = ".chart-live svg .role-axis-label text"
    axis = f"() => Array.from(document.querySelectorAll('{labels}'), one => one.textContent).join()"
    before = page.evaluate(axis)
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 0.4 * box["height"])
    page.keyboard.down("Shift")
    page.mouse.wheel(0, -600)
    page.keyboard.up("Shift")
    page.wait_for_function(f"before => ({axis})() !== before", arg=before)


def test_a_name_in_the_legend_shows_it_alone(page: Page) -> None:
    open_enhanced(page, "/census/releases_by_month")
    faded = "() => document.querySelectorAll('.chart-live svg path[opacity=\"0.12\"]').length"
    assert page.evaluate(faded) == 0
    page.locator(".chart-live .role-legend-label text").first.click()
    page.wait_for_function(f"({faded})() > 0")


def test_the_chart_takes_the_place_of_the_picture(page: Page) -> None:
    page.add_init_script(SHIFTS)
    held: list[Any] = []
    page.route("**/vega-embed-*.js", lambda route: held.append(route))
    with page.expect_request("**/vega-embed-*.js"):
        page.goto("/census/ranking_by_country")
    page.locator("figure.chart img").evaluate("image => image.decode()")
    before = page.locator("figure.chart picture").bounding_box()
    read = page.evaluate("performance.now()")
    held[0].continue_()
    page.wait_for_selector(ENHANCED)
    assert before is not None
    after = page.locator(".chart-live").bounding_box()
    assert after is not None
    assert abs(before["height"] - after["height"]) <= 2
    assert abs(before["width"] - after["width"]) <= 1
    page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => done(true)))")
    late = page.evaluate("window.shifts").copy()
    assert sum(value for start, value in late if start > read + 50) < 0.01


def test_another_theme_is_another_drawing(page: Page) -> None:
    open_enhanced(page, "/census/ranking_by_country")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "ink => document.querySelector('.chart-live svg')?.outerHTML.includes(ink)",
        arg=INK["dark"],
    )


def test_the_words_for_the_chart_stay(page: Page) -> None:
    page.goto("/census/ranking_by_country")
    alt = page.locator("figure.chart img").get_attribute("alt")
    page.wait_for_selector(ENHANCED)
    assert page.locator(".chart-live").get_attribute("aria-label") == alt
    assert page.locator(".chart-live").get_attribute("role") == "img"
    assert violations(page) == []


def test_the_bundle_is_only_on_the_pages_of_charts(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/questions", "/census/series_status", "/countries/CN", "/search?q=qwen"):
        page.goto(path)
        assert page.locator("script[src]").count() == 0, path
    assert not any("vega" in url for url in asked)
    open_enhanced(page, "/census/ranking_by_country")
    bundles = [url for url in asked if "vega-embed" in url]
    assert len(bundles) == 1
    answer = page.request.get(bundles[0])
    assert "immutable" in answer.headers["cache-control"]
    assert page.request.get(bundles[0].replace("vega-embed-", "vega-embed-0")).status == 404


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
    iframe = page.get_by_label("To embed it").input_value()
    image = page.get_by_label("As a picture").input_value()
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
    for name in ("ranking_by_lab", "headline_robustness", "ranking_by_country", "share_by_country"):
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
        "/census/ranking_by_lab",
        "/census/ranking_by_lab?scope=labs",
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
