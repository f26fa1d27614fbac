"""A search of the served database, with a second one where the text was probably misspelt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from census.pages.search import Group, search_all
from census.pages.search_meanings import corrected
from census.site.queries import vocabulary_of
from census.site.site import DATABASE, site_of

# Fewer results than this, and a slip of the pen is looked for.
LITTLE = 5


class SearchResults(NamedTuple):
    """What a text finds; where that is little, what was `meant` and what that finds."""

    groups: list[Group]
    meant: str | None = None
    groups_meant: Sequence[Group] = ()

    @property
    def best(self) -> Sequence[Group]:
        """What the text finds, or else what the text that was meant finds."""
        return self.groups or self.groups_meant


async def search_site(datasette: Any, text: str) -> SearchResults:
    """Return the results for a text and, where they are few, the text that was probably meant."""
    site = site_of(datasette)
    database = datasette.get_database(DATABASE)

    async def results_of(query: str) -> list[Group]:
        results: list[Group] = await database.execute_fn(
            lambda connection: search_all(connection, site.questions, query)
        )
        return results

    groups = await results_of(text)
    if not text or sum(group.found for group in groups) >= LITTLE:
        return SearchResults(groups)
    corrected_text = corrected(text, await vocabulary_of(datasette))
    others = await results_of(corrected_text) if corrected_text else []
    return SearchResults(groups, corrected_text, others) if others else SearchResults(groups)
