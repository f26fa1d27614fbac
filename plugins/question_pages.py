"""The page of a question: its figure, the choices, the rows that it shows, where the files are.

Datasette's own view makes every cell of all rows before a template shows a hundred of them; beside
readers' endless SQL that takes longer than a page may.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from markupsafe import Markup

from census.framing import CACHE, VIEW
from census.questions import Question
from census.site import DATABASE, complete_query, computed_once, short_query, site_of

ROOT = Path(__file__).resolve().parent.parent
# A page shows this many rows; the files have all of them.
ROWS_SHOWN = 100


def shown_rows(rows: list[Any], newest_last: bool) -> list[Any]:
    """Return the rows that a page shows: of a series the last, of anything else the first."""
    return rows[-ROWS_SHOWN:] if newest_last else rows[:ROWS_SHOWN]


async def table(datasette: Any, question: Question, values: dict[str, str]) -> dict[str, Any]:
    """Return the rows that a page shows as a table, and whether any of all rows is an estimate."""
    found = await datasette.execute(DATABASE, question.sql, values, truncate=False)
    series = question.over_time(values)
    context = {
        "question": question,
        "columns": found.columns,
        "count": len(found.rows),
        "shown": [dict(row) for row in shown_rows(found.rows, series)],
        "series": series,
    }
    estimated = "rests_on" in found.columns and any(
        row["rests_on"] == "estimated" for row in found.rows
    )
    rows = await datasette.render_template("_rows.html", context)
    return {"rows": Markup(rows), "estimated": estimated}  # noqa: S704


async def question_page(datasette: Any, request: Any) -> Any:
    """Answer the page of a question; plugins/pages.py and plugins/charts.py say what stands on it.

    Its values were checked before it is asked for; raises ParameterError where they were not.
    """
    question = site_of(datasette, ROOT).questions[request.url_vars["question"]]
    values, _ = complete_query(question, request.query_string)
    query = short_query(question, values)
    shown = await computed_once(
        datasette, f"rows {question.name}{query}", lambda: table(datasette, question, values)
    )
    address = datasette.urls.path(f"/{DATABASE}/{question.name}.json{query}")
    json = datasette.absolute_url(request, address)
    database = datasette.urls.database(DATABASE)
    context = {
        **shown,
        "alternate_url_json": json,
        "edit_sql_url": f"{database}?{urlencode({'sql': question.sql, **values})}",
    }
    body = await datasette.render_template("question.html", context, request, VIEW)
    link = f'<{json}>; rel="alternate"; type="application/json+datasette"'
    return Response.html(body, headers={"link": link, "cache-control": CACHE})


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """One address of the database a question; the others are Datasette's."""
    if DATABASE not in datasette.databases:
        return []
    names = "|".join(map(re.escape, site_of(datasette, ROOT).questions))
    return [(rf"^/{DATABASE}/(?P<question>{names})\Z", question_page)]
