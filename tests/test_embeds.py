"""Embeds, oEmbed and the code that readers copy."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from site_client import Client, other_scripts

from census.questions.question_files import read_questions
from census.serving.embeds import charted_address, embed_height, limit_of, make_share

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = read_questions(ROOT / "canned_queries")
CHARTED = sorted(name for name, question in QUESTIONS.items() if question.chart is not None)
ORIGIN = "http://localhost"


def oembed(site: Client, url: str, **more: str) -> dict[str, object]:
    """Return the answer of oEmbed for an address."""
    answer = site.get(f"/-/oembed?{urlencode({'url': url, **more})}")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.parametrize("name", CHARTED)
def test_every_chart_can_be_embedded(site: Client, name: str) -> None:
    answer = site.get(f"/-/embed/{name}")
    assert answer.status_code == 200
    page = unescape(answer.text)
    assert f'<img src="/census/{name}.svg" alt="' in page
    assert "<nav" not in page
    # The one script makes the picture answer the pointer; it is of this origin.
    assert other_scripts(page) == []
    assert page.count("<script") == 1
    assert f'href="/census/{name}" target="_blank"' in page
    assert "frame-ancestors *" in answer.headers["content-security-policy"]


def test_other_pages_are_not_for_framing(site: Client) -> None:
    for path in ("/", "/census/share_by_country", "/countries/CN"):
        assert "frame-ancestors 'self'" in site.get(path).headers["content-security-policy"]


def test_an_embed_follows_the_parameters_of_its_question(site: Client) -> None:
    page = unescape(site.get("/-/embed/ranking_by_country?scope=labs&_theme=dark").text)
    assert '<img src="/census/ranking_by_country.svg?scope=labs&_theme=dark"' in page
    assert 'data-theme="dark"' in page
    assert "prefers-color-scheme" not in page
    assert "prefers-color-scheme: dark" in site.get("/-/embed/ranking_by_country").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/-/embed/ranking_by_country?scope=x", 400),
        ("/-/embed/ranking_by_country?_theme=pink", 400),
        ("/-/embed/series_status", 404),
        ("/-/embed/no_such_question", 404),
        ("/-/oembed", 404),
        ("/-/oembed?url=https%3A%2F%2Fexample.com%2Fcensus%2Fshare_by_country", 404),
        ("/-/oembed?url=http%3A%2F%2Flocalhost%2Fcensus%2Fseries_status", 404),
        ("/-/oembed?url=http%3A%2F%2Flocalhost%2Fcensus%2Fshare_by_country&format=xml", 501),
        ("/-/oembed?url=http%3A%2F%2Flocalhost%2Fcensus%2Fshare_by_country&maxwidth=0", 400),
        ("/-/oembed?url=http%3A%2F%2Flocalhost%2Fcensus%2Fshare_by_country%3Fscope%3Dx", 400),
    ],
)
def test_a_wrong_address_is_refused(site: Client, path: str, status: int) -> None:
    assert site.get(path).status_code == status


def test_oembed_says_how_to_show_a_chart(site: Client) -> None:
    answer = oembed(site, f"{ORIGIN}/census/ranking_by_country?scope=labs")
    assert (answer["version"], answer["type"]) == ("1.0", "rich")
    assert f'src="{ORIGIN}/-/embed/ranking_by_country?scope=labs"' in str(answer["html"])
    assert answer["thumbnail_url"] == f"{ORIGIN}/-/card/ranking_by_country.png?scope=labs"
    same = oembed(site, f"{ORIGIN}/-/embed/ranking_by_country?scope=labs")
    assert same == answer


def test_oembed_keeps_to_the_limits(site: Client) -> None:
    small = oembed(site, f"{ORIGIN}/census/share_by_country", maxwidth="320", maxheight="300")
    assert (small["width"], small["height"]) == (320, 300)
    assert 'width="320" height="300"' in str(small["html"])
    large = oembed(site, f"{ORIGIN}/census/share_by_country", maxwidth="9999")
    assert large["width"] == 800


def test_a_chart_page_leads_to_its_oembed_and_offers_code(site: Client) -> None:
    page = unescape(site.get("/census/ranking_by_country?scope=labs").text)
    link = re.search(r'type="application/json\+oembed" href="([^"]+)"', page)
    assert link is not None
    said = site.get(link[1].removeprefix(ORIGIN)).json()
    assert said["html"].split('width="')[0] in page
    assert f'<img src="{ORIGIN}/census/ranking_by_country.svg?scope=labs" alt="' in page
    assert (
        f'property="og:image" content="{ORIGIN}/-/card/ranking_by_country.png?scope=labs"' in page
    )
    assert "oembed" not in site.get("/census/series_status").text


def test_addresses_of_other_sites_and_pages_are_none_of_ours() -> None:
    for url in (
        "https://evil.example/census/share_by_country",
        f"{ORIGIN}.evil.example/census/share_by_country",
        f"{ORIGIN}/census/models",
        f"{ORIGIN}/census/share_by_country.csv",
        "/census/share_by_country",
        "javascript:alert(1)",
        "",
    ):
        assert charted_address(url, ORIGIN, QUESTIONS) is None, url
    known = charted_address(f"{ORIGIN}/census/share_by_country?a=b", ORIGIN, QUESTIONS)
    assert known is not None
    assert (known[0].name, known[1]) == ("share_by_country", "a=b")


SIZES = {"wide": (833, 642), "narrow": (381, 745)}


@pytest.mark.parametrize(("width", "height"), [(320, 692), (360, 770), (480, 987), (800, 647)])
def test_a_frame_is_as_high_as_the_drawing_that_its_width_has(width: int, height: int) -> None:
    assert embed_height(SIZES, width) == height


def test_a_limit_is_a_number_of_pixels() -> None:
    assert limit_of(None, 800) == limit_of("900", 800) == 800
    with pytest.raises(ValueError, match="not a size"):
        limit_of("-1", 800)


def test_copied_code_is_safe_whatever_the_words() -> None:
    share = make_share(ORIGIN, "x", "?a=1&b=2", 'A "b" <c>', 'd\' "e"', SIZES)
    assert 'title="A &#34;b&#34; &lt;c&gt;"' in share.iframe
    assert "?a=1&amp;b=2" in share.iframe
    assert "&#34;e&#34;" in share.image
