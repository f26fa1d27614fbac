"""What search engines and link previews are told of every kind of page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from site_client import Client

PAGES = (
    "/", "/questions", "/channels", "/methodology", "/quality", "/downloads", "/status", "/about",
    "/api", "/compare?kind=labs&show=qwen~meta", "/exports", "/fact-check", "/check",
    "/search?q=qwen", "/labs/qwen", "/countries/CN",
    "/families/qwen", "/models/Qwen/Qwen3-8B", "/-/quote/share_by_country",
    "/census", "/census/labs", "/census/labs/qwen", "/census?sql=select+1+as+one",
    "/census/share_by_country", "/census/origin_evidence",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_what_it_is(site: Client, path: str) -> None:
    page = site.get(path).text
    (words,) = re.findall(r'<meta name="description" content="([^"]*)">', page)
    assert len(words) > 20
    (picture,) = re.findall(r'<meta property="og:image" content="([^"]*)">', page)
    assert picture.startswith("http://localhost/-/card/")
    (alt,) = re.findall(r'<meta property="og:image:alt" content="([^"]*)">', page)
    for said in (words, alt):
        once = unescape(said)
        assert once == unescape(once), "escaped twice"
        assert once.strip()
