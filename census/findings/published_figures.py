"""Other people's figures, claims and lists, as the census compares itself with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

import sqlite_utils

from census.base.csv_files import Problem, Row
from census.base.declared_files import (
    DataFile,
    DataRow,
    Day,
    Number,
    PartialDay,
    column,
    one_of,
    optional,
)
from census.base.inserting import blank_to_null
from census.base.names import NameDict
from census.inputs.registry import Registry

FIGURE_EVIDENCE = ("primary", "secondary", "derived")


class FigureRow(DataRow):
    """A figure that somebody else published."""

    figure: str = column("Short name of the figure")
    publisher: str = column("Who published it")
    what: str = column("What it is, in a sentence")
    measure: str = column("What was measured")
    dimension: str = optional("Of what kind the key is")
    key: str = optional("What it is of")
    scope_of_publisher: str = optional("Which models the publisher counts")
    value: Number = column("The figure")
    unit: str = column("Its unit")
    as_of: PartialDay = optional("The day, month or year that it is of")
    as_of_note: str = optional("How that is known")
    evidence: Annotated[str, one_of(*FIGURE_EVIDENCE)] = column(
        "primary (the publisher's own page), secondary, or derived (read from a chart)"
    )
    source_title: str = optional("The document")
    source_url: str = column("Where it was read")
    note: str = optional("Remarks")


FIGURES_FILE = DataFile(
    "published_figures.csv",
    "Figures that other trackers published, to stand beside ours.",
    FigureRow,
    unique=(("figure",),),
)


class PressClaimRow(DataRow):
    """A statement of the press or of a paper."""

    claim_id: str = column("Short name of the claim")
    claim: str = column("What is claimed, in our own words")
    claimant: str = column("Who claims it")
    published: Day = column("The day on which it was published")
    about: str = column("What it is about")
    decided_by: str = column("What would decide it")
    first_reading: str = column("What the data said when it was taken up")
    source_url: str = optional("Where it was read")


PRESS_FILE = DataFile(
    "press_claims.csv",
    "Statements of the press and of papers, to be put to the data.",
    PressClaimRow,
    unique=(("claim_id",),),
)


class PeerRow(DataRow):
    """A model on the list of another tracker."""

    tracker: str = column("The tracker")
    model_id: str = column("The model, as the list spells it")
    listed_on: Day = column("The day of the list")
    source_url: str = column("Where the list is")


PEERS_FILE = DataFile(
    "peer_models.csv",
    "The models on the lists of other trackers.",
    PeerRow,
    unique=(("tracker", "model_id"),),
)


class Facts(NamedTuple):
    """The rows of published_figures.csv, press_claims.csv and peer_models.csv."""

    figures: list[Row]
    claims: list[Row]
    peers: list[Row]


def load_facts(data: Path, problems: list[Problem]) -> Facts:
    """Read and check other people's figures, claims and lists."""
    return Facts(*(file.read(data, problems) for file in (FIGURES_FILE, PRESS_FILE, PEERS_FILE)))


def load_fact_tables(
    db: sqlite_utils.Database, facts: Facts, keys: NameDict[int], registry: Registry
) -> None:
    """Load the tables; a listed model is linked to ours under the name that it has today."""
    db.table("published_figures").insert_all(
        blank_to_null({**row, "value": float(row["value"])}) for row in facts.figures
    )
    db.table("press_claims").insert_all(blank_to_null(row) for row in facts.claims)
    db.table("peer_models").insert_all(
        {
            "tracker": row["tracker"],
            "name": row["model_id"],
            "model": keys.get(registry.present_name(row["model_id"])),
            "listed_on": row["listed_on"],
            "source_url": row["source_url"],
        }
        for row in facts.peers
    )
