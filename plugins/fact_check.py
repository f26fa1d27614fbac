"""/fact-check: claims of the press with what the data say; /about: who, why, and corrections."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from datasette import hookimpl

from census.base.databases import select_rows
from census.pages.profile_rows import answer
from census.pages.site_counts import COUNTS, read_counts
from census.serving.framing import page_response
from census.site.site import DATABASE, site_of

# Where the code and its forms are, over the default in metadata.yml.
REPOSITORY = "CENSUS_REPOSITORY_URL"
# Verdicts in the order of a page, and how each is said.
VERDICTS = {
    "true": "True",
    "very likely true": "Very likely true",
    "false": "False",
    "very likely false": "Very likely false",
    "partly true": "Partly true",
    "cannot be decided": "Cannot be decided with the observations there are",
    "no data": "No data",
}
# Of what a claim is taken to speak, where it is checked in several readings.
OF_WHAT = {
    "unpassed": "all downloads so far",
    "unpassed_recent": "downloads of the last 30 days",
    "rank": "downloads",
    "scored": "scores",
}
SCOREBOARD = """
select
    f.publisher,
    f.what,
    f.as_of,
    f.source_title,
    f.source_url,
    s.published,
    s.unit,
    s.ours,
    s.ours_low,
    s.ours_high,
    s.ours_likely_low,
    s.ours_likely_high,
    s.ours_in_words,
    s.verdict,
    s.reason
from scoreboard as s
inner join published_figures as f on s.figure = f.figure
order by f.publisher, f.as_of, f.figure
"""
SCORES = (
    "agrees",
    "consistent",
    "differs",
    "cannot be decided",
    "the same list",
    "not comparable",
    "no data",
)
# A published figure that no rule of ours recomputes; each says why.
NOT_COMPUTED = "not computed"


async def fact_check(datasette: Any, request: Any) -> Any:
    """Answer the claims by verdict, and others' figures beside ours."""
    questions = site_of(datasette).questions

    def read(connection: Any) -> dict[str, Any]:
        """Read the page in a thread of Datasette's."""
        claims = answer(connection, questions, "press_fact_checks")
        figures = select_rows(connection, SCOREBOARD, {})
        computed = [row for row in figures if row["verdict"] != NOT_COMPUTED]
        computed.sort(key=lambda row: SCORES.index(row["verdict"]))
        return {
            "claims": sorted(claims, key=lambda claim: list(VERDICTS).index(claim["verdict"])),
            "readings": Counter(claim["claim"] for claim in claims),
            "verdict_counts": Counter(row["verdict"] for row in computed).items(),
            "figures": computed,
            "not_computed": [row for row in figures if row["verdict"] == NOT_COMPUTED],
        }

    checks = await datasette.get_database(DATABASE).execute_fn(read)
    context = {
        **checks,
        "verdicts": VERDICTS,
        "of_what": OF_WHAT,
        "known_questions": set(questions),
    }
    return await page_response(datasette, request, "fact_check.html", context)


async def default_repository(datasette: Any) -> str | None:
    """Return the address that the metadata names, of Datasette 0.65 or of 1.0."""
    if hasattr(datasette, "get_instance_metadata"):
        metadata: dict[str, str] = await datasette.get_instance_metadata()
        return metadata.get("about_url")
    address: str | None = datasette.metadata("about_url")
    return address


async def about(datasette: Any, request: Any) -> Any:
    """Answer what the census is and how a country or another tag is corrected."""

    def read(connection: Any) -> Any:
        """Read the page in a thread of Datasette's."""
        return read_counts(connection)

    counts = await datasette.get_database(DATABASE).execute_fn(read)
    repository = os.environ.get(REPOSITORY) or await default_repository(datasette)
    context = {"counts": counts, "defined": COUNTS, "repository": repository}
    return await page_response(datasette, request, "about.html", context)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Two pages."""
    return [(r"^/fact-check\Z", fact_check), (r"^/about\Z", about)]
