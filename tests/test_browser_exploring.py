"""Exploring in Chromium: choices without a reload, values under the pointer and by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browser import PHONE, ROOT, SEEN, Served, shorten, violations
from playwright.sync_api import Browser, Page, expect

from census.base.numbers import short_count
from census.charts.palette import INK
from census.questions.question_files import read_questions

QUESTIONS = read_questions(ROOT / "canned_queries")
CHARTED = sorted(name for name, question in QUESTIONS.items() if question.chart is not None)
LIVE = ".chart-box[data-live]"
# The words of a drawing, in its order.
WORDS = "svg => [...svg.querySelectorAll('text')].map(one => one.textContent).join('|')"
SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""


def come_to(page: Page, path: str) -> Any:
    """Open a page and move the pointer on its first chart; returns the chart's box."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200
    box = page.locator(".chart-box").first
    box.locator("img").evaluate("image => image.decode()")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 0.4 * place["width"], place["y"] + 0.4 * place["height"])
    page.wait_for_selector(LIVE)
    return box


def ways_of(name: str) -> list[str]:
    """Return the query strings of all ways to draw a question, the default's first."""
    others = [
        f"?{parameter.name}={choice}"
        for parameter in QUESTIONS[name].drawing_parameters()
        for choice in parameter.choices or {}
        if choice != parameter.default
    ]
    return ["", *others]


@pytest.mark.parametrize(
    ("name", "query"), [(name, way) for name in CHARTED for way in ways_of(name)]
)
def test_the_chart_under_the_pointer_is_the_picture(page: Page, name: str, query: str) -> None:
    box = come_to(page, f"/census/{name}{query}")
    image = box.locator("img")
    assert image.evaluate("image => image.naturalWidth") > 300
    assert re.search(r"\d", image.get_attribute("alt") or "")
    drawn = page.request.get(image.evaluate("image => image.currentSrc")).text()
    words = page.evaluate(
        f"text => ({WORDS})(new DOMParser().parseFromString(text, 'image/svg+xml'))", drawn
    )
    assert box.locator(".chart-live").evaluate(WORDS) == words
    assert image.is_visible()
    over, under = (box.locator(one).bounding_box() for one in (".chart-live", "img"))
    assert over is not None
    assert under is not None
    assert all(abs(over[side] - under[side]) <= 1.5 for side in over)
    tip = page.locator(".chart-tip")
    expect(tip).to_be_visible()
    assert re.search(r"\d|not certain", tip.inner_text())


def test_one_tooltip_has_all_series_of_the_month_in_words_of_the_page(page: Page) -> None:
    come_to(page, "/census/share_by_country")
    tip = page.locator(".chart-tip")
    head = tip.locator("strong").inner_text()
    assert re.fullmatch(r"(January|February|March|April|May|June|July|August|September|October"
                        r"|November|December) 20\d\d", head)  # fmt: skip
    for country in ("China", "United States", "France"):
        assert country in tip.inner_text()
    assert tip.locator("tr.near").count() == 1


def test_values_under_the_pointer_are_those_of_the_table(page: Page) -> None:
    come_to(page, "/census/country_history?country=CN")
    box = page.locator(".chart-box").first
    page.mouse.move(1, 1)
    expect(page.locator(".chart-tip")).to_be_hidden()
    box.focus()
    page.keyboard.press("ArrowRight")
    expect(box.locator("[aria-live]")).to_contain_text("China")
    said = box.locator("[aria-live]").inner_text()
    rows: list[dict[str, Any]] = page.request.get(
        "/census/country_history.json?country=CN&_shape=array"
    ).json()
    last = rows[-1]
    assert short_count(last["downloads"]) in said


