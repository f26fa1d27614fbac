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
    reason_not_to_quote,
    row_words,
    sentence,
    value_columns,
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
    """The question of a link with its values and its rows of today."""

    question: Question
    values: dict[str, str]
    rows: list[dict[str, Any]]
    day: str


async def answer_question(
    datasette: Any, question: Question, choices: dict[str, str]
) -> AnsweredQuestion:
    """Return the question's rows of today; raises ParameterError."""
    values = validate(question, choices)
    rows = await statement_rows(datasette, question.sql, **values)
    return AnsweredQuestion(
        question, values, rows, day_of_question(question, values, site_of(datasette).context)
    )


def quotable_numbers(datasette: Any, answered: AnsweredQuestion) -> dict[str, Any]:
    """Return the numbers of a question with their links, the newest rows first."""
    site = site_of(datasette)
    question, values, rows = answered.question, answered.values, answered.rows
    keys = key_columns(question, rows)
    columns = value_columns(rows, keys)
    series = question.over_time(values)
    rows_shown = rows[-SHOWN:] if series else rows[:SHOWN]
    return {
        "columns": columns,
        "all_rows": len(rows),
        "numbers": [
            {
                "row": row_words(row, keys, site.context, values),
                "refused": reason_not_to_quote(question, row),
                "values": [
                    {
                        "said": in_words(column, "" if row[column] is None else str(row[column])),
                        "link": link(
                            question, values, quote_of(row, keys, column, answered.day, site.hash)
                        ),
                    }
                    for column in columns
                ],
            }
            for row in rows_shown
        ],
    }


def quote_status(
    datasette: Any, request: Any, answered: AnsweredQuestion, quote: Quote
) -> dict[str, Any]:
    """Return the present state of a quoted number, and a sentence where it may be quoted."""
    site = site_of(datasette)
    question, values = answered.question, answered.values
    row = find_row(answered.rows, quote)
    verdict = compare(quote, row, answered.day, site.hash)
    status: dict[str, Any] = {
        "state": verdict.state,
        "said": verdict.said,
        "column": quote.column,
        "was": quote.was,
        "was_through": quote.day,
        "was_database": quote.hash,
        "is": row[quote.column] if row else None,
        "is_through": answered.day,
        "is_database": site.hash,
        "row": quote.row,
        "meaning": question.columns.get(quote.column, ""),
        "refused": "",
        "sentence": "",
    }
    if row is None:
        return status
    keys = key_columns(question, answered.rows)
    status["which"] = row_words(row, keys, site.context, values)
    status["now_in_words"] = in_words(
        quote.column, "" if status["is"] is None else str(status["is"])
    )
    status["refused"] = reason_not_to_quote(question, row)
    if not status["refused"]:
        status["sentence"] = sentence(
            question, values, row, keys, quote.column, answered.day, site.context
        )
    present_link = link(
        question, values, quote_of(row, keys, quote.column, answered.day, site.hash)
    )
    status["permanent"] = absolute_address(datasette, request, present_link)
    cited = cite_question(question, values, answered.day, status["permanent"], site.hash)
    status["citation"] = {
        "text": citation_text(cited), "bibtex": as_bibtex(cited), "csl": as_csl(cited),
    }  # fmt: skip
    return status


async def quote_page(datasette: Any, request: Any) -> Any:
    """Answer a quoted number, or the list of numbers that can be quoted, as page or JSON."""
    site = site_of(datasette) if DATABASE in datasette.databases else None
    question = site.questions.get(request.url_vars["name"]) if site else None
    if question is None:
        raise NotFound(
            "There is no such question, or it no longer exists" if site else "There is no database"
        )
    as_json = bool(request.url_vars["json"])
    try:
        values, others = given_values(request.query_string)
        answered = await answer_question(datasette, question, values)
    except ParameterError as error:
        reason = f"The question cannot be asked like this, or no longer: {error}"
        if as_json:
            return Response.json({"ok": False, "error": reason}, status=400)
        return await page_response(
            datasette,
            request,
            "error.html",
            {"title": "Wrong parameter", "error": reason, "status": 400},
            status=400,
        )
    quote = read_quote(others)
    content = (
        quotable_numbers(datasette, answered)
        if quote is None
        else quote_status(datasette, request, answered, quote)
    )
    if as_json:
        headers = {"access-control-allow-origin": "*", "cache-control": "public, max-age=300"}
        return Response.json({"ok": True, "question": question.name, **content}, headers=headers)
    context = {
        "question": question,
        "scope_words": question.counted_words(answered.values),
        "address": f"/{DATABASE}/{question.name}{short_query(question, answered.values)}",
        "numbers_address": f"{PREFIX}/{question.name}{short_query(question, answered.values)}",
        "quoted": quote is not None,
        "found": content,
    }
    return await page_response(datasette, request, "quote.html", context)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address for all numbers of a question."""
    return [(rf"^{PREFIX}/(?P<name>[a-z][a-z0-9_]*)(?P<json>\.json)?\Z", quote_page)]
