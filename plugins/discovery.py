"""For search engines: robots.txt, sitemap.xml, canonical links, JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Any

from datasette import NotFound, Response, hookimpl
from markupsafe import Markup

from census.export.table_descriptions import read_words
from census.pages.chart_files import day_of_question
from census.pages.feeds import FEEDS
from census.pages.linked_data import (
    MOST_PAGES,
    as_script,
    census_dataset,
    claim_reviews,
    question_dataset,
    robots,
    sitemap,
    table_dataset,
)
from census.pages.profiles import profile_path
from census.questions.parameters import ParameterError
from census.questions.question_files import Question
from census.site.base_path import site_address
from census.site.queries import statement_rows
from census.site.site import (
    DATABASE,
    FOUND_PAGES,
    ROOT,
    checked_values,
    question_path,
    short_query,
    site_of,
)

HEADERS = {"cache-control": "public, max-age=3600"}
FACT_CHECKS = "press_fact_checks"
# Each profile with the day of the newest fact of its models: a count, or what the Hub says.
DAYS = """
select {key}, max(max(
    coalesce(latest_all_time_on, ''), coalesce(latest_30d_on, ''), coalesce(seen_on, '')
))
from models
where {known}
group by {key}
order by max({weight}) desc, {key}
"""
PROFILES = {
    "countries": DAYS.format(
        key="country", known="country in (select code from countries)", weight="0"
    ),
    "labs": DAYS.format(key="lab", known="lab in (select id from labs)", weight="0"),
    "families": DAYS.format(key="family", known="family in (select id from families)", weight="0"),
    "models": DAYS.format(key="name", known="in_labs = 1", weight="latest_all_time"),
}


async def robots_txt(datasette: Any, request: Any) -> Any:
    """Answer what crawlers may read."""
    return Response.text(robots(site_address(datasette, request)), headers=HEADERS)


async def pages_of(datasette: Any) -> dict[str, str]:
    """Return every page for the sitemap, with the day of its newest fact.

    They are own pages, questions, tables and profiles.
    """
    site = site_of(datasette)
    questions = (f"/{DATABASE}/{name}" for name in site.questions)
    tables = (f"/{DATABASE}/{table}" for table in sorted(words_of_metadata()["tables"]))
    days = dict.fromkeys((*FOUND_PAGES, *questions, *tables), site.context.last_observation)
    for kind, sql in PROFILES.items():
        result = await datasette.execute(DATABASE, sql, truncate=False)
        days |= {profile_path(kind, str(key)): day for key, day in result.rows}
    return dict(islice(days.items(), MOST_PAGES))


async def sitemap_xml(datasette: Any, request: Any) -> Any:
    """Answer the list of pages; 404 without a database."""
    if DATABASE not in datasette.databases:
        raise NotFound("There is no database")
    body = sitemap(site_address(datasette, request), await pages_of(datasette))
    return Response(body, headers=HEADERS, content_type="application/xml; charset=utf-8")


@cache
def words_of_metadata() -> Mapping[str, Any]:
    """Return the words of metadata.yml on the census and on each table."""
    return read_words(ROOT / "metadata.yml")


async def question_data(
    datasette: Any, request: Any, base: str, question: Question
) -> tuple[str, list[dict[str, Any]]]:
    """Return a question's canonical path and what is said of it as data."""
    site = site_of(datasette)
    try:
        values = checked_values(request.scope, question)
    except ParameterError:
        return "", []
    query = short_query(question, values)
    path = f"/{DATABASE}/{question.name}{query}"
    day = day_of_question(question, values, site.context)
    scope = question.counted_words(values)
    data = [question_dataset(base, question, query, scope, day)]
    if question.name == FACT_CHECKS:
        rows = await statement_rows(datasette, question.sql, **values)
        data += claim_reviews(base, path, rows, day)
    return path, data


async def page_description(datasette: Any, request: Any) -> dict[str, Any]:
    """Return the canonical address and the linked data of a page; empty where there are none."""
    base, path = site_address(datasette, request), request.path
    site = site_of(datasette)
    canonical, data = path if path in FOUND_PAGES else "", []
    if path in ("/", "/downloads"):
        info = site.info
        first, last = info.get("first_observation", ""), info.get("last_observation", "")
        words = words_of_metadata()
        data = [census_dataset(base, words["title"], words["description"], first, last)]
    address = question_path(path)
    tables = words_of_metadata()["tables"]
    if address and not address.format and address.name in site.questions:
        question = site.questions[address.name]
        canonical, data = await question_data(datasette, request, base, question)
        # What link previews read of a question with a chart names its canonical address already.
        canonical = "" if question.chart else canonical
    elif address and not address.format and address.name in tables:
        canonical = path
        data = [
            table_dataset(base, address.name, tables[address.name], site.context.last_observation)
        ]
    return {
        "canonical": f"{base}{canonical}" if canonical else "",
        "json_ld": [Markup(as_script(item)) for item in data],  # noqa: S704
        "feeds": list(FEEDS.values()),
    }


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Where crawlers look."""
    return [(r"^/robots\.txt\Z", robots_txt), (r"^/sitemap\.xml\Z", sitemap_xml)]


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> Any:
    """Give the frame of every page what templates/_discovery.html writes into its head."""

    async def add() -> dict[str, Any]:
        if request is None or DATABASE not in datasette.databases:
            return {}
        return {"discovery": await page_description(datasette, request)}

    return add
