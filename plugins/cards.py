"""/-/card/NAME.png and /-/card/KIND/KEY.png: pictures for links to charts and profiles."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlencode

from datasette import NotFound, Response, hookimpl

from census.charts.cards import ON_THE_HUB, card_text, counted_words
from census.charts.figures import Figure
from census.charts.render import render
from census.pages.profiles import HISTORIES, KINDS, Profile, ProfileSource, find_profile
from census.serving.chart_workers import run_in_worker
from census.serving.figures import figure_of_query
from census.site.site import DATABASE, site_of

HEADERS = {"cache-control": "public, max-age=3600"}


async def card(
    datasette: Any, figure: Figure, title: str, through: str, counted: str = ON_THE_HUB
) -> Any:
    """Answer a card, drawn by another process."""
    spec = card_text(figure, title, through, counted)
    body = await run_in_worker(datasette, render, spec, "png", title, figure.alt)
    return Response(body, headers=HEADERS, content_type="image/png")


def last_day(datasette: Any, scope: str) -> str:
    """Return the day up to which a scope is counted."""
    context = site_of(datasette).context
    return context.through.get(scope, context.data_through)


async def chart_card(datasette: Any, request: Any) -> Any:
    """Answer the card of a question's chart; raises NotFound without one, and ParameterError."""
    site = site_of(datasette)
    question = site.questions.get(request.url_vars["name"])
    if question is None or question.chart is None:
        raise NotFound("There is no question of this name with a chart")
    figure = await figure_of_query(datasette, question, request.query_string)
    through = last_day(datasette, request.args.get("scope") or "frontier")
    if not question.reads_series:
        query_values = {name: request.args[name] for name in request.args}
        values = {**question.defaults(), **query_values}
        through = site.context.of_channel(question.channel, values).last_observation
    counted = counted_words(site.context, question.channel)
    return await card(datasette, figure, figure.title, through, counted)


async def profile_card(datasette: Any, request: Any) -> Any:
    """Answer the card of a country, lab, model or family; 404 for a name that is not there."""
    site = site_of(datasette)
    kind, key = request.url_vars["kind"], unquote(request.url_vars["key"])

    def read(connection: Any) -> Profile | str | None:
        """Read the page in a thread of Datasette's."""
        return find_profile(ProfileSource(connection, site.questions, site.context), kind, key)

    profile = await datasette.get_database(DATABASE).execute_fn(read)
    if not isinstance(profile, Profile):
        raise NotFound("There is no such page")
    question, parameter = HISTORIES[kind]
    query = urlencode({parameter: profile.key}) if profile.shown["history"] else ""
    figure = await figure_of_query(datasette, site.questions[question], query)
    if not profile.shown["history"]:
        figure = Figure(**{**figure.__dict__, "points": (), "keys": ()})
    return await card(datasette, figure, profile.name, last_day(datasette, "frontier"))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Cards beside the pages that they stand for."""
    return [
        (r"^/-/card/(?P<name>[a-z][a-z0-9_]*)\.png\Z", chart_card),
        (rf"^/-/card/(?P<kind>{'|'.join(KINDS)})/(?P<key>[^?]+)\.png\Z", profile_card),
    ]
