"""What is new on the home page: the latest milestones, and what changed in the last week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from census.base import speech
from census.pages.sentences import lower_first, place

Row = Mapping[str, Any]
# What the page shows of each.
MILESTONES, SHOWN_MODELS, MOVERS, CHANGES = 6, 6, 3, 3
# Wider readers first: what all downloads and countries did, then labs; a region repeats a country.
DIMENSIONS = ("total", "country", "lab", "family")


# Countries of a headline that other scopes are asked about.
COMPARED = 2


class Week(NamedTuple):
    """The seven days up to the last observation: how many models were released, and some of them.

    `first` and `last` are ISO days, both counted.
    """

    first: str
    last: str
    released: int
    models: list[Row]


def latest_milestones(rows: Sequence[Row]) -> list[Row]:
    """Return the newest milestones that have a beginning, each sentence once.

    That one is ahead of another since nobody knows when (`lead`) is a state, not an event.
    """
    events = [row for row in rows if row["kind"] != "lead" and row["dimension"] in DIMENSIONS]
    events.sort(key=lambda row: (DIMENSIONS.index(row["dimension"]), row["what"]))
    events.sort(key=lambda row: (row["latest"], row["earliest"]), reverse=True)
    by_sentence: dict[str, Row] = {}
    for row in events:
        by_sentence.setdefault(row["what"], row)
    return list(by_sentence.values())[:MILESTONES]


def last_week(newest: Sequence[Row], last: str) -> Week:
    """Return the models released in the week up to a day, of rows of newest_models.

    Most downloaded first; those without a count come last.
    """
    first = (date.fromisoformat(last) - timedelta(days=6)).isoformat()
    released = [row for row in newest if first <= row["released_on"] <= last]
    released.sort(key=lambda row: (-(row["downloads_30d"] or -1), row["model"]))
    return Week(first, last, len(released), released[:SHOWN_MODELS])


def certain_movers(growing: Sequence[Row]) -> list[Row]:
    """Return the models that grew most, of rows of fastest_growing_models whose growth is known."""
    certain = [
        row
        for row in growing
        if row["high_pct"] is not None
        and speech.may_say(speech.value_of(row, "growth_pct", "low_pct", "high_pct"), share=False)
    ]
    return certain[:MOVERS]


def latest_changes(changelog: Sequence[Row]) -> list[Row]:
    """Return the newest entries of the changelog of the data, the newest first."""
    ordered = sorted(changelog, key=lambda row: (row["date"], row["number"]), reverse=True)
    return ordered[:CHANGES]


def scope_words(scope: str, ranking: Sequence[Row], countries: Sequence[str]) -> str | None:
    """Return the shares of the headline's countries in another scope, None if any may not be told.

    `scope` is its label, `ranking` its rows of ranking_by_country: "all models of labs: the United
    States 50.4%, China 19.5%".
    """
    parts = []
    for row in ranking:
        value = speech.value_of(row, "share_pct", "low_pct", "high_pct")
        if row["country"] in countries and value and speech.may_say(value, share=True):
            parts.append(f"{place(row)} {speech.share_words(value)}")
    return f"{lower_first(scope)}: {', '.join(parts)}" if len(parts) == len(countries) else None


def headline_countries(ranking: Sequence[Row]) -> list[str]:
    """Return the countries that the headline names: the first of the ranking with a country."""
    countries = [row["country"] for row in ranking if row["country"] not in (None, "XX")]
    return countries[:COMPARED]
