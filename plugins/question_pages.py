"""The page of a question: its figure, the choices, the rows that it shows, where the files are.

Datasette's own view makes every cell of all rows before a template shows a hundred of them; beside
readers' endless SQL that takes longer than a page may.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl

from census.serving.framing import CACHE, VIEW
from census.site.site import DATABASE, checked_values, short_query, site_of


async def question_page(datasette: Any, request: Any) -> Any:
    """Answer the page of a question; plugins/pages.py and plugins/charts.py say what stands on it.

    Its values were checked before it is asked for; raises ParameterError where they were not.
    """
    question = site_of(datasette).questions[request.url_vars["question"]]
    values = checked_values(request.scope, question)
    query = short_query(question, values)
    results = await datasette.execute(DATABASE, question.sql, values, truncate=False)
    address = datasette.urls.path(f"/{DATABASE}/{question.name}.json{query}")
    json = datasette.absolute_url(request, address)
    database = datasette.urls.database(DATABASE)
    context = {
        "rows": [dict(row) for row in results.rows],
        "columns": results.columns,
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
    names = "|".join(map(re.escape, site_of(datasette).questions))
    return [(rf"^/{DATABASE}/(?P<question>{names})\Z", question_page)]
