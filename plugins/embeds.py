"""/-/embed/NAME, /-/oembed and what a chart's page says for sharing it."""

from __future__ import annotations

from typing import Any

from datasette import NotFound, Response, hookimpl

from census.base.numbers import day_words
from census.questions.parameters import ParameterError
from census.questions.question_files import Question
from census.serving.embeds import (
    Share,
    charted_address,
    make_share,
    oembed_answer,
    without_looks,
)
from census.serving.figures import figure_of_query
from census.serving.framing import EMBED_POLICY, page_response
from census.serving.picture_sizes import sizes_of
from census.site.base_path import site_address
from census.site.site import complete_query, short_query, site_of

THEMES = ("auto", "light", "dark")
OPEN = {"access-control-allow-origin": "*", "cache-control": "public, max-age=3600"}


async def embed(datasette: Any, request: Any) -> Any:
    """Answer a chart alone, for any page to frame; raises NotFound and ParameterError."""
    site = site_of(datasette)
    question = site.questions.get(request.url_vars["name"])
    if question is None or question.chart is None:
        raise NotFound("There is no question of this name with a chart")
    theme = request.args.get("_theme") or THEMES[0]
    if theme not in THEMES:
        raise ParameterError("_theme", theme, THEMES)
    query = without_looks(request.query_string)
    values, _ = complete_query(question, query)
    figure = await figure_of_query(datasette, question, query)
    through = site.context.last_day(values)
    counted = site.context.of_channel(question.channel, values)
    day = through if question.reads_series else counted.last_observation
    context = {
        "figure": figure,
        "name": question.name,
        "query": short_query(question, values),
        "theme": theme,
        "day": day_words(day) if day else "",
        "origin": site_address(datasette, request),
    }
    return await page_response(datasette, request, "embed.html", context, policy=EMBED_POLICY)


async def oembed(datasette: Any, request: Any) -> Any:
    """Answer how to show an address of ours elsewhere; 404 for others', 501 for XML."""
    if request.args.get("format", "json") != "json":
        return Response.json({"error": "only format=json is supported"}, status=501, headers=OPEN)
    site = site_of(datasette)
    origin = site_address(datasette, request)
    charted = charted_address(request.args.get("url") or "", origin, site.questions)
    if charted is None:
        refusal = {"error": "url is not the address of a chart on this site"}
        return Response.json(refusal, status=404, headers=OPEN)
    question, query_of_chart = charted
    query = without_looks(query_of_chart)
    try:
        values, _ = complete_query(question, query)
        figure = await figure_of_query(datasette, question, query)
        sizes = await sizes_of(datasette, question, values, figure)
        changed = short_query(question, values)
        share = make_share(origin, question.name, changed, figure.title, figure.alt, sizes)
        limits = request.args.get("maxwidth"), request.args.get("maxheight")
        answer = oembed_answer(share, sizes, origin, *limits)
    except (ParameterError, ValueError) as error:
        return Response.json({"error": str(error)}, status=400, headers=OPEN)
    return Response.json(answer, headers=OPEN)


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """Give every page its own address, and the page of a chart what its reader copies."""
    if request is None:
        return {}
    origin = site_address(datasette, request)

    def share_of(question: Question, chart: dict[str, Any]) -> Share:
        """Return how to show the chart of a page elsewhere."""
        words = chart["title"], chart["alt"]
        return make_share(origin, question.name, chart["query"], *words, chart["sizes"])

    return {"site_origin": origin, "share_of": share_of}


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Addresses that other sites use."""
    return [(r"^/-/embed/(?P<name>[a-z][a-z0-9_]*)\Z", embed), (r"^/-/oembed\Z", oembed)]
