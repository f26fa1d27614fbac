"""Sentences with numbers, computed from the rows of questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from census.base import speech
from census.base.numbers import day_words, long_count

Row = Mapping[str, Any]


def headline(ranking: Sequence[Row], scope: str) -> str:
    """Return the answer of the day from the rows of ranking_by_country.

    Shares carry their interval, and a sum is said only where all of it is counted; nothing is said
    of a share whose interval is too wide.
    """
    if not ranking:
        return "There are no counted downloads yet."
    models = sum(int(row["models"]) for row in ranking)
    day = day_words(str(ranking[0]["through"]))
    exact = all(float(row["low_pct"]) == float(row["high_pct"]) for row in ranking)
    total = long_count(sum(int(row["downloads"]) for row in ranking))
    counted = f"the {f'{total} ' if exact else ''}downloads of {models:,} {lower_first(scope)}"
    countries = [row for row in ranking if row["country"] not in (None, "XX")][:2]
    shares = [share_words(row) for row in countries]
    if not countries or None in shares:
        return (
            f"Up to {day} we count {counted}; the shares of countries are too uncertain for a"
            " number."
        )
    first = f"models by labs from {place(countries[0])} had {shares[0]} of {counted}"
    if len(countries) == 1:
        return f"Up to {day}, {first}."
    return f"Up to {day}, {first}; those from {place(countries[1])} had {shares[1]}."


def share_words(row: Row) -> str | None:
    """Return a share with its interval and, where coverage bends it, in which direction."""
    value = speech.value_of(row, "share_pct", "low_pct", "high_pct")
    share = None if value is None else speech.share_words(value)
    if share is None or row.get("coverage") not in (speech.UNDERSTATED, speech.OVERSTATED):
        return share
    return (
        f"{share[:-1]}; {row['coverage']})"
        if share.endswith(")")
        else f"{share} ({row['coverage']})"
    )


def place(row: Row) -> str:
    """Return a country's name as it stands in a sentence."""
    name = str(row["country_name"])
    article = row["country"] in ("US", "GB", "AE", "NL")
    return f"the {name}" if article else name


def lower_first(text: str) -> str:
    """Return a text with its first letter small, acronyms left alone."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def first_sentence(text: str) -> str:
    """Return the first sentence of a description."""
    return re.split(r"(?<=[.?])\s+(?=[A-Z])", text, maxsplit=1)[0]
