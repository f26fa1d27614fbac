"""Scores of models by publishers of benchmarks: dated observations, each on its own scale.

Scores of two sources, or of two scales, are never compared. An arena's scale moves from day to day,
so that only scores of one day are compared; an index of one vintage holds for every release in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from census.base.csv_files import Problem, Row, check_choice, check_days
from census.base.declared_files import DataFile, DataRow, Day, Number, column, one_of, optional
from census.base.inserting import insert_rows
from census.base.names import NameDict
from census.channels.names import CLOSED, OPEN

FOLDER = "capability"
# Whether scores of one day are compared, or the best of all releases so far in one vintage.
# Taken in once from a file of others, or asked for by the census every day (`score_files`).
IMPORT = "import"
COLLECTED = "collected"
OF_ONE_DAY = "of one day"
OF_RELEASES = "of releases"
# What publishers write of a model that nobody can download, or that says nothing either way.
NOT_OPEN = ("Proprietary", "Propretary", "API access", "Hosted access (no API)")
NOT_STATED = ("", "Unknown", "Unreleased", "Other", "N/A")
# Names of countries in the Epoch Capabilities Index.
COUNTRIES = {
    "Canada": "CA",
    "China": "CN",
    "France": "FR",
    "United Arab Emirates": "AE",
    "United Kingdom of Great Britain and Northern Ireland": "GB",
    "United Kingdom": "GB",
    "United States of America": "US",
}


class ScoreSourceRow(DataRow):
    """A list of scores."""

    source: str = column("Short name, which is that of its file")
    name: str = column("Full name")
    kind: Annotated[str, one_of(IMPORT, COLLECTED)] = column(
        "import (taken in once from a file of others) or collected (asked for every day)"
    )
    publisher: str = column("Who measures")
    scale: str = column("The scale of its values; no two are mixed")
    days: Annotated[str, one_of(OF_ONE_DAY, OF_RELEASES)] = column(
        "Whether scores of one day are compared, or the best of all releases so far"
    )
    licence: str = column("Licence of the list")
    attribution: str = column("Whom to name")
    url: str = column("Where it is")
    note: str = column("What is known of it")


SCORE_SOURCES_FILE = DataFile(
    f"{FOLDER}/sources.csv",
    "Lists of scores that publishers of benchmarks gave models.",
    ScoreSourceRow,
    unique=(("source",),),
)


class OrganisationRow(DataRow):
    """Who an organisation on a list of scores is."""

    organisation: str = column("Its name on the list")
    lab: str = optional("The lab that it is")
    country: str = optional("Its country where it is not a lab of the census")
    says: str = column("How that is known")


ORGANISATIONS_FILE = DataFile(
    f"{FOLDER}/organisations.csv",
    "Whom the names of organisations on the lists of scores mean.",
    OrganisationRow,
    unique=(("organisation",),),
    references={"lab": "labs.csv", "country": "countries.csv"},
)


class ScoreRow(DataRow):
    """The score of a model on a list."""

    source: str = column("The list")
    as_of: Day = column("The day of the list")
    name: str = column("The model, as the list spells it")
    organisation: str = optional("Who makes it, by the list")
    access: str = optional("How it can be used, by the list")
    country: str = optional("Where it is from, by the list")
    released_on: str = optional("The day of its release, by the list")
    hub_model: str = optional("The model on the Hub, by the list")
    value: Number = column("The score")
    low: Number = optional("The low end of its interval")
    high: Number = optional("The high end of its interval")
    votes: Number = optional("The votes or tests that it rests on")


SCORES_FILE = DataFile(
    f"{FOLDER}/SOURCE.csv",
    "The scores of one list, one file a list; of a collected one, one a day (SOURCE/YYYY/DAY.csv).",
    ScoreRow,
)


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
    data: Path, labs: Collection[str], countries: Collection[str], problems: list[Problem]
) -> CapabilityInput:
    """Read and check the scores that were taken in once; faults go to `problems`."""
    sources = SCORE_SOURCES_FILE.read(data, problems)
    keys = {"labs.csv": labs, "countries.csv": countries}
    organisations = ORGANISATIONS_FILE.read(data, problems, keys)
    scores: list[Row] = []
    for source in sources:
        if source["kind"] == COLLECTED:
            continue
        rows = SCORES_FILE.read(data, problems, path=f"{FOLDER}/{source['source']}.csv")
        check_choice(rows, "source", (source["source"],), problems)
        check_released(source, rows, problems)
        scores += rows
    return CapabilityInput(sources, organisations, scores)


def check_released(source: Row, rows: Iterable[Row], problems: list[Problem]) -> None:
    """Report invalid days of release, for sources whose scores are placed by them."""
    if source["days"] == OF_RELEASES:
        check_days(rows, ["released_on"], problems)


def load_capability(
    connection: sqlite3.Connection, inputs: CapabilityInput, models: NameDict[int]
) -> None:
    """Fill the tables of scores; labs, models and countries must be there."""
    insert_rows(connection, "capability_sources", (tuple(row.values()) for row in inputs.sources))
    days = {row["source"]: row["days"] for row in inputs.sources}
    labs = {row[0]: row for row in connection.execute("select id, name, country from labs")}
    lab_names = {
        key: slug for slug, (_, name, _) in labs.items() for key in (slug.lower(), name.lower())
    }
    organisations = {row["organisation"]: row for row in inputs.organisations}
    lab_of_model = dict(connection.execute("select id, lab from models").fetchall())
    scores = [
        _score(row, days[row["source"]], lab_names, organisations, labs, models, lab_of_model)
        for row in inputs.scores
    ]
    insert_rows(
        connection,
        "capability_scores",
        ((number, *score) for number, score in enumerate(scores, start=1)),
    )
    insert_rows(connection, "capability_best", _best(scores, days))


def _score(
    row: Row,
    days: str,
    lab_names: Mapping[str, str],
    organisations: Mapping[str, Row],
    labs: Mapping[str, Sequence[str | None]],
    models: NameDict[int],
    lab_of_model: Mapping[int, str],
) -> Score:
    organisation = row["organisation"]
    organisation_row = organisations.get(organisation)
    lab = (
        organisation_row["lab"] or None if organisation_row else lab_names.get(organisation.lower())
    )
    country_stated = COUNTRIES.get(row["country"])
    country = (
        labs[lab][2]
        if lab
        else (organisation_row["country"] or None if organisation_row else country_stated)
    )
    model = models.get(row["hub_model"]) or models.get(row["name"])
    return Score(
        row["source"],
        (row["released_on"] if days == OF_RELEASES else "") or row["as_of"],
        row["as_of"],
        row["name"],
        organisation or None,
        lab,
        # A model of another lab than the publisher names is not the one that was scored.
        model if model and lab in (None, lab_of_model[model]) else None,
        country or country_stated,
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
    last_vintages = {
        score.source: score.as_of for score in sorted(scores, key=lambda score: score.as_of)
    }
    for source, kind in days.items():
        scores_of_source = sorted(
            (
                score
                for score in scores
                # A model without a day of release has no place among the releases of a vintage.
                # A newer vintage has another scale, and has the older one's models, too.
                if score.source == source
                and (
                    kind == OF_ONE_DAY
                    or (score.released_on and score.as_of == last_vintages[source])
                )
            ),
            key=lambda score: (score.day, -score.value, score.name),
        )
        best: dict[str, Score] = {}
        day = ""
        for score in scores_of_source:
            if kind == OF_ONE_DAY and score.day != day:
                best, day = {}, score.day
            for group in _groups(score):
                if group not in best or score.value > best[group].value:
                    is_first_of_day = group not in best or best[group].day < score.day
                    best[group] = score
                    if kind == OF_RELEASES or is_first_of_day:
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