def test_the_arrow_keys_read_a_chart(page: Page) -> None:
    page.goto("/census/share_by_country")
    box = page.locator(".chart-box").first
    box.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(LIVE)
    voice = box.locator("[aria-live]")
    expect(voice).to_contain_text("China")
    first = voice.inner_text()
    page.keyboard.press("ArrowDown")
    expect(voice).to_contain_text("United States")
    page.keyboard.press("ArrowLeft")
    expect(voice).to_contain_text("2026")
    assert voice.inner_text() != first
    expect(page.locator(".chart-tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".chart-tip")).to_be_hidden()
    shorten(page)
    assert violations(page) == []


def test_a_series_under_the_pointer_stands_out(page: Page) -> None:
    box = come_to(page, "/census/share_by_country")
    near = page.locator(".chart-tip tr.near th").inner_text().strip()
    bold = box.locator(".chart-live text").evaluate_all(
        "all => all.filter(one => one.style.fontWeight === 'bold').map(one => one.textContent)"
    )
    assert len(bold) == 1
    assert bold[0].startswith(near)
    page.mouse.move(1, 1)
    expect(page.locator(".chart-tip")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/labs/qwen", "/-/embed/share_by_country"])
def test_charts_elsewhere_answer_the_pointer_too(page: Page, path: str) -> None:
    come_to(page, path)
    expect(page.locator(".chart-tip")).to_be_visible()


def test_coming_to_a_chart_moves_nothing(new_page: Page) -> None:
    page = new_page
    page.add_init_script(SHIFTS)
    page.goto("/census/ranking_by_country")
    page.locator(".chart-box img").evaluate("image => image.decode()")
    before = page.evaluate("window.shifts.length")
    come = page.locator(".chart-box").first
    come.hover()
    page.wait_for_selector(LIVE)
    assert page.evaluate("window.shifts.length") == before


@pytest.mark.parametrize("path", ["/", "/census/share_by_country", "/labs/qwen"])
def test_scripts_are_small_and_a_chart_loads_nothing_before_it_is_touched(
    new_page: Page, path: str
) -> None:
    page = new_page
    page.goto(path, wait_until="networkidle")
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').map(entry => [entry.name, entry.encodedBodySize])"
    )
    scripts = [(name, size) for name, size in loaded if ".js" in name.partition("?")[0]]
    assert scripts
    assert sum(size for name, size in scripts if not name.endswith(".json")) < 60_000
    assert not any(".vl.json" in name for name, _ in loaded)


def open_keys(page: Page) -> None:
    """Open the list of keys to compare."""
    page.locator("details.keys summary").click()


def test_a_choice_changes_the_page_in_place(page: Page) -> None:
    page.goto("/census/share_by_country")
    page.evaluate("window.same = true")
    open_keys(page)
    before = page.locator("p.answer").inner_text()
    page.get_by_role("checkbox", name="France").check()
    page.wait_for_url("**?show=FR")
    page.get_by_role("checkbox", name="South Korea").check()
    page.wait_for_url("**?show=FR~KR")
    expect(page.get_by_role("checkbox", name="South Korea")).to_be_focused()
    assert page.evaluate("window.same") is True
    answer = page.locator("p.answer").inner_text()
    assert answer != before
    expect(page.locator("#said")).to_have_text(re.compile(re.escape(answer)))
    assert "show=FR~KR" in (page.locator("figure.chart img").get_attribute("src") or "")
    names = page.locator("table.result tbody tr").evaluate_all("rows => rows.map(r => r.innerText)")
    assert all(re.search("France|South Korea|Other", name) for name in names)
    assert page.locator("#files + ul a").first.get_attribute("href") == (
        "/census/share_by_country.csv?show=FR~KR"
    )
    page.go_back()
    page.wait_for_url("**?show=FR")
    expect(page.get_by_role("checkbox", name="South Korea")).not_to_be_checked()
    page.go_back()
    page.wait_for_url(re.compile("share_by_country$"))
    expect(page.locator("p.answer")).to_have_text(before)
    assert page.evaluate("window.same") is True


def test_keys_are_found_while_typing(page: Page) -> None:
    page.goto("/census/cumulative_downloads?dimension=lab")
    open_keys(page)
    page.get_by_role("searchbox", name="Find what to compare").fill("mistral")
    shown = page.locator(".keys-list li:visible")
    assert 0 < shown.count() < 5
    page.keyboard.press("Enter")
    page.wait_for_url("**show=mistral*")
    expect(page.get_by_role("searchbox", name="Find what to compare")).to_have_value("mistral")


def test_a_slider_with_two_ends_chooses_months(page: Page) -> None:
    page.goto("/census/share_by_country")
    high = page.get_by_role("slider", name="To month, slider")
    high.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**?until=2026-08")
    assert page.locator("#choice-until").input_value() == "2026-08"
    high = page.get_by_role("slider", name="To month, slider")
    expect(high).to_be_focused()
    assert high.get_attribute("aria-valuetext") == "August 2026"
    page.locator("#choice-since").select_option("2025-12")
    page.wait_for_url("**since=2025-12*")
    low = page.get_by_role("slider", name="From month, slider")
    assert low.get_attribute("aria-valuetext") == "December 2025"


@pytest.mark.parametrize("look", list(SEEN))
def test_a_changed_page_is_for_everyone(browser: Browser, served: Served, look: str) -> None:
    context = browser.new_context(base_url=served.origin, **SEEN[look])
    page = context.new_page()
    page.goto("/census/share_by_country?show=CN~FR")
    page.locator("#choice-scale").select_option("log")
    page.wait_for_url("**scale=log*")
    page.locator(".chart-box").first.hover()
    page.wait_for_selector(LIVE)
    wide = "() => document.documentElement.scrollWidth <= window.innerWidth"
    assert page.evaluate(wide)
    shorten(page)
    assert violations(page) == []
    context.close()


def test_without_a_script_ticks_and_months_are_a_plain_form(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(base_url=served.origin, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto("/census/share_by_country")
    page.locator("details.keys summary").click()
    page.get_by_role("checkbox", name="China").check()
    page.get_by_label("Add another by name").fill("France")
    page.get_by_label("From month").select_option("2026-01")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("/census/share_by_country?show=CN~FR&since=2026-01")
    assert page.get_by_role("checkbox", name="France").is_checked()
    expect(page.locator("figure.chart img")).to_be_visible()
    context.close()


def test_a_table_is_sorted_and_filtered_in_place(page: Page) -> None:
    page.goto("/census/ranking_by_lab")
    page.evaluate("window.same = true")
    page.locator("table.result thead").get_by_role("link", name="Lab", exact=True).click()
    page.wait_for_url("**?_sort_desc=lab_name")
    first = page.locator("table.result tbody tr").first
    expect(page.locator("table.result th[aria-sort=descending]")).to_contain_text("Lab")
    expect(page.locator("table.result thead a").first).to_be_focused()
    page.get_by_label("Filter the rows").press_sequentially("mistral")
    page.wait_for_url("**_filter=mistral*")
    expect(first).to_contain_text("Mistral")
    expect(page.get_by_label("Filter the rows")).to_be_focused()
    assert page.evaluate("window.same") is True


def test_a_phone_shows_the_value_without_scrolling(browser: Browser, served: Served) -> None:
    context = browser.new_context(base_url=served.origin, viewport=PHONE)
    page = context.new_page()
    page.goto("/census/share_by_country")
    for row in page.locator("table.result tbody tr").all()[:3]:
        box = row.locator("td").nth(2).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
    expect(page.locator(".scroll-hint")).to_be_visible()
    context.close()


def test_a_search_suggests_while_typing(page: Page) -> None:
    page.goto("/")
    search = page.get_by_role("combobox", name="Search models, labs, countries and questions")
    search.press_sequentially("qwen")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(search).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    search.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = options.first.get_attribute("data-path")
    search.press("Enter")
    page.wait_for_url(f"**{chosen}")
    search = page.get_by_role("combobox", name="Search models, labs, countries and questions")
    search.press_sequentially("deepsek")
    expect(page.get_by_role("option").first).to_contain_text("DeepSeek")
    search.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()
    search.press("Enter")
    page.wait_for_url("**/search?q=deepsek")


def test_the_questions_are_filtered_while_typing(page: Page) -> None:
    page.goto("/questions")
    before = page.locator("[data-question]:visible").count()
    page.get_by_label("Filter the questions").press_sequentially("licence")
    shown = page.locator("[data-question]:visible")
    assert 0 < shown.count() < before
    expect(page.locator("#questions-said")).to_have_text(f"{shown.count()} questions")
    assert violations(page) == []


def test_the_code_of_an_embed_is_copied(browser: Browser, served: Served) -> None:
    context = browser.new_context(base_url=served.origin)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/census/ranking_by_country")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("To embed the chart").input_value()
    context.close()


def test_a_step_within_the_page_asks_for_nothing(new_page: Page) -> None:
    page = new_page
    page.goto("/census/share_by_country")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Citation", exact=True).click()
    page.wait_for_url("**#cite")
    page.go_back()
    page.wait_for_url("**/census/share_by_country")
    assert [url for url in asked if "/census/share_by_country" in url and ".svg" not in url] == []


def test_another_theme_is_another_drawing(page: Page) -> None:
    box = come_to(page, "/census/ranking_by_country")
    assert INK["light"] in box.locator(".chart-live").evaluate("svg => svg.outerHTML")
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector(".chart-box:not([data-live])")
    box.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(LIVE)
    assert INK["dark"] in box.locator(".chart-live").evaluate("svg => svg.outerHTML")
