"""What crawlers are told: which addresses, which pages, what the pages hold."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree

import pytest
from datasette.utils.asgi import Request
from site_client import Client

from census.pages.linked_data import (
    LISTED,
    MOST_PAGES,
    UNLISTED,
    as_script,
    claim_reviews,
    robots,
    sitemap,
)

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def allowed(rules: str, path: str) -> bool:
    """Return what robots.txt says of a path: the longest rule decides (RFC 9309)."""
    best = (0, True)
    for line in rules.splitlines():
        name, _, pattern = line.partition(": ")
        if name in ("Allow", "Disallow"):
            matcher = re.escape(pattern).replace(r"\*", ".*")
            if re.match(matcher, path):
                best = max(best, (len(pattern), name == "Allow"))
    return best[1]


def head(site: Client, path: str) -> str:
    """Return what the include writes into the head of a page."""
    template = site.datasette.jinja_env.get_template("_discovery.html")
    request = Request.fake(path)
    plugin = next(
        plugin for plugin in plugins() if getattr(plugin, "__name__", "") == "discovery.py"
    )
    found = site.loop.run_until_complete(plugin.page_description(site.datasette, request))
    text: str = site.loop.run_until_complete(template.render_async(discovery=found))
    return text


def plugins() -> list[Any]:
    """Return what is registered with Datasette."""
    from datasette.plugins import pm

    return list(pm.get_plugins())


def linked(text: str) -> list[dict[str, Any]]:
    """Return the JSON-LD of a page."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return [json.loads(one) for one in found]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", True),
        ("/census/share_by_country", True),
        ("/census/share_by_country?measure=monthly", True),
        ("/census/share_by_country.svg?measure=monthly", True),
        ("/census/share_by_country.png", True),
        ("/labs/qwen", True),
        ("/census/models", True),
        ("/feeds/milestones.atom", True),
        ("/census?sql=select+1", False),
        ("/census.csv?sql=select+1", False),
        ("/census/models?_facet=lab", False),
        ("/census/models?lab=qwen&_facet=country", False),
        ("/census/models?_sort=likes", False),
        ("/census/models?_next=100", False),
        ("/census/models?_search=qwen", False),
        ("/-/quote/share_by_country?x=1", False),
    ],
)
def test_robots_lets_pages_and_charts_in_only(site: Client, path: str, said: bool) -> None:
    answer = site.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert allowed(answer.text, path) is said


def test_robots_names_the_sitemap() -> None:
    assert "Sitemap: https://x.example/sitemap.xml" in robots("https://x.example")
    assert not set(LISTED) & set(UNLISTED)


def test_every_kind_of_page_in_the_sitemap_answers(site: Client) -> None:
    answer = site.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    root = ElementTree.fromstring(answer.content)
    addresses = [str(url.findtext(f"{SITEMAP}loc")) for url in root]
    assert len(addresses) == len(set(addresses)) > 500
    days = Counter(url.findtext(f"{SITEMAP}lastmod") for url in root)
    assert max(days) == site.datasette._census_site.context.last_observation
    # A crawler believes days that differ; the same one on every page says nothing.
    assert len(days) > 3
    rules = site.get("/robots.txt").text
    paths = ["/" + address.partition("://")[2].partition("/")[2] for address in addresses]
    assert all(allowed(rules, path) for path in paths)
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault(path.split("/")[1], []).append(path)
    assert {"census", "labs", "countries", "families", "models"} <= set(kinds)
    assert {"check", "compare", "fact-check", "about", "api"} <= set(kinds)
    for members in kinds.values():
        for path in members[:3]:
            assert site.get(path).status_code == 200, path


def test_too_many_pages_are_no_sitemap() -> None:
    with pytest.raises(ValueError, match="more than one sitemap"):
        sitemap("https://x.example", {f"/{i}": "2026-05-20" for i in range(MOST_PAGES + 1)})
    assert "<loc>https://x.example/?a=1&amp;b=2</loc></url>" in sitemap(
        "https://x.example", {"/?a=1&b=2": ""}
    )


