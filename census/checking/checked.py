"""One check from end to end: what is asked, our figure, the verdict, slips, what it resembles."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from typing import Any

from census.base import speech
from census.checking.asked import (
    DIMENSIONS,
    MEASURES,
    NAMES,
    SCOPES,
    Asked,
    read_asked,
)
from census.checking.beside import beside, claim_of, figure_of
from census.checking.measured import Measured, measure
from census.checking.quoted import quote_link
from census.checking.slips import likely_slips
from census.checking.verdicts import MATCH, MISMATCH, UNDECIDED, judge
from census.checking.words import MAKERS, ours_words, printable
from census.questions.parameters import ParameterError
from census.site.site import Site

# A figure or a claim of data/ can be asked by its name instead.
KNOWN = ("figure", "claim")
# The scoreboard's verdicts and those on claims, as a check says them.
AS_CHECK = {
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


def check(connection: sqlite3.Connection, site: Site, given: Mapping[str, str]) -> dict[str, Any]:
    """Return everything that the census says of a figure; raises ParameterError."""
    for name in KNOWN:
        if given.get(name):
            if others := [other for other in given if other != name and given[other]]:
                raise ParameterError(others[0], given[others[0]], [name], unknown=True)
            return _known(connection, name, given[name])
    asked = read_asked(connection, site.context, {k: v for k, v in given.items() if k not in KNOWN})
    ours = measure(connection, asked)
    through = site.context.last_day({"scope": asked.scope})
    verdict = judge(asked, ours, through)
    stands = beside(connection, asked)
    sentence = printable(asked, ours, verdict, through)
    return {
        "asked": {
            **{name: getattr(asked, name) for name in NAMES if name != "value"},
            "label": asked.label,
            "value": asked.written.value,
            "rounding": asked.written.half,
            "written": asked.text,
        },
        "verdict": verdict.word,
        "reason": verdict.reason,
        "scoreboard": stands.scoreboard,
        "sentence": sentence,
        "ours": _ours(asked, ours),
        "slips": [slip._asdict() for slip in likely_slips(connection, asked)]
        if verdict.word in (MISMATCH, UNDECIDED)
        else [],
        "caution": MAKERS if asked.dimension in ("country", "region") else "",
        "resembles": stands.figures,
        "claims": stands.claims,
        "vintages": stands.vintages,
        "quote": quote_link(connection, site, asked, ours),
        "through": through,
    }


def _ours(asked: Asked, ours: Measured | None) -> dict[str, Any] | None:
    """Return our figure with its bounds; the middle only where the rules of speech allow it."""
    if ours is None:
        return None
    value = ours.value
    said = speech.may_say(value, asked.share or asked.measure == "rank", ours.month)
    return {
        "value": value.middle if said else None,
        "likely_low": value.low if value.likely else None,
        "likely_high": value.high if value.likely else None,
        "low": ours.low,
        "high": None if math.isinf(ours.high) else ours.high,
        "counted": value.counted,
        "covered_pct": ours.covered_pct,
        "p_place": ours.place_p,
        "through": ours.through,
        "said": ours_words(asked, ours),
    }


def _known(connection: sqlite3.Connection, kind: str, name: str) -> dict[str, Any]:
    """Return the verdict of the scoreboard or the fact-check on a figure or claim of data/."""
    found = (figure_of if kind == "figure" else claim_of)(connection, name)
    if found is None:
        table = "published_figures" if kind == "figure" else "press_claims"
        raise ParameterError(kind, name, [f"a {kind} of the table {table}"])
    verdicts = {AS_CHECK.get(one, UNDECIDED) for one in found["verdict"].split("; ")}
    return {
        "known": found,
        "verdict": verdicts.pop() if len(verdicts) == 1 else UNDECIDED,
        "scoreboard": found["verdict"],
        "reason": found.get("reason") or found.get("evidence"),
    }
