"""Every page in Chromium: it renders, loads nothing from elsewhere, and is for everyone."""

from __future__ import annotations

import pytest
from browser import DESKTOP, SEEN, Served, shorten, violations
from playwright.sync_api import Browser, Page

# One page of each kind: pages of a kind share their template.
KINDS = (
    "/",
    "/questions",
    "/methodology",
    "/quality",
    "/downloads",
    "/status",
    "/channels",
    "/api",
    "/check",
    "/census/share_by_country",
    "/census/ranking_by_lab?limit=25",
    "/census/series_status",
    "/census/share_by_country?since=x",
    "/no-such-page",
    "/countries/CN",
    "/labs/qwen",
    "/models/Qwen/Qwen3-8B",
    "/models/Qwen/Qwen3",
    "/families/qwen",
    "/search?q=qwen",
    "/compare?kind=labs&show=qwen~meta~mistral",
    "/compare?kind=models",
    "/fact-check",
    "/about",
    "/-/embed/share_by_country",
)
# Datasette's own pages inside the census's frame.
STOCK = ("/census", "/census/labs?_size=25", "/census/labs/qwen", "/census?sql=select+1+as+one")
COLOUR_RULES = ("color-contrast", "link-in-text-block")
# Asks for every picture of a page, also those that a reader would have to scroll to, once those of
# this width and scheme of colours have been chosen.
CHOOSE_IMAGES = """
async () => {
  for (const image of document.images) image.loading = "eager";
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
}
"""
IMAGES_LOADED = """
() => Array.from(document.images).every(image => image.complete && image.naturalWidth > 0)
"""


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    wider: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider


@pytest.mark.parametrize("path", [*KINDS, *STOCK])
def test_a_kind_of_page_is_for_everyone(page: Page, path: str) -> None:
    page.goto(path)
    assert page.locator("h1").count() == 1
    for look in SEEN:
        look_at(page, look)
        assert overflow(page) <= 0, look
        page.evaluate(CHOOSE_IMAGES)
        page.wait_for_function(IMAGES_LOADED)
    shorten(page)
    # All rules twice, wide and narrow; in the dark those on colours, since nothing else changes.
    for look, rules in (("light", ()), ("dark", COLOUR_RULES), ("320 px", ())):
        look_at(page, look)
        assert violations(page, rules) == [], look


def look_at(page: Page, look: str) -> None:
    """Show a page as it looks at one width and in one scheme of colours."""
    page.set_viewport_size(SEEN[look]["viewport"])
    page.emulate_media(color_scheme=SEEN[look]["color_scheme"])


def test_the_skip_link_is_the_first_stop_and_leads_past_the_menu(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.locator("a.skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_form_changes_the_address_and_the_chart_with_keys_alone(page: Page) -> None:
    page.goto("/census/ranking_by_country")
    before = page.locator("figure.chart img").get_attribute("src")
    control = page.get_by_label("Models counted")
    control.focus()
    control.select_option("labs")
    page.wait_for_url("**/census/ranking_by_country?scope=labs")
    image = page.locator("figure.chart img")
    assert image.get_attribute("src") != before
    assert "scope=labs" in (image.get_attribute("src") or "")
    assert image.evaluate("image => image.complete && image.naturalWidth") > 300


def test_the_home_page_is_light(new_page: Page) -> None:
    new_page.goto("/", wait_until="networkidle")
    loaded = new_page.evaluate(
        "['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))"
        ".map(entry => [entry.name, entry.transferSize])"
    )
    assert sum(size for _, size in loaded) < 200_000, loaded
    assert not any("vega" in name for name, _ in loaded)
    assert len(loaded) > 3


@pytest.mark.parametrize("path", ["/", "/census/share_by_country"])
def test_nothing_moves_for_readers_who_want_less_motion(
    browser: Browser, served: Served, path: str
) -> None:
    moving = (
        "() => document.getAnimations().length"
        " + [...document.querySelectorAll('*')].filter(element => {"
        "  const style = getComputedStyle(element);"
        "  return style.scrollBehavior === 'smooth' || parseFloat(style.transitionDuration) > 0;"
        "}).length"
    )
    for motion, most in (("reduce", 0), ("no-preference", 1)):
        context = browser.new_context(
            viewport=DESKTOP, base_url=served.origin, reduced_motion=motion
        )
        page = context.new_page()
        page.goto(path, wait_until="networkidle")
        assert page.evaluate(moving) <= most, f"{path} with motion {motion}"
        context.close()


@pytest.mark.parametrize("name", ["share_by_country", "top_models", "size_mix_by_country"])
def test_the_figure_is_in_the_first_screen_of_a_phone(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/census/{name}")
    box = page.locator("figure.chart img").bounding_box()
    assert box is not None
    assert box["y"] <= 500


def test_the_first_figure_of_the_home_page_begins_in_the_first_screen_of_a_phone(
    page: Page,
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    box = page.locator("figure.chart img").first.bounding_box()
    assert box is not None
    assert box["y"] <= 680


def test_a_table_in_the_dark_is_dark_on_a_phone_too(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 740})
    page.emulate_media(color_scheme="dark")
    page.goto("/census/labs")
    colour = "node => getComputedStyle(node).backgroundColor"
    row = page.locator("table.rows-and-columns tbody tr").first.evaluate(colour)
    assert row == page.locator("body").evaluate(colour)


def test_on_paper_a_chart_its_numbers_and_its_source_are_left(page: Page) -> None:
    page.goto("/census/ranking_by_country")
    page.emulate_media(media="print")
    # A4 less margins of 10 mm, in pixels of CSS.
    page.set_viewport_size({"width": 718, "height": 1000})
    picture = page.locator("figure.chart img").bounding_box()
    assert picture is not None
    assert picture["x"] + picture["width"] <= 718
    for shown in ("h1", "p.answer", "figure.chart", "table.result", "#cite", "#about"):
        assert page.locator(shown).first.is_visible(), shown
    for hidden in (".site-nav", ".site-search", "form.choices", "nav.sections", "#sql", "#share"):
        assert page.locator(hidden).first.is_hidden(), hidden
    cut = "element => element.scrollHeight - element.clientHeight"
    assert page.locator(".table-wrap").first.evaluate(cut) <= 0
