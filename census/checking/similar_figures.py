"""Published figures and press claims like one to check, and what the census itself recorded."""

from __future__ import annotations

import re
import sqlite3
from typing import Any, NamedTuple

from census.base.databases import select_rows
from census.checking.figure_to_check import FigureToCheck
from census.checking.written_numbers import WrittenNumber, parse_written

# A published figure this near is the same one, retold.
SAME_PART = 0.005
MOST = 5
FIGURES = """
select
    f.figure,
    f.publisher,
    f.what,
    f.value,
    f.unit,
    f.as_of,
    coalesce(f.dimension, s.dimension) as dimension,
    coalesce(f.key, s.key) as key,
    f.source_title,
    f.source_url,
    s.scope,
    s.month,
    s.measure as "check",
    s.verdict,
    s.reason
from published_figures as f
inner join scoreboard as s on f.figure = s.figure
"""
CLAIMS = """
select
    c.claim_id,
    c.claim,
    c.claimant,
    c.published,
    c.source_url,
    group_concat(k.verdict, '; ') as verdict,
    group_concat(k.evidence, ' ') as evidence
from press_claims as c
inner join fact_checks as k on c.claim_id = k.claim_id
"""
ALL_CLAIMS = f"{CLAIMS} group by c.claim_id order by c.published desc, c.claim_id"
ONE_CLAIM = f"{CLAIMS} where c.claim_id = :id group by c.claim_id"
ONE_FIGURE = f"{FIGURES} where f.figure = :id"
VINTAGES = """
select
    v.day,
    v.recorded_on,
    v.through as ends_on,
    r.through,
    iif(:share, r.share_pct, r.downloads) as value,
    iif(:share, r.low_pct, r.low) as low,
    iif(:share, r.high_pct, r.high) as high,
    iif(:share, r.likely_low_pct, r.likely_low) as likely_low,
    iif(:share, r.likely_high_pct, r.likely_high) as likely_high
from recorded_vintages as v
inner join recorded_points as r on v.day = r.day
where
    r.dimension = :dimension
    and r.key = :key
    and r.month = :month
    and r.measure = :series
order by v.recorded_on asc, length(v.day) asc, v.day asc
"""
# Numbers of a claim's text with their units: 17.1 %, 700 million, 1,152.
NUMBERS = re.compile(
    r"[0-9][0-9,]*(?:\.[0-9]+)?\s*(?:%|per ?cent|percent|million|billion|thousand)?", re.IGNORECASE
)
SERIES = {
    "share": "cumulative",
    "cumulative": "cumulative",
    "share_monthly": "monthly",
    "monthly": "monthly",
}


class SimilarFigures(NamedTuple):
    """What is like a checked figure: published figures, press claims, our own recordings.

    `scoreboard` is the verdict on the very same figure: of this subject, this month, this value.
    """

    figures: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    vintages: list[dict[str, Any]]
    scoreboard: str | None


def find_similar(connection: sqlite3.Connection, figure: FigureToCheck) -> SimilarFigures:
    """Return the figures and claims like one to check, and what the census published before."""
    figures = _resembling(connection, figure)
    same = [row for row in figures if row["subject"] and row["month"] == figure.month]
    exact = [row for row in same if row["scope"] == figure.scope and row["check"] == figure.measure]
    return SimilarFigures(
        figures=figures,
        claims=_claims(connection, figure),
        vintages=_vintages(connection, figure),
        scoreboard=exact[0]["verdict"] if exact else None,
    )


def published_figure(connection: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    """Return a published figure with the scoreboard's verdict, None if there is none."""
    rows = select_rows(connection, ONE_FIGURE, {"id": name})
    return rows[0] if rows else None


def press_claim(connection: sqlite3.Connection, claim: str) -> dict[str, Any] | None:
    """Return a press claim with its verdict and evidence, None if there is none."""
    rows = select_rows(connection, ONE_CLAIM, {"id": claim})
    return rows[0] if rows else None


def _is_near(written: WrittenNumber, value: float) -> bool:
    return abs(written.value - value) <= max(written.half, SAME_PART * value)


def _unit_fits(figure: FigureToCheck, unit: str) -> bool:
    if figure.share:
        return unit.startswith("percent")
    if figure.measure == "models":
        return unit in ("models", "repos")
    return figure.measure != "rank" and unit.startswith("downloads")


def _resembling(connection: sqlite3.Connection, figure: FigureToCheck) -> list[dict[str, Any]]:
    """Return published figures of the same value and kind, those of the same subject first.

    A figure of another subject is left out, for an equal number alone says nothing. One without a
    subject in its columns is taken where its words name the subject.
    """
    similar = []
    for row in select_rows(connection, FIGURES, {}):
        if not _unit_fits(figure, row["unit"]) or not _is_near(figure.written, row["value"]):
            continue
        subject = (row["dimension"], row["key"]) == (figure.dimension, figure.key)
        # A lab and its family are often meant by one name.
        in_words = _names_subject(figure, f"{row['publisher']} {row['what']}")
        if subject or in_words or row["key"] == figure.key:
            month = bool(row["as_of"]) and row["as_of"][:7] == figure.month
            similar.append((not subject, not month, row["figure"], {**row, "subject": subject}))
    return [row for *_, row in sorted(similar, key=lambda ranked: ranked[:3])][:MOST]


def _names_subject(figure: FigureToCheck, text: str) -> bool:
    """Return whether a text names the subject, or the people of its country."""
    words = {figure.label, {"CN": "Chinese", "FR": "French", "DE": "German"}.get(figure.key, "")}
    return any(word and re.search(rf"\b{re.escape(word)}\b", text) for word in words)


def _claims(connection: sqlite3.Connection, figure: FigureToCheck) -> list[dict[str, Any]]:
    claims = []
    for row in select_rows(connection, ALL_CLAIMS, {}):
        numbers = [parse_written(text) for text in NUMBERS.findall(row["claim"])]
        comparable = [number for number in numbers if number.percent == figure.share]
        if _names_subject(figure, row["claim"]) and any(
            _is_near(figure.written, number.value) for number in comparable
        ):
            claims.append(row)
    return claims[:MOST]


def _vintages(connection: sqlite3.Connection, figure: FigureToCheck) -> list[dict[str, Any]]:
    """Return the month's value in each recording, the one in force on `as_of` marked."""
    if figure.scope != "frontier" or figure.measure not in SERIES:
        return []
    values = {
        "share": figure.share,
        "dimension": figure.dimension,
        "key": figure.key,
        "month": figure.month,
        "series": SERIES[figure.measure],
    }
    rows = select_rows(connection, VINTAGES, values)
    earlier = [row["day"] for row in rows if not figure.as_of or row["recorded_on"] <= figure.as_of]
    return [{**row, "of_the_time": bool(earlier) and row["day"] == earlier[-1]} for row in rows]
