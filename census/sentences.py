"""Sentences with numbers, computed from the rows of questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from census.bands import WIDEST_BAND
from census.numbers import day_words, long_count, percent

Row = Mapping[str, Any]
# How a sentence names the trackers whose lists are in peer_models.
TRACKERS = {"atom": "the ATOM Project"}


def headline(ranking: Sequence[Row], scope: str) -> str:
    """Return the answer of the day from the rows of ranking_by_country.

    A share that could lie anywhere within more than `WIDEST_BAND` points is never in a sentence.
    """
    if not ranking:
        return "There are no counted downloads yet."
    total = sum(int(row["downloads"]) for row in ranking)
    models = sum(int(row["models"]) for row in ranking)
    day = day_words(str(ranking[0]["through"]))
    said = f"the {long_count(total)} downloads of {models:,} {lower_first(scope)}"
    named = [row for row in ranking if row["country"] not in (None, "XX")][:2]
    if not named or any(too_wide(row) for row in named):
        return f"Up to {day} we count {said}; whose they are is too uncertain to say in one number."
    first = f"models by labs from {place(named[0])} had {share_words(named[0])} of {said}"
    if len(named) == 1:
        return f"Up to {day}, {first}."
    return f"Up to {day}, {first}; those from {place(named[1])} had {share_words(named[1])}."


def too_wide(row: Row) -> bool:
    """Return whether a share is too uncertain for a sentence."""
    return float(row["high_pct"]) - float(row["low_pct"]) > WIDEST_BAND


def share_words(row: Row) -> str:
    """Return a share with its bounds in brackets where they differ at one decimal."""
    low, high = percent(float(row["low_pct"])), percent(float(row["high_pct"]))
    bounds = "" if low == high else f" ({low.removesuffix('%')}–{high})"
    return f"{percent(float(row['share_pct']))}{bounds}"


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


def coverage_words(peer: Row) -> str:
    """Return how much of another tracker's list is counted, from a row of peer_coverage."""
    return (
        f"The data hold all-time counts of {int(peer['with_counts']):,} of the"
        f" {int(peer['listed']):,} models on the list of {tracker_name(str(peer['tracker']))}"
        f" ({day_words(str(peer['listed_on']))})."
    )


def tracker_name(tracker: str) -> str:
    """Return the name of a tracker as it stands in a sentence."""
    return TRACKERS.get(tracker, tracker)
