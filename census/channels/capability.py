"""Scores of models by publishers of benchmarks: dated observations, each on its own scale.

Scores of two sources, or of two scales, are never compared. An arena's scale moves from day to day,
so that only scores of one day are compared; an index of one vintage holds for every release in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import (
    Problem,
    Row,
    check_choice,
    check_days,
    check_filled,
    check_reference,
    check_unique,
    parse_number,
    read_rows,
)
from census.base.inserting import insert_rows
from census.base.names import NameDict
from census.channels.names import CLOSED, OPEN

FOLDER = "capability"
SOURCE_COLUMNS = (
    "source",
    "name",
    "publisher",
    "scale",
    "days",
    "licence",
    "attribution",
    "url",
    "note",
)
ORGANISATION_COLUMNS = ("organisation", "lab", "country", "says")
SCORE_COLUMNS = (
    "source",
    "as_of",
    "name",
    "organisation",
    "access",
    "country",
    "released_on",
    "hub_model",
    "value",
    "low",
    "high",
    "votes",
)
# Whether scores of one day are compared, or the best of all releases so far in one vintage.
OF_ONE_DAY = "of one day"
OF_RELEASES = "of releases"
# What publishers write of a model that nobody can download, or that says nothing either way.
NOT_OPEN = ("Proprietary", "Propretary", "API access", "Hosted access (no API)")
NOT_STATED = ("", "Unknown", "Unreleased", "Other", "N/A")
# Names of countries in the Epoch Capabilities Index.
COUNTRIES = {
    "China": "CN",
    "France": "FR",
    "United Arab Emirates": "AE",
    "United Kingdom of Great Britain and Northern Ireland": "GB",
    "United States of America": "US",
}


class CapabilityInput(NamedTuple):
    """The rows of data/capability/: sources, organisations and scores."""

    sources: list[Row]
    organisations: list[Row]
    scores: list[Row]


class Score(NamedTuple):
    """One score; `day` is the day that it stands for: of the list, or of the release."""

    source: str
    day: str
    as_of: str
    name: str
    organisation: str | None
    lab: str | None
    model: int | None
    country: str | None
    weights: str | None
    released_on: str | None
    value: float
    low: float | None
    high: float | None
    votes: int | None


def read_capability(
    data: Path, labs: Iterable[str], countries: Iterable[str], problems: list[Problem]
) -> CapabilityInput:
    """Read and check the scores; faults go to `problems`."""
    folder = data / FOLDER
    sources = read_rows(folder / "sources.csv", SOURCE_COLUMNS, problems)
    check_unique(sources, ["source"], problems)
    check_filled(sources, SOURCE_COLUMNS, problems)
    check_choice(sources, "days", (OF_ONE_DAY, OF_RELEASES), problems)
    organisations = read_rows(folder / "organisations.csv", ORGANISATION_COLUMNS, problems)
    check_unique(organisations, ["organisation"], problems)
    check_filled(organisations, ["organisation", "says"], problems)
    check_reference(organisations, "lab", labs, "labs.csv", problems)
    check_reference(organisations, "country", countries, "countries.csv", problems)
    scores: list[Row] = []
    for source in sources:
        rows = read_rows(folder / f"{source['source']}.csv", SCORE_COLUMNS, problems)
        check_choice(rows, "source", (source["source"],), problems)
        check_filled(rows, ["as_of", "name", "value"], problems)
        check_days(rows, ["as_of"], problems)
        if source["days"] == OF_RELEASES:
            check_days(rows, ["released_on"], problems)
        scores += rows
    for row in scores:
        for column in ("value", "low", "high", "votes"):
            try:
                if row[column]:
                    parse_number(row[column])
            except ValueError as error:
                problems.append(row.problem(f"{column}: {error}"))
    return CapabilityInput(sources, organisations, scores)


def load_capability(
    connection: sqlite3.Connection, given: CapabilityInput, models: NameDict[int]
) -> None:
    """Fill the tables of scores; labs, models and countries must be there."""
    insert_rows(connection, "capability_sources", 9, (tuple(row.values()) for row in given.sources))
    days = {row["source"]: row["days"] for row in given.sources}
    labs = {row[0]: row for row in connection.execute("select id, name, country from labs")}
    named = {
        key: slug for slug, (_, name, _) in labs.items() for key in (slug.lower(), name.lower())
    }
    written = {row["organisation"]: row for row in given.organisations}
    own = dict(connection.execute("select id, lab from models").fetchall())
    scores = [
        _score(row, days[row["source"]], named, written, labs, models, own) for row in given.scores
    ]
    insert_rows(
        connection,
        "capability_scores",
        15,
        ((number, *score) for number, score in enumerate(scores, start=1)),
    )
    insert_rows(connection, "capability_best", 10, _best(scores, days))


def _score(
    row: Row,
    days: str,
    named: Mapping[str, str],
    written: Mapping[str, Row],
    labs: Mapping[str, Sequence[str | None]],
    models: NameDict[int],
    own: Mapping[int, str],
) -> Score:
    organisation = row["organisation"]
    known = written.get(organisation)
    lab = known["lab"] or None if known else named.get(organisation.lower())
    stated = COUNTRIES.get(row["country"])
    country = labs[lab][2] if lab else (known["country"] or None if known else stated)
    model = models.get(row["hub_model"]) or models.get(row["name"])
    return Score(
        row["source"],
        (row["released_on"] if days == OF_RELEASES else "") or row["as_of"],
        row["as_of"],
        row["name"],
        organisation or None,
        lab,
        # A model of another lab than the publisher names is not the one that was scored.
        model if model and lab in (None, own[model]) else None,
        country or stated,
        weights_of(row["access"]),
        row["released_on"] or None,
        float(row["value"]),
        float(row["low"]) if row["low"] else None,
        float(row["high"]) if row["high"] else None,
        int(row["votes"]) if row["votes"] else None,
    )


def weights_of(access: str) -> str | None:
    """Return `open` or `closed` as a publisher's words say, None where they do not.

    A licence of weights (`MIT`, `Llama 3 Community`) and `Open weights (…)` are open.
    """
    if access in NOT_STATED:
        return None
    return CLOSED if access in NOT_OPEN else OPEN


def _best(scores: Sequence[Score], days: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    """Yield the best score of each group on each day of a source, in order.

    Groups are the open models of each country and of all, the closed ones, and each country's of
    any kind. Of a vintage the best of all releases so far stands, on days on which it changes.
    """
    for source, kind in days.items():
        of_source = sorted(
            (
                score
                for score in scores
                # A model without a day of release has no place among the releases of a vintage.
                if score.source == source and (kind == OF_ONE_DAY or score.released_on)
            ),
            key=lambda score: (score.day, -score.value, score.name),
        )
        best: dict[str, Score] = {}
        day = ""
        for score in of_source:
            if kind == OF_ONE_DAY and score.day != day:
                best, day = {}, score.day
            for group in _groups(score):
                if group not in best or score.value > best[group].value:
                    first = group not in best or best[group].day < score.day
                    best[group] = score
                    if kind == OF_RELEASES or first:
                        yield (
                            source,
                            group,
                            score.day,
                            score.name,
                            score.lab,
                            score.model,
                            score.value,
                            score.low,
                            score.high,
                            score.as_of,
                        )


def _groups(score: Score) -> Iterator[str]:
    if score.weights == OPEN:
        yield "open"
        if score.country:
            yield f"open:{score.country}"
    if score.weights == CLOSED:
        yield "closed"
    if score.country:
        yield f"any:{score.country}"
