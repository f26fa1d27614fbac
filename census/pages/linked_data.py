"""Data for search engines: schema.org descriptions, sitemap and robots.txt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from census.pages.chart_files import CHART_FORMATS, TABLE_FORMATS
from census.pages.citations import LICENCE_URL, NAME
from census.questions.question_files import Question

CONTEXT = "https://schema.org"
MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "vl.json": "application/vnd.vegalite.v6+json",
    "metadata.json": "application/json",
    "zip": "application/zip",
    "db": "application/vnd.sqlite3",
}
# A verdict as a number of a scale from 1 (false) to 5 (true); what is open has no review.
RATINGS = {
    "true": 5,
    "very likely true": 4,
    "partly true": 3,
    "very likely false": 2,
    "false": 1,
}
# The limit of the protocol for one sitemap.
MOST_PAGES = 50_000
# Free SQL, and tables by facet, order, search and page: addresses without end.
UNLISTED = (
    "/census?",
    "/census.csv?",
    "/census.json?",
    "/census.tsv?",
    "/census.xlsx?",
    "/*?*_facet",
    "/*?*_sort",
    "/*?*_next",
    "/*?*_search",
    "/*?*_where",
    "/*?*_filter",
    "/*?*sql=",
    "/search?",
    "/-/quote/",
)
LISTED = ("/", "/census/*.svg", "/census/*.png", "/static/", "/-/card/")


def as_script(value: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    """Return JSON for a script element, escaped so that nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def publisher(base: str) -> dict[str, Any]:
    """Return who publishes the data."""
    return {"@type": "Organization", "name": NAME, "url": f"{base}/"}


def download(base: str, path: str, form: str) -> dict[str, Any]:
    """Return one file of a dataset."""
    return {
        "@type": "DataDownload",
        "encodingFormat": MEDIA[form],
        "contentUrl": f"{base}{path}",
    }


def _dataset(base: str, path: str, name: str, about: str, day: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": name,
        "description": about,
        "url": f"{base}{path}",
        "license": LICENCE_URL,
        "creator": publisher(base),
        "isAccessibleForFree": True,
        "dateModified": day,
        "version": day,
    }


def census_dataset(base: str, title: str, about: str, first: str, last: str) -> dict[str, Any]:
    """Return the whole census as a dataset; `first` and `last` are its days."""
    return {
        **_dataset(base, "/", title, about, last),
        "temporalCoverage": f"{first}/{last}",
        "keywords": ["open models", "language models", "downloads", "Hugging Face Hub"],
        "distribution": [download(base, "/census.db", "db")],
    }


def question_dataset(
    base: str, question: Question, query: str, scope: str, day: str
) -> dict[str, Any]:
    """Return a question's rows as a dataset; `query` is its query string with `?`, or empty."""
    path = f"/census/{question.name}"
    forms = (*TABLE_FORMATS, *(CHART_FORMATS if question.chart else ()), "metadata.json", "zip")
    name = f"{question.title} ({scope})" if scope else question.title
    return {
        **_dataset(base, f"{path}{query}", name, question.description, day),
        "isPartOf": {"@type": "Dataset", "name": NAME, "url": f"{base}/"},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column, "description": words}
            for column, words in question.columns.items()
        ],
        "distribution": [download(base, f"{path}.{form}{query}", form) for form in forms],
    }


def table_dataset(base: str, table: str, words: Mapping[str, Any], day: str) -> dict[str, Any]:
    """Return a table as a dataset; `words` are its description and columns in metadata.yml."""
    path = f"/census/{table}"
    return {
        **_dataset(base, path, f"{NAME}: {table}", str(words.get("description", "")), day),
        "isPartOf": {"@type": "Dataset", "name": NAME, "url": f"{base}/"},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column, "description": str(column_words)}
            for column, column_words in words.get("columns", {}).items()
        ],
        "distribution": [
            download(base, f"{path}.csv", "csv"),
            download(base, f"{path}.json", "json"),
        ],
    }


def claim_reviews(
    base: str, path: str, rows: Iterable[Mapping[str, Any]], day: str
) -> list[dict[str, Any]]:
    """Return a review of each claim that has an address and a verdict that decides it.

    `rows` are those of the question press_fact_checks.
    """
    return [
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "url": f"{base}{path}",
            "claimReviewed": row["claim"],
            "datePublished": day,
            "author": publisher(base),
            "reviewBody": row["evidence"],
            "itemReviewed": {
                "@type": "Claim",
                "author": {"@type": "Organization", "name": row["claimant"]},
                "datePublished": row["published"],
                "appearance": {"@type": "CreativeWork", "url": row["source_url"]},
            },
            "reviewRating": {
                "@type": "Rating",
                "ratingValue": RATINGS[row["verdict"]],
                "bestRating": 5,
                "worstRating": 1,
                "alternateName": str(row["verdict"]).capitalize(),
            },
        }
        for row in rows
        if row["source_url"] and row["verdict"] in RATINGS
    ]


def robots(base: str) -> str:
    """Return robots.txt: pages and charts for everyone, no facets and no free SQL."""
    rules = [
        "User-agent: *",
        *(f"Allow: {path}" for path in LISTED),
        *(f"Disallow: {path}" for path in UNLISTED),
        "",
        f"Sitemap: {base}/sitemap.xml",
    ]
    return "\n".join(rules) + "\n"


def sitemap(base: str, days: Mapping[str, str]) -> str:
    """Return a sitemap of pages by path, each with the day of its newest fact, empty if unknown.

    Raises ValueError for too many pages.
    """
    if len(days) > MOST_PAGES:
        raise ValueError(f"{len(days)} pages are more than one sitemap may have")
    entries = "".join(
        f"<url><loc>{escape(base + path)}</loc>"
        + (f"<lastmod>{day}</lastmod>" if day else "")
        + "</url>\n"
        for path, day in days.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{entries}</urlset>\n"
    )
