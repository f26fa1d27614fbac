"""What others published that a figure resembles, and what the census itself said at the time."""

from __future__ import annotations

import re
import sqlite3
from typing import Any, NamedTuple

from census.checking.asked import Asked
from census.checking.written import Written, read_written

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


class Beside(NamedTuple):
    """What stands beside a checked figure: published figures, press claims, our own recordings.

    `scoreboard` is its verdict on the very same figure: of this subject, this month, this value.
    """

    figures: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    vintages: list[dict[str, Any]]
    scoreboard: str | None


def beside(connection: sqlite3.Connection, asked: Asked) -> Beside:
    """Return what resembles a figure, and what the census published of it before."""
    figures = _resembling(connection, asked)
    same = [row for row in figures if row["subject"] and row["month"] == asked.month]
    exact = [row for row in same if row["scope"] == asked.scope and row["check"] == asked.measure]
    return Beside(
        figures=figures,
        claims=_claims(connection, asked),
        vintages=_vintages(connection, asked),
        scoreboard=exact[0]["verdict"] if exact else None,
    )


def figure_of(connection: sqlite3.Connection, figure: str) -> dict[str, Any] | None:
    """Return a published figure with the scoreboard's verdict, None if there is none."""
    found = _rows(connection, ONE_FIGURE, {"id": figure})
    return found[0] if found else None


def claim_of(connection: sqlite3.Connection, claim: str) -> dict[str, Any] | None:
    """Return a press claim with its verdict and evidence, None if there is none."""
    found = _rows(connection, ONE_CLAIM, {"id": claim})
    return found[0] if found else None


def _rows(connection: sqlite3.Connection, sql: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, given)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _same(written: Written, value: float) -> bool:
    return abs(written.value - value) <= max(written.half, SAME_PART * value)


def _unit_fits(asked: Asked, unit: str) -> bool:
    if asked.share:
        return unit.startswith("percent")
    if asked.measure == "models":
        return unit in ("models", "repos")
    return asked.measure != "rank" and unit.startswith("downloads")


def _resembling(connection: sqlite3.Connection, asked: Asked) -> list[dict[str, Any]]:
    """Return published figures of the same value and kind, those of the same subject first.

    One of another subject is none, for a number alone says nothing; a text that names no subject
    in its columns counts where its words do.
    """
    found = []
    for row in _rows(connection, FIGURES, {}):
        if not _unit_fits(asked, row["unit"]) or not _same(asked.written, row["value"]):
            continue
        subject = (row["dimension"], row["key"]) == (asked.dimension, asked.key)
        # A lab and its family are often meant by one name.
        named = _names(asked, f"{row['publisher']} {row['what']}")
        if subject or named or row["key"] == asked.key:
            month = bool(row["as_of"]) and row["as_of"][:7] == asked.month
            found.append((not subject, not month, row["figure"], {**row, "subject": subject}))
    return [row for *_, row in sorted(found, key=lambda one: one[:3])][:MOST]


def _names(asked: Asked, text: str) -> bool:
    """Return whether a text names the subject, or the people of its country."""
    words = {asked.label, {"CN": "Chinese", "FR": "French", "DE": "German"}.get(asked.key, "")}
    return any(word and re.search(rf"\b{re.escape(word)}\b", text) for word in words)


def _claims(connection: sqlite3.Connection, asked: Asked) -> list[dict[str, Any]]:
    found = []
    for row in _rows(connection, ALL_CLAIMS, {}):
        said = [read_written(text) for text in NUMBERS.findall(row["claim"])]
        near = [one for one in said if one.percent == asked.share]
        if _names(asked, row["claim"]) and any(_same(asked.written, one.value) for one in near):
            found.append(row)
    return found[:MOST]


def _vintages(connection: sqlite3.Connection, asked: Asked) -> list[dict[str, Any]]:
    """Return what each recording said of the month, with the one of the time of `as_of` marked."""
    if asked.scope != "frontier" or asked.measure not in SERIES:
        return []
    given = {
        "share": asked.share,
        "dimension": asked.dimension,
        "key": asked.key,
        "month": asked.month,
        "series": SERIES[asked.measure],
    }
    rows = _rows(connection, VINTAGES, given)
    known = [row["day"] for row in rows if not asked.as_of or row["recorded_on"] <= asked.as_of]
    return [{**row, "of_the_time": bool(known) and row["day"] == known[-1]} for row in rows]
