"""The site under a path of another one, with and without a proxy that takes the path away."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from datasette.app import Datasette
from datasette.utils import PrefixedUrlString
from site_client import Client

from census.site.base_path import check_prefix

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "/data/census-site"
PAGES = (
    "/", "/questions", "/methodology", "/quality", "/downloads", "/status", "/about", "/api",
    "/exports", "/fact-check", "/check", "/search?q=qwen", "/labs/qwen", "/countries/CN",
    "/families/qwen", "/models/Qwen/Qwen3-8B", "/labs/no-such-lab", "/no-such-page",
    "/census", "/census/labs", "/census/labs/qwen", "/census?sql=select+1+as+one",
    "/census/share_by_country", "/census/share_by_country?measure=recent",
    "/census/share_by_country?measure=nope", "/census/top_models", "/census/origin_evidence",
    "/-/embed/share_by_country", "/-/quote/share_by_country",
)  # fmt: skip
TEXTS = (
    "/robots.txt", "/sitemap.xml", "/feeds/milestones.atom", "/feeds/milestones.json",
    "/census/share_by_country.citation.txt", "/census/share_by_country.metadata.json",
    "/-/oembed?url=http%3A%2F%2Flocalhost" + PREFIX.replace(
        "/", "%2F") + "%2Fcensus%2Fshare_by_country", "/llms.txt", "/openapi.json",
)  # fmt: skip
PROXIES = ("leaves it", "takes it away")
LINK = re.compile(r'\b(?:href|src|action|formaction|poster)="([^"]*)"')
SET = re.compile(r'\bsrcset="([^"]*)"')


@pytest.fixture(scope="module")
def behind(census_db: Path) -> Iterator[Client]:
    """The site as it is served below a path."""
    settings = {**json.loads((ROOT / "settings.json").read_text()), "base_url": f"{PREFIX}/"}
    datasette = Datasette(
        [],
        immutables=[str(census_db)],
        metadata=yaml.safe_load((ROOT / "metadata.yml").read_text()),
        settings=settings,
        template_dir=str(ROOT / "templates"),
        plugins_dir=str(ROOT / "plugins"),
        static_mounts=[("static", str(ROOT / "static"))],
    )
    loop = asyncio.new_event_loop()
    loop.run_until_complete(datasette.invoke_startup())
    yield Client(datasette, loop)
    loop.close()


def links(page: str) -> list[str]:
    """Return every address of this site that a page names."""
    found = [unescape(address) for address in LINK.findall(page)]
    for several in SET.findall(page):
        found += [unescape(one.split()[0]) for one in several.split(",")]
    return [address for address in found if address.startswith("/")]


def asked(behind: Client, path: str, proxy: str) -> Any:
    """Return the answer to a request as a proxy hands it on."""
    # Datasette's client adds the path of the site to what is a plain text.
    return behind.get(path if proxy == "leaves it" else PrefixedUrlString(path))


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_keeps_the_path(behind: Client, path: str) -> None:
    # By turns, since no page knows of its proxy.
    answer = asked(behind, path, PROXIES[PAGES.index(path) % 2])
    assert (answer.status_code == 200) is ("no" not in path)
    found = links(answer.text)
    assert found
    assert not [one for one in found if not one.startswith(f"{PREFIX}/")]
    assert not [one for one in found if one.startswith(PREFIX * 2)]


@pytest.mark.parametrize("path", TEXTS)
def test_every_address_in_a_file_keeps_the_path(behind: Client, path: str) -> None:
    answer = behind.get(path)
    assert answer.status_code == 200
    own = re.findall(r"http://localhost(/[^\s\"'<>)]*)", answer.text)
    assert own
    assert not [one for one in own if not one.startswith(PREFIX)]
    assert PREFIX * 2 not in answer.text


def test_a_redirect_keeps_the_path(behind: Client) -> None:
    answer = behind.get("/census/share_by_country?MEASURE=monthly")
    assert answer.status_code in (301, 302)
    assert answer.headers["location"] == f"{PREFIX}/census/share_by_country?measure=monthly"


def test_a_path_like_an_own_address_is_refused() -> None:
    with pytest.raises(ValueError, match="begins like the site's own addresses"):
        check_prefix("/census/of-models")
    check_prefix("")
    check_prefix("/open-models")
