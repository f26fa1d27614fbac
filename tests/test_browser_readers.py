"""Readers with a finger, with colours of their own, with large letters, in a real browser."""

from __future__ import annotations

import pytest
from browser import PHONE, Served, violations
from playwright.sync_api import Browser, expect

OPENED = ("/", "/census/share_by_country", "/questions", "/labs/qwen", "/compare?kind=models",
          "/census/labs?_size=25", "/methodology", "/check")  # fmt: skip
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# How a current link and another of the same list look.
LOOKS = """
list => ["[aria-current]", ":not([aria-current])"].map(which => {
  const style = getComputedStyle(list.querySelector(`a${which}`));
  return [style.color, style.backgroundColor, style.borderBottomColor].join();
})
"""
SLIDER = """
() => ["::before", "::after"].map(part =>
  getComputedStyle(document.querySelector(".months-range"), part).backgroundColor)
"""


@pytest.mark.parametrize("path", ["/census/share_by_country", "/census/ranking_by_lab"])
def test_a_tap_shows_the_values_and_a_tap_elsewhere_hides_them(
    browser: Browser, served: Served, path: str
) -> None:
    context = browser.new_context(
        base_url=served.origin, viewport=PHONE, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(path)
    box = page.locator(".chart-box").first
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place is not None
    page.touchscreen.tap(place["x"] + 0.4 * place["width"], place["y"] + 0.4 * place["height"])
    tip = page.locator(".chart-tip")
    expect(tip).to_be_visible()
    expect(tip.locator("td").first).not_to_be_empty()
    shown = tip.bounding_box()
    assert shown is not None
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= PHONE["width"]
    page.touchscreen.tap(5, 5)
    expect(tip).to_be_hidden()
    # Two fingers still make the page larger, and one moves it.
    assert box.evaluate("box => getComputedStyle(box).touchAction") == "pan-y pinch-zoom"
    context.close()


def test_in_colours_of_the_system_what_is_chosen_can_be_seen(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(base_url=served.origin, forced_colors="active")
    page = context.new_page()
    page.goto("/census/cumulative_downloads")
    switched, other = page.locator(".switches").first.evaluate(LOOKS)
    assert switched != other
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    track, chosen = page.evaluate(SLIDER)
    assert len({canvas, track, chosen}) == 3
    page.goto("/questions")
    here, elsewhere = page.locator(".site-nav ul").evaluate(LOOKS)
    assert here != elsewhere
    for path in OPENED[1:3]:
        page.goto(path)
        assert violations(page) == [], path
    context.close()


def test_at_twice_the_size_nothing_is_cut_and_everything_can_be_reached(
    browser: Browser, served: Served
) -> None:
    # A desktop's window at 200 %: half as many pixels of CSS, each twice as large.
    context = browser.new_context(
        base_url=served.origin, viewport={"width": 640, "height": 450}, device_scale_factor=2
    )
    page = context.new_page()
    for path in OPENED:
        page.goto(path)
        assert page.evaluate(WIDER) <= 0, path
        # Letters alone at twice their size, as criterion 1.4.4 of WCAG 2.2 asks for.
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.evaluate(WIDER) <= 0, f"{path} with large letters"
        page.set_viewport_size({"width": 640, "height": 450})
    context.close()


def test_the_keyboard_reaches_every_choice_and_leaves_the_chart(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(base_url=served.origin)
    page = context.new_page()
    page.goto("/census/share_by_country")
    wanted = page.locator("form.choices select:visible").evaluate_all("all => all.map(x => x.name)")
    reached: list[str] = []
    visible = True
    for _ in range(120):
        page.keyboard.press("Tab")
        at, outlined = page.evaluate(
            "() => { const one = document.activeElement, style = getComputedStyle(one);"
            " return [one.className || one.name || one.tagName,"
            " style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0]; }"
        )
        reached.append(str(at))
        visible = visible and outlined
        if at == "BODY":
            break
    assert visible
    assert wanted
    assert set(wanted) <= set(reached)
    assert "chart-box" in reached
    assert reached.index("chart-box") < len(reached) - 1
    context.close()


def test_without_a_script_every_kind_of_page_can_be_used(browser: Browser, served: Served) -> None:
    context = browser.new_context(base_url=served.origin, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Search models, labs, countries and questions").fill("deepsek")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="DeepSeek", exact=True).first.click()
    assert page.url.endswith("/labs/deepseek")
    page.goto("/census/ranking_by_lab")
    page.locator("table.result thead").get_by_role("link", name="Lab", exact=True).click()
    expect(page.locator("table.result th[aria-sort=descending]")).to_contain_text("Lab")
    page.get_by_label("Filter the rows").fill("mistral")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("table.result tbody tr").first).to_contain_text("Mistral")
    page.goto("/compare?kind=labs&show=qwen~meta")
    expect(page.locator("figure.chart img").first).to_be_visible()
    # Nothing offers what only a script can do.
    assert (
        page.locator("button.copy:visible, .months-range:visible, .keys-find:visible").count() == 0
    )
    context.close()