def test_a_question_is_a_dataset_with_files_that_answer(site: Client) -> None:
    text = head(site, "/census/share_by_country?measure=monthly&scope=frontier")
    (data,) = linked(text)
    assert data["@type"] == "Dataset"
    assert 50 <= len(data["description"]) <= 5000, "what Dataset Search takes"
    assert data["license"].startswith("https://")
    assert {one["name"] for one in data["variableMeasured"]} >= {"month", "share_pct"}
    assert len(data["distribution"]) == 7
    for one in data["distribution"]:
        path = "/" + one["contentUrl"].partition("://")[2].partition("/")[2]
        answer = site.get(path)
        assert answer.status_code == 200
        assert "measure=monthly" in path


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/census/quality_log?limit=5&kind=&utm_source=x", "/census/quality_log?limit=5"),
        ("/census/share_by_country?utm_source=x", "/census/share_by_country"),
        ("/census/share_by_country?scope=labs", "/census/share_by_country?scope=labs"),
    ],
)
def test_a_question_has_one_canonical_address(site: Client, path: str, canonical: str) -> None:
    page = site.get(path).text
    found = set(re.findall(r'rel="canonical" href="[^"/]*//[^/"]*([^"]*)"', page))
    assert found | set(
        re.findall(r'rel="canonical" href="[^"/]*//[^/"]*([^"]*)"', head(site, path))
    ) == {canonical}


@pytest.mark.parametrize("path", ["/", "/downloads", "/census/models", "/census/series"])
def test_other_pages_with_data_are_datasets(site: Client, path: str) -> None:
    text = head(site, path)
    assert text.count('rel="canonical"') == 1
    (data,) = linked(text)
    assert data["@type"] == "Dataset"
    assert data["name"]
    assert len(data["description"]) >= 20
    for one in data["distribution"]:
        where = "/" + one["contentUrl"].partition("://")[2].partition("/")[2]
        assert site.get(where).status_code == 200


@pytest.mark.parametrize("path", ["/no-such-page", "/census/share_by_country?scope=wrong"])
def test_an_error_is_no_dataset(site: Client, path: str) -> None:
    text = head(site, path)
    assert linked(text) == []
    assert "canonical" not in text


def test_feeds_are_named_on_every_page(site: Client) -> None:
    for path in re.findall(r'type="application/atom\+xml"[^>]*href="([^"]+)"', head(site, "/")):
        assert site.get(path).status_code == 200


def test_decided_claims_with_an_address_are_reviewed(site: Client) -> None:
    rows = site.rows("/census/press_fact_checks")
    reviews = [one for one in linked(head(site, "/census/press_fact_checks"))
               if one["@type"] == "ClaimReview"]  # fmt: skip
    expected = [
        row["claim"] for row in rows
        if row["source_url"] and row["verdict"] not in ("cannot be decided", "no data")
    ]  # fmt: skip
    assert expected
    assert [one["claimReviewed"] for one in reviews] == expected


def test_a_review_says_who_claimed_what_where_and_how_true_it_is() -> None:
    row = {
        "claim": "C", "claimant": "N", "published": "2026-01-08", "verdict": "partly true",
        "evidence": "E", "source_url": "https://news.example/1",
    }  # fmt: skip
    rows = [
        row,
        {**row, "source_url": None},
        {**row, "verdict": "cannot be decided"},
        {**row, "verdict": "no data"},
    ]
    (review,) = claim_reviews("https://x.example", "/f", rows, "2026-05-20")
    assert review["reviewRating"]["ratingValue"] == 3
    assert review["reviewRating"]["alternateName"] == "Partly true"
    assert review["itemReviewed"]["appearance"]["url"] == "https://news.example/1"


def test_a_review_of_what_is_very_likely_is_less_than_one_of_what_is_counted() -> None:
    verdicts = ("true", "very likely true", "partly true", "very likely false", "false")
    row = {"claim": "C", "claimant": "N", "published": "2026-01-08", "evidence": "E",
           "source_url": "https://news.example/1"}  # fmt: skip
    rows = [{**row, "verdict": verdict} for verdict in verdicts]
    reviews = claim_reviews("https://x.example", "/f", rows, "2026-05-20")
    ratings = [review["reviewRating"] for review in reviews]
    assert [rating["ratingValue"] for rating in ratings] == [5, 4, 3, 2, 1]
    assert ratings[1]["alternateName"] == "Very likely true"


def test_nothing_in_linked_data_ends_its_element() -> None:
    text = as_script({"a": "</script><script>alert(1)</script>&"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><script>alert(1)</script>&"}
