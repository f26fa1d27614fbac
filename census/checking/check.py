"""One check from end to end: the figure, ours, the verdict, likely slips, similar figures."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from typing import Any

from census.base import speech
from census.checking.census_figure import CensusFigure, measure
from census.checking.figure_to_check import (
    DIMENSIONS,
    MEASURES,
    NAMES,
    SCOPES,
    FigureToCheck,
    read_figure,
)
from census.checking.permanent_link import quote_link
from census.checking.sentences import MAKERS, census_words, printable
from census.checking.similar_figures import find_similar, press_claim, published_figure
from census.checking.slips import likely_slips
from census.checking.verdicts import MATCH, MISMATCH, UNDECIDED, judge
from census.questions.parameters import ParameterError
from census.site.site import Site

# A figure or a claim of data/ can be asked by its name instead.
LISTED = ("figure", "claim")
# The scoreboard's verdicts and those on claims, as a check says them.
WORD_OF_VERDICT = {
    "agrees": MATCH,
    "the same list": MATCH,
    "differs": MISMATCH,
    "true": MATCH,
    "very likely true": MATCH,
    "false": MISMATCH,
    "very likely false": MISMATCH,
}


def choices() -> dict[str, list[str]]:
    """Return the values that a check takes where there is a list of them."""
    return {"dimension": list(DIMENSIONS), "measure": list(MEASURES), "scope": list(SCOPES)}


def check(connection: sqlite3.Connection, site: Site, values: Mapping[str, str]) -> dict[str, Any]:
    """Return everything that the census says of a figure; raises ParameterError."""
    for name in LISTED:
        if values.get(name):
            if others := [other for other in values if other != name and values[other]]:
                raise ParameterError(others[0], values[others[0]], [name], unknown=True)
            return _check_listed(connection, name, values[name])
    figure = read_figure(
        connection, site.context, {k: v for k, v in values.items() if k not in LISTED}
    )
    ours = measure(connection, figure)
    through = site.context.last_day({"scope": figure.scope})
    verdict = judge(figure, ours, through)
    similar = find_similar(connection, figure)
    sentence = printable(figure, ours, verdict, through)
    return {
        "asked": {
            **{name: getattr(figure, name) for name in NAMES if name != "value"},
            "label": figure.label,
            "value": figure.written.value,
            "rounding": figure.written.half,
            "written": figure.text,
        },
        "verdict": verdict.word,
        "reason": verdict.reason,
        "scoreboard": similar.scoreboard,
        "sentence": sentence,
        "ours": _figure_row(figure, ours),
        "slips": [slip._asdict() for slip in likely_slips(connection, figure)]
        if verdict.word in (MISMATCH, UNDECIDED)
        else [],
        "caution": MAKERS if figure.dimension in ("country", "region") else "",
        "resembles": similar.figures,
        "claims": similar.claims,
        "vintages": similar.vintages,
        "quote": quote_link(connection, site, figure, ours),
        "through": through,
    }


def _figure_row(figure: FigureToCheck, ours: CensusFigure | None) -> dict[str, Any] | None:
    """Return our figure with its bounds; the middle only where the rules of speech allow it."""
    if ours is None:
        return None
    value = ours.value
    quotable = speech.may_say(value, figure.share or figure.measure == "rank", ours.month)
    return {
        "value": value.middle if quotable else None,
        "likely_low": value.low if value.likely else None,
        "likely_high": value.high if value.likely else None,
        "low": ours.low,
        "high": None if math.isinf(ours.high) else ours.high,
        "counted": value.counted,
        "covered_pct": ours.covered_pct,
        "p_place": ours.place_p,
        "through": ours.through,
        "said": census_words(figure, ours),
    }


def _check_listed(connection: sqlite3.Connection, kind: str, name: str) -> dict[str, Any]:
    """Return the verdict of the scoreboard or the fact-check on a figure or claim of data/."""
    row = (published_figure if kind == "figure" else press_claim)(connection, name)
    if row is None:
        table = "published_figures" if kind == "figure" else "press_claims"
        raise ParameterError(kind, name, [f"a {kind} of the table {table}"])
    verdicts = {WORD_OF_VERDICT.get(verdict, UNDECIDED) for verdict in row["verdict"].split("; ")}
    return {
        "known": row,
        "verdict": verdicts.pop() if len(verdicts) == 1 else UNDECIDED,
        "scoreboard": row["verdict"],
        "reason": row.get("reason") or row.get("evidence"),
    }
