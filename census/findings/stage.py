"""The lists of comparisons and decisions that the build works through, read and checked."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import Problem, Row
from census.findings.changelog import read_changelog
from census.findings.claims import read_fact_checks
from census.findings.published_figures import Facts
from census.findings.scoreboard_rows import read_scoreboard
from census.findings.unregistered import read_unregistered


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
