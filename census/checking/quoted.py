"""The permanent link to the census's figure beside a checked one, where a question has it."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from census.base import speech
from census.checking.asked import Asked
from census.checking.measured import Measured
from census.pages.chart_files import day_of_question
from census.pages.profile_rows import answer
from census.pages.quotes import key_columns, link, quote_of, why_not
from census.questions.question_files import validate
from census.site.site import Site


class Place(NamedTuple):
    """Where a question has a figure: its name, parameters, the row and the column."""

    question: str
    values: dict[str, str]
    row: dict[str, Any]
    column: str


def quote_link(
    connection: sqlite3.Connection, site: Site, asked: Asked, ours: Measured | None
) -> str | None:
    """Return the path of the permanent link to our figure, None where it is not to be quoted."""
    said = ours is not None and speech.may_say(ours.value, asked.share, ours.month)
    place = _place(asked, ours) if ours is not None and said else None
    if place is None or place.question not in site.questions:
        return None
    question = site.questions[place.question]
    rows = answer(connection, site.questions, place.question, **place.values)
    found = [row for row in rows if all(row[name] == value for name, value in place.row.items())]
    if len(found) != 1 or why_not(question, found[0]):
        return None
    values = validate(question, place.values)
    day = day_of_question(question, values, site.context)
    quote = quote_of(found[0], key_columns(question, rows), place.column, day, site.hash)
    return link(question, values, quote)


def _place(asked: Asked, ours: Measured) -> Place | None:
    scope, row = {"scope": asked.scope}, {"through": ours.through}
    months = {"since": ours.month, "until": ours.month}
    if asked.dimension == "model":
        column = {"cumulative": "downloads", "monthly": "in_month"}.get(asked.measure)
        return Place("model_curve", {"model": asked.key}, row, column) if column else None
    if asked.measure in ("rank", "models"):
        return None
    if asked.measure in ("recent", "share_recent"):
        if asked.dimension not in ("country", "lab"):
            return None
        values = {**scope, "measure": "recent", "on": ours.through}
        if asked.dimension == "lab":
            values["limit"] = "5000"
        column = "share_pct" if asked.share else "downloads"
        question = f"ranking_by_{asked.dimension}"
        return Place(question, values, {asked.dimension: asked.key}, column)
    if asked.dimension == "country" and asked.share:
        series = "monthly" if asked.measure == "share_monthly" else "cumulative"
        values = {**scope, **months, "measure": series}
        return Place("share_by_country", values, {**row, "country": asked.key}, "share_pct")
    if asked.dimension == "region":
        if asked.measure not in ("cumulative", "monthly"):
            return None
        values = {**scope, **months, "dimension": "region"}
        named = f"{asked.measure}_downloads"
        return Place(named, values, {**row, "key": asked.key}, "downloads")
    column = {"cumulative": "downloads", "monthly": "in_month", "share": "share_pct"}.get(
        asked.measure, ""
    )
    values = {**scope, **months, asked.dimension: asked.key}
    return Place(f"{asked.dimension}_history", values, row, column) if column else None
