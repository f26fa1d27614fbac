"""What the build finds out beside the series: sensitivities, milestones, verdicts."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import sqlite_utils

from census.base.csv_files import Problem, Row
from census.base.names import spellings
from census.findings.changelog import load_changelog, read_changelog
from census.findings.claims import load_fact_checks, read_fact_checks
from census.findings.milestones import load_milestones
from census.findings.peer_differences import load_peer_differences
from census.findings.published_figures import Facts
from census.findings.scoreboard import load_scoreboard
from census.findings.scoreboard_rows import read_scoreboard
from census.findings.unregistered import load_unregistered, read_unregistered
from census.rollups.drawn_sums import DrawnSums
from census.rollups.lab_countries import load_lab_countries
from census.rollups.lab_coverage import load_lab_coverage
from census.rollups.left_out import load_left_out
from census.rollups.robustness import load_robustness
from census.rollups.stage import Made
from census.rollups.uncounted import draw_uncounted


class Tasks(NamedTuple):
    """The rows of scoreboard.csv, fact_checks.csv, unregistered.csv and changelog.csv."""

    scoreboard: list[Row]
    fact_checks: list[Row]
    unregistered: list[Row]
    changelog: list[Row]


def read_tasks(
    data: Path, facts: Facts, sources: Collection[str], problems: list[Problem]
) -> Tasks:
    """Read and check what is to be compared and decided; faults go to `problems`."""
    return Tasks(
        read_scoreboard(data, {row["figure"] for row in facts.figures}, problems),
        read_fact_checks(data, {row["claim_id"] for row in facts.claims}, problems),
        read_unregistered(data, sources, problems),
        read_changelog(data, problems),
    )


def load_findings(db: sqlite_utils.Database, tasks: Tasks, made: Made) -> None:
    """Fill the tables of findings; everything else of the build must be in the database.

    Press claims come after the scoreboard, which some of them rest on.
    """
    load_lab_countries(db)
    load_lab_coverage(db)
    last_days = {end.day for end in made.ends.values()}
    load_robustness(
        db.conn,
        made.downloads,
        made.draws,
        made.sample,
        {
            day: draw_uncounted(made.known, made.sample.uncounted, made.histories, day)
            for day in sorted(last_days)
        },
    )
    load_left_out(db.conn, made.downloads, made.draws, made.sample)
    sums = DrawnSums(made.downloads, made.draws)
    load_milestones(db, sums)
    load_peer_differences(db)
    load_scoreboard(db, tasks.scoreboard, sums)
    load_fact_checks(db, tasks.fact_checks, sums)
    namespaces = spellings(row["namespace"] for row in db.table("namespaces").rows)
    load_unregistered(db, tasks.unregistered, namespaces)
    load_changelog(db, tasks.changelog)
