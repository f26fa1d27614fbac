"""/check and /check.json: is this figure right?"""

from __future__ import annotations

from typing import Any

from datasette import NotFound, Response, hookimpl

from census.checking.check import LISTED, check, choices
from census.checking.figure_to_check import DEFAULTS, DIMENSIONS, MEASURES, NAMES
from census.questions.parameters import ParameterError
from census.requests.refusals import refused_parameter
from census.serving.framing import page_response
from census.site.queries import statement_rows
from census.site.site import DATABASE, given_values, site_of

OPEN = {"access-control-allow-origin": "*", "cache-control": "public, max-age=300"}
OFFERED = """
select code as key, name from countries where code in (select country from models)
union all
select id as key, name from labs where id in (select lab from models where in_frontier = 1)
order by name
limit 300
"""


async def requested_check(datasette: Any, request: Any) -> dict[str, Any] | None:
    """Return the check that an address asks for, None where it asks for none."""
    values, _ = given_values(request.query_string)
    if not any(values.get(name) for name in ("key", "value", *LISTED)):
        return None
    site = site_of(datasette)
    result: dict[str, Any] = await datasette.get_database(DATABASE).execute_fn(
        lambda connection: check(connection, site, values)
    )
    return result


def check_description() -> dict[str, Any]:
    """Return the parameters of a check, for programs that ask without any."""
    return {
        "ok": True,
        "parameters": [*NAMES, *LISTED],
        "defaults": DEFAULTS,
        "choices": choices(),
        "example": "/check.json?key=CN&measure=share&on=2026-03&value=56.5%25",
    }


async def check_json(datasette: Any, request: Any) -> Any:
    """Answer a check for programs; raises ParameterError."""
    result = await requested_check(datasette, request)
    return Response.json(
        check_description() if result is None else {"ok": True, **result}, headers=OPEN
    )


async def check_page(datasette: Any, request: Any) -> Any:
    """Answer the form, with the check or with what is wrong in what was asked."""
    if DATABASE not in datasette.databases:
        raise NotFound("There is no database")
    error, result = "", None
    try:
        result = await requested_check(datasette, request)
    except ParameterError as problem:
        error = str(refused_parameter(problem))
    scopes = site_of(datasette).questions["ranking_by_country"].parameter("scope").choices
    context = {
        "found": result,
        "error": error,
        "given": {**DEFAULTS, **{name: request.args[name] for name in request.args}},
        "dimensions": DIMENSIONS,
        "measures": MEASURES,
        "scopes": scopes,
        "offered": await statement_rows(datasette, OFFERED),
        "json_address": f"/check.json?{request.query_string}",
    }
    return await page_response(
        datasette, request, "check.html", context, status=400 if error else 200
    )


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """A page and its JSON."""
    return [(r"^/check\Z", check_page), (r"^/check\.json\Z", check_json)]
