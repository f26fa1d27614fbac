"""Asking the served database: by question or by statement, rows as dictionaries."""

from __future__ import annotations

from typing import Any

from census.pages.search_meanings import Vocabulary, read_vocabulary
from census.questions.question_files import validate
from census.site.site import DATABASE, read_once, site_of

NOTICES = "select text from notices where place = :place and until is null order by id"


async def question_rows(datasette: Any, name: str, /, **choices: str) -> list[dict[str, Any]]:
    """Return the rows of a question for some choices, the others being its defaults."""
    question = site_of(datasette).questions[name]
    return await statement_rows(datasette, question.sql, **validate(question, choices))


async def statement_rows(datasette: Any, sql: str, /, **values: Any) -> list[dict[str, Any]]:
    """Return the rows of a statement, all of them."""
    results = await datasette.execute(DATABASE, sql, values, truncate=False)
    return [dict(row) for row in results.rows]


async def notices(datasette: Any, place: str) -> list[dict[str, Any]]:
    """Return the notices that stand in a place."""
    return await statement_rows(datasette, NOTICES, place=place)


async def vocabulary_of(datasette: Any) -> Vocabulary:
    """Return the words of all names, read once."""
    site = site_of(datasette)

    async def read() -> Vocabulary:
        database = datasette.get_database(DATABASE)
        words: Vocabulary = await database.execute_fn(
            lambda connection: read_vocabulary(connection, site.questions)
        )
        return words

    vocabulary: Vocabulary = await read_once(datasette, "vocabulary", read)
    return vocabulary
