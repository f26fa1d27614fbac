"""/-/number and /-/number.json: the number of the day, as an embed and for programs."""

from __future__ import annotations

from typing import Any

from datasette import NotFound, Response, hookimpl

from census.pages.number_of_day import QUESTION, NumberOfDay, as_json, number_of_day
from census.questions.parameters import ParameterError
from census.serving.embeds import iframe_code
from census.serving.framing import EMBED_POLICY, page_response
from census.site.base_path import site_address
from census.site.queries import question_rows
from census.site.site import DATABASE, site_of

TITLE = "Open Model Census: the number of the day"
HEIGHT = 190
THEMES = ("auto", "light", "dark")
OPEN = {"access-control-allow-origin": "*", "cache-control": "public, max-age=3600"}


async def number(datasette: Any) -> NumberOfDay:
    """Return the number of the day; raises NotFound where there is none."""
    if DATABASE not in datasette.databases:
        raise NotFound("There is no database")
    site = site_of(datasette)
    ranking = await question_rows(datasette, QUESTION)
    leader = number_of_day(site.questions[QUESTION], ranking, site.context, site.hash)
    if leader is None:
        raise NotFound("No country has counted downloads yet")
    return leader


async def number_json(datasette: Any, request: Any) -> Any:
    """Answer the number for programs."""
    base = site_address(datasette, request)
    frame = iframe_code(f"{base}/-/number", TITLE, "420", HEIGHT)
    return Response.json(as_json(await number(datasette), base, frame), headers=OPEN)


async def number_embed(datasette: Any, request: Any) -> Any:
    """Answer the number alone, for any page to frame; raises ParameterError."""
    theme = request.args.get("_theme") or THEMES[0]
    if theme not in THEMES:
        raise ParameterError("_theme", theme, THEMES)
    context = {"number": await number(datasette), "theme": theme}
    return await page_response(datasette, request, "number.html", context, policy=EMBED_POLICY)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Two addresses."""
    return [(r"^/-/number\Z", number_embed), (r"^/-/number\.json\Z", number_json)]
