"""Quote this number: /-/quote/NAME lists a question's numbers, each with a permanent link."""

from __future__ import annotations

from typing import Any, NamedTuple

from datasette import NotFound, Response, hookimpl

from census.pages.chart_files import day_of_question
from census.pages.citations import as_bibtex, as_csl, cite_question
from census.pages.citations import as_text as citation_text
from census.pages.quotes import (
    PREFIX,
    Quote,
    compare,
    find_row,
    in_words,
    key_columns,
    link,
    quote_of,
    read_quote,
    row_words,
    sentence,
    value_columns,
    why_not,
)
from census.questions.parameters import ParameterError
from census.questions.question_files import Question, validate
from census.serving.framing import page_response
from census.site.base_path import absolute_address
from census.site.queries import statement_rows
from census.site.site import DATABASE, given_values, short_query, site_of

# Rows that the list of a question's numbers shows.
SHOWN = 100


class AnsweredQuestion(NamedTuple):
    """A question as a link asks it, answered today."""

    question: Question
    values: dict[str, str]
    rows: list[dict[str, Any]]
    day: str


async def answer_question(
    datasette: Any, question: Question, given: dict[str, str]
) -> AnsweredQuestion:
    """Return the question's rows of today; raises ParameterError."""
    values = validate(question, given)
    rows = await statement_rows(datasette, question.sql, **values)
    return AnsweredQuestion(
        question, values, rows, day_of_question(question, values, site_of(datasette).context)
    )


def quotable_numbers(datasette: Any, asked: AnsweredQuestion) -> dict[str, Any]:
    """Return the numbers of a question with their links, the newest rows first."""
    site = site_of(datasette)
    question, values, rows = asked.question, asked.values, asked.rows
    keys = key_columns(question, rows)
    columns = value_columns(rows, keys)
    series = question.over_time(values)
    shown = rows[-SHOWN:] if series else rows[:SHOWN]
    return {
        "columns": columns,
        "all_rows": len(rows),
        "numbers": [
            {
                "row": row_words(row, keys, site.context, values),
                "refused": why_not(question, row),
                "values": [
                    {
                        "said": in_words(column, "" if row[column] is None else str(row[column])),
                        "link": link(
                            question, values, quote_of(row, keys, column, asked.day, site.hash)
                        ),
                    }
                    for column in columns
                ],
            }
            for row in shown
        ],
    }


def quote_status(
    datasette: Any, request: Any, asked: AnsweredQuestion, quote: Quote
) -> dict[str, Any]:
    """Return what became of a quoted number, and a sentence of today where it may be quoted."""
    site = site_of(datasette)
    question, values = asked.question, asked.values
    row = find_row(asked.rows, quote)
    verdict = compare(quote, row, asked.day, site.hash)
    found: dict[str, Any] = {
        "state": verdict.state,
        "said": verdict.said,
        "column": quote.column,
        "was": quote.was,
        "was_through": quote.day,
        "was_database": quote.hash,
        "is": row[quote.column] if row else None,
        "is_through": asked.day,
        "is_database": site.hash,
        "row": quote.row,
        "meaning": question.columns.get(quote.column, ""),
        "refused": "",
        "sentence": "",
    }
    if row is None:
        return found
    keys = key_columns(question, asked.rows)
    found["which"] = row_words(row, keys, site.context, values)
    found["now_in_words"] = in_words(quote.column, "" if found["is"] is None else str(found["is"]))
    found["refused"] = why_not(question, row)
    if not found["refused"]:
        found["sentence"] = sentence(
            question, values, row, keys, quote.column, asked.day, site.context
        )
    now = link(question, values, quote_of(row, keys, quote.column, asked.day, site.hash))
    found["permanent"] = absolute_address(datasette, request, now)
    cited = cite_question(question, values, asked.day, found["permanent"], site.hash)
    found["citation"] = {
        "text": citation_text(cited), "bibtex": as_bibtex(cited), "csl": as_csl(cited),
    }  # fmt: skip
    return found


async def quote_page(datasette: Any, request: Any) -> Any:
    """Answer a quoted number, or the list of numbers that can be quoted, as page or JSON."""
    site = site_of(datasette) if DATABASE in datasette.databases else None
    question = site.questions.get(request.url_vars["name"]) if site else None
    if question is None:
        raise NotFound("There is no such question any more" if site else "There is no database")
    as_json = bool(request.url_vars["json"])
    try:
        given, others = given_values(request.query_string)
        asked = await answer_question(datasette, question, given)
    except ParameterError as error:
        reason = f"The question cannot be asked like this (any more): {error}"
        if as_json:
            return Response.json({"ok": False, "error": reason}, status=400)
        return await page_response(
            datasette,
            request,
            "error.html",
            {"title": "Not to be asked like this", "error": reason, "status": 400},
            status=400,
        )
    quote = read_quote(others)
    found = (
        quotable_numbers(datasette, asked)
        if quote is None
        else quote_status(datasette, request, asked, quote)
    )
    if as_json:
        headers = {"access-control-allow-origin": "*", "cache-control": "public, max-age=300"}
        return Response.json({"ok": True, "question": question.name, **found}, headers=headers)
    context = {
        "question": question,
        "scope_words": question.counted_words(asked.values),
        "address": f"/{DATABASE}/{question.name}{short_query(question, asked.values)}",
        "numbers_address": f"{PREFIX}/{question.name}{short_query(question, asked.values)}",
        "quoted": quote is not None,
        "found": found,
    }
    return await page_response(datasette, request, "quote.html", context)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address for all numbers of a question."""
    return [(rf"^{PREFIX}/(?P<name>[a-z][a-z0-9_]*)(?P<json>\.json)?\Z", quote_page)]
