"""The permanent link to the census's figure beside a checked one, where a question has it."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from census.base import speech
from census.checking.census_figure import CensusFigure
from census.checking.figure_to_check import FigureToCheck
from census.pages.chart_files import day_of_question
from census.pages.profile_rows import answer
from census.pages.quotes import key_columns, link, quote_of, reason_not_to_quote
from census.questions.question_files import validate
from census.site.site import Site


class Place(NamedTuple):
    """Where a question has a figure: its name, parameters, the row and the column."""

    question: str
    values: dict[str, str]
    row: dict[str, Any]
    column: str


def quote_link(
    connection: sqlite3.Connection, site: Site, figure: FigureToCheck, ours: CensusFigure | None
) -> str | None:
    """Return the path of the permanent link to our figure, None where it is not to be quoted."""
    quotable = ours is not None and speech.may_say(ours.value, figure.share, ours.month)
    place = _find_place(figure, ours) if ours is not None and quotable else None
    if place is None or place.question not in site.questions:
        return None
    question = site.questions[place.question]
    rows = answer(connection, site.questions, place.question, **place.values)
    matching = [row for row in rows if all(row[name] == value for name, value in place.row.items())]
    if len(matching) != 1 or reason_not_to_quote(question, matching[0]):
        return None
    values = validate(question, place.values)
    day = day_of_question(question, values, site.context)
    quote = quote_of(matching[0], key_columns(question, rows), place.column, day, site.hash)
    return link(question, values, quote)


def _find_place(figure: FigureToCheck, ours: CensusFigure) -> Place | None:
    scope, row = {"scope": figure.scope}, {"through": ours.through}
    months = {"since": ours.month, "until": ours.month}
    if figure.dimension == "model":
        column = {"cumulative": "downloads", "monthly": "in_month"}.get(figure.measure)
        return Place("model_curve", {"model": figure.key}, row, column) if column else None
    if figure.measure in ("rank", "models"):
        return None
    if figure.measure in ("recent", "share_recent"):
        if figure.dimension not in ("country", "lab"):
            return None
        values = {**scope, "measure": "recent", "on": ours.through}
        if figure.dimension == "lab":
            values["limit"] = "5000"
        column = "share_pct" if figure.share else "downloads"
        question = f"ranking_by_{figure.dimension}"
        return Place(question, values, {figure.dimension: figure.key}, column)
    if figure.dimension == "country" and figure.share:
        series = "monthly" if figure.measure == "share_monthly" else "cumulative"
        values = {**scope, **months, "measure": series}
        return Place("share_by_country", values, {**row, "country": figure.key}, "share_pct")
    if figure.dimension == "region":
        if figure.measure not in ("cumulative", "monthly"):
            return None
        values = {**scope, **months, "dimension": "region"}
        name = f"{figure.measure}_downloads"
        return Place(name, values, {**row, "key": figure.key}, "downloads")
    column = {"cumulative": "downloads", "monthly": "in_month", "share": "share_pct"}.get(
        figure.measure, ""
    )
    values = {**scope, **months, figure.dimension: figure.key}
    return Place(f"{figure.dimension}_history", values, row, column) if column else None
